//! What proves each experiment, measured on test images with the weights that are shipped.

use std::path::Path;

use anyhow::{Context, Result, bail};
use latent_lab::data::Mask;
use latent_lab::metrics::mean_squared_error;
use latent_lab::model::Latents;
use latent_lab::model::preset::{Data, Preset};
use latent_lab::rng::{Rng, Stream};
use latent_lab::terms::Terms;
use latent_lab::train::SampleSettings;

use super::classifier::Classifier;
use super::cpu::now;
use super::data::Sets;
use super::results::{Values, named};
use super::trained::Trained;
use super::{codes, objects, plan, plane};

/// Images of each generator that are shown to the classifier.
const SAMPLES: usize = 10_000;

/// Measures what a plan's bars name, and what else is worth telling. The seed is that of what is trained for it, and `kept` the
/// folder where that stays.
pub fn of(preset: &Preset, models: &[Trained], sets: &Sets, kept: &Path, seed: u64) -> Result<Values> {
    let images = sets.of(preset.data)?.test_images()?;
    let model = |id: &str| {
        let found = models.iter().find(|model| model.variant.id == id);
        found.with_context(|| format!("{id} was not trained"))
    };
    let values = match preset.id {
        "tiny" | "wide" => elbo(&[("-ELBO", model(preset.id)?)], &images)?,
        "E1" => vec![named("BCE per pixel", model("E1")?.loss(&images)? / 784.0)],
        "E2" => weights_of_the_kl(model("E2")?, model("E2/beta2")?, &images)?,
        "E3" => objects::values(model("E3")?, sets, kept, plan::of(preset)?.epochs, seed)?,
        "E4" => elbo(
            &[
                ("-ELBO, 8 latents", model("E4")?),
                ("-ELBO, 2 latents", model("E4/plane")?),
            ],
            &images,
        )?,
        "E5" => {
            let mut values = Vec::new();
            for (size, ae, pca) in [(2, "E5", "E5/pca"), (8, "E5/8", "E5/pca-8"), (32, "E5/32", "E5/pca-32")] {
                let (ae, pca) = (model(ae)?.error(&images)?, model(pca)?.error(&images)?);
                values.push(named(format!("MSE, AE over PCA, {size} numbers"), ae / pca));
                values.push(named(format!("MSE, PCA, {size} numbers"), pca));
            }
            values
        }
        "E6" => generators(model("E6")?, model("E6/vae")?, sets)?,
        "E7" => sizes(models, sets, &images)?,
        "E8" => restored(model("E8")?, &images)?,
        "E9" => completed(models, sets, &images)?,
        "E10" => vec![
            named("BCE", model("E10")?.loss(&images)?),
            named("parameters", model("E10")?.session.parameters() as f64),
        ],
        "E11" => shares(model("E11")?, sets, &images)?,
        "E12" => elbo(
            &[
                ("-ELBO, dense head", model("E12")?),
                ("-ELBO, convolutions alone", model("E12/conv")?),
            ],
            &images,
        )?,
        "E13" => {
            let active = |id: &str| -> Result<f64> {
                let latents = model(id)?.evaluate(&images)?.latents;
                Ok(latents.context("a VAE has latents")?.active_units as f64)
            };
            vec![
                named("active units, collapsed", active("E13")?),
                named("active units, mended", active("E13/mended")?),
                named("MSE, collapsed", model("E13")?.error(&images)?),
                named("MSE, mended", model("E13/mended")?.error(&images)?),
                named("MSE, no KL at all", model("E13/ae")?.error(&images)?),
            ]
        }
        "E14" => codes::of_cells(preset, models, sets, &images, seed)?,
        "E15" => codes::edits(model("E15")?, &images)?,
        "E16" => codes::relaxed(model("E16")?, model("E16/vq")?, &images)?,
        "E17" => codes::prior(model("E17")?, sets)?,
        other => bail!("nothing is known to prove {other}"),
    };
    for bar in plan::of(preset)?.bars {
        if !values.iter().any(|(name, _)| name == bar.name) {
            bail!("{} has a bar for {:?}, which nothing measures", preset.id, bar.name);
        }
    }
    Ok(values)
}

fn elbo(models: &[(&str, &Trained)], images: &[f32]) -> Result<Values> {
    models
        .iter()
        .map(|(name, model)| Ok(named(*name, model.loss(images)?)))
        .collect()
}

/// E2: more weight on the KL, and it falls while the reconstruction costs more.
fn weights_of_the_kl(one: &Trained, two: &Trained, images: &[f32]) -> Result<Values> {
    let [a, b] = [one.evaluate(images)?.terms, two.evaluate(images)?.terms];
    let ratio = |a: f32, b: f32| f64::from(b) / f64::from(a);
    let term = |terms: &Terms, name: &str| terms.get(name).copied().unwrap_or(f32::NAN);
    Ok(vec![
        named("-ELBO, beta 1", f64::from(a.total())),
        named("KL, beta 2 over beta 1", ratio(term(&a, "kl"), term(&b, "kl"))),
        named(
            "reconstruction, beta 2 over beta 1",
            ratio(term(&a, "reconstruction"), term(&b, "reconstruction")),
        ),
    ])
}

/// E6: how many of the pictures of each are digits, to who knows what is none.
fn generators(ae: &Trained, vae: &Trained, sets: &Sets) -> Result<Values> {
    let classifier = Classifier::train(&sets.digits)?;
    let (right, junk) = (
        classifier.accuracy(&sets.digits)?,
        classifier.junk_called_digits(&sets.digits)?,
    );
    let latent = ae.session.space().numbers();
    let codes = ae.means(&sets.digits.test_images()?)?;
    let bounds: Vec<_> = (0..latent)
        .map(|index| {
            let column = codes.iter().skip(index).step_by(latent);
            column.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), &c| {
                (low.min(c), high.max(c))
            })
        })
        .collect();
    let mut rng = Rng::new(1, Stream::Sample);
    let inside: Vec<f32> = (0..SAMPLES)
        .flat_map(|_| bounds.clone())
        .map(|(low, high)| low + (high - low) * rng.uniform())
        .collect();
    let [of_ae, certain_ae] = classifier.digits(&now(ae.session.decode(&Latents::Point(inside)))?)?;
    let [of_vae, certain_vae] = classifier.digits(&now(vae.session.sample(SAMPLES, &SampleSettings::default()))?)?;
    let variance = |share: f64| share * (1.0 - share) / SAMPLES as f64;
    let error = (variance(of_ae) + variance(of_vae)).sqrt().max(1e-6);
    Ok(vec![
        named(
            "digits of the VAE over the AE, in standard errors",
            (of_vae - of_ae) / error,
        ),
        named("share of digits, AE", of_ae),
        named("share of digits, VAE", of_vae),
        named("share of one certain digit, AE", certain_ae),
        named("share of one certain digit, VAE", certain_vae),
        named("test digits that the classifier knows", right),
        named("junk that the classifier calls a digit", junk),
    ])
}

/// E7: the error falls with the size of the code, and what does not belong shows by its error.
fn sizes(models: &[Trained], sets: &Sets, images: &[f32]) -> Result<Values> {
    let mut by_size: Vec<_> = models.iter().collect();
    by_size.sort_by_key(|model| model.session.space().numbers());
    let mut errors = Vec::new();
    for model in &by_size {
        errors.push((model.session.space().numbers(), model.error(images)?));
    }
    let worst = errors.windows(2).map(|pair| pair[1].1 / pair[0].1).fold(0.0, f64::max);
    let garments = sets.garments()?.test_images()?;
    let eight = by_size
        .iter()
        .find(|model| model.variant.id == "E7")
        .context("E7 has its own size")?;
    let each = |images: &[f32]| -> Result<Vec<f64>> {
        let restored = now(eight.session.reconstruct(images))?;
        let pairs = restored.chunks(784).zip(images.chunks(784));
        Ok(pairs.map(|(a, b)| mean_squared_error(a, b)).collect())
    };
    let mut values = vec![
        named("MSE, a size over the one before it, at most", worst),
        named(
            "garments told from digits, area under the curve",
            area_under_curve(&each(images)?, &each(&garments)?),
        ),
    ];
    values.extend(
        errors
            .iter()
            .map(|(size, error)| named(format!("MSE, {size} numbers"), *error)),
    );
    Ok(values)
}

/// The chance that one of `above` is larger than one of `below` (Mann and Whitney's U, divided by both counts).
fn area_under_curve(below: &[f64], above: &[f64]) -> f64 {
    let mut sorted = below.to_vec();
    sorted.sort_by(f64::total_cmp);
    let wins: usize = above
        .iter()
        .map(|value| sorted.partition_point(|other| other < value))
        .sum();
    wins as f64 / (below.len() * above.len()) as f64
}

/// E8: noisy pictures, restored.
fn restored(model: &Trained, images: &[f32]) -> Result<Values> {
    let common = model.session.config().common();
    let mut noisy = images.to_vec();
    let mut rng = Rng::new(1, Stream::Evaluation);
    let noise = rng.normal(images.len());
    common
        .corruption
        .apply(&mut noisy, common.image, &noise, None, &mut rng);
    let made = now(model.session.reconstruct(&noisy))?;
    let (before, after) = (mean_squared_error(&noisy, images), mean_squared_error(&made, images));
    Ok(vec![
        named("BCE per pixel", model.loss(images)? / 784.0),
        named("MSE, restored over noisy", after / before),
        named("MSE, noisy", before),
        named("MSE, restored", after),
    ])
}

/// E9: what was erased, against the mean image in its place.
fn completed(models: &[Trained], sets: &Sets, images: &[f32]) -> Result<Values> {
    let mean = sets.digits.train.mean();
    let mut values = Vec::new();
    for model in models {
        for (mask, name) in [
            (Mask::Half, "half masks"),
            (Mask::Square, "squares"),
            (Mask::Strokes, "strokes"),
        ] {
            let mut rng = Rng::new(1, Stream::Evaluation);
            let masks: Vec<f32> = images.chunks(784).flat_map(|_| mask.draw([28, 28], &mut rng)).collect();
            let seen: Vec<f32> = images
                .iter()
                .zip(&masks)
                .map(|(pixel, mask)| pixel * (1.0 - mask))
                .collect();
            let made = now(model.session.reconstruct(&seen))?;
            let (mut error, mut filled) = (0.0, 0.0);
            for (index, _) in masks.iter().enumerate().filter(|(_, mask)| **mask == 1.0) {
                error += f64::from(made[index] - images[index]).powi(2);
                filled += f64::from(mean[index % 784] - images[index]).powi(2);
            }
            let size = model.session.space().numbers();
            values.push(named(
                format!("MSE under {name} over mean fill, code of {size}"),
                error / filled,
            ));
        }
    }
    Ok(values)
}

/// E11: -ELBO, and each class's share of the plane.
fn shares(model: &Trained, sets: &Sets, images: &[f32]) -> Result<Values> {
    let labels = &sets.of(Data::Fashion)?.test_labels;
    let shares = plane::shares(&model.means(images)?, labels);
    let mut values = vec![
        named("-ELBO", model.loss(images)?),
        named("parameters", model.session.parameters() as f64),
        named("largest share of a class", shares.iter().copied().fold(0.0, f64::max)),
    ];
    values.extend(
        shares
            .iter()
            .enumerate()
            .map(|(class, share)| named(format!("share of class {class}"), *share)),
    );
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_area_under_the_curve_is_the_share_of_pairs_in_order() {
        assert_eq!(area_under_curve(&[1.0, 2.0], &[3.0, 4.0]), 1.0);
        assert_eq!(area_under_curve(&[1.0, 3.0], &[2.0, 0.0]), 0.25);
    }
}
