//! Layers with weights as single operations of Burn, with a backward pass of their own.

use std::fmt::Debug;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, TensorMetadata, backend_extension};
use burn::tensor::Tensor;
use kernels::conv::Shape;
use kernels::dense::Dense;

/// A layer with weights and a bias.
#[derive(Clone, Debug)]
pub enum Kind {
    /// Rows `[..., batch, inputs]`, weights `[..., inputs, outputs]`.
    Dense(Dense),
    /// Images to maps, weights `[outputs, inputs, rows, columns]`.
    Conv(Shape),
    /// Maps to images, weights `[inputs, outputs, rows, columns]`: the convolution the other way round.
    Transposed(Shape),
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

/// Layers as operations of a backend.
#[backend_extension(Flex, Cube: cfg(feature = "webgpu"), Autodiff)]
pub trait LayerOps: Backend {
    /// A layer's output. A bias of no numbers is none.
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self>;
}

/// What a backend computes of layers.
pub trait Layers: Backend {
    /// A layer that has been computed, with its input as the backward pass needs it.
    type Computed: Clone + Debug + Send + 'static;

    /// The output, and what the backward pass needs.
    fn forward(
        layer: &Layer,
        x: FloatTensor<Self>,
        weight: &FloatTensor<Self>,
        bias: &FloatTensor<Self>,
    ) -> (FloatTensor<Self>, Self::Computed);

    /// The gradients, from that of the output.
    fn backward(pass: Pass<Self>, gradient: FloatTensor<Self>, wants_x: bool) -> Found<Self>;
}

/// A forward pass, as its backward pass needs it.
#[derive(Clone, Debug)]
pub struct Pass<B: Layers> {
    /// What was computed.
    pub computed: B::Computed,
    /// With which weights.
    pub weight: FloatTensor<B>,
    /// Whether there is a bias.
    pub bias: bool,
    /// What came out, where ReLU hides the gradient of what is zero.
    pub visible: Option<FloatTensor<B>>,
}

/// The gradients of a layer's weights, and of what went in where it is wanted.
pub struct Found<B: Backend> {
    /// Of the input.
    pub x: Option<FloatTensor<B>>,
    /// Of the weights.
    pub weight: FloatTensor<B>,
    /// Of the bias, where there is one.
    pub bias: Option<FloatTensor<B>>,
}

impl<B: Layers, C: CheckpointStrategy> LayerOps for Autodiff<B, C> {
    fn layer(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        layer: Layer,
    ) -> FloatTensor<Self> {
        let ((x, x_node), (weight, weight_node), (bias, bias_node)) =
            (x.into_parts(), weight.into_parts(), bias.into_parts());
        let (out, computed) = B::forward(&layer, x, &weight, &bias);
        let pass = Pass {
            computed,
            weight,
            bias: bias.shape().num_elements() > 0,
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

#[derive(Debug)]
struct LayerBackward;

impl<B: Layers> Backward<B, 3> for LayerBackward {
    type State = Pass<B>;

    fn backward(self, ops: Ops<Pass<B>, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let [x, weight, bias] = ops.parents;
        let found = B::backward(ops.state, gradient, x.is_some());
        for (node, gradient) in [(x, found.x), (weight, Some(found.weight)), (bias, found.bias)] {
            if let (Some(node), Some(gradient)) = (node, gradient) {
                grads.register::<B>(node.id, gradient);
            }
        }
    }
}

/// A layer's output.
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
