//! The layers that the families are built of. A block declares its parameters in a
//! [`Layout`] once and is a pure function of the weights afterwards.

use burn::tensor::{
    Tensor,
    module::{conv_transpose2d, conv2d},
    ops::{ConvOptions, ConvTransposeOptions},
};

use super::layout::{Init, Layout, Slot, Weights};

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
        x.matmul(weights.get(self.weight)) + weights.get(self.bias).unsqueeze()
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
        }
    }

    /// The side that comes out of a side that goes in.
    pub fn side(side: usize, stride: usize, padding: Padding) -> usize {
        match padding {
            Padding::Same => side.div_ceil(stride),
            Padding::Valid => (side + stride).saturating_sub(KERNEL) / stride,
        }
    }

    /// `[batch, inputs, height, width]` to `[batch, outputs, height', width']`.
    pub fn forward(&self, weights: &Weights, x: Tensor<4>) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        let around = |side: usize| match self.padding {
            Padding::Valid => (0, 0),
            Padding::Same => {
                let reach = (side.div_ceil(self.stride) - 1) * self.stride + KERNEL;
                let zeros = reach.saturating_sub(side);
                (zeros / 2, zeros - zeros / 2)
            }
        };
        let options = ConvOptions {
            stride: [self.stride; 2],
            padding: [around(height), around(width)],
            dilation: [1, 1],
            groups: 1,
        };
        conv2d(
            x,
            weights.get(self.weight),
            self.bias.map(|bias| weights.get(bias)),
            options,
        )
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
        let [_, _, height, width] = x.dims();
        let options = ConvTransposeOptions::new([2, 2], [0, 0], [0, 0], [1, 1], 1);
        let bias = Some(weights.get(self.bias));
        let full = conv_transpose2d(x, weights.get(self.weight), bias, options);
        full.narrow(2, 0, 2 * height).narrow(3, 0, 2 * width)
    }
}

/// Moves four channels into a square of four pixels (Shi et al. 2016, eq. 4):
/// `[batch, 4 channels, height, width]` to `[batch, channels, 2 height, 2 width]`.
pub fn pixel_shuffle(x: Tensor<4>) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let channels = channels / 4;
    x.reshape([batch, channels, 2, 2, height, width])
        .permute([0, 1, 4, 2, 5, 3])
        .reshape([batch, channels, 2 * height, 2 * width])
}

fn glorot(inputs: usize, outputs: usize) -> Init {
    Init::Glorot {
        fan_in: inputs * KERNEL * KERNEL,
        fan_out: outputs * KERNEL * KERNEL,
    }
}
