//! Where each weight lies. All weights of a model are one vector: the optimiser, a checkpoint and
//! a sum of gradients each handle that vector at once, and blocks find their part by a [`Slot`].

use std::ops::Range;

use burn::tensor::Tensor;

use crate::ops::pieces::{cut, join};
use crate::rng::Rng;
use crate::transfer::upload_rows;

/// How a parameter begins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// All zero.
    Zeros,
    /// Uniform between plus and minus `sqrt(6 / (fan_in + fan_out))` (Glorot & Bengio 2010, eq. 16).
    Glorot {
        /// Numbers that flow into one output.
        fan_in: usize,
        /// Outputs that one input flows into.
        fan_out: usize,
    },
    /// The logit of the mean image of the data; zero until that is known.
    MeanImage,
    /// All of one value.
    Constant(f32),
    /// All zero, and never trained: what is remembered from step to step.
    Memory,
}

/// One named parameter of a model.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Name, such as `encoder.0.weight`.
    pub name: String,
    /// Shape, as in the checkpoint.
    pub shape: Vec<usize>,
    /// Place in the vector of all weights.
    pub range: Range<usize>,
    /// How it begins.
    pub init: Init,
}

/// The parameters of a model in order.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    parameters: Vec<Parameter>,
    /// How many numbers all parameters hold, beyond what a `usize` of 32 bits counts too.
    count: u64,
    /// How many numbers all layers make of one image.
    activations: u64,
}

impl Layout {
    /// Adds a parameter after the last one.
    pub fn add<const D: usize>(&mut self, name: String, shape: [usize; D], init: Init) -> Slot<D> {
        let start = self.len();
        self.count = self.count.saturating_add(product(&shape));
        self.parameters.push(Parameter {
            name,
            shape: shape.to_vec(),
            range: start..self.len(),
            init,
        });
        Slot {
            index: self.parameters.len() - 1,
            shape,
        }
    }

    /// All parameters in order.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// Counts what a layer makes of one image: so many numbers as these sizes have together.
    pub fn add_activations(&mut self, sizes: &[usize]) {
        self.activations = self.activations.saturating_add(product(sizes));
    }

    /// How many numbers all layers make of one image. Memory for a batch grows with it.
    pub fn activations(&self) -> u64 {
        self.activations
    }

    /// How many numbers all parameters hold together, as a configuration is checked by it: it may be more than a memory
    /// has room for.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// How many numbers all parameters hold together, in a model that can be built.
    pub fn len(&self) -> usize {
        usize::try_from(self.count).unwrap_or(usize::MAX)
    }

    /// Whether there is no parameter.
    pub fn is_empty(&self) -> bool {
        self.parameters.is_empty()
    }

    /// Those that are trained.
    pub fn trained_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(|p| p.init != Init::Memory)
    }

    /// How many numbers are trained.
    pub fn trained(&self) -> usize {
        self.trained_parameters().map(|p| p.range.len()).sum()
    }

    /// The range of the output bias map, where the model has one.
    pub fn bias_map(&self) -> Option<Range<usize>> {
        let map = self.parameters.iter().find(|p| p.init == Init::MeanImage)?;
        Some(map.range.clone())
    }

    /// Initial weights.
    pub fn initialize(&self, rng: &mut Rng) -> Vec<f32> {
        let mut values = Vec::with_capacity(self.len());
        for parameter in &self.parameters {
            let count = parameter.range.len();
            match parameter.init {
                Init::Zeros | Init::MeanImage | Init::Memory => values.resize(values.len() + count, 0.0),
                Init::Constant(value) => values.resize(values.len() + count, value),
                Init::Glorot { fan_in, fan_out } => {
                    let limit = (6.0 / (fan_in + fan_out) as f32).sqrt();
                    values.extend(rng.symmetric(count, limit));
                }
            }
        }
        values
    }
}

/// Sizes multiplied. Those of WebAssembly's 32 bits would wrap.
fn product(sizes: &[usize]) -> u64 {
    sizes
        .iter()
        .fold(1, |product: u64, &size| product.saturating_mul(size as u64))
}

/// The place of one parameter of rank `D`.
#[derive(Clone, Copy, Debug)]
pub struct Slot<const D: usize> {
    index: usize,
    shape: [usize; D],
}

/// The weights of a model on a device, cut into its parameters.
#[derive(Clone, Debug)]
pub struct Weights {
    leaves: Vec<Tensor<1>>,
}

impl Weights {
    /// Cuts the vector of all weights, for inference.
    pub fn frozen(layout: &Layout, vector: &Tensor<1>) -> Self {
        let ranges: Vec<_> = layout.parameters().iter().map(|p| p.range.clone()).collect();
        Self {
            leaves: cut(vector, &ranges),
        }
    }

    /// Cuts the vector of all weights; each parameter is a leaf that keeps its gradient.
    pub fn trainable(layout: &Layout, vector: &Tensor<1>) -> Self {
        let mut weights = Self::frozen(layout, vector);
        for leaf in &mut weights.leaves {
            *leaf = leaf.clone().autodiff().require_grad();
        }
        weights
    }

    /// Puts numbers on the device of the weights, `[rows, width]`.
    pub fn rows(&self, values: &[f32], width: usize) -> Tensor<2> {
        let device = self.leaves.first().map(Tensor::device).unwrap_or_default();
        upload_rows(values.to_vec(), values.len() / width, &device)
    }

    /// One parameter.
    pub fn get<const D: usize>(&self, slot: Slot<D>) -> Tensor<D> {
        self.leaves[slot.index].clone().reshape(slot.shape)
    }

    /// The gradient of `loss` in the order of the vector of all weights; zero where a parameter
    /// has no part in the loss.
    pub fn gradient(&self, loss: &Tensor<1>) -> Tensor<1> {
        let mut gradients = loss.backward();
        let parts = self
            .leaves
            .iter()
            .map(|leaf| {
                leaf.grad_remove(&mut gradients)
                    .unwrap_or_else(|| leaf.clone().inner().zeros_like())
            })
            .collect();
        join(parts)
    }
}
