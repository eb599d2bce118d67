//! The gradient of a loss: of a batch, or of its parts, which are added.

use burn::tensor::Tensor;

use crate::error::Result;
use crate::model::{Examples, Network, Place, Statistics, Tensors, Weights};
use crate::terms::Terms;
use crate::transfer::read;

/// The gradient of a loss in the order of all weights, and what the batch shows about weights that have none. Those of
/// several parts of a batch are added.
#[derive(Clone, Debug)]
pub struct Gradients {
    pub(super) vector: Tensor<1>,
    pub(super) statistics: Option<Statistics>,
}

impl std::ops::Add for Gradients {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            vector: self.vector + other.vector,
            statistics: self.statistics.zip(other.statistics).map(|(a, b)| a + b),
        }
    }
}

impl Gradients {
    /// The gradient times a number, such as the share of a batch.
    #[must_use]
    pub fn scale(self, factor: f32) -> Self {
        Self {
            vector: self.vector * factor,
            statistics: self.statistics.map(|statistics| statistics.scale(factor)),
        }
    }

    /// The numbers, `[parameters]`.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer.
    pub async fn read(&self) -> Result<Vec<f32>> {
        read(self.vector.clone()).await
    }
}

/// The gradient of a loss, and the parts of that loss, each of shape `[1]`.
pub type Slope = (Gradients, Terms<Tensor<1>>);

/// What a part of a batch adds to its gradient, at a step and with the weight of the terms that have one; nothing where a
/// tensor of it is missing.
pub(super) fn slope<N: Network>(
    network: &N,
    weights: &Tensor<1>,
    (tensors, place): (Tensors, Place),
    (step, beta): (u64, f32),
) -> Option<Slope> {
    let examples = N::Batch::of(tensors, place)?.autodiff();
    let weights = Weights::trainable(network.layout(), weights);
    let loss = network.loss(&weights, examples, Some(step));
    let share = place.share();
    let shared = |loss: Tensor<1>| if share == 1.0 { loss } else { loss * share };
    // The share is a factor of the loss, so that no gradient has to be multiplied by it.
    let gradients = Gradients {
        vector: weights.gradient(&shared(loss.terms.loss(beta))),
        statistics: loss.statistics.map(|statistics| statistics.inner().scale(share)),
    };
    Some((gradients, loss.terms.map(|term| shared(term.inner()))))
}

/// The parts of a batch added in their order, with what is measured beside the loss; nothing where one is missing.
pub(super) fn sum<N: Network>(network: &N, parts: impl IntoIterator<Item = Option<Slope>>) -> Option<Slope> {
    let mut parts = parts.into_iter();
    let first = parts.next()??;
    let (gradients, terms) = parts.try_fold(first, |(gradients, terms), part| {
        let (more, more_terms) = part?;
        Some((gradients + more, terms + more_terms))
    })?;
    let terms = network.measured(terms, gradients.statistics.as_ref());
    Some((gradients, terms))
}
