//! The models: pure functions of a vector of weights.

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

/// What an encoder says about images: a Gaussian for each.
#[derive(Clone, Debug, PartialEq)]
pub struct Encoding<T = Vec<f32>> {
    /// Means, `[batch, latent]`.
    pub mean: T,
    /// Logarithms of the variances, `[batch, latent]`.
    pub log_variance: T,
}

/// A model of any family: it knows its parameters and is a pure function of their values.
pub trait Model {
    /// The parameters.
    fn layout(&self) -> &Layout;

    /// Numbers of one latent, and of the noise that one image takes.
    fn latent(&self) -> usize;

    /// The terms of the loss.
    ///
    /// # Shapes
    /// - images: `[batch, pixels]` in `[0, 1]`; noise: `[batch, latent]` from N(0, I)
    fn loss(&self, weights: &Weights, images: Tensor<2>, noise: Tensor<2>) -> LossTerms<Tensor<1>>;

    /// `[batch, pixels]` to means and log variances `[batch, latent]`.
    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding<Tensor<2>>;

    /// `[batch, latent]` to pixels in `[0, 1]`, `[batch, pixels]`.
    fn decode(&self, weights: &Weights, latents: Tensor<2>) -> Tensor<2>;
}
