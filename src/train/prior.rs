//! The prior that learns a model's codes: trained, measured and drawn from.

use burn::tensor::Tensor;

use super::check::{check_codes, check_images, check_label, check_labels, check_sample, check_told};
use super::transfer::{read_answer, upload_rows};
use super::{Gradients, Stage, Trainer};
use crate::error::{Error, Result};
use crate::loss::{LossTerms, cross_entropy};
use crate::model::Weights;
use crate::model::grid::Grid;
use crate::model::prior::Prior;
use crate::rng::{Rng, Stream};

/// While a prior is trained by class, so many images pass for any class: then it can be asked for none.
const ANY_CLASS: f32 = 0.25;

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
}

impl Default for SampleSettings {
    fn default() -> Self {
        Self {
            seed: 1,
            temperature: 1.0,
            label: None,
            known: None,
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

impl Trainer {
    /// What the prior fails to say about the codes of images `[batch, pixels]`, in nats per image, averaged over them.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn evaluate_prior(&self, images: &[f32], labels: Option<&[u8]>) -> Result<f32> {
        let (grid, prior) = self.trained_prior()?;
        let count = check_images(images, self.image(), self.most_images())?;
        if let Some(labels) = labels {
            check_labels(labels, prior.classes(), count)?;
        }
        let weights = self.frozen();
        let at_once = self.images_at_once(Stage::Prior);
        let mut sum = 0.0;
        for (index, chunk) in images.chunks(at_once * self.pixels()).enumerate() {
            let size = chunk.len() / self.pixels();
            let label = |row: usize| labels.map(|labels| usize::from(labels[index * at_once + row]));
            let classes = self.classes(prior, size, label);
            let choices = self.choose(grid, &weights, chunk);
            let logits = prior.forward(&weights, choices.clone(), &classes);
            let nats = read_answer(cross_entropy(logits, choices, size)).await?[0];
            sum += f64::from(nats) * size as f64 / count as f64;
        }
        Ok(sum as f32)
    }

    /// Draws `count` grids from the prior, cell by cell, and tells what each code was drawn from.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn sample_codes(&self, count: usize, settings: &SampleSettings) -> Result<Sampled> {
        let (grid, _) = self.trained_prior()?;
        check_told(count, grid.cells() * grid.codebook.size())?;
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
        mut told: Option<&mut Vec<f32>>,
    ) -> Result<Vec<u32>> {
        let (grid, prior) = self.trained_prior()?;
        check_sample(count, settings.temperature, self.most_images())?;
        if self.prior_steps() == Some(0) {
            return Err(Error::input(
                "the prior is not trained yet; train the stage \"prior\" first",
            ));
        }
        if let Some(label) = settings.label {
            check_label(label, prior.classes())?;
        }
        if let Some(known) = &settings.known {
            if known.len() != grid.cells() {
                return Err(Error::input(format!(
                    "known has {} cells; give one grid of {}",
                    known.len(),
                    grid.cells()
                )));
            }
            let codes: Vec<_> = known.iter().map(|code| code.unwrap_or(0)).collect();
            check_codes(&codes, grid.cells(), grid.codebook.size(), 1)?;
        }
        let mut rng = Rng::new(settings.seed, Stream::Sample);
        let mut all = Vec::new();
        let at_once = self.images_at_once(Stage::Prior);
        for start in (0..count).step_by(at_once) {
            let size = at_once.min(count - start);
            let Sampled { codes, probabilities } = self.draw_grids(grid, prior, size, settings, &mut rng).await?;
            all.extend(codes);
            if let Some(told) = &mut told {
                told.extend(probabilities);
            }
        }
        Ok(all)
    }

    /// So many grids at once. What is above a row is looked at once for the row, what is left of a cell for each cell.
    async fn draw_grids(
        &self,
        grid: &Grid,
        prior: &Prior,
        count: usize,
        settings: &SampleSettings,
        rng: &mut Rng,
    ) -> Result<Sampled> {
        let ([height, width], size, cells) = (grid.sides, grid.codebook.size(), grid.cells());
        let weights = self.frozen();
        let classes = self.classes(prior, count, |_| settings.label);
        let mut codes = vec![0; count * cells];
        let mut probabilities = vec![0.0; count * cells * size];
        // Rows of all grids, from one row on; what is not drawn yet may be anything.
        let rows = |codes: &[u32], from: usize, to: usize| {
            let part = codes
                .chunks_exact(cells)
                .flat_map(|grid| &grid[from * width..to * width]);
            prior.embed(&weights, self.ones(grid, &part.copied().collect::<Vec<_>>()), to - from)
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

    /// The gradient of what the prior fails to say about the codes of a batch.
    pub(super) fn prior_gradients(
        &mut self,
        images: &[f32],
        labels: Option<&[u8]>,
    ) -> Result<(Gradients, LossTerms<Tensor<1>>)> {
        let mut rng = self.state.noise.clone();
        let (grid, prior) = self.trained_prior()?;
        let batch = images.len() / self.pixels();
        if let Some(labels) = labels {
            check_labels(labels, prior.classes(), batch)?;
        }
        let shown: Vec<_> = (0..batch)
            .map(|row| labels.map(|labels| usize::from(labels[row])))
            .map(|label| label.filter(|_| rng.uniform() >= ANY_CLASS))
            .collect();
        let choices = self.choose(grid, &self.frozen(), images).autodiff();
        let classes = self.classes(prior, batch, |row| shown[row]).autodiff();
        let weights = Weights::trainable(self.model.layout(), &self.state.weights);
        let logits = prior.forward(&weights, choices.clone(), &classes);
        let nats = cross_entropy(logits, choices, batch);
        let gradients = Gradients {
            vector: self.part(Stage::Prior, weights.gradient(&nats)),
            stage: Stage::Prior,
            uses: None,
        };
        self.state.noise = rng;
        Ok((gradients, LossTerms::of(nats.inner())))
    }

    /// Classes as ones, the last of which stands for any, `[count, classes + 1]`.
    fn classes(&self, prior: &Prior, count: usize, label: impl Fn(usize) -> Option<usize>) -> Tensor<2> {
        let width = prior.classes() + 1;
        let mut ones = vec![0.0; count * width];
        for (index, row) in ones.chunks_exact_mut(width).enumerate() {
            row[label(index).unwrap_or(prior.classes())] = 1.0;
        }
        upload_rows(ones, count, &self.device)
    }

    /// The prior of codes that were trained.
    fn trained_prior(&self) -> Result<(&Grid, &Prior)> {
        let grid = self.the_grid()?;
        let prior = grid
            .prior
            .as_ref()
            .ok_or_else(|| Error::input("this model has no prior over its codes; take a preset such as \"E17\""))?;
        if self.state.codes.step == 0 {
            return Err(Error::input(
                "the codes are not trained yet, and the prior learns those; train the stage \"codes\" first",
            ));
        }
        Ok((grid, prior))
    }
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
