//! What a training step changes, and what it is changed by.

use burn::tensor::Tensor;

use super::Stage;
use super::transfer::read;
use crate::error::Result;
use crate::model::codebook::Uses;
use crate::optim::Adam;
use crate::rng::Rng;

/// The gradient of a loss in the order of the weights that a stage trains, and what the batch says about the codebook.
/// Those of several parts of a batch are added.
#[derive(Clone, Debug)]
pub struct Gradients {
    pub(super) vector: Tensor<1>,
    pub(super) stage: Stage,
    pub(super) uses: Option<Uses>,
}

impl std::ops::Add for Gradients {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            vector: self.vector + other.vector,
            stage: self.stage,
            uses: self.uses.zip(other.uses).map(|(a, b)| a + b),
        }
    }
}

impl Gradients {
    /// The gradient times a number, such as the share of a batch.
    #[must_use]
    pub fn scale(self, factor: f32) -> Self {
        Self {
            vector: self.vector * factor,
            stage: self.stage,
            uses: self.uses.map(|uses| uses.scale(factor)),
        }
    }

    /// The numbers, `[parameters]` of the stage.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer.
    pub async fn read(&self) -> Result<Vec<f32>> {
        read(self.vector.clone()).await
    }
}

/// All that a training step changes. Tensors are shared, so that a copy costs nothing.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) weights: Tensor<1>,
    pub(super) codes: Progress,
    /// Of a model that has a prior over its codes.
    pub(super) prior: Option<Progress>,
    pub(super) noise: Rng,
    /// Whether the output bias map still waits for a mean image.
    pub(super) bias_pending: bool,
}

/// How far a stage is.
#[derive(Clone, Debug)]
pub(super) struct Progress {
    pub(super) adam: Adam,
    pub(super) step: u64,
}

impl State {
    pub(super) fn of(&self, stage: Stage) -> &Progress {
        match (stage, &self.prior) {
            (Stage::Prior, Some(prior)) => prior,
            _ => &self.codes,
        }
    }

    pub(super) fn of_mut(&mut self, stage: Stage) -> &mut Progress {
        match (stage, &mut self.prior) {
            (Stage::Prior, Some(prior)) => prior,
            _ => &mut self.codes,
        }
    }
}
