//! What only looks at a model: it changes nothing and repeats exactly.

use burn::tensor::Tensor;

use super::check::{check_images, check_latents};
use super::draw::Given;
use super::transfer::{read, read_terms, upload_rows};
use super::{MAX_IMAGES, Trainer};
use crate::error::{Error, Result};
use crate::loss::LossTerms;
use crate::metrics::LatentUse;
use crate::model::{Encoding, Weights};
use crate::rng::{Rng, Stream};

/// Images that go through a network at once; it bounds the memory.
const CHUNK: usize = 128;

/// What a model makes of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Of the loss, averaged over the images.
    pub terms: LossTerms,
    /// How a variational model uses its latents.
    pub latents: Option<LatentUse>,
}

impl Trainer {
    /// The terms of the loss at full KL weight, averaged over the images. Changes nothing, and
    /// gives the same for the same images: its noise is a stream of its own.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) or [`Device`](crate::ErrorKind::Device).
    pub async fn evaluate(&self, images: &[f32], given: Given<'_>) -> Result<Evaluation> {
        let count = check_images(images, self.image(), MAX_IMAGES)?;
        self.check_given(given, count)?;
        let mut stream = Rng::new(self.seed, Stream::Evaluation);
        let weights = self.frozen();
        let (mut reconstruction, mut kl) = (0.0, None);
        let mut said = Encoding {
            mean: Vec::new(),
            log_variance: None,
        };
        for (size, batch) in self.draw_all(images, given, &mut stream, CHUNK) {
            let encoding = self.model.encode(&weights, batch.inputs);
            let terms = self.model.loss(&weights, encoding.clone(), batch.targets, batch.noise);
            let terms = read_terms(terms).await?;
            let share = size as f64 / count as f64;
            reconstruction += f64::from(terms.reconstruction) * share;
            kl = terms.kl.map(|term| kl.unwrap_or(0.0) + f64::from(term) * share);
            if self.model.is_variational() {
                append(&mut said, encoding).await?;
            }
        }
        let terms = LossTerms {
            reconstruction: reconstruction as f32,
            kl: kl.map(|kl| kl as f32),
        };
        Ok(Evaluation {
            terms,
            latents: LatentUse::of(&said, self.model.latent()),
        })
    }

    /// What the encoder says about images `[batch, pixels]`: `[batch, latent]` each.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) or [`Device`](crate::ErrorKind::Device).
    pub async fn encode(&self, images: &[f32]) -> Result<Encoding> {
        let count = check_images(images, self.image(), MAX_IMAGES)?;
        let weights = self.frozen();
        let mut said = Encoding {
            mean: Vec::with_capacity(count * self.model.latent()),
            log_variance: None,
        };
        for chunk in images.chunks(CHUNK * self.pixels()) {
            let rows = self.rows(chunk.to_vec(), chunk.len() / self.pixels());
            append(&mut said, self.model.encode(&weights, rows)).await?;
        }
        Ok(said)
    }

    /// Images `[batch, pixels]` in `[0, 1]` of latents `[batch, latent]`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) or [`Device`](crate::ErrorKind::Device).
    pub async fn decode(&self, latents: &[f32]) -> Result<Vec<f32>> {
        let latent = self.model.latent();
        let count = check_latents(latents, latent, MAX_IMAGES)?;
        let weights = self.frozen();
        let mut images = Vec::with_capacity(count * self.pixels());
        for chunk in latents.chunks(CHUNK * latent) {
            let rows = self.rows(chunk.to_vec(), chunk.len() / latent);
            let pixels = read(self.model.decode(&weights, rows)).await?;
            images.extend(pixels.into_iter().map(|pixel| pixel.clamp(0.0, 1.0)));
        }
        Ok(images)
    }

    /// Encodes images and decodes their means or codes.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) or [`Device`](crate::ErrorKind::Device).
    pub async fn reconstruct(&self, images: &[f32]) -> Result<Vec<f32>> {
        self.decode(&self.encode(images).await?.mean).await
    }

    /// Decodes `count` draws from the prior, N(0, `temperature`^2 I).
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) or [`Device`](crate::ErrorKind::Device).
    pub async fn sample(&self, count: usize, seed: u64, temperature: f32) -> Result<Vec<f32>> {
        if !self.model.is_variational() {
            return Err(Error::input(
                "an autoencoder has no prior to sample from; decode codes of your own, or take a \"vae\"",
            ));
        }
        if !(1..=MAX_IMAGES).contains(&count) {
            return Err(Error::input(format!("{count} samples; ask for 1 to {MAX_IMAGES}")));
        }
        if !(temperature > 0.0 && temperature <= 100.0) {
            return Err(Error::input(format!(
                "temperature is {temperature}; give a number above 0 and at most 100"
            )));
        }
        let mut latents = Rng::new(seed, Stream::Sample).normal(count * self.model.latent());
        latents.iter_mut().for_each(|z| *z *= temperature);
        self.decode(&latents).await
    }

    fn rows(&self, values: Vec<f32>, rows: usize) -> Tensor<2> {
        upload_rows(values, rows, &self.device)
    }

    fn frozen(&self) -> Weights {
        Weights::frozen(self.model.layout(), &self.state.weights)
    }
}

/// Reads what an encoder said, and puts it behind what it said before.
async fn append(said: &mut Encoding, encoding: Encoding<Tensor<2>>) -> Result<()> {
    let Encoding { mean, log_variance } = encoding;
    let count = mean.shape().num_elements();
    let parts = std::iter::once(mean).chain(log_variance).collect();
    let mut values = read(Tensor::cat(parts, 0)).await?;
    let rest = values.split_off(count);
    said.mean.append(&mut values);
    if !rest.is_empty() {
        said.log_variance.get_or_insert_default().extend(rest);
    }
    Ok(())
}
