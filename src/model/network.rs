//! What every network is: parameters and the loss of a batch; and what a model is besides, an encoder and a decoder.

use burn::tensor::Tensor;

use super::encoding::Encoding;
use super::latents::{LatentSpace, Latents};
use super::layout::{Layout, Weights};
use crate::terms::Terms;

/// A batch of images on the device.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the encoder sees, `[batch, pixels]`; images that may be corrupted.
    pub inputs: Tensor<2>,
    /// What the decoder should give, `[batch, pixels]`.
    pub targets: Tensor<2>,
    /// Of the latents, `[batch, width]`. Without it latents are the means or the likeliest codes.
    pub noise: Option<Tensor<2>>,
}

impl Batch {
    /// The same for a loss whose gradient is wanted.
    pub fn autodiff(self) -> Self {
        Self {
            inputs: self.inputs.autodiff(),
            targets: self.targets.autodiff(),
            noise: self.noise.map(Tensor::autodiff),
        }
    }
}

/// The loss of a batch, and what follows a step that was taken by its gradient.
#[derive(Clone, Debug)]
pub struct Loss {
    /// Its terms, each of shape `[1]`.
    pub terms: Terms<Tensor<1>>,
    /// What weights follow otherwise than by a gradient.
    pub statistics: Option<Statistics>,
    /// What the encoder said of the images; of a network that has one.
    pub encoding: Option<Encoding>,
}

/// What a batch shows about weights that follow it otherwise than by a gradient, such as a codebook's running averages. Of
/// several parts of a batch it is added, each part scaled by its share.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// Averages over the images.
    pub averages: Vec<Tensor<1>>,
    /// Examples, of which those of the first part are kept; none where a batch has too little.
    pub examples: Option<Tensor<2>>,
}

impl Statistics {
    /// Times the share of a batch.
    #[must_use]
    pub fn scale(self, factor: f32) -> Self {
        Self {
            averages: self.averages.into_iter().map(|average| average * factor).collect(),
            examples: self.examples,
        }
    }

    /// The same without a gradient.
    #[must_use]
    pub fn inner(self) -> Self {
        Self {
            averages: self.averages.into_iter().map(Tensor::inner).collect(),
            examples: self.examples.map(Tensor::inner),
        }
    }
}

impl std::ops::Add for Statistics {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let pairs = self.averages.into_iter().zip(other.averages);
        Self {
            averages: pairs.map(|(a, b)| a + b).collect(),
            examples: self.examples.or(other.examples),
        }
    }
}

/// What can be trained: parameters, and the loss of a batch as a pure function of their values.
pub trait Network: Send {
    /// What it learns from at once.
    type Batch;

    /// The parameters.
    fn layout(&self) -> &Layout;

    /// What its loss consists of.
    fn terms(&self) -> Terms<()>;

    /// The loss of a batch. `step` is that of the training, and nothing where one only looks.
    fn loss(&self, weights: &Weights, batch: Self::Batch, step: Option<u64>) -> Loss;

    /// The weights after an update, once they follow what the batch showed otherwise than by its gradient.
    fn follow(&self, weights: Tensor<1>, _statistics: Statistics) -> Tensor<1> {
        weights
    }
}

/// A model of any family: an encoder of images and a decoder of latents.
pub trait Model: Network<Batch = Batch> {
    /// What images are encoded to.
    fn space(&self) -> LatentSpace;

    /// Images `[batch, pixels]` to what the encoder says of them.
    fn encode(&self, weights: &Weights, images: Tensor<2>) -> Encoding;

    /// Latents that the [`space`](Self::space) takes to pixels, `[batch, pixels]`.
    fn decode(&self, weights: &Weights, latents: &Latents) -> Tensor<2>;

    /// The vectors that cells may take, `[K, D]`; of a model with codes.
    fn codebook(&self, _weights: &Weights) -> Option<Tensor<2>> {
        None
    }
}

impl Network for Box<dyn Model> {
    type Batch = Batch;

    fn layout(&self) -> &Layout {
        (**self).layout()
    }

    fn terms(&self) -> Terms<()> {
        (**self).terms()
    }

    fn loss(&self, weights: &Weights, batch: Batch, step: Option<u64>) -> Loss {
        (**self).loss(weights, batch, step)
    }

    fn follow(&self, weights: Tensor<1>, statistics: Statistics) -> Tensor<1> {
        (**self).follow(weights, statistics)
    }
}
