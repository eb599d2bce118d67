//! The layers that the families are built of. A block declares its parameters in a
//! [`Layout`] once and is a pure function of the weights afterwards.

use burn::tensor::Tensor;

use super::layout::{Init, Layout, Slot, Weights};
use crate::ops::{Convolution, convolution, dense};

/// Side of every convolution kernel.
const KERNEL: usize = 3;

/// A dense layer, `x W + b`.
#[derive(Clone, Debug)]
pub struct Linear {
    weight: Slot<2>,
    bias: Slot<1>,
}

impl Linear {
    /// Declares `{name}.weight` `[inputs, outputs]` and `{name}.bias` `[outputs]`.
    pub fn new(layout: &mut Layout, name: &str, inputs: usize, outputs: usize) -> Self {
        Self::with_bias(layout, name, inputs, outputs, Init::Zeros)
    }

    /// The same with another beginning of the bias.
    pub fn with_bias(layout: &mut Layout, name: &str, inputs: usize, outputs: usize, bias: Init) -> Self {
        let init = Init::Glorot {
            fan_in: inputs,
            fan_out: outputs,
        };
        Self {
            weight: layout.add(format!("{name}.weight"), [inputs, outputs], init),
            bias: layout.add(format!("{name}.bias"), [outputs], bias),
        }
    }

    /// `[batch, inputs]` to `[batch, outputs]`.
    pub fn forward(&self, weights: &Weights, x: Tensor<2>) -> Tensor<2> {
        dense::forward(x, weights.get(self.weight), weights.get(self.bias), false)
    }

    /// The same with ReLU.
    pub fn relu(&self, weights: &Weights, x: Tensor<2>) -> Tensor<2> {
        dense::forward(x, weights.get(self.weight), weights.get(self.bias), true)
    }
}

/// Zeros around an image before a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Padding {
    /// As many as keep `ceil(side / stride)`; an odd zero goes to the end, as in TensorFlow.
    Same,
    /// None.
    Valid,
}

/// How a decoder doubles the side of an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Upsample {
    /// 3 x 3 convolution to four times the channels, then a pixel shuffle; the last one makes the image.
    Shuffle,
    /// 3 x 3 transposed convolution of stride 2; a 3 x 3 convolution makes the image at the end.
    Transposed,
}

/// A 3 x 3 convolution.
#[derive(Clone, Debug)]
pub struct Conv {
    weight: Slot<4>,
    bias: Option<Slot<1>>,
    stride: usize,
    padding: Padding,
    shuffle: bool,
}

impl Conv {
    /// Declares `{name}.weight` `[outputs, inputs, 3, 3]` and `{name}.bias` `[outputs]`.
    pub fn new(layout: &mut Layout, name: &str, channels: [usize; 2], stride: usize, padding: Padding) -> Self {
        let mut conv = Self::without_bias(layout, name, channels, stride, padding);
        conv.bias = Some(layout.add(format!("{name}.bias"), [channels[1]], Init::Zeros));
        conv
    }

    /// The same, declaring the weight alone.
    pub fn without_bias(
        layout: &mut Layout,
        name: &str,
        [inputs, outputs]: [usize; 2],
        stride: usize,
        padding: Padding,
    ) -> Self {
        let shape = [outputs, inputs, KERNEL, KERNEL];
        Self {
            weight: layout.add(format!("{name}.weight"), shape, glorot(inputs, outputs)),
            bias: None,
            stride,
            padding,
            shuffle: false,
        }
    }

    /// The same, followed by a pixel shuffle: four channels become a square of four pixels (Shi et al. 2016, eq. 4).
    #[must_use]
    pub fn shuffled(self) -> Self {
        Self { shuffle: true, ..self }
    }

    /// The side that comes out of a side that goes in.
    pub fn side(side: usize, stride: usize, padding: Padding) -> usize {
        match padding {
            Padding::Same => side.div_ceil(stride),
            Padding::Valid => (side + stride).saturating_sub(KERNEL) / stride,
        }
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height', width']`, shuffled to `[batch, outputs / 4, 2 height', 2 width']`.
    pub fn forward(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        self.apply(weights, x, false)
    }

    /// The same with ReLU.
    pub fn relu(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        self.apply(weights, x, true)
    }

    fn apply(&self, weights: &Weights, x: Tensor<4>, relu: bool) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        let before = |side: usize| match self.padding {
            Padding::Valid => 0,
            Padding::Same => {
                let reach = (side.div_ceil(self.stride) - 1) * self.stride + KERNEL;
                reach.saturating_sub(side) / 2
            }
        };
        let convolution = Convolution {
            map: [height, width].map(|side| Self::side(side, self.stride, self.padding)),
            stride: self.stride,
            before: [before(height), before(width)],
            relu,
            shuffle: self.shuffle,
        };
        let bias = self.bias.map(|bias| weights.get(bias));
        convolution::forward(x, weights.get(self.weight), bias, convolution)
    }
}

/// A 3 x 3 transposed convolution of stride 2 ("same": twice the side; what TensorFlow cuts off
/// is the last row and column).
#[derive(Clone, Debug)]
pub struct TransposedConv {
    weight: Slot<4>,
    bias: Slot<1>,
}

impl TransposedConv {
    /// Declares `{name}.weight` `[inputs, outputs, 3, 3]` and `{name}.bias` `[outputs]`.
    pub fn new(layout: &mut Layout, name: &str, [inputs, outputs]: [usize; 2]) -> Self {
        let shape = [inputs, outputs, KERNEL, KERNEL];
        Self {
            weight: layout.add(format!("{name}.weight"), shape, glorot(inputs, outputs)),
            bias: layout.add(format!("{name}.bias"), [outputs], Init::Zeros),
        }
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, 2 height, 2 width]`.
    pub fn forward(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        convolution::transposed(x, weights.get(self.weight), weights.get(self.bias), false)
    }

    /// The same with ReLU.
    pub fn relu(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        convolution::transposed(x, weights.get(self.weight), weights.get(self.bias), true)
    }
}

fn glorot(inputs: usize, outputs: usize) -> Init {
    Init::Glorot {
        fan_in: inputs * KERNEL * KERNEL,
        fan_out: outputs * KERNEL * KERNEL,
    }
}
