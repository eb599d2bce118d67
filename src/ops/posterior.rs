//! The encoder's Gaussian: a draw from it, and how far it is from N(0, I). Means and logarithms of variances lie side by side.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::cpu::{contiguous, numbers, tensor};

/// A draw from the encoder's Gaussian (Kingma & Welling 2014, eq. 10):
/// `mean + exp(log_variance / 2) * noise`, with noise from N(0, I).
///
/// # Shapes
/// - both: `[batch, 2 latent]`, means and then logarithms of variances; noise: `[batch, latent]`
/// - returns: `[batch, latent]`
pub fn draw(both: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
    Tensor::from_dispatch(Dispatch::draw(both.into_dispatch(), noise.into_dispatch()))
}

/// KL divergence of the encoder's Gaussian from N(0, I) (Kingma & Welling 2014, appendix B), summed over latents, averaged
/// over the batch: `1/2 sum_j mean_j^2 + exp(log_variance_j) - log_variance_j - 1`.
///
/// # Shapes
/// - both: `[batch, 2 latent]`, means and then logarithms of variances
/// - returns: `[1]`
pub fn kl(both: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::kl(both.into_dispatch()))
}

/// Draws and their costs as operations of a backend.
#[backend_extension(Flex, Cube: cfg(feature = "webgpu"), Autodiff)]
pub trait PosteriorOps: Backend {
    /// `[batch, 2 latent]` and `[batch, latent]`; returns `[batch, latent]`.
    fn draw(both: FloatTensor<Self>, noise: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `[batch, 2 latent]`; returns `[1]`.
    fn kl(both: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// The gradients of both in `[batch, 2 latent]`.
pub trait Posterior: PosteriorOps {
    /// From that of the draw, `[batch, latent]`.
    fn draw_gradient(
        both: FloatTensor<Self>,
        noise: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self>;

    /// From that of the divergence, `[1]`.
    fn kl_gradient(both: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl<B: Posterior, C: CheckpointStrategy> PosteriorOps for Autodiff<B, C> {
    fn draw(both: FloatTensor<Self>, noise: FloatTensor<Self>) -> FloatTensor<Self> {
        let (both, node) = both.into_parts();
        let noise = noise.primitive().clone();
        let drawn = B::draw(both.clone(), noise.clone());
        match Draw.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((both, noise), drawn),
            OpsKind::UnTracked(prep) => prep.finish(drawn),
        }
    }

    fn kl(both: FloatTensor<Self>) -> FloatTensor<Self> {
        let (both, node) = both.into_parts();
        let kl = B::kl(both.clone());
        match Kl.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(both, kl),
            OpsKind::UnTracked(prep) => prep.finish(kl),
        }
    }
}

#[derive(Debug)]
struct Draw;

impl<B: Posterior> Backward<B, 1> for Draw {
    type State = (FloatTensor<B>, FloatTensor<B>);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let (both, noise) = ops.state;
        unary::<B, _>(ops.parents, ops.node, grads, |gradient| {
            B::draw_gradient(both, noise, gradient)
        });
    }
}

#[derive(Debug)]
struct Kl;

impl<B: Posterior> Backward<B, 1> for Kl {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        unary::<B, _>(ops.parents, ops.node, grads, |gradient| {
            B::kl_gradient(ops.state, gradient)
        });
    }
}

impl PosteriorOps for Flex {
    fn draw(both: FloatTensor<Self>, noise: FloatTensor<Self>) -> FloatTensor<Self> {
        let (both, noise) = (contiguous(&both), contiguous(&noise));
        let rows = rows(&both).zip(numbers(&noise).chunks_exact(latent(&both)));
        let drawn = rows.flat_map(|((means, log_variances), noise)| {
            let numbers = means.iter().zip(log_variances).zip(noise);
            numbers.map(|((mean, log_variance), noise)| mean + (0.5 * log_variance).exp() * noise)
        });
        tensor(drawn.collect(), noise.shape().to_vec())
    }

    fn kl(both: FloatTensor<Self>) -> FloatTensor<Self> {
        let both = contiguous(&both);
        let each = rows(&both).flat_map(|(means, log_variances)| {
            let numbers = means.iter().zip(log_variances);
            numbers.map(|(mean, log_variance)| mean * mean + log_variance.exp() - log_variance - 1.0)
        });
        let batch = both.shape()[0] as f64;
        let sum: f64 = each.map(f64::from).sum();
        tensor(vec![(0.5 * sum / batch) as f32], vec![1])
    }
}

impl Posterior for Flex {
    fn draw_gradient(
        both: FloatTensor<Self>,
        noise: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let (both, noise, gradient) = (contiguous(&both), contiguous(&noise), contiguous(&gradient));
        let latent = latent(&both);
        let given = numbers(&gradient)
            .chunks_exact(latent)
            .zip(numbers(&noise).chunks_exact(latent));
        let mut found = Vec::with_capacity(numbers(&both).len());
        for ((_, log_variances), (gradient, noise)) in rows(&both).zip(given) {
            found.extend(gradient);
            let each = log_variances.iter().zip(noise).zip(gradient);
            found.extend(
                each.map(|((log_variance, noise), gradient)| 0.5 * (0.5 * log_variance).exp() * noise * gradient),
            );
        }
        tensor(found, both.shape().to_vec())
    }

    fn kl_gradient(both: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let both = contiguous(&both);
        let share = numbers(&gradient).first().copied().unwrap_or_default() / both.shape()[0] as f32;
        let mut found = Vec::with_capacity(numbers(&both).len());
        for (means, log_variances) in rows(&both) {
            found.extend(means.iter().map(|mean| mean * share));
            found.extend(
                log_variances
                    .iter()
                    .map(|log_variance| 0.5 * (log_variance.exp() - 1.0) * share),
            );
        }
        tensor(found, both.shape().to_vec())
    }
}

fn latent(both: &FloatTensor<Flex>) -> usize {
    both.shape()[1] / 2
}

/// Means and logarithms of variances of each row.
fn rows(both: &FloatTensor<Flex>) -> impl Iterator<Item = (&[f32], &[f32])> {
    let latent = latent(both);
    numbers(both)
        .chunks_exact(2 * latent)
        .map(move |row| row.split_at(latent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::compare::{Shapes, gradient_of};

    /// The same of Burn's operations.
    fn composed(both: Tensor<2>, noise: Tensor<2>) -> (Tensor<2>, Tensor<1>) {
        let [batch, latent] = noise.dims();
        let [mean, log_variance] = [0, latent].map(|start| both.clone().narrow(1, start, latent));
        let each = mean.clone().powi_scalar(2) + log_variance.clone().exp() - log_variance.clone() - 1.0;
        (
            mean + (log_variance * 0.5).exp() * noise,
            each.sum() * (0.5 / batch as f32),
        )
    }

    #[test]
    fn draws_and_their_divergence_and_the_gradients_are_those_of_burn() {
        Shapes::on_each_device(8, |shapes| {
            for _ in 0..20 {
                let [batch, latent] = [shapes.up_to(150), shapes.up_to(20)];
                let (both, noise) = (shapes.tensor([batch, 2 * latent]), shapes.tensor([batch, latent]));
                let ours = |both: Tensor<2>, noise: Tensor<2>| (draw(both.clone(), noise), kl(both));
                // A part of each in one number: that of the draw has another gradient in each of its numbers.
                let factors = shapes.tensor([batch, latent]);
                let all = |functions: &dyn Fn(Tensor<2>, Tensor<2>) -> (Tensor<2>, Tensor<1>)| {
                    gradient_of(both.clone(), |both| {
                        let (drawn, kl) = functions(both, noise.clone().autodiff());
                        (drawn * factors.clone().autodiff()).sum() + kl * 3.0
                    })
                };
                let ((found, slope), (expected, slope_expected)) = (all(&ours), all(&composed));
                let scale = (batch * latent) as f32;
                assert!((found - expected).abs() < 1e-5 * scale, "{found} for {expected}");
                let off = slope
                    .iter()
                    .zip(&slope_expected)
                    .map(|(a, b)| (a - b).abs())
                    .fold(0.0, f32::max);
                assert!(off < 1e-4, "{batch} by {latent}: a gradient is {off} off");
            }
        });
    }
}
