//! A run that stops here and goes on elsewhere.

use burn::tensor::{Device, Tensor};

use super::transfer::{read, upload};
use super::{State, Trainer};
use crate::checkpoint::{AdamState, Checkpoint};
use crate::error::Result;
use crate::optim::Adam;
use crate::rng::Rng;

impl Trainer {
    /// The model of a checkpoint, ready to go on.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) when the generator's state is impossible.
    pub fn resume(checkpoint: Checkpoint, device: &Device) -> Result<Self> {
        let model = checkpoint.config.family().init();
        let adam = match checkpoint.adam {
            Some(AdamState { first, second, updates }) => Adam {
                first: vector(first, device),
                second: vector(second, device),
                updates,
            },
            None => Adam::new(checkpoint.weights.len(), device),
        };
        let state = State {
            adam,
            weights: vector(checkpoint.weights, device),
            step: checkpoint.step,
            noise: Rng::resume(&checkpoint.noise)?,
            bias_pending: checkpoint.bias_pending,
        };
        let mut trainer = Self::with_state(checkpoint.config, model, device, checkpoint.seed, state);
        trainer.notes = checkpoint.notes;
        Ok(trainer)
    }

    /// All that is needed to go on elsewhere.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        let state = self.state.clone();
        let vectors = Tensor::cat(vec![state.weights, state.adam.first, state.adam.second], 0);
        let mut weights = read(vectors).await?;
        let second = weights.split_off(2 * self.parameters());
        let first = weights.split_off(self.parameters());
        Ok(Checkpoint {
            config: self.config.clone(),
            step: state.step,
            seed: self.seed,
            noise: state.noise.state(),
            bias_pending: state.bias_pending,
            weights,
            adam: Some(AdamState {
                first,
                second,
                updates: state.adam.updates,
            }),
            notes: self.notes.clone(),
        })
    }
}

fn vector(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    upload(values, [length], device)
}
