//! What every network is: parameters and the loss of a batch; and what a model is besides, an encoder and a decoder.

use std::ops::Range;

use burn::tensor::Tensor;

use super::encoding::Encoding;
use super::latents::{LatentSpace, Latents};
use super::layout::{Layout, Weights};
use crate::terms::Terms;

/// Which images of a batch a part of it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The number of the first one.
    pub first: usize,
    /// How many they are.
    pub count: usize,
    /// How many the batch has.
    pub of: usize,
}

impl Place {
    /// All images of a batch.
    pub fn whole(count: usize) -> Self {
        Self {
            first: 0,
            count,
            of: count,
        }
    }

    /// By which a mean over the part enters that over the batch.
    pub fn share(self) -> f32 {
        self.count as f32 / self.of as f32
    }

    /// The part of so many things that falls to these images where the batch shares them out in order.
    pub fn part_of(self, things: usize) -> Range<usize> {
        self.first * things / self.of..(self.first + self.count) * things / self.of
    }
}

/// Tensors of what a network learns from; nothing where a batch has none.
pub type Tensors = Vec<Option<Tensor<2>>>;

/// What a network learns from at once, as tensors on a device.
pub trait Examples: Sized {
    /// How many there are.
    fn count(&self) -> usize;

    /// The tensors, in an order of their own: `of` takes them in the same one.
    fn tensors(&self) -> Tensors;

    /// Examples of tensors, which are a part of a larger batch; nothing where one is missing.
    fn of(tensors: Tensors, place: Place) -> Option<Self>;

    /// The same for a loss whose gradient is wanted.
    #[must_use]
    fn autodiff(self) -> Self;
}

/// A batch of images on the device.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the decoder should give, `[batch, pixels]`.
    pub targets: Tensor<2>,
    /// What the encoder sees in their place, `[batch, pixels]`, where images are corrupted.
    pub corrupted: Option<Tensor<2>>,
    /// Of the latents, `[batch, width]`. Without it latents are the means or the likeliest codes.
    pub noise: Option<Tensor<2>>,
    /// Which images of a larger batch these are.
    pub place: Place,
}

impl Batch {
    /// What the encoder sees, `[batch, pixels]`.
    pub fn inputs(&self) -> Tensor<2> {
        self.corrupted.as_ref().unwrap_or(&self.targets).clone()
    }
}

impl Examples for Batch {
    fn count(&self) -> usize {
        self.place.count
    }

    fn tensors(&self) -> Tensors {
        vec![Some(self.targets.clone()), self.corrupted.clone(), self.noise.clone()]
    }

    fn of(tensors: Tensors, place: Place) -> Option<Self> {
        let [targets, corrupted, noise] = tensors.try_into().ok()?;
        Some(Self {
            targets: targets?,
            corrupted,
            noise,
            place,
        })
    }

    fn autodiff(self) -> Self {
        Self {
            targets: self.targets.autodiff(),
            corrupted: self.corrupted.map(Tensor::autodiff),
            noise: self.noise.map(Tensor::autodiff),
            place: self.place,
        }
    }
}

/// The loss of a batch, and what follows a step that was taken by its gradient.
#[derive(Clone, Debug)]
pub struct Loss {
    /// The parts of it, each of shape `[1]`; what is measured beside them follows from the statistics.
    pub terms: Terms<Tensor<1>>,
    /// What weights follow otherwise than by a gradient.
    pub statistics: Option<Statistics>,
    /// What the encoder said of the images; of a network that has one, and where no step is taken.
    pub encoding: Option<Encoding>,
}

/// What a batch shows besides a gradient, such as how it uses the codes. Of several parts of a batch it is added, each part
/// scaled by its share.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// Averages over the images; the first one is of how often an image uses each code, `[K]`.
    pub averages: Vec<Tensor<1>>,
    /// Examples, those of each part behind those of the parts before it; fewer where a batch has too little.
    pub examples: Vec<Tensor<2>>,
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
            examples: self.examples.into_iter().map(Tensor::inner).collect(),
        }
    }
}

impl std::ops::Add for Statistics {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        let pairs = self.averages.into_iter().zip(other.averages);
        Self {
            averages: pairs.map(|(a, b)| a + b).collect(),
            examples: [self.examples, other.examples].concat(),
        }
    }
}

/// What can be trained: parameters, and the loss of a batch as a pure function of their values.
pub trait Network: Send {
    /// What it learns from at once.
    type Batch: Examples;

    /// The parameters.
    fn layout(&self) -> &Layout;

    /// What its loss consists of, and what is measured beside it.
    fn terms(&self) -> Terms<()>;

    /// How long the averages of its statistics are.
    fn averages(&self) -> Vec<usize> {
        Vec::new()
    }

    /// The parts of a batch's loss, and what is measured beside them.
    fn measured(&self, parts: Terms<Tensor<1>>, _statistics: Option<&Statistics>) -> Terms<Tensor<1>> {
        parts
    }

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

    fn averages(&self) -> Vec<usize> {
        (**self).averages()
    }

    fn measured(&self, parts: Terms<Tensor<1>>, statistics: Option<&Statistics>) -> Terms<Tensor<1>> {
        (**self).measured(parts, statistics)
    }

    fn loss(&self, weights: &Weights, batch: Batch, step: Option<u64>) -> Loss {
        (**self).loss(weights, batch, step)
    }

    fn follow(&self, weights: Tensor<1>, statistics: Statistics) -> Tensor<1> {
        (**self).follow(weights, statistics)
    }
}
