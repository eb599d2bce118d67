//! The encoder's Gaussian: a draw from it, and how far it is from N(0, I). Means and logarithms of variances lie side by side. On a GPU each is
//! one operation with a backward pass of its own.

use burn::tensor::Tensor;

/// A draw from the encoder's Gaussian (Kingma & Welling 2014, eq. 10):
/// `mean + exp(log_variance / 2) * noise`, with noise from N(0, I), which has no gradient.
///
/// # Shapes
/// - both: `[batch, 2 latent]`, means and then logarithms of variances; noise: `[batch, latent]`
/// - returns: `[batch, latent]`
pub fn draw(both: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
    #[cfg(feature = "webgpu")]
    if !super::is_cpu(&both.device()) {
        return on_gpu::draw(both, noise);
    }
    let [mean, log_variance] = halves(both);
    draw_of(mean, log_variance, noise)
}

/// The same of means and logarithms of variances by themselves, `[batch, latent]` each.
pub fn draw_of(mean: Tensor<2>, log_variance: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
    mean + (log_variance * 0.5).exp() * noise.detach()
}

/// KL divergence of the encoder's Gaussian from N(0, I) (Kingma & Welling 2014, appendix B), summed over latents, averaged
/// over the batch: `1/2 sum_j mean_j^2 + exp(log_variance_j) - log_variance_j - 1`.
///
/// # Shapes
/// - both: `[batch, 2 latent]`, means and then logarithms of variances
/// - returns: `[1]`
pub fn kl(both: Tensor<2>) -> Tensor<1> {
    #[cfg(feature = "webgpu")]
    if !super::is_cpu(&both.device()) {
        return on_gpu::kl(both);
    }
    let [mean, log_variance] = halves(both);
    let [batch, latent] = mean.dims();
    let sum = (mean.clone() * mean + log_variance.clone().exp() - log_variance).sum();
    (sum - (batch * latent) as f32) * (0.5 / batch as f32)
}

/// Means and logarithms of variances, `[batch, latent]` each.
pub fn halves(both: Tensor<2>) -> [Tensor<2>; 2] {
    let latent = both.dims()[1] / 2;
    [0, latent].map(|start| both.clone().narrow(1, start, latent))
}

#[cfg(feature = "webgpu")]
pub use on_gpu::{Posterior, PosteriorOps};

#[cfg(feature = "webgpu")]
mod on_gpu {
    use burn::backend::autodiff::checkpoint::base::Checkpointer;
    use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
    use burn::backend::autodiff::grads::Gradients;
    use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
    use burn::backend::tensor::FloatTensor;
    use burn::backend::{Autodiff, Backend, Dispatch, backend_extension};
    use burn::tensor::Tensor;

    pub fn draw(both: Tensor<2>, noise: Tensor<2>) -> Tensor<2> {
        Tensor::from_dispatch(Dispatch::draw(both.into_dispatch(), noise.into_dispatch()))
    }

    pub fn kl(both: Tensor<2>) -> Tensor<1> {
        Tensor::from_dispatch(Dispatch::kl(both.into_dispatch()))
    }

    /// Draws and their costs as operations of a backend.
    #[backend_extension(Cube, Autodiff)]
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
}

#[cfg(test)]
#[cfg(feature = "webgpu")]
mod tests {
    use super::*;
    use crate::ops::compare::{Shapes, numbers, on_cpu};

    #[test]
    fn a_gpu_draws_and_has_the_divergence_and_the_gradients_of_the_formulas() {
        Shapes::on_each_device(8, |shapes| {
            for _ in 0..20 {
                let [batch, latent] = [shapes.up_to(150), shapes.up_to(20)];
                let (both, noise) = (shapes.tensor([batch, 2 * latent]), shapes.tensor([batch, latent]));
                // A part of each in one number: that of the draw has another gradient in each of its numbers.
                let factors = shapes.tensor([batch, latent]);
                let all = |both: Tensor<2>, noise: Tensor<2>, factors: Tensor<2>| {
                    let both = both.autodiff().require_grad();
                    let drawn = draw(both.clone(), noise.autodiff());
                    let value = (drawn * factors.autodiff()).sum() + kl(both.clone()) * 3.0;
                    let mut gradients = value.backward();
                    let gradient = both.grad_remove(&mut gradients).expect("both have a gradient");
                    (value.inner().into_scalar::<f32>(), numbers(gradient))
                };
                let (expected, slopes) = all(on_cpu(both.clone()), on_cpu(noise.clone()), on_cpu(factors.clone()));
                let (found, found_slopes) = all(both, noise, factors);
                let scale = (batch * latent) as f32;
                assert!((found - expected).abs() < 1e-5 * scale, "{found} for {expected}");
                let far = |(a, b): (&f32, &f32)| (a - b).abs() >= 1e-4;
                assert!(!found_slopes.iter().zip(&slopes).any(far), "{batch} by {latent}");
            }
        });
    }
}
