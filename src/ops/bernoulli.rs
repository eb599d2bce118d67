//! The reconstruction loss under a Bernoulli decoder.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind, unary};
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::cpu::{contiguous, numbers, tensor};

/// Reconstruction under a Bernoulli decoder, from logits (Kingma & Welling 2014, appendix C.1, eq. 11):
/// `sum_i -x_i log p_i - (1 - x_i) log(1 - p_i)` with `p = sigmoid(logits)`.
///
/// The value is computed as `max(l, 0) - l x + log(1 + exp(-|l|))`, which no logit overflows. Its parts have kinks at
/// `l = 0`, which the sum has not, so the gradient is not theirs: it is `sigmoid(l) - x` everywhere.
///
/// # Shapes
/// - logits, images: `[batch, pixels]`, images in `[0, 1]`, which have no gradient
/// - returns: `[1]`
pub fn bernoulli(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
    Tensor::from_dispatch(Dispatch::bernoulli(logits.into_dispatch(), images.into_dispatch()))
}

/// The loss as an operation of a backend.
#[backend_extension(Flex, Cube: cfg(feature = "webgpu"), Autodiff)]
pub trait BernoulliOps: Backend {
    /// `[batch, pixels]` both; returns `[1]`.
    fn bernoulli(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// What a backend computes of the loss.
pub trait Bernoulli: Backend {
    /// The loss, `[1]`, and its gradient in the logits.
    fn value_and_slope(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// That gradient times the one of the loss, `[1]`.
    fn scaled(slope: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl BernoulliOps for Flex {
    fn bernoulli(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::value_and_slope(logits, images).0
    }
}

impl<B: Bernoulli, C: CheckpointStrategy> BernoulliOps for Autodiff<B, C> {
    fn bernoulli(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
        let (logits, node) = logits.into_parts();
        let (value, slope) = B::value_and_slope(logits, images.primitive().clone());
        match Slope.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(slope, value),
            OpsKind::UnTracked(prep) => prep.finish(value),
        }
    }
}

impl Bernoulli for Flex {
    fn value_and_slope(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (logits, images) = (contiguous(&logits), contiguous(&images));
        let shape = logits.shape().to_vec();
        let share = 1.0 / shape[0] as f32;
        let mut slope = vec![0.0; numbers(&logits).len()];
        let sum = kernels::bernoulli::bernoulli(numbers(&logits), numbers(&images), share, &mut slope);
        (tensor(vec![sum as f32 * share], vec![1]), tensor(slope, shape))
    }

    fn scaled(slope: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let factor = numbers(&contiguous(&gradient)).first().copied().unwrap_or_default();
        if factor == 1.0 {
            return slope;
        }
        Self::float_mul_scalar(slope, factor.into())
    }
}

#[derive(Debug)]
struct Slope;

impl<B: Bernoulli> Backward<B, 1> for Slope {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        unary::<B, _>(ops.parents, ops.node, grads, |gradient| B::scaled(ops.state, gradient));
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::activation::{relu, sigmoid};

    use super::*;
    use crate::ops::compare::Shapes;

    /// The loss composed of Burn's operations.
    fn composed(logits: Tensor<2>, images: Tensor<2>) -> Tensor<1> {
        let batch = images.dims()[0] as f32;
        let constant = logits.clone().detach();
        let images = images.detach();
        let soft = constant.clone().abs().neg().exp().log1p();
        let value = relu(constant.clone()) - constant.clone() * images.clone() + soft;
        let slope = sigmoid(constant.clone()) - images;
        // `logits - constant` is zero and has the gradient one.
        (value + slope * (logits - constant)).sum() / batch
    }

    #[test]
    fn the_loss_and_its_gradient_are_those_of_burn() {
        Shapes::on_each_device(4, |shapes| {
            for shape in [[1, 784], [2, 5], [3, 701], [9, 64], [128, 784]] {
                let (logits, images) = (shapes.tensor(shape) * 5.0, sigmoid(shapes.tensor(shape)));
                let found = |loss: fn(Tensor<2>, Tensor<2>) -> Tensor<1>| {
                    let logits = logits.clone().autodiff().require_grad();
                    let value = loss(logits.clone(), images.clone().autodiff());
                    let mut gradients = (value.clone() * 3.0).backward();
                    let gradient = logits.grad_remove(&mut gradients).expect("logits have a gradient");
                    (value.inner().into_scalar::<f32>(), gradient)
                };
                let ((value, gradient), (expected, slope)) = (found(bernoulli), found(composed));
                assert!(
                    (value / expected - 1.0).abs() < 1e-5,
                    "{shape:?}: {value} for {expected}"
                );
                let off = (gradient - slope).abs().max().into_scalar::<f32>();
                assert!(off < 1e-6, "{shape:?}: a gradient is {off} off");
            }
        });
    }
}
