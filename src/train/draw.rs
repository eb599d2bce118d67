//! What is random in a loss: the corruption of what the encoder sees, and the noise of the latents.

use std::ops::Range;

use super::Session;
use super::check::{check_mask, check_noise};
use crate::error::Result;
use crate::model::family::Common;
use crate::model::{Batch, LatentSpace, Noise, Place};
use crate::rng::Rng;
use crate::transfer::upload_rows;

/// What a call gives in place of what would be drawn.
#[derive(Clone, Copy, Debug, Default)]
pub struct Given<'a> {
    /// `[batch, latent]` of a VAE, `[batch, pixels]` of an autoencoder that mends noise, `[batch, cells * K]` of a dVAE.
    pub noise: Option<&'a [f32]>,
    /// `[batch, pixels]` of an autoencoder that fills masks: 1 where a pixel is erased.
    pub mask: Option<&'a [f32]>,
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

impl Session {
    /// Checks what is given for `count` images.
    pub(super) fn check_given(&self, given: Given, count: usize) -> Result<()> {
        if let Some(noise) = given.noise {
            check_noise(noise, self.noise().width(), count)?;
        }
        match given.mask {
            Some(mask) => check_mask(mask, self.common().corruption, self.pixels(), count),
            None => Ok(()),
        }
    }

    /// Numbers of noise that an image takes.
    pub fn noise_width(&self) -> usize {
        self.noise().width()
    }

    fn noise(&self) -> Noise {
        noise(&self.common(), self.space())
    }

    /// Draws what is not given, and puts all of it on the device. Where a choice is relaxed while training, it is
    /// the likeliest otherwise.
    pub(super) fn draw(&self, images: &[f32], given: Given, rng: &mut Rng, training: bool) -> Batch {
        let count = images.len() / self.pixels();
        let targets = self.rows(images);
        let noise = match (given.noise, self.noise()) {
            (Some(noise), _) => noise.to_vec(),
            (None, Noise::Gumbel(_)) if !training => Vec::new(),
            (None, noise) => drawn(rng, noise, count),
        };
        let common = self.common();
        let place = Place::whole(count);
        if common.corruption.is_none() {
            return Batch {
                targets,
                corrupted: None,
                noise: (!noise.is_empty()).then(|| upload_rows(noise, count, &self.device)),
                place,
            };
        }
        let mut inputs = images.to_vec();
        common
            .corruption
            .apply(&mut inputs, common.image, &noise, given.mask, rng);
        Batch {
            targets,
            corrupted: Some(self.rows(&inputs)),
            noise: None,
            place,
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
        let (noise, pixels) = (self.noise().width(), self.pixels());
        images.chunks(most * pixels).enumerate().map(move |(index, chunk)| {
            let (start, count) = (index * most, chunk.len() / pixels);
            (
                count,
                self.draw(chunk, given.part(start..start + count, noise, pixels), rng, false),
            )
        })
    }
}

/// The random numbers that one image takes: those of the latents, or those of a corruption.
pub(super) fn noise(common: &Common, space: LatentSpace) -> Noise {
    match space.noise() {
        Noise::None if common.corruption.noise > 0.0 => Noise::Normal(common.image.iter().product()),
        noise => noise,
    }
}

fn drawn(rng: &mut Rng, noise: Noise, count: usize) -> Vec<f32> {
    match noise {
        Noise::None => Vec::new(),
        Noise::Normal(width) => rng.normal(count * width),
        Noise::Gumbel(width) => rng.gumbel(count * width),
    }
}
