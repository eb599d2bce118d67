//! The models: pure functions of a vector of weights.

pub mod ae;
pub mod autoencoder;
pub mod blocks;
pub mod codebook;
pub mod config;
pub mod decoder;
pub mod dvae;
pub mod encoder;
pub mod family;
pub mod grid;
pub mod layout;
pub mod memory;
pub mod preset;
pub mod prior;
pub mod vae;
pub mod vq_vae;

use burn::tensor::Tensor;

pub use family::ModelConfig;
pub use layout::{Layout, Stage, Weights};

use crate::loss::LossTerms;
use codebook::Uses;
use grid::Grid;

/// What an encoder says about images: a Gaussian for each, or a point. Of codes it is what they are chosen by.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding<T = Vec<f32>> {
    /// Means, or codes, `[batch, latent]`.
    pub mean: T,
    /// Logarithms of the variances, `[batch, latent]`; a deterministic code has none.
    pub log_variance: Option<T>,
}

impl<T> Encoding<T> {
    /// A deterministic code.
    pub fn point(code: T) -> Self {
        Self {
            mean: code,
            log_variance: None,
        }
    }
}

/// The noise that a loss takes for each image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// So many numbers from N(0, 1).
    Normal(usize),
    /// So many from Gumbel(0, 1).
    Gumbel(usize),
}

/// A model of any family: it knows its parameters and is a pure function of their values.
pub trait Model: Send {
    /// The parameters.
    fn layout(&self) -> &Layout;

    /// Numbers that the decoder takes for one image.
    fn latent(&self) -> usize;

    /// Whether the encoder says Gaussians, whose prior is N(0, I).
    fn is_variational(&self) -> bool {
        false
    }

    /// The noise of the latents.
    fn noise(&self) -> Noise {
        Noise::Normal(0)
    }

    /// The grid of a family with codes.
    fn grid(&self) -> Option<&Grid> {
        None
    }

    /// `[batch, pixels]` to what the encoder says, `[batch, latent]` each; of a grid what it says of each cell.
    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>>;

    /// The terms of the loss of what the encoder said.
    ///
    /// # Shapes
    /// - targets: `[batch, pixels]` in `[0, 1]`; noise: `[batch, width]` as [`noise`](Self::noise) has it, without
    ///   which latents are the means or the likeliest codes; step: that of the training, for what changes with it
    fn loss(
        &self,
        weights: &Weights,
        encoding: Encoding<Tensor<2>>,
        targets: Tensor<2>,
        noise: Option<Tensor<2>>,
        step: u64,
    ) -> LossTerms<Tensor<1>>;

    /// `[batch, latent]` to pixels, `[batch, pixels]`.
    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2>;

    /// What a batch says about the codebook, where that follows otherwise than by its gradient.
    fn uses(&self, _weights: &Weights, _encoding: Encoding<Tensor<2>>) -> Option<Uses> {
        None
    }
}
