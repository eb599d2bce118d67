//! Losses: summed over pixels and over latents, averaged over the batch, in nats per image.

use burn::tensor::{Tensor, activation::relu};

/// The named terms of a loss, as tensors while training and as numbers once read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LossTerms<T = f32> {
    /// What the decoder fails to say about the image.
    pub reconstruction: T,
    /// KL(q(z|x) || p(z)), at full weight whatever the training weight is; a deterministic code has none.
    pub kl: Option<T>,
}

impl LossTerms<f32> {
    /// Reconstruction + KL: of a VAE the negative evidence lower bound (-ELBO).
    pub fn total(&self) -> f32 {
        self.reconstruction + self.kl.unwrap_or(0.0)
    }

    /// Whether every term is a finite number.
    pub fn is_finite(&self) -> bool {
        self.total().is_finite()
    }
}

impl LossTerms<Tensor<1>> {
    /// The loss that is trained: reconstruction + `kl_weight` KL, shape `[1]`.
    pub fn weighted(&self, kl_weight: f32) -> Tensor<1> {
        match &self.kl {
            Some(kl) => self.reconstruction.clone() + kl.clone() * kl_weight,
            None => self.reconstruction.clone(),
        }
    }
}

/// Reconstruction under a Bernoulli decoder, from logits
/// (Kingma & Welling 2014, appendix C.1, eq. 11):
/// `sum_i -x_i log p_i - (1 - x_i) log(1 - p_i)` with `p = sigmoid(logits)`.
///
/// Written as `max(l, 0) - l x + log(1 + exp(-|l|))`, which no logit overflows.
///
/// # Shapes
/// - logits, images: `[batch, pixels]`, images in `[0, 1]`
/// - returns: `[1]`
pub fn bernoulli(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
    let batch = images.dims()[0] as f32;
    let soft = logits.clone().abs().neg().exp().log1p();
    (relu(logits.clone()) - logits * images + soft).sum() / batch
}

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

/// KL divergence of the encoder's Gaussian from N(0, I)
/// (Kingma & Welling 2014, appendix B):
/// `1/2 sum_j mean_j^2 + exp(log_variance_j) - log_variance_j - 1`.
///
/// # Shapes
/// - mean, log_variance: `[batch, latent]`
/// - returns: `[1]`
pub fn kl(mean: Tensor<2>, log_variance: Tensor<2>) -> Tensor<1> {
    let [batch, latent] = mean.dims();
    let sum = (mean.clone() * mean + log_variance.clone().exp() - log_variance).sum();
    (sum - (batch * latent) as f32) * (0.5 / batch as f32)
}

/// A draw from the encoder's Gaussian (Kingma & Welling 2014, eq. 10):
/// `mean + exp(log_variance / 2) * noise`, with noise from N(0, I).
///
/// # Shapes
/// - all: `[batch, latent]`
pub fn reparameterize(mean: Tensor<2>, log_variance: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
    mean + (log_variance * 0.5).exp() * noise
}
