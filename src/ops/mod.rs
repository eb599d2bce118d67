//! Operations that a training step spends its time on: on the CPU by the kernels of our own, with backward passes of their own, elsewhere
//! composed of Burn's operations, with which the tests compare.

pub mod adam;
pub mod bernoulli;
pub mod convolution;
mod cpu;
pub mod dense;
mod layer;

pub use convolution::Convolution;
pub use cpu::is_cpu;

/// Compares a layer and its gradients with the same layer of Burn's operations.
#[cfg(test)]
mod compare {
    use burn::tensor::{Device, Tensor};

    use crate::rng::{Rng, Stream};
    use crate::transfer::upload;

    /// Layers at random.
    pub struct Shapes(Rng);

    impl Shapes {
        pub fn new(seed: u64) -> Self {
            Self(Rng::new(seed, Stream::Sample))
        }

        /// A size from one on.
        pub fn up_to(&mut self, most: usize) -> usize {
            1 + self.0.below(most)
        }

        pub fn tensor<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
            let values = self.0.normal(shape.iter().product());
            upload(values, shape, &Device::flex())
        }
    }

    /// Checks that two layers give the same output and the same gradients of all that goes in, within a hundred thousandth of the largest
    /// number: sums of a few hundred terms in another order.
    pub fn assert_same<const X: usize, const W: usize>(
        what: &str,
        inputs: (Tensor<X>, Tensor<W>, Tensor<1>),
        ours: impl Fn(Tensor<X>, Tensor<W>, Tensor<1>) -> Tensor<X>,
        burns: impl Fn(Tensor<X>, Tensor<W>, Tensor<1>) -> Tensor<X>,
    ) {
        let (x, weight, bias) = &inputs;
        let plain = ours(x.clone(), weight.clone(), bias.clone());
        let found = all(&inputs, ours);
        let expected = all(&inputs, burns);
        assert_eq!(
            numbers(plain),
            found[0],
            "{what}: the output with and without gradients"
        );
        for ((found, expected), name) in found.iter().zip(&expected).zip(["output", "x", "weight", "bias"]) {
            assert_eq!(found.len(), expected.len(), "{what}: {name}");
            let most = expected.iter().fold(1.0_f32, |most, value| most.max(value.abs()));
            let off = found
                .iter()
                .zip(expected)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(off <= 1e-5 * most, "{what}: {name} is {off} off, of {most}");
        }
    }

    /// The output, and the gradients of a weighted sum of it.
    fn all<const X: usize, const W: usize>(
        (x, weight, bias): &(Tensor<X>, Tensor<W>, Tensor<1>),
        layer: impl Fn(Tensor<X>, Tensor<W>, Tensor<1>) -> Tensor<X>,
    ) -> [Vec<f32>; 4] {
        let x = x.clone().autodiff().require_grad();
        let weight = weight.clone().autodiff().require_grad();
        let bias = bias.clone().autodiff().require_grad();
        let out = layer(x.clone(), weight.clone(), bias.clone());
        let count = out.shape().num_elements();
        let factors: Vec<f32> = (0..count).map(|i| ((i * 37 % 101) as f32 - 50.0) / 50.0).collect();
        let factors = upload(factors, out.dims(), &Device::flex()).autodiff();
        let mut gradients = (out.clone() * factors).sum().backward();
        [
            numbers(out.inner()),
            numbers(x.grad_remove(&mut gradients).expect("x has a gradient")),
            numbers(weight.grad_remove(&mut gradients).expect("the weight has a gradient")),
            numbers(bias.grad_remove(&mut gradients).expect("the bias has a gradient")),
        ]
    }

    fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().try_into_vec().expect("numbers")
    }
}
