//! One update of Adam.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Backend, Dispatch, Flex, backend_extension};
use burn::tensor::Tensor;
pub use kernels::adam::Update;

use super::cpu::{contiguous, numbers, tensor};

/// Weights and both running means after an update (Kingma & Ba 2015, algorithm 1).
///
/// # Shapes
/// - all: `[parameters]`
pub fn adam(
    weights: Tensor<1>,
    gradient: Tensor<1>,
    means: [Tensor<1>; 2],
    update: Update,
) -> (Tensor<1>, [Tensor<1>; 2]) {
    let [first, second] = means.map(Tensor::into_dispatch);
    let (weights, first, second) =
        Dispatch::adam(weights.into_dispatch(), gradient.into_dispatch(), first, second, update);
    let [first, second] = [first, second].map(Tensor::from_dispatch);
    (Tensor::from_dispatch(weights), [first, second])
}

/// The update as an operation of a backend.
#[backend_extension(Flex, Cube: cfg(feature = "webgpu"))]
pub trait AdamOps: Backend {
    /// Weights and both means, updated.
    fn adam(
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        update: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

impl AdamOps for Flex {
    fn adam(
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        update: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let [weights, gradient, first, second] = [weights, gradient, first, second].map(|tensor| contiguous(&tensor));
        let found = update.updated(numbers(&weights), numbers(&gradient), numbers(&first), numbers(&second));
        let [weights, first, second] = found.map(|numbers| {
            let length = numbers.len();
            tensor(numbers, vec![length])
        });
        (weights, first, second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::compare::Shapes;

    /// An update composed of Burn's operations.
    fn composed(
        weights: Tensor<1>,
        gradient: Tensor<1>,
        [first, second]: [Tensor<1>; 2],
        update: Update,
    ) -> (Tensor<1>, [Tensor<1>; 2]) {
        let square = gradient.clone() * gradient.clone();
        let first = first * update.beta_1 + gradient * (1.0 - update.beta_1);
        let second = second * update.beta_2 + square * (1.0 - update.beta_2);
        let weights = weights - first.clone() * update.step / (second.clone().sqrt() * update.scale + update.epsilon);
        (weights, [first, second])
    }

    #[test]
    fn an_update_is_that_of_burns_operations_and_leaves_the_state_before() {
        Shapes::on_each_device(5, |shapes| {
            let mut any = || shapes.tensor([1013]);
            let (weights, gradient, first, second) = (any(), any(), any() * 0.1, any().abs());
            let update = Update {
                beta_1: 0.9,
                beta_2: 0.999,
                step: 0.01,
                scale: 1.5,
                epsilon: 1e-7,
            };
            let before = weights.clone().into_data();
            let means = || [first.clone(), second.clone()];
            let (found, [found_first, found_second]) = adam(weights.clone(), gradient.clone(), means(), update);
            let (expected, [mean, mean_square]) = composed(weights.clone(), gradient.clone(), means(), update);
            for (found, expected) in [(found, expected), (found_first, mean), (found_second, mean_square)] {
                let off = (found - expected).abs().max().into_scalar::<f32>();
                assert!(off < 1e-6, "{off}");
            }
            assert_eq!(weights.into_data(), before);
        });
    }
}
