//! What only looks at a model: it changes nothing and repeats exactly.

use burn::tensor::Tensor;

use super::Trainer;
use super::check::{check_images, check_latents, check_sample, check_vectors};
use super::draw::Given;
use super::prior::SampleSettings;
use super::transfer::{overflowed, read_answer, read_terms, upload_rows};
use crate::error::{Error, Result};
use crate::loss::LossTerms;
use crate::metrics::{CodeUse, LatentUse};
use crate::model::{Encoding, Stage, Weights, memory};
use crate::rng::{Rng, Stream};

/// The most images that go through a network at once.
const CHUNK: usize = 128;

/// What a model makes of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Of the loss, averaged over the images.
    pub terms: LossTerms,
    /// How a variational model uses its latents.
    pub latents: Option<LatentUse>,
    /// How a model with codes uses its codebook.
    pub codes: Option<CodeUse>,
}

impl Trainer {
    /// The terms of the loss at full KL weight, averaged over the images. Changes nothing, and
    /// gives the same for the same images: its noise is a stream of its own.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn evaluate(&self, images: &[f32], given: Given<'_>) -> Result<Evaluation> {
        let count = check_images(images, self.image(), self.most_images())?;
        self.check_given(given, count)?;
        let mut stream = Rng::new(self.seed, Stream::Evaluation);
        let weights = self.frozen();
        let mut sum: Option<LossTerms<f64>> = None;
        let mut said = Encoding::point(Vec::new());
        let mut codes = Vec::new();
        for (size, batch) in self.draw_all(images, given, &mut stream, self.images_at_once(Stage::Codes)) {
            let encoding = self.model.encode(&weights, batch.inputs);
            let step = self.state.codes.step;
            let terms = self
                .model
                .loss(&weights, encoding.clone(), batch.targets, batch.noise, step);
            let share = size as f64 / count as f64;
            let terms = read_terms(terms).await?;
            if !terms.is_finite() {
                return Err(overflowed());
            }
            let terms = terms.map(|term| f64::from(term) * share);
            sum = Some(match sum {
                Some(sum) => sum.plus(terms),
                None => terms,
            });
            if let Some(grid) = self.model.grid() {
                codes.extend(self.read_codes(grid, &weights, encoding.mean).await?);
            } else if self.model.is_variational() {
                append(&mut said, encoding).await?;
            }
        }
        let mut terms = sum.unwrap_or(LossTerms::of(0.0)).map(|term| term as f32);
        let codes = self.model.grid().map(|grid| CodeUse::of(&codes, grid.codebook.size()));
        if let Some(codes) = &codes {
            terms.perplexity = Some(codes.perplexity);
        }
        Ok(Evaluation {
            terms,
            latents: LatentUse::of(&said, self.model.latent()),
            codes,
        })
    }

    /// What the encoder says about images `[batch, pixels]`: `[batch, latent]` each. Of a family with codes it is what
    /// they are chosen by; [`codes`](Self::codes) has themselves.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn encode(&self, images: &[f32]) -> Result<Encoding> {
        let count = check_images(images, self.image(), self.most_images())?;
        let weights = self.frozen();
        let mut said = Encoding::point(Vec::with_capacity(count * self.model.latent()));
        for chunk in images.chunks(self.images_at_once(Stage::Codes) * self.pixels()) {
            let rows = self.rows(chunk.to_vec(), chunk.len() / self.pixels());
            append(&mut said, self.model.encode(&weights, rows)).await?;
        }
        Ok(said)
    }

    /// Images `[batch, pixels]` in `[0, 1]` of latents `[batch, latent]`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn decode(&self, latents: &[f32]) -> Result<Vec<f32>> {
        let latent = self.model.latent();
        let count = match self.model.grid() {
            Some(grid) => check_vectors(latents, latent, grid.cells(), self.most_images())?,
            None => check_latents(latents, latent, self.most_images())?,
        };
        let weights = self.frozen();
        let mut images = Vec::with_capacity(count * self.pixels());
        for chunk in latents.chunks(self.images_at_once(Stage::Codes) * latent) {
            let rows = self.rows(chunk.to_vec(), chunk.len() / latent);
            let pixels = read_answer(self.model.decode(&weights, rows)).await?;
            images.extend(pixels.into_iter().map(|pixel| pixel.clamp(0.0, 1.0)));
        }
        Ok(images)
    }

    /// Encodes images and decodes their means or codes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn reconstruct(&self, images: &[f32]) -> Result<Vec<f32>> {
        if self.model.grid().is_some() {
            return self.decode_codes(&self.codes(images).await?).await;
        }
        self.decode(&self.encode(images).await?.mean).await
    }

    /// Decodes `count` draws from the prior: N(0, `temperature`^2 I), or what learned the codes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn sample(&self, count: usize, settings: &SampleSettings) -> Result<Vec<f32>> {
        if self.model.grid().is_some() {
            return self.decode_codes(&self.sample_grids(count, settings).await?).await;
        }
        if !self.model.is_variational() {
            return Err(Error::input(
                "an autoencoder has no prior to sample from; decode codes of your own, or take a \"vae\"",
            ));
        }
        check_sample(count, settings.temperature, self.most_images())?;
        if settings.label.is_some() || settings.known.is_some() {
            return Err(Error::input(
                "label and known are for a prior over codes; leave them out, or take a preset such as \"E17\"",
            ));
        }
        let mut latents = Rng::new(settings.seed, Stream::Sample).normal(count * self.model.latent());
        latents.iter_mut().for_each(|z| *z *= settings.temperature);
        self.decode(&latents).await
    }

    /// Images that go through the network at once: fewer where each takes much memory.
    pub(super) fn images_at_once(&self, stage: Stage) -> usize {
        memory::images_at_once(self.model.layout().activations(stage), CHUNK)
    }

    pub(super) fn rows(&self, values: Vec<f32>, rows: usize) -> Tensor<2> {
        upload_rows(values, rows, &self.device)
    }

    pub(super) fn frozen(&self) -> Weights {
        Weights::frozen(self.model.layout(), &self.state.weights)
    }
}

/// Reads what an encoder said, and puts it behind what it said before.
async fn append(said: &mut Encoding, encoding: Encoding<Tensor<2>>) -> Result<()> {
    let Encoding { mean, log_variance } = encoding;
    let count = mean.shape().num_elements();
    let parts = std::iter::once(mean).chain(log_variance).collect();
    let mut values = read_answer(Tensor::cat(parts, 0)).await?;
    let rest = values.split_off(count);
    said.mean.append(&mut values);
    if !rest.is_empty() {
        said.log_variance.get_or_insert_default().extend(rest);
    }
    Ok(())
}
