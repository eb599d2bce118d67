//! What proves the experiments with codes (E14 to E17).

use anyhow::{Context, Result, bail};
use latent_lab::metrics::{CodeUse, mean_squared_error};
use latent_lab::model::preset::Preset;
use latent_lab::model::{LatentSpace, Latents};
use latent_lab::rng::{Rng, Stream};
use latent_lab::train::{SampleSettings, Session};

use super::classifier::Classifier;
use super::cpu::now;
use super::data::Sets;
use super::results::{Values, named};
use super::trained::Trained;
use super::training::train_all;

/// Grids of each kind that are shown to the classifier.
const SAMPLES: usize = 10_000;
/// Sides of a grid and of an image, and pixels of a cell's side.
const CELLS: usize = 7;
const SIDE: usize = 28;
const CELL: usize = SIDE / CELLS;
/// Pixels on either side of a seam that are not compared: what a decoder looks at around a cell.
const SEAM: usize = 4;

/// E14: how well, with how many codes, after one epoch and at the end.
pub fn of_cells(preset: &Preset, models: &[Trained], sets: &Sets, images: &[f32], seed: u64) -> Result<Values> {
    let first = &preset.variants[0];
    let run = train_all(&[first], &sets.digits, 1, seed)?
        .pop()
        .context("a run ends")?;
    let file = run.checkpoint.to_bytes(latent_lab::checkpoint::Precision::Full)?;
    let early = Trained::open(first, &file)?;
    let uses = |model: &Trained| -> Result<CodeUse> { model.evaluate(images)?.codes.context("codes are used") };
    let mut values = vec![
        named("MSE after one epoch", early.error(images)?),
        named("perplexity after one epoch", f64::from(uses(&early)?.perplexity)),
    ];
    for model in models {
        let of = model
            .variant
            .id
            .strip_prefix("E14/")
            .map_or(String::new(), |kind| format!(", {kind}"));
        let uses = uses(model)?;
        values.push(named(format!("MSE{of}"), model.error(images)?));
        values.push(named(format!("perplexity{of}"), f64::from(uses.perplexity)));
        values.push(named(format!("dead codes{of}"), uses.dead as f64));
    }
    Ok(values)
}

/// The row and column that a place of a square of some side comes from.
type Turn = fn(usize, usize, usize) -> (usize, usize);

/// E15: a shift of the codes is one of the picture, and each half of a joined grid is that of its source; a turn is none, and
/// opposite vectors are the opposite of the picture.
pub fn edits(model: &Trained, images: &[f32]) -> Result<Values> {
    let session = &model.session;
    let own = model.error(images)?;
    let codes = model.codes(images)?;
    // What comes in at the edge, as in the page: the code that most corners have.
    let LatentSpace::Grid { codes: size, .. } = session.space() else {
        bail!("it has no codes");
    };
    let corners = [0, CELLS - 1, CELLS * (CELLS - 1), CELLS * CELLS - 1];
    let of_corners = codes
        .chunks(CELLS * CELLS)
        .flat_map(|grid| corners.map(|corner| grid[corner]));
    let mut counts = vec![0; size];
    of_corners.for_each(|code| counts[code as usize] += 1);
    let commonest = (0..size).max_by_key(|&code| counts[code]).unwrap_or(0) as u32;
    let empty = vec![commonest; CELLS * CELLS];
    let mut worst = 0.0_f64;
    for (dy, dx) in [(0, 1), (0, -1), (1, 0), (-1, 0)] {
        let shifted: Vec<_> = codes
            .chunks(CELLS * CELLS)
            .flat_map(|grid| moved(grid, CELLS, dy, dx, &empty))
            .collect();
        let blank = vec![0.0; SIDE * SIDE];
        let by = CELL as isize;
        let expected: Vec<_> = images
            .chunks(SIDE * SIDE)
            .flat_map(|image| moved(image, SIDE, dy * by, dx * by, &blank))
            .collect();
        worst = worst.max(mean_squared_error(&(model.decode_codes(&shifted))?, &expected));
    }
    let rebuilt = now(session.reconstruct(images))?;
    // What is turned as the picture is would be that picture.
    let turned = |from: Turn| -> Result<f64> {
        let made = (model.decode_codes(&taken(&codes, CELLS, from)))?;
        Ok(mean_squared_error(&made, &taken(images, SIDE, from)))
    };
    let book = now(session.codebook())?;
    let width = book.len() / size;
    let opposite = |&code: &u32| book[code as usize * width..][..width].iter().map(|value| -value);
    let negated = now(session.decode(&Latents::Vectors(codes.iter().flat_map(opposite).collect())))?;
    let mut worst_half = f64::NEG_INFINITY;
    for across in [true, false] {
        let joined = halves(&codes, CELLS, across);
        let made = (model.decode_codes(&joined))?;
        let source = halves(images, SIDE, across);
        let own = halves(&rebuilt, SIDE, across);
        for is_first in [true, false] {
            let beyond = apart(&made, &source, across, is_first) - apart(&own, &source, across, is_first);
            worst_half = worst_half.max(beyond);
        }
    }
    Ok(vec![
        named("MSE of shifted codes, beyond its own", worst - own),
        named(
            "MSE of the worst joined half away from the seam, beyond its own",
            worst_half,
        ),
        named("MSE", own),
        named(
            "MSE of rotated codes, beyond its own",
            turned(|side, y, x| (side - 1 - x, y))? - own,
        ),
        named(
            "MSE of codes flipped across, beyond its own",
            turned(|side, y, x| (y, side - 1 - x))? - own,
        ),
        named(
            "MSE of codes flipped down, beyond its own",
            turned(|side, y, x| (side - 1 - y, x))? - own,
        ),
        named(
            "correlation of negated vectors' pictures with the rebuilt",
            correlation(&negated, &rebuilt),
        ),
    ])
}

/// Where each place of squares comes from, by its row and column.
fn taken<T: Copy>(squares: &[T], side: usize, from: Turn) -> Vec<T> {
    let one = |square: &[T]| -> Vec<T> {
        (0..side * side)
            .map(|at| from(side, at / side, at % side))
            .map(|(y, x)| square[y * side + x])
            .collect()
    };
    squares.chunks(side * side).flat_map(one).collect()
}

/// Pearson's, over all pixels.
fn correlation(a: &[f32], b: &[f32]) -> f64 {
    let mean = |values: &[f32]| values.iter().copied().map(f64::from).sum::<f64>() / values.len() as f64;
    let (of_a, of_b) = (mean(a), mean(b));
    let [mut both, mut a_alone, mut b_alone] = [0.0; 3];
    for (&a, &b) in a.iter().zip(b) {
        let (a, b) = (f64::from(a) - of_a, f64::from(b) - of_b);
        both += a * b;
        a_alone += a * a;
        b_alone += b * b;
    }
    both / (a_alone * b_alone).sqrt()
}

/// Each square with the next one: the left half of the one and the right half of the other, or the top and the bottom
/// ones. The first half has the middle of an odd number of cells.
fn halves<T: Copy>(squares: &[T], side: usize, across: bool) -> Vec<T> {
    let first = CELLS.div_ceil(2) * side / CELLS;
    let all = squares.chunks(side * side);
    all.clone()
        .zip(all.cycle().skip(1))
        .flat_map(|(a, b)| (0..side * side).map(move |at| if along(at, side, across) < first { a[at] } else { b[at] }))
        .collect()
}

/// How far from the left, or from the top.
fn along(at: usize, side: usize, across: bool) -> usize {
    if across { at % side } else { at / side }
}

/// Mean squared error of the pixels of one half, away from the seam.
fn apart(made: &[f32], source: &[f32], across: bool, is_first: bool) -> f64 {
    let seam = CELLS.div_ceil(2) * CELL;
    let range = if is_first { 0..seam - SEAM } else { seam + SEAM..SIDE };
    let is_compared = |at: usize| range.contains(&along(at % (SIDE * SIDE), SIDE, across));
    let (made, source): (Vec<f32>, Vec<f32>) = (0..made.len())
        .filter(|at| is_compared(*at))
        .map(|at| (made[at], source[at]))
        .unzip();
    mean_squared_error(&made, &source)
}

/// A square with what is `dy` up and `dx` to the left of each place; what comes in at the edges is `blank`'s.
fn moved<T: Copy>(square: &[T], side: usize, dy: isize, dx: isize, blank: &[T]) -> Vec<T> {
    let from = |to: usize, by: isize| to.checked_add_signed(-by).filter(|from| *from < side);
    (0..side * side)
        .map(|to| match (from(to / side, dy), from(to % side, dx)) {
            (Some(y), Some(x)) => square[y * side + x],
            _ => blank[to],
        })
        .collect()
}

/// E16: as well as nearest vectors do.
pub fn relaxed(dvae: &Trained, vq: &Trained, images: &[f32]) -> Result<Values> {
    let evaluation = dvae.evaluate(images)?;
    let (error, of_vq) = (dvae.error(images)?, vq.error(images)?);
    let uses = evaluation.codes.context("codes are used")?;
    Ok(vec![
        named("MSE, dVAE over VQ-VAE", error / of_vq),
        named(
            "KL to the uniform prior",
            f64::from(*evaluation.terms.get("kl").context("a dVAE has a KL")?),
        ),
        named("MSE, dVAE", error),
        named("MSE, VQ-VAE", of_vq),
        named("perplexity, dVAE", f64::from(uses.perplexity)),
        named("dead codes, dVAE", uses.dead as f64),
    ])
}

/// E17: what the prior knows of codes, and how many of its pictures are digits, against codes drawn each by itself.
pub fn prior(model: &Trained, sets: &Sets) -> Result<Values> {
    let session = &model.session;
    let images = sets.digits.test_images()?;
    let LatentSpace::Grid { codes: size, .. } = session.space() else {
        bail!("it has no codes");
    };
    let cells = session.space().cells();
    let train = CodeUse::of(&model.codes(&sets.digits.train_images()?)?, size).shares;
    let test = model.codes(&images)?;
    let least = 1.0 / (60_000.0 * cells as f64);
    let cost = test
        .iter()
        .map(|&code| -f64::from(train[code as usize]).max(least).ln())
        .sum::<f64>();
    let independent = cost / (test.len() / cells) as f64;
    let nats = f64::from(now(session.evaluate_prior(&images, None))?);
    let by_class = f64::from(now(session.evaluate_prior(&images, Some(&sets.digits.test_labels)))?);
    let classifier = Classifier::train(&sets.digits)?;
    let failures = |codes: &[u32]| -> Result<f64> { Ok(1.0 - classifier.digits(&(model.decode_codes(codes))?)?[0]) };
    let drawn = now(session.sample_grids(SAMPLES, &SampleSettings::default()))?;
    let (of_prior, of_independent) = (failures(&drawn)?, failures(&alone(&train, SAMPLES * cells))?);
    let right = asked_for(session, &classifier)?;
    Ok(vec![
        named("nats of the prior over those of independent codes", nats / independent),
        named(
            "failures of the prior over those of independent codes",
            of_prior / of_independent,
        ),
        named("nats of the prior", nats),
        named("nats of the prior, by class", by_class),
        named("nats of independent codes", independent),
        named("bits for each code", nats / cells as f64 / std::f64::consts::LN_2),
        named("failures of the prior", of_prior),
        named("failures of independent codes", of_independent),
        named("digits that are what was asked for", right),
        named("MSE", model.error(&images)?),
    ])
}

/// Codes, each drawn by itself.
fn alone(shares: &[f32], count: usize) -> Vec<u32> {
    let mut rng = Rng::new(1, Stream::Sample);
    (0..count).map(|_| rng.among(shares) as u32).collect()
}

/// Of a thousand digits, a hundred of each class, how many are to the classifier what was asked for.
fn asked_for(session: &Session, classifier: &Classifier) -> Result<f64> {
    let mut right = 0.0;
    for label in 0..10 {
        let settings = SampleSettings {
            label: Some(label),
            ..SampleSettings::default()
        };
        right += classifier.share_of(&now(session.sample(100, &settings))?, label)? / 10.0;
    }
    Ok(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shift_brings_in_what_is_blank() {
        let square = [1, 2, 3, 4];
        assert_eq!(moved(&square, 2, 0, 1, &[9; 4]), [9, 1, 9, 3]);
        assert_eq!(moved(&square, 2, -1, 0, &[9; 4]), [3, 4, 9, 9]);
    }
}
