//! Losses: summed over pixels and over latents, averaged over the batch, in nats per image.

use burn::tensor::{
    Tensor,
    activation::{relu, sigmoid, softmax},
};

pub use crate::ops::bernoulli::bernoulli;
pub use crate::ops::posterior::{draw, draw_of, halves, kl};

/// Reconstruction under a Gaussian decoder, without its constant (Kingma & Welling 2014, appendix C.2):
/// `sum_i (x_i - xhat_i)^2 / (2 sigma_x^2)`.
///
/// # Shapes
/// - pixels, images: `[batch, pixels]`
/// - returns: `[1]`
pub fn gaussian(pixels: Tensor<2>, images: Tensor<2>, sigma_x: f32) -> Tensor<1> {
    let batch = images.dims()[0] as f32;
    let error = pixels - images;
    (error.clone() * error).sum() / (2.0 * sigma_x * sigma_x * batch)
}

/// KL divergence of each row's Gaussian from N(0, I) by itself (as [`kl`]): `[rows, latent]` to `[rows, 1]`.
pub fn kl_of_rows(mean: Tensor<2>, log_variance: Tensor<2>) -> Tensor<2> {
    (mean.clone() * mean + log_variance.clone().exp() - log_variance - 1.0).sum_dim(1) * 0.5
}

/// KL divergence of Bernoulli variables from others that are one with odds of `exp(-cost)`, up to a constant, summed:
/// `q cost + q log q + (1 - q) log(1 - q)` with `q = sigmoid(logits)`.
///
/// # Shapes
/// - logits: `[batch, variables]`
/// - returns: `[1]`
pub fn presence(logits: Tensor<2>, cost: f32) -> Tensor<1> {
    let batch = logits.dims()[0] as f32;
    let q = sigmoid(logits.clone());
    let soft = logits.clone().abs().neg().exp().log1p();
    // Minus the logarithms of q and of 1 - q.
    let (one, zero) = (relu(logits.clone().neg()) + soft.clone(), relu(logits) + soft);
    (q.clone() * (one.neg() + cost + zero.clone()) - zero).sum() / batch
}

/// Squared distance of rows, summed: `sum (a - b)^2 / batch`, shape `[1]`
/// (van den Oord et al. 2017, eq. 3, second and third term).
///
/// # Shapes
/// - a, b: `[rows, dimension]`
pub fn distance(a: Tensor<2>, b: Tensor<2>, batch: usize) -> Tensor<1> {
    let difference = a - b;
    (difference.clone() * difference).sum() / batch as f32
}

/// KL divergence of each row's distribution from the uniform one, summed, of logits:
/// `sum_k q_k (log q_k + log K)` (Ramesh et al. 2021, eq. 1, with a uniform prior).
///
/// # Shapes
/// - logits: `[rows, K]`
/// - returns: `[1]`
pub fn kl_from_uniform(logits: Tensor<2>, batch: usize) -> Tensor<1> {
    let size = logits.dims()[1] as f32;
    let logs = log_softmax(logits);
    // Each by itself: two sums would differ in their last digits alone.
    (logs.clone().exp() * (logs + size.ln())).sum() / batch as f32
}

/// What a distribution fails to say about choices: `-sum_k c_k log q_k`, of logits, summed over the rows.
///
/// # Shapes
/// - logits, choices: `[rows, K]`, a one in each row of the choices
/// - returns: `[1]`
pub fn cross_entropy(logits: Tensor<2>, choices: Tensor<2>, batch: usize) -> Tensor<1> {
    (log_softmax(logits) * choices).sum() / -(batch as f32)
}

/// A sample of a categorical distribution, relaxed (Jang et al. 2017, eq. 2): `softmax((logits + g) / temperature)`, with
/// noise g from Gumbel(0, 1).
///
/// # Shapes
/// - all: `[rows, K]`
pub fn gumbel_softmax(logits: Tensor<2>, noise: Tensor<2>, temperature: f32) -> Tensor<2> {
    softmax((logits + noise) / temperature, 1)
}

/// A one in each row, where it is highest: `[rows, K]` to the same. Equal ones share it. Has no gradient.
pub fn highest(rows: Tensor<2>) -> Tensor<2> {
    // A power of two changes no order, and leaves nothing to what is less. The kernel of a softmax is there already;
    // those of a maximum and of comparisons would be a twentieth of the CPU flavour.
    softmax(rows.detach() * 2f32.powi(100), 1)
}

/// Logarithms of what a softmax gives, by kernels that are there already.
fn log_softmax(rows: Tensor<2>) -> Tensor<2> {
    let most = (highest(rows.clone()) * rows.clone().detach()).sum_dim(1);
    let below = rows - most;
    // One of them is exp(0): the sum is 1 at least.
    let rest = below.clone().exp().sum_dim(1) - 1.0;
    below - rest.log1p()
}
