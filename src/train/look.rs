//! What only looks at a model: it changes nothing and repeats exactly.

use burn::tensor::Tensor;

use super::Session;
use super::check::check_images;
use super::draw::Given;
use crate::error::Result;
use crate::metrics::{CodeUse, LatentUse};
use crate::model::latents::no_codes;
use crate::model::{LatentSpace, Latents, Network, memory};
use crate::rng::{Rng, Stream};
use crate::terms::{RECONSTRUCTION, Terms};
use crate::transfer::{overflowed, read_answer, read_terms, upload_rows};

/// The most images that go through a network at once.
const CHUNK: usize = 128;

/// What a model makes of images.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The parts of the loss, averaged over the images.
    pub terms: Terms,
    /// How a model of Gaussians uses its latents.
    pub latents: Option<LatentUse>,
    /// How a model with codes uses its codebook.
    pub codes: Option<CodeUse>,
}

impl Session {
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
        let weights = self.model.frozen();
        let mut sum: Option<Terms<f64>> = None;
        let mut latents: Option<Latents> = None;
        for (size, batch) in self.draw_all(images, given, &mut stream, self.images_at_once()) {
            let loss = self.model.network.loss(&weights, batch, None);
            let share = size as f64 / count as f64;
            let terms = read_terms(loss.terms).await?;
            if !terms.is_finite() {
                return Err(overflowed());
            }
            let terms = terms.map(|term| f64::from(term) * share);
            sum = Some(match sum {
                Some(sum) => sum + terms,
                None => terms,
            });
            if let Some(encoding) = loss.encoding {
                append(&mut latents, encoding.read().await?);
            }
        }
        let terms = sum.unwrap_or(RECONSTRUCTION.of(0.0).into());
        let (latents, codes) = match (latents, self.space()) {
            (Some(Latents::Gaussian { mean, log_variance }), space) => {
                (Some(LatentUse::of(&mean, &log_variance, space.numbers())), None)
            }
            (Some(Latents::Codes(codes)), LatentSpace::Grid { codes: size, .. }) => {
                (None, Some(CodeUse::of(&codes, size)))
            }
            _ => (None, None),
        };
        Ok(Evaluation {
            terms: terms.map(|term| term as f32),
            latents,
            codes,
        })
    }

    /// The latents of images `[batch, pixels]`, as the model's [`space`](Self::space) has them.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn encode(&self, images: &[f32]) -> Result<Latents> {
        check_images(images, self.image(), self.most_images())?;
        let weights = self.model.frozen();
        let mut latents = None;
        for chunk in images.chunks(self.images_at_once() * self.pixels()) {
            let images = self.rows(chunk);
            append(&mut latents, self.model.network.encode(&weights, images).read().await?);
        }
        // There is one image at least.
        Ok(latents.unwrap_or(Latents::Point(Vec::new())))
    }

    /// Images `[batch, pixels]` in `[0, 1]` of latents.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn decode(&self, latents: &Latents) -> Result<Vec<f32>> {
        let space = self.space();
        let count = latents.check(&space, self.most_images())?;
        let weights = self.model.frozen();
        let mut images = Vec::with_capacity(count * self.pixels());
        for chunk in latents.chunks(&space, self.images_at_once()) {
            let pixels = read_answer(self.model.network.decode(&weights, &chunk)).await?;
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
        self.decode(&self.encode(images).await?).await
    }

    /// The vectors that cells may take, `[K, D]`.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn codebook(&self) -> Result<Vec<f32>> {
        let vectors = self.model.network.codebook(&self.model.frozen());
        read_answer(vectors.ok_or_else(no_codes)?).await
    }

    /// Images that go through the model at once: fewer where each takes much memory.
    pub(super) fn images_at_once(&self) -> usize {
        memory::images_at_once(self.model.network.layout().activations(), CHUNK)
    }

    /// The same where the prior looks at their codes.
    pub(super) fn grids_at_once(&self) -> usize {
        memory::images_at_once(memory::activations(&self.layouts()), CHUNK)
    }

    /// Images on the device, `[batch, pixels]`.
    pub(super) fn rows(&self, images: &[f32]) -> Tensor<2> {
        upload_rows(images.to_vec(), images.len() / self.pixels(), &self.device)
    }
}

fn append(all: &mut Option<Latents>, more: Latents) {
    match all {
        Some(all) => all.append(more),
        None => *all = Some(more),
    }
}
