//! What only looks at a model: it changes nothing and repeats exactly.

use burn::tensor::Tensor;

use super::check::{check_images, check_latents, check_noise};
use super::transfer::{read, read_terms, upload_rows};
use super::{MAX_IMAGES, Trainer};
use crate::error::{Error, Result};
use crate::loss::LossTerms;
use crate::model::{Encoding, Weights};
use crate::rng::{Rng, Stream};

/// Images that go through a network at once; it bounds the memory.
const CHUNK: usize = 128;

impl Trainer {
    /// The terms of the loss at full KL weight, averaged over the images. Changes nothing, and
    /// gives the same for the same images: its noise is a stream of its own.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) or [`Device`](crate::ErrorKind::Device).
    pub async fn evaluate(&self, images: &[f32], noise: Option<&[f32]>) -> Result<LossTerms> {
        let count = check_images(images, self.image(), MAX_IMAGES)?;
        if let Some(noise) = noise {
            check_noise(noise, self.model.latent(), count)?;
        }
        let mut stream = Rng::new(self.seed, Stream::Evaluation);
        let latent = self.model.latent();
        let weights = self.frozen();
        let mut sum = LossTerms {
            reconstruction: 0.0,
            kl: 0.0,
        };
        for (index, chunk) in images.chunks(CHUNK * self.pixels()).enumerate() {
            let batch = chunk.len() / self.pixels();
            let start = index * CHUNK * latent;
            let noise = match noise {
                Some(noise) => noise[start..start + batch * latent].to_vec(),
                None => stream.normal(batch * latent),
            };
            let terms = self
                .model
                .loss(&weights, self.rows(chunk.to_vec(), batch), self.rows(noise, batch));
            let terms = read_terms(terms).await?;
            let share = batch as f64 / count as f64;
            sum.reconstruction += f64::from(terms.reconstruction) * share;
            sum.kl += f64::from(terms.kl) * share;
        }
        Ok(LossTerms {
            reconstruction: sum.reconstruction as f32,
            kl: sum.kl as f32,
        })
    }

    /// What the encoder says about images `[batch, pixels]`: `[batch, latent]` each.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) or [`Device`](crate::ErrorKind::Device).
    pub async fn encode(&self, images: &[f32]) -> Result<Encoding> {
        let count = check_images(images, self.image(), MAX_IMAGES)?;
        let weights = self.frozen();
        let mut encoding = Encoding {
            mean: Vec::with_capacity(count * self.model.latent()),
            log_variance: Vec::with_capacity(count * self.model.latent()),
        };
        for chunk in images.chunks(CHUNK * self.pixels()) {
            let batch = chunk.len() / self.pixels();
            let Encoding { mean, log_variance } = self.model.encode(&weights, self.rows(chunk.to_vec(), batch));
            let mut both = read(Tensor::cat(vec![mean, log_variance], 0)).await?;
            encoding
                .log_variance
                .extend(both.split_off(batch * self.model.latent()));
            encoding.mean.append(&mut both);
        }
        Ok(encoding)
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
            images.extend(read(self.model.decode(&weights, rows)).await?);
        }
        Ok(images)
    }

    /// Encodes images and decodes their means.
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
