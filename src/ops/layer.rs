//! Layers with weights as single operations of Burn, with a backward pass of their own.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::Tensor;
use kernels::Finish;
use kernels::conv::{Conv, Flat};
use kernels::dense::Dense;
use kernels::passes;

use super::cpu::{contiguous, numbers, tensor};

/// A layer with weights and a bias.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Rows `[..., batch, inputs]`, weights `[..., inputs, outputs]`.
    Dense(Dense),
    /// Images to maps, weights `[outputs, inputs, rows, columns]`.
    Conv(Conv),
    /// Maps to images, weights `[inputs, outputs, rows, columns]`: the convolution the other way round.
    Transposed(Conv),
}

/// A layer, and what follows it.
#[derive(Clone, Debug)]
pub struct Layer {
    /// What it computes.
    pub kind: Kind,
    /// Whether what is below zero becomes zero.
    pub relu: bool,
    /// The shape of what comes out.
    pub shape: Vec<usize>,
}

/// A layer that has been computed, with its input as the backward pass needs it.
#[derive(Clone, Debug)]
enum Computed {
    Dense(Dense, FloatTensor<Flex>),
    Conv(Conv, Arc<Flat>),
    Transposed(Conv, Arc<Flat>),
}

/// Layers as operations of a backend.
#[backend_extension(Flex, Autodiff)]
pub trait LayerOps: Backend {
    /// A layer's output. A bias of no numbers is none.
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;
}

impl LayerOps for Flex {
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        layer.forward(x, &weight, &bias).0
    }
}

impl<C: CheckpointStrategy> LayerOps for Autodiff<Flex, C> {
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let (out, computed) = layer.forward(x, &weight, &bias);
        let pass = Pass {
            computed,
            weight,
            bias: !bias.shape().is_empty(),
            visible: layer.relu.then(|| out.clone()),
        };
        match LayerBackward
            .prepare::<C>([x_node, weight_node, bias_node])
            .compute_bound()
            .stateful()
        {
            OpsKind::Tracked(prep) => prep.finish(pass, out),
            OpsKind::UnTracked(prep) => prep.finish(out),
        }
    }
}

/// A forward pass, as its backward pass needs it.
#[derive(Clone, Debug)]
struct Pass {
    computed: Computed,
    weight: FloatTensor<Flex>,
    /// Whether there is one.
    bias: bool,
    /// What came out, where ReLU hides the gradient of what is zero.
    visible: Option<FloatTensor<Flex>>,
}

#[derive(Debug)]
struct LayerBackward;

impl Backward<Flex, 3> for LayerBackward {
    type State = Pass;

    fn backward(self, ops: Ops<Pass, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<Flex>(&ops.node);
        let [x, weight, bias] = ops.parents;
        let found = ops.state.backward(&gradient, x.is_some());
        for (node, gradient) in [(x, found.x), (weight, Some(found.weight)), (bias, found.bias)] {
            if let (Some(node), Some(gradient)) = (node, gradient) {
                grads.register::<Flex>(node.id, gradient);
            }
        }
    }
}

/// The gradients of a layer's weights, and of what went in where it is wanted.
struct Found {
    x: Option<FloatTensor<Flex>>,
    weight: FloatTensor<Flex>,
    bias: Option<FloatTensor<Flex>>,
}

impl Layer {
    fn forward(
        &self,
        x: FloatTensor<Flex>,
        weight: &FloatTensor<Flex>,
        bias: &FloatTensor<Flex>,
    ) -> (FloatTensor<Flex>, Computed) {
        let (x, weight, bias) = (contiguous(&x), contiguous(weight), contiguous(bias));
        let finish = Finish {
            bias: numbers(&bias),
            relu: self.relu,
        };
        let mut out = vec![0.0; self.shape.iter().product()];
        let computed = match self.kind.clone() {
            Kind::Dense(dense) => {
                dense.forward(numbers(&x), numbers(&weight), finish, &mut out);
                Computed::Dense(dense, x)
            }
            Kind::Conv(conv) => {
                let images = conv.images(numbers(&x));
                conv.forward(numbers(&weight), &images, finish, &mut out);
                Computed::Conv(conv, Arc::new(images))
            }
            Kind::Transposed(conv) => {
                let maps = conv.maps(numbers(&x));
                conv.transposed(numbers(&weight), &maps, finish, &mut out);
                Computed::Transposed(conv, Arc::new(maps))
            }
        };
        (tensor(out, self.shape.clone()), computed)
    }
}

impl Pass {
    fn backward(&self, gradient: &FloatTensor<Flex>, wants_x: bool) -> Found {
        let (gradient, weight) = (contiguous(gradient), contiguous(&self.weight));
        let (dy, w) = (numbers(&gradient), numbers(&weight));
        let masked = self.visible.as_ref().map(|out| passes::masked(dy, numbers(out)));
        let dy = masked.as_deref().unwrap_or(dy);
        let mut dw = vec![0.0; w.len()];
        let (dx, sums) = match &self.computed {
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
                    tensor(dx, conv.image_shape().to_vec())
                });
                (dx, maps.sums())
            }
            Computed::Transposed(conv, maps) => {
                let images = conv.images(dy);
                conv.weight_gradient(&images, maps, &mut dw);
                let dx = wants_x.then(|| {
                    let mut dx = vec![0.0; conv.map_len()];
                    conv.forward(w, &images, Finish::default(), &mut dx);
                    tensor(dx, conv.map_shape().to_vec())
                });
                (dx, images.sums())
            }
        };
        let outputs = sums.len();
        Found {
            x: dx,
            weight: tensor(dw, weight.shape().to_vec()),
            bias: self.bias.then(|| tensor(sums, vec![outputs])),
        }
    }
}

/// A layer's output on the CPU.
pub fn layer<const X: usize, const W: usize, const Y: usize>(
    x: Tensor<X>,
    weight: Tensor<W>,
    bias: Option<Tensor<1>>,
    layer: Layer,
) -> Tensor<Y> {
    let bias = bias.unwrap_or_else(|| Tensor::empty([0], &weight.device()));
    Tensor::from_dispatch(Dispatch::layer(
        x.into_dispatch(),
        weight.into_dispatch(),
        bias.into_dispatch(),
        layer,
    ))
}
