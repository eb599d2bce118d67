//! Convolutions that look at what comes before alone, of which a prior is made (van den Oord et al. 2016, section 2.2).

use burn::tensor::Tensor;

use super::layout::{Init, Layout, Slot, Weights};
use crate::ops::{Convolution, convolution};

/// A convolution that looks at what comes before alone: what a mask would leave of its kernel is all there is of it.
#[derive(Clone, Copy, Debug)]
pub struct Causal {
    weight: Slot<4>,
    bias: Slot<1>,
    /// Rows above and columns to the left that it looks at; beyond them it goes no further than its own place.
    reach: [usize; 2],
}

impl Causal {
    /// Looks at two rows, the last of which is so many rows above its own, and at a column on either side.
    pub fn above(layout: &mut Layout, name: &str, channels: [usize; 2], above: usize) -> Self {
        Self::new(layout, name, channels, [2, 3], [1 + above, 1])
    }

    /// Looks at two cells of its own row, the last of which is so many cells to the left of its own.
    pub fn left(layout: &mut Layout, name: &str, channels: [usize; 2], left: usize) -> Self {
        Self::new(layout, name, channels, [1, 2], [0, 1 + left])
    }

    fn new(
        layout: &mut Layout,
        name: &str,
        [inputs, outputs]: [usize; 2],
        kernel: [usize; 2],
        reach: [usize; 2],
    ) -> Self {
        let places = kernel[0] * kernel[1];
        let init = Init::Glorot {
            fan_in: inputs * places,
            fan_out: outputs * places,
        };
        let shape = [outputs, inputs, kernel[0], kernel[1]];
        Self {
            weight: layout.add(format!("{name}.weight"), shape, init),
            bias: layout.add(format!("{name}.bias"), [outputs], Init::Zeros),
            reach,
        }
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height, width]`.
    pub fn forward(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        let convolution = Convolution {
            map: [height, width],
            stride: 1,
            before: self.reach,
            relu: false,
            shuffle: false,
        };
        let bias = Some(weights.get(self.bias));
        convolution::forward(x, weights.get(self.weight), bias, convolution)
    }
}
