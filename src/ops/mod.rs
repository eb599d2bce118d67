//! Operations that a training step spends its time on, with backward passes of their own: on the CPU by the kernels, on a GPU by others of our
//! own. The same composed of Burn's operations is what the tests compare with.

pub mod adam;
pub mod bernoulli;
pub mod convolution;
mod cpu;
pub mod dense;
#[cfg(feature = "webgpu")]
mod gpu;
mod layer;
pub mod pieces;
pub mod posterior;

pub use convolution::Convolution;
pub use cpu::is_cpu;

/// Compares a layer and its gradients with the same layer of Burn's operations.
#[cfg(test)]
mod compare {
    use burn::tensor::{Device, Tensor};

    use crate::rng::{Rng, Stream};
    use crate::transfer::upload;

    /// Layers at random.
    pub struct Shapes {
        rng: Rng,
        device: Device,
    }

    impl Shapes {
        /// Runs a test on each device that this build can have here. One that is asked for and not there fails the test.
        pub fn on_each_device(seed: u64, test: impl Fn(&mut Self)) {
            let devices = [
                Device::flex(),
                #[cfg(feature = "webgpu")]
                Device::wgpu(burn::tensor::DeviceKind::DefaultDevice),
            ];
            for device in devices {
                let rng = Rng::new(seed, Stream::Sample);
                test(&mut Self { rng, device });
            }
        }

        /// A size from one on.
        pub fn up_to(&mut self, most: usize) -> usize {
            1 + self.rng.below(most)
        }

        pub fn tensor<const D: usize>(&mut self, shape: [usize; D]) -> Tensor<D> {
            let values = self.rng.normal(shape.iter().product());
            upload(values, shape, &self.device)
        }
    }

    /// Checks that a layer of ours gives the same output and the same gradients of all that goes in as one of Burn's on the CPU, within a
    /// hundred thousandth of the largest number: sums of a few hundred terms in another order.
    pub fn assert_same<const X: usize, const W: usize>(
        what: &str,
        inputs: (Tensor<X>, Tensor<W>, Tensor<1>),
        ours: impl Fn(Tensor<X>, Tensor<W>, Tensor<1>) -> Tensor<X>,
        burns: impl Fn(Tensor<X>, Tensor<W>, Tensor<1>) -> Tensor<X>,
    ) {
        let (x, weight, bias) = &inputs;
        let plain = ours(x.clone(), weight.clone(), bias.clone());
        let found = all(&inputs, ours);
        let (x, weight, bias) = inputs.clone();
        let expected = all(&(on_cpu(x), on_cpu(weight), on_cpu(bias)), burns);
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

    /// The same numbers on the CPU.
    pub fn on_cpu<const D: usize>(tensor: Tensor<D>) -> Tensor<D> {
        let shape = tensor.dims();
        upload(numbers(tensor), shape, &Device::flex())
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
        let factors = upload(factors, out.dims(), &out.device().inner()).autodiff();
        let mut gradients = (out.clone() * factors).sum().backward();
        [
            numbers(out.inner()),
            numbers(x.grad_remove(&mut gradients).expect("x has a gradient")),
            numbers(weight.grad_remove(&mut gradients).expect("the weight has a gradient")),
            numbers(bias.grad_remove(&mut gradients).expect("the bias has a gradient")),
        ]
    }

    pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
        tensor.into_data().try_into_vec().expect("numbers")
    }
}
