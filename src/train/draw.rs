//! What is random in a loss: the corruption of what the encoder sees, and the noise of the latents.

use std::ops::Range;

use burn::tensor::Tensor;

use super::Trainer;
use super::check::{check_mask, check_noise};
use super::transfer::upload_rows;
use crate::error::Result;
use crate::model::Noise;
use crate::rng::Rng;

/// What a call gives in place of what would be drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// `[batch, latent]` of a VAE, `[batch, pixels]` of an autoencoder that mends noise, `[batch, cells * K]` of a dVAE.
    pub noise: Option<&'a [f32]>,
    /// `[batch, pixels]` of an autoencoder that fills masks: 1 where a pixel is erased.
    pub mask: Option<&'a [f32]>,
}

/// A batch on the device.
pub struct Batch {
    /// What the encoder sees, `[batch, pixels]`.
    pub inputs: Tensor<2>,
    /// What the decoder should give, `[batch, pixels]`.
    pub targets: Tensor<2>,
    /// Of the latents, `[batch, width]`.
    pub noise: Option<Tensor<2>>,
}

impl Batch {
    /// The same for a loss whose gradient is wanted.
    pub fn autodiff(self) -> Self {
        Self {
            inputs: self.inputs.autodiff(),
            targets: self.targets.autodiff(),
            noise: self.noise.map(Tensor::autodiff),
        }
    }
}

impl Given<'_> {
    /// What is given for the images of a range.
    fn part(&self, images: Range<usize>, noise: usize, pixels: usize) -> Self {
        Self {
            noise: self
                .noise
                .map(|values| &values[images.start * noise..images.end * noise]),
            mask: self
                .mask
                .map(|values| &values[images.start * pixels..images.end * pixels]),
        }
    }
}

impl Trainer {
    /// Draws the noise of a batch, for who shares it between several trainers; nothing where a loss takes none.
    pub fn noise(&mut self, count: usize) -> Option<Vec<f32>> {
        let width = self.noise_width();
        let is_gumbel = matches!(self.model.noise(), Noise::Gumbel(_));
        (width > 0).then(|| drawn(&mut self.state.noise, is_gumbel, count * width))
    }

    /// Checks what is given for `count` images.
    pub(super) fn check_given(&self, given: Given, count: usize) -> Result<()> {
        if let Some(noise) = given.noise {
            check_noise(noise, self.noise_width(), count)?;
        }
        match given.mask {
            Some(mask) => check_mask(mask, self.common().corruption, self.pixels(), count),
            None => Ok(()),
        }
    }

    /// Random numbers that one image takes.
    fn noise_width(&self) -> usize {
        match self.model.noise() {
            Noise::Normal(0) if self.common().corruption.noise > 0.0 => self.pixels(),
            Noise::Normal(width) | Noise::Gumbel(width) => width,
        }
    }

    /// Draws what is not given, and puts all of it on the device. Where a choice is relaxed while training, it is
    /// the likeliest otherwise.
    pub(super) fn draw(&self, images: &[f32], given: Given, rng: &mut Rng, training: bool) -> Batch {
        let count = images.len() / self.pixels();
        let rows = |values| upload_rows(values, count, &self.device);
        let targets = rows(images.to_vec());
        let is_gumbel = matches!(self.model.noise(), Noise::Gumbel(_));
        let noise = match given.noise {
            Some(noise) => noise.to_vec(),
            None if is_gumbel && !training => Vec::new(),
            None => drawn(rng, is_gumbel, count * self.noise_width()),
        };
        let common = self.common();
        if common.corruption.is_none() {
            return Batch {
                inputs: targets.clone(),
                targets,
                noise: (!noise.is_empty()).then(|| rows(noise)),
            };
        }
        let mut inputs = images.to_vec();
        common
            .corruption
            .apply(&mut inputs, common.image, &noise, given.mask, rng);
        Batch {
            inputs: rows(inputs),
            targets,
            noise: None,
        }
    }

    /// Batches of at most `most` images to look at, drawn one after the other.
    pub(super) fn draw_all<'a>(
        &'a self,
        images: &'a [f32],
        given: Given<'a>,
        rng: &'a mut Rng,
        most: usize,
    ) -> impl Iterator<Item = (usize, Batch)> + 'a {
        let (noise, pixels) = (self.noise_width(), self.pixels());
        images.chunks(most * pixels).enumerate().map(move |(index, chunk)| {
            let (start, count) = (index * most, chunk.len() / pixels);
            (
                count,
                self.draw(chunk, given.part(start..start + count, noise, pixels), rng, false),
            )
        })
    }
}

fn drawn(rng: &mut Rng, is_gumbel: bool, count: usize) -> Vec<f32> {
    if is_gumbel {
        rng.gumbel(count)
    } else {
        rng.normal(count)
    }
}
