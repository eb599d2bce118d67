//! A model whose weights are there, and what is asked of it.

use anyhow::Result;
use burn::tensor::Device;
use latent_lab::checkpoint::Checkpoint;
use latent_lab::metrics::mean_squared_error;
use latent_lab::model::Latents;
use latent_lab::model::preset::Variant;
use latent_lab::train::{Evaluation, Given, Session};

use super::cpu::now;

/// A model whose weights are those of a file.
pub struct Trained<'a> {
    pub variant: &'a Variant,
    pub session: Session,
}

impl<'a> Trained<'a> {
    pub fn open(variant: &'a Variant, file: &[u8]) -> Result<Self> {
        let session = Session::resume(Checkpoint::from_bytes(file)?, &Device::flex())?;
        Ok(Self { variant, session })
    }

    pub fn evaluate(&self, images: &[f32]) -> Result<Evaluation> {
        now(self.session.evaluate(images, Given::default()))
    }

    pub fn loss(&self, images: &[f32]) -> Result<f64> {
        Ok(f64::from(self.evaluate(images)?.terms.total()))
    }

    /// Mean squared error of a pixel. What a linear output gives outside of `[0, 1]` is clipped, which can only help it.
    pub fn error(&self, images: &[f32]) -> Result<f64> {
        Ok(mean_squared_error(&now(self.session.reconstruct(images))?, images))
    }

    /// The means or points of images, `[batch, latent]`.
    pub fn means(&self, images: &[f32]) -> Result<Vec<f32>> {
        Ok(now(self.session.encode(images))?.numbers().to_vec())
    }

    /// The codes of images, `[batch, cells]`.
    pub fn codes(&self, images: &[f32]) -> Result<Vec<u32>> {
        Ok(now(self.session.encode(images))?.codes().to_vec())
    }

    /// The images of codes.
    pub fn decode_codes(&self, codes: &[u32]) -> Result<Vec<f32>> {
        now(self.session.decode(&Latents::Codes(codes.to_vec())))
    }
}
