//! Convolutions.

use burn::tensor::Tensor;
use kernels::conv::Shape;

use super::layer::{self, Kind, Layer};

/// Where a convolution looks, and what follows it.
#[derive(Clone, Copy, Debug)]
pub struct Convolution {
    /// Sides of what it makes.
    pub map: [usize; 2],
    /// Pixels from one look to the next.
    pub stride: usize,
    /// Zeros above and to the left; behind there are as many as it looks at.
    pub before: [usize; 2],
    /// Whether what is below zero becomes zero.
    pub relu: bool,
    /// Whether four channels become a square of four pixels (Shi et al. 2016, eq. 4).
    pub shuffle: bool,
}

/// A convolution.
///
/// # Shapes
/// - x: `[batch, inputs, height, width]`, weight: `[outputs, inputs, rows, columns]`, bias: `[outputs]`
/// - returns: `[batch, outputs, height', width']`, shuffled `[batch, outputs / 4, 2 height', 2 width']`
pub fn forward(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, convolution: Convolution) -> Tensor<4> {
    let ([batch, inputs, height, width], [outputs, _, rows, columns]) = (x.dims(), weight.dims());
    let shape = Shape {
        batch,
        channels: [inputs, outputs],
        image: [height, width],
        map: convolution.map,
        kernel: [rows, columns],
        stride: convolution.stride,
        before: convolution.before,
        shuffle: convolution.shuffle,
    };
    let layer = Layer {
        shape: shape.maps().to_vec(),
        kind: Kind::Conv(shape),
        relu: convolution.relu,
    };
    layer::layer(x, weight, bias, layer)
}

/// A transposed convolution of stride 2 that doubles the sides; what it makes beyond them is cut off at the end.
///
/// # Shapes
/// - x: `[batch, inputs, height, width]`, weight: `[inputs, outputs, rows, columns]`, bias: `[outputs]`
/// - returns: `[batch, outputs, 2 height, 2 width]`
pub fn transposed(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, relu: bool) -> Tensor<4> {
    let ([batch, inputs, height, width], [_, outputs, rows, columns]) = (x.dims(), weight.dims());
    let shape = Shape {
        batch,
        channels: [outputs, inputs],
        image: [2 * height, 2 * width],
        map: [height, width],
        kernel: [rows, columns],
        stride: 2,
        before: [0, 0],
        shuffle: false,
    };
    let layer = Layer {
        shape: shape.images().to_vec(),
        kind: Kind::Transposed(shape),
        relu,
    };
    layer::layer(x, weight, Some(bias), layer)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{
        activation,
        module::{conv_transpose2d, conv2d},
        ops::{ConvOptions, ConvTransposeOptions},
    };

    use super::*;
    use crate::ops::compare::{Shapes, assert_same, numbers};
    use crate::transfer::upload;

    /// A convolution composed of Burn's operations.
    fn composed(x: Tensor<4>, weight: Tensor<4>, bias: Option<Tensor<1>>, convolution: Convolution) -> Tensor<4> {
        let ([_, _, height, width], [_, _, rows, columns]) = (x.dims(), weight.dims());
        let (image, kernel) = ([height, width], [rows, columns]);
        let padding = [0, 1].map(|axis| {
            let before = convolution.before[axis];
            let reach = (convolution.map[axis] - 1) * convolution.stride + kernel[axis];
            (before, reach.saturating_sub(image[axis] + before))
        });
        let options = ConvOptions {
            stride: [convolution.stride; 2],
            padding: [padding[0], padding[1]],
            dilation: [1, 1],
            groups: 1,
        };
        let mut maps = conv2d(x, weight, bias, options);
        let [_, _, height, width] = maps.dims();
        // Only a convolution that looks back alone makes more than is asked for.
        if [height, width] != convolution.map {
            maps = maps.narrow(2, 0, convolution.map[0]).narrow(3, 0, convolution.map[1]);
        }
        if convolution.shuffle {
            maps = pixel_shuffle(maps);
        }
        if convolution.relu { activation::relu(maps) } else { maps }
    }

    /// A convolution composed of Burn's operations.
    fn composed_transposed(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, relu: bool) -> Tensor<4> {
        let [_, _, height, width] = x.dims();
        let options = ConvTransposeOptions::new([2, 2], [0, 0], [0, 0], [1, 1], 1);
        let full = conv_transpose2d(x, weight, Some(bias), options);
        let maps = full.narrow(2, 0, 2 * height).narrow(3, 0, 2 * width);
        if relu { activation::relu(maps) } else { maps }
    }

    /// Moves four channels into a square of four pixels (Shi et al. 2016, eq. 4):
    /// `[batch, 4 channels, height, width]` to `[batch, channels, 2 height, 2 width]`.
    fn pixel_shuffle(x: Tensor<4>) -> Tensor<4> {
        let [batch, channels, height, width] = x.dims();
        let channels = channels / 4;
        x.reshape([batch, channels, 2, 2, height, width])
            .permute([0, 1, 4, 2, 5, 3])
            .reshape([batch, channels, 2 * height, 2 * width])
    }

    /// Sides, strides and kernels at random, with as many zeros around as a layer may have.
    fn any(shapes: &mut Shapes) -> (Tensor<4>, Tensor<4>, Tensor<1>, Convolution) {
        let [batch, inputs, outputs] = [shapes.up_to(4), shapes.up_to(6), 4 * shapes.up_to(3)];
        let (stride, shuffle) = (shapes.up_to(2), shapes.up_to(2) == 1);
        let kernel = [[3, 3], [3, 3], [1, 1], [2, 3], [1, 2]][shapes.up_to(5) - 1];
        let axis = |shapes: &mut Shapes, kernel: usize| {
            let (side, before) = (shapes.up_to(17) + 2, shapes.up_to(kernel) - 1);
            let after = shapes.up_to(kernel) - 1;
            ((side + before + after - kernel) / stride + 1, side, before)
        };
        let rows = axis(shapes, kernel[0]);
        let columns = axis(shapes, kernel[1]);
        let convolution = Convolution {
            map: [rows.0, columns.0],
            stride,
            before: [rows.2, columns.2],
            relu: shapes.up_to(2) == 1,
            shuffle,
        };
        let x = shapes.tensor([batch, inputs, rows.1, columns.1]);
        let outputs = if shuffle { outputs } else { outputs - 3 };
        let weight = shapes.tensor([outputs, inputs, kernel[0], kernel[1]]);
        (x, weight, shapes.tensor([outputs]), convolution)
    }

    #[test]
    fn a_convolution_and_its_gradients_are_those_of_burn() {
        Shapes::on_each_device(2, |shapes| {
            for _ in 0..200 {
                let (x, weight, bias, convolution) = any(shapes);
                assert_same(
                    &format!("{:?} by {:?}, {convolution:?}", x.dims(), weight.dims()),
                    (x, weight, bias),
                    |x, weight, bias| forward(x, weight, Some(bias), convolution),
                    |x, weight, bias| composed(x, weight, Some(bias), convolution),
                );
            }
        });
    }

    #[test]
    fn many_channels_and_causal_convolutions_are_those_of_burn_too() {
        Shapes::on_each_device(9, |shapes| {
            // Inputs, outputs, kernel, sides of the map, zeros before: more channels than are made at once and no multiple of
            // that, and maps that end before the image does.
            let cases = [
                (30, 9, [3, 3], [7, 6], [1, 1]),
                (16, 32, [3, 3], [5, 9], [0, 1]),
                (3, 5, [2, 3], [7, 7], [2, 1]),
                (3, 5, [1, 2], [7, 7], [0, 2]),
            ];
            for (inputs, outputs, kernel, map, before) in cases {
                let convolution = Convolution {
                    map,
                    stride: 1,
                    before,
                    relu: true,
                    shuffle: false,
                };
                let x = shapes.tensor([3, inputs, 7, 7]);
                let weight = shapes.tensor([outputs, inputs, kernel[0], kernel[1]]);
                assert_same(
                    &format!("{inputs} to {outputs}, {convolution:?}"),
                    (x, weight, shapes.tensor([outputs])),
                    |x, weight, bias| forward(x, weight, Some(bias), convolution),
                    |x, weight, bias| composed(x, weight, Some(bias), convolution),
                );
            }
        });
    }

    #[test]
    fn what_is_no_number_stays_none_and_spoils_no_others() {
        Shapes::on_each_device(10, |shapes| {
            let convolution = Convolution {
                map: [4, 4],
                stride: 1,
                before: [1, 1],
                relu: true,
                shuffle: false,
            };
            let weight = shapes.tensor([5, 1, 3, 3]);
            let image = |number: f32| {
                let mut numbers = vec![0.5; 2 * 16];
                numbers[0] = number;
                upload(numbers, [2, 1, 4, 4], &weight.device())
            };
            let out = |number| numbers(forward(image(number), weight.clone(), None, convolution));
            let (found, plain) = (out(f32::NAN), out(0.5));
            for (at, (found, plain)) in found.iter().zip(plain).enumerate() {
                // Of the first image, the four places that see its first pixel.
                let sees = at < 5 * 16 && at % 16 / 4 < 2 && at % 4 < 2;
                assert!(if sees { found.is_nan() } else { *found == plain }, "{at}: {found}");
            }
        });
    }

    #[test]
    fn a_transposed_convolution_and_its_gradients_are_those_of_burn() {
        Shapes::on_each_device(3, |shapes| {
            for _ in 0..60 {
                let [batch, inputs, outputs] = [shapes.up_to(4), shapes.up_to(6), shapes.up_to(6)];
                let [height, width, relu] = [shapes.up_to(9), shapes.up_to(9), shapes.up_to(2)];
                let (x, relu) = (shapes.tensor([batch, inputs, height, width]), relu == 1);
                let (weight, bias) = (shapes.tensor([inputs, outputs, 3, 3]), shapes.tensor([outputs]));
                assert_same(
                    &format!("{:?} to {outputs} channels, relu {relu}", x.dims()),
                    (x, weight, bias),
                    |x, weight, bias| transposed(x, weight, bias, relu),
                    |x, weight, bias| composed_transposed(x, weight, bias, relu),
                );
            }
        });
    }
}
