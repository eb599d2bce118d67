//! Layers on the GPU.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};

use super::launch::{contiguous, length};
use super::product::{Matrix, product};
use super::{convolution, passes};
use crate::ops::layer::{Found, Kind, Layer, LayerOps, Layers, Pass};

impl LayerOps for Cube {
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        Self::forward(&layer, x, &weight, &bias).0
    }
}

impl Layers for Cube {
    type Computed = (Kind, FloatTensor<Cube>);

    fn forward(
        layer: &Layer,
        x: FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: &FloatTensor<Self>,
    ) -> (FloatTensor<Self>, Self::Computed) {
        let (x, weight) = (contiguous(x), contiguous(weight.clone()));
        let bias = (length(bias) > 0).then(|| contiguous(bias.clone()));
        let out = match &layer.kind {
            Kind::Dense(dense) => product(
                [(&x, false), (&weight, false)].map(|(values, transposed)| Matrix { values, transposed }),
                [dense.count, dense.batch, dense.inputs, dense.outputs],
                bias.as_ref(),
                layer.relu,
                &layer.shape,
            ),
            Kind::Conv(shape) => convolution::maps(shape, &x, &weight, bias.as_ref(), layer.relu),
            Kind::Transposed(shape) => convolution::images(shape, &x, &weight, bias.as_ref(), layer.relu),
        };
        (out, (layer.kind.clone(), x))
    }

    fn backward(pass: Pass<Self>, gradient: FloatTensor<Self>, wants_x: bool) -> Found<Self> {
        let (kind, x) = pass.computed;
        let weight = contiguous(pass.weight);
        let shuffled = match &kind {
            Kind::Conv(shape) if shape.shuffle => Some(shape),
            _ => None,
        };
        let dy = passes::before_finish(contiguous(gradient), pass.visible.as_ref(), shuffled);
        let (dx, dw, channels) = match &kind {
            Kind::Dense(dense) => {
                let [count, batch, inputs, outputs] = [dense.count, dense.batch, dense.inputs, dense.outputs];
                let plain = |values| Matrix {
                    values,
                    transposed: false,
                };
                let transposed = |values| Matrix {
                    values,
                    transposed: true,
                };
                let dx = wants_x.then(|| {
                    let sides = [plain(&dy), transposed(&weight)];
                    product(sides, [count, batch, outputs, inputs], None, false, &x.shape())
                });
                let sides = [transposed(&x), plain(&dy)];
                let dw = product(sides, [count, inputs, batch, outputs], None, false, &weight.shape());
                (dx, dw, [batch, outputs, 1])
            }
            Kind::Conv(shape) => {
                let plain = kernels::conv::Shape {
                    shuffle: false,
                    ..*shape
                };
                let dx = wants_x.then(|| convolution::images(&plain, &dy, &weight, None, false));
                let dw = convolution::weights(&plain, &x, &dy);
                let [rows, columns] = shape.map;
                (dx, dw, [shape.batch, shape.channels[1], rows * columns])
            }
            Kind::Transposed(shape) => {
                let dx = wants_x.then(|| convolution::maps(shape, &dy, &weight, None, false));
                let dw = convolution::weights(shape, &dy, &x);
                let [rows, columns] = shape.image;
                (dx, dw, [shape.batch, shape.channels[0], rows * columns])
            }
        };
        Found {
            x: dx,
            weight: dw,
            bias: pass.bias.then(|| passes::sums(&dy, channels)),
        }
    }
}
