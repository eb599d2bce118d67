//! Layers on the CPU, by the kernels.

use std::sync::Arc;

use burn::backend::tensor::FloatTensor;
use burn::backend::{Flex, TensorMetadata};
use kernels::conv::{Conv, Flat};
use kernels::dense::Dense;
use kernels::{Finish, passes};

use super::{contiguous, numbers, tensor};
use crate::ops::layer::{Found, Kind, Layer, LayerOps, Layers, Pass};

/// A layer that has been computed: its input as it is, or as the products need it.
#[derive(Clone, Debug)]
pub enum Computed {
    Dense(Dense, FloatTensor<Flex>),
    Conv(Conv, Arc<Flat>),
    Transposed(Conv, Arc<Flat>),
}

impl LayerOps for Flex {
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        Self::forward(&layer, x, &weight, &bias).0
    }
}

impl Layers for Flex {
    type Computed = Computed;

    fn forward(
        layer: &Layer,
        x: FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: &FloatTensor<Self>,
    ) -> (FloatTensor<Self>, Computed) {
        let (x, weight, bias) = (contiguous(&x), contiguous(weight), contiguous(bias));
        let finish = Finish {
            bias: numbers(&bias),
            relu: layer.relu,
        };
        let mut out = vec![0.0; layer.shape.iter().product()];
        let computed = match layer.kind {
            Kind::Dense(dense) => {
                dense.forward(numbers(&x), numbers(&weight), finish, &mut out);
                Computed::Dense(dense, x)
            }
            Kind::Conv(shape) => {
                let conv = Conv::new(shape);
                let images = conv.images(numbers(&x));
                conv.forward(numbers(&weight), &images, finish, &mut out);
                Computed::Conv(conv, Arc::new(images))
            }
            Kind::Transposed(shape) => {
                let conv = Conv::new(shape);
                let maps = conv.maps(numbers(&x));
                conv.transposed(numbers(&weight), &maps, finish, &mut out);
                Computed::Transposed(conv, Arc::new(maps))
            }
        };
        (tensor(out, layer.shape.clone()), computed)
    }

    fn backward(pass: Pass<Self>, gradient: FloatTensor<Self>, wants_x: bool) -> Found<Self> {
        let (gradient, weight) = (contiguous(&gradient), contiguous(&pass.weight));
        let (dy, w) = (numbers(&gradient), numbers(&weight));
        let masked = pass.visible.as_ref().map(|out| passes::masked(dy, numbers(out)));
        let dy = masked.as_deref().unwrap_or(dy);
        let mut dw = vec![0.0; w.len()];
        let (dx, sums) = match &pass.computed {
            Computed::Dense(dense, x) => {
                dense.weight_gradient(numbers(x), dy, &mut dw);
                let dx = wants_x.then(|| {
                    let mut dx = vec![0.0; dense.input_len()];
                    dense.input_gradient(w, dy, &mut dx);
                    tensor(dx, x.shape().to_vec())
                });
                (dx, dense.sums(dy))
            }
            Computed::Conv(conv, images) => {
                let maps = conv.maps(dy);
                conv.weight_gradient(images, &maps, &mut dw);
                let dx = wants_x.then(|| {
                    let mut dx = vec![0.0; conv.image_len()];
                    conv.transposed(w, &maps, Finish::default(), &mut dx);
                    tensor(dx, conv.shape().images().to_vec())
                });
                (dx, maps.sums())
            }
            Computed::Transposed(conv, maps) => {
                let images = conv.images(dy);
                conv.weight_gradient(&images, maps, &mut dw);
                let dx = wants_x.then(|| {
                    let mut dx = vec![0.0; conv.map_len()];
                    conv.forward(w, &images, Finish::default(), &mut dx);
                    tensor(dx, conv.shape().maps().to_vec())
                });
                (dx, images.sums())
            }
        };
        let outputs = sums.len();
        Found {
            x: dx,
            weight: tensor(dw, weight.shape().to_vec()),
            bias: pass.bias.then(|| tensor(sums, vec![outputs])),
        }
    }
}
