//! Samples: images and codes that are drawn from what a model's latents are like.

use super::Session;
use super::check::{check_label, check_sample, check_sampled};
use super::trainer::Trainer;
use crate::error::{Error, Result};
use crate::model::grid::one_hot;
use crate::model::latents::check_codes;
use crate::model::prior::Prior;
use crate::model::scene::{Object, SceneLatents};
use crate::model::{LatentSpace, Latents};
use crate::rng::{Rng, Stream};
use crate::transfer::{read_answer, upload_rows};

/// How samples are drawn from a prior.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleSettings {
    /// Seed of the draws.
    pub seed: u64,
    /// Above 1 bolder, below 1 likelier.
    pub temperature: f32,
    /// The class that codes are drawn for; any class without it.
    pub label: Option<usize>,
    /// Codes that stay as they are, `[cells]`, and nothing where one is to be drawn.
    pub known: Option<Vec<Option<u32>>>,
    /// Objects of a scene; as many as a model keeps without it.
    pub objects: Option<usize>,
}

impl Default for SampleSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            temperature: 1.0,
            label: None,
            known: None,
            objects: None,
        }
    }
}

/// Grids of codes from a prior.
#[derive(Clone, Debug, PartialEq)]
pub struct Sampled {
    /// `[count, cells]`.
    pub codes: Vec<u32>,
    /// What each was drawn from, `[count, cells, K]`; of a known one what the prior would have drawn from.
    pub probabilities: Vec<f32>,
}

/// So often the places of a scene's objects are drawn.
const PLACE_TRIES: usize = 200;

impl Session {
    /// Decodes `count` draws from the prior: N(0, `temperature`^2 I), or the one that learned the codes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn sample(&self, count: usize, settings: &SampleSettings) -> Result<Vec<f32>> {
        self.check_settings(settings)?;
        let latents = match self.space() {
            LatentSpace::Grid { .. } => Latents::Codes(self.sample_grids(count, settings).await?),
            LatentSpace::Gaussian(numbers) => Latents::Point(self.draw_latents(count, numbers, settings)?),
            LatentSpace::Objects { .. } => Latents::Objects(self.draw_scenes(count, settings)?),
            LatentSpace::Point(_) => {
                return Err(Error::input(
                    "an autoencoder has no prior to sample from; decode codes of your own, or take a \"vae\"",
                ));
            }
        };
        self.decode(&latents).await
    }

    /// Refuses what is for models of another kind.
    fn check_settings(&self, settings: &SampleSettings) -> Result<()> {
        let of_codes = settings.label.is_some() || settings.known.is_some();
        match self.space() {
            LatentSpace::Gaussian(_) | LatentSpace::Objects { .. } if of_codes => Err(Error::input(
                "label and known are for a prior over codes; leave them out, or take a preset such as \"E17\"",
            )),
            LatentSpace::Gaussian(_) | LatentSpace::Grid { .. } if settings.objects.is_some() => Err(Error::input(
                "objects is for scenes; leave it out, or take the family \"objects\"",
            )),
            _ => Ok(()),
        }
    }

    /// Scenes whose objects are drawn from the prior, at places drawn alike from all that are far enough from each other.
    fn draw_scenes(&self, count: usize, settings: &SampleSettings) -> Result<Vec<SceneLatents>> {
        let LatentSpace::Objects {
            most,
            latent,
            canvas,
            distance,
            ..
        } = self.space()
        else {
            return Ok(Vec::new());
        };
        let objects = settings.objects.unwrap_or(most);
        if !(1..=most).contains(&objects) {
            return Err(Error::input(format!(
                "{objects} objects in a scene; this model keeps 1 to {most}"
            )));
        }
        let mut rng = Rng::new(settings.seed, Stream::Sample);
        let scene = |rng: &mut Rng| {
            let centres = draw_places(objects, canvas, distance as f32, rng);
            let object = |centre| Object {
                cell: 0,
                centre,
                mean: rng.normal(latent).iter().map(|z| z * settings.temperature).collect(),
                log_variance: vec![0.0; latent],
                kl: 0.0,
                presence: 1.0,
            };
            SceneLatents {
                objects: centres.into_iter().map(object).collect(),
                kl: Vec::new(),
            }
        };
        check_sample(count, settings.temperature, self.most_images())?;
        Ok((0..count).map(|_| scene(&mut rng)).collect())
    }

    fn draw_latents(&self, count: usize, numbers: usize, settings: &SampleSettings) -> Result<Vec<f32>> {
        check_sample(count, settings.temperature, self.most_images())?;
        let mut latents = Rng::new(settings.seed, Stream::Sample).normal(count * numbers);
        latents.iter_mut().for_each(|z| *z *= settings.temperature);
        Ok(latents)
    }

    /// Draws `count` grids from the prior, cell by cell, with what each code was drawn from.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn sample_codes(&self, count: usize, settings: &SampleSettings) -> Result<Sampled> {
        self.check_settings(settings)?;
        let prior = &self.trained_prior()?.network;
        check_sampled(count, prior.cells() * prior.size())?;
        let mut probabilities = Vec::new();
        let codes = self.draw_codes(count, settings, Some(&mut probabilities)).await?;
        Ok(Sampled { codes, probabilities })
    }

    /// The same grids, `[count, cells]`, without what they were drawn from.
    ///
    /// # Errors
    /// As [`sample_codes`](Self::sample_codes).
    pub async fn sample_grids(&self, count: usize, settings: &SampleSettings) -> Result<Vec<u32>> {
        self.draw_codes(count, settings, None).await
    }

    async fn draw_codes(
        &self,
        count: usize,
        settings: &SampleSettings,
        mut probabilities: Option<&mut Vec<f32>>,
    ) -> Result<Vec<u32>> {
        let trainer = self.trained_prior()?;
        let prior = &trainer.network;
        check_sample(count, settings.temperature, self.most_images())?;
        if trainer.state.step == 0 {
            return Err(Error::input(
                "the prior is not trained yet; train the stage \"prior\" first",
            ));
        }
        if let Some(label) = settings.label {
            check_label(label, prior.classes())?;
        }
        if let Some(known) = &settings.known {
            if known.len() != prior.cells() {
                return Err(Error::input(format!(
                    "known has {} cells; give one grid of {}",
                    known.len(),
                    prior.cells()
                )));
            }
            let codes: Vec<_> = known.iter().map(|code| code.unwrap_or(0)).collect();
            check_codes(&codes, prior.cells(), prior.size(), 1)?;
        }
        let mut rng = Rng::new(settings.seed, Stream::Sample);
        let mut all = Vec::new();
        let at_once = self.grids_at_once();
        for start in (0..count).step_by(at_once) {
            let size = at_once.min(count - start);
            let sampled = self.draw_grids(trainer, size, settings, &mut rng).await?;
            all.extend(sampled.codes);
            if let Some(probabilities) = &mut probabilities {
                probabilities.extend(sampled.probabilities);
            }
        }
        Ok(all)
    }

    /// So many grids at once. What is above a row is looked at once for the row, what is left of a cell for each cell.
    async fn draw_grids(
        &self,
        trainer: &Trainer<Prior>,
        count: usize,
        settings: &SampleSettings,
        rng: &mut Rng,
    ) -> Result<Sampled> {
        let prior = &trainer.network;
        let ([height, width], size, cells) = (prior.sides(), prior.size(), prior.cells());
        let weights = trainer.frozen();
        let classes = self.classes(prior, count, |_| settings.label);
        let mut codes = vec![0; count * cells];
        let mut probabilities = vec![0.0; count * cells * size];
        // Rows of all grids, from one row on; what is not drawn yet may be anything.
        let rows = |codes: &[u32], from: usize, to: usize| {
            let part = codes
                .chunks_exact(cells)
                .flat_map(|grid| &grid[from * width..to * width]);
            let part: Vec<u32> = part.copied().collect();
            let choices = upload_rows(one_hot(&part, size), part.len(), &self.device);
            prior.embed(&weights, choices, to - from)
        };
        for y in 0..height {
            let above: Vec<_> = prior
                .above(&weights, rows(&codes, 0, y + 1), &classes)
                .into_iter()
                .map(|above| above.narrow(2, y, 1))
                .collect();
            for x in 0..width {
                let logits = prior.logits(&weights, rows(&codes, y, y + 1), &above, &classes);
                let logits = read_answer(logits.narrow(2, x, 1).reshape([count, size])).await?;
                let cell = y * width + x;
                let known = settings.known.as_ref().and_then(|known| known[cell]);
                for (index, logits) in logits.chunks_exact(size).enumerate() {
                    let at = index * cells + cell;
                    let shares = &mut probabilities[at * size..(at + 1) * size];
                    softmax(logits, settings.temperature, shares);
                    // A known code takes its number too, so that the others are drawn as they would be without it.
                    let drawn = rng.among(shares) as u32;
                    codes[at] = known.unwrap_or(drawn);
                }
            }
        }
        Ok(Sampled { codes, probabilities })
    }
}
/// Places whose patches keep most of their ink on the canvas; fewer where there is no room for more.
fn draw_places(count: usize, canvas: usize, distance: f32, rng: &mut Rng) -> Vec<[f32; 2]> {
    let margin = canvas as f32 / 4.0;
    let mut best: Vec<[f32; 2]> = Vec::new();
    // A try that leaves no room for all of them is begun anew.
    for _ in 0..PLACE_TRIES {
        let mut places: Vec<[f32; 2]> = Vec::new();
        for _ in 0..4 * count {
            let place = [0, 1].map(|_| margin + rng.uniform() * (canvas as f32 - 2.0 * margin));
            let far = |other: &[f32; 2]| (other[0] - place[0]).hypot(other[1] - place[1]) >= distance;
            if places.len() < count && places.iter().all(far) {
                places.push(place);
            }
        }
        if places.len() > best.len() {
            best = places;
        }
        if best.len() == count {
            break;
        }
    }
    best
}

/// Probabilities of logits at a temperature.
fn softmax(logits: &[f32], temperature: f32, shares: &mut [f32]) {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for (share, logit) in shares.iter_mut().zip(logits) {
        *share = ((logit - most) / temperature).exp();
    }
    let sum: f32 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_objects_are_placed_as_were_asked_for() {
        let mut rng = Rng::new(1, Stream::Sample);
        for _ in 0..200 {
            let places = draw_places(4, 48, 14.0, &mut rng);
            assert_eq!(places.len(), 4);
            let far = |a: &[f32; 2], b: &[f32; 2]| (a[0] - b[0]).hypot(a[1] - b[1]) >= 14.0;
            assert!((1..4).all(|index| places[..index].iter().all(|place| far(place, &places[index]))));
        }
        // Where there is no room these are as many as fit.
        assert_eq!(draw_places(4, 40, 32.0, &mut rng).len(), 1);
    }

    #[test]
    fn a_low_temperature_is_for_the_likeliest() {
        let mut shares = [0.0; 3];
        softmax(&[1.0, 2.0, 0.0], 1.0, &mut shares);
        // In Python: exp([1, 2, 0]) / sum(exp([1, 2, 0])).
        assert!(
            shares
                .iter()
                .zip([0.244_728, 0.665_241, 0.090_031])
                .all(|(a, b)| (a - b).abs() < 1e-6)
        );
        softmax(&[1.0, 2.0, 0.0], 0.001, &mut shares);
        assert_eq!(shares, [0.0, 1.0, 0.0]);
    }
}
