//! The models: pure functions of a vector of weights.

pub mod ae;
pub mod autoencoder;
pub mod blocks;
pub mod config;
pub mod decoder;
pub mod encoder;
pub mod family;
pub mod layout;
pub mod preset;
pub mod vae;

use burn::tensor::Tensor;

pub use family::ModelConfig;
pub use layout::{Layout, Weights};

use crate::loss::LossTerms;

/// What an encoder says about images: a Gaussian for each, or a point.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding<T = Vec<f32>> {
    /// Means, or codes, `[batch, latent]`.
    pub mean: T,
    /// Logarithms of the variances, `[batch, latent]`; a deterministic code has none.
    pub log_variance: Option<T>,
}

/// A model of any family: it knows its parameters and is a pure function of their values.
pub trait Model: Send {
    /// The parameters.
    fn layout(&self) -> &Layout;

    /// Numbers of one latent.
    fn latent(&self) -> usize;

    /// Whether latents are drawn: then a loss takes noise, and there is a prior, N(0, I).
    fn is_variational(&self) -> bool;

    /// `[batch, pixels]` to what the encoder says, `[batch, latent]` each.
    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>>;

    /// The terms of the loss of what the encoder said.
    ///
    /// # Shapes
    /// - targets: `[batch, pixels]` in `[0, 1]`; noise: `[batch, latent]` from N(0, I), the means' own without it
    fn loss(
        &self,
        weights: &Weights,
        encoding: Encoding<Tensor<2>>,
        targets: Tensor<2>,
        noise: Option<Tensor<2>>,
    ) -> LossTerms<Tensor<1>>;

    /// `[batch, latent]` to pixels, `[batch, pixels]`.
    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2>;
}
