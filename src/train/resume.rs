//! A run that stops here and goes on elsewhere.

use burn::tensor::{Device, Tensor};

use super::state::{Progress, State};
use super::transfer::{read, upload};
use super::{Stage, Trainer};
use crate::checkpoint::{AdamState, Checkpoint, Precision};
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
        let layout = model.layout();
        let progress = |stage, step, updates| {
            let range = layout.stage(stage);
            let adam = match &checkpoint.adam {
                Some(AdamState { first, second, .. }) => Adam {
                    first: vector(first[range.clone()].to_vec(), device),
                    second: vector(second[range].to_vec(), device),
                    updates,
                },
                None => Adam::new(range.len(), device),
            };
            Progress { adam, step }
        };
        let updates = checkpoint.adam.as_ref().map_or([0, 0], |adam| adam.updates);
        let has_prior = !layout.stage(Stage::Prior).is_empty();
        let state = State {
            codes: progress(Stage::Codes, checkpoint.step, updates[0]),
            prior: has_prior.then(|| progress(Stage::Prior, checkpoint.prior_step, updates[1])),
            weights: vector(checkpoint.weights, device),
            noise: Rng::resume(&checkpoint.noise)?,
            bias_pending: checkpoint.bias_pending,
        };
        let mut trainer = Self::with_state(checkpoint.config, model, device, checkpoint.seed, state);
        trainer.notes = checkpoint.notes;
        Ok(trainer)
    }

    /// A checkpoint's file of the state as it is.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer; [`Diverged`](crate::ErrorKind::Diverged) when
    /// the weights are not all finite: then the newest sound state is back, as after a [`step`](Self::step), and can be saved.
    pub async fn save(&mut self, precision: Precision) -> Result<Vec<u8>> {
        let checkpoint = self.checkpoint().await?;
        if checkpoint.is_finite() {
            // Nobody knows the loss of these weights; that they are numbers is known now.
            if self.unread {
                self.good = self.state.clone();
            }
            return checkpoint.to_bytes(precision);
        }
        let what = format!("the weights of step {} are not all finite numbers", checkpoint.step);
        Err(self.diverged(&what, self.lowest.0, "save these, and take a smaller learning rate"))
    }

    /// All that is needed to go on elsewhere.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        let state = self.state.clone();
        let stages = || std::iter::once(&state.codes).chain(&state.prior);
        let first = stages().map(|stage| stage.adam.first.clone());
        let second = stages().map(|stage| stage.adam.second.clone());
        let vectors = std::iter::once(state.weights.clone()).chain(first).chain(second);
        let mut weights = read(Tensor::cat(vectors.collect(), 0)).await?;
        let count = self.model.layout().len();
        let second = weights.split_off(2 * count);
        let first = weights.split_off(count);
        let prior = state.prior.as_ref();
        Ok(Checkpoint {
            config: self.config.clone(),
            step: state.codes.step,
            prior_step: prior.map_or(0, |prior| prior.step),
            seed: self.seed,
            noise: state.noise.state(),
            bias_pending: state.bias_pending,
            weights,
            adam: Some(AdamState {
                first,
                second,
                updates: [state.codes.adam.updates, prior.map_or(0, |prior| prior.adam.updates)],
            }),
            notes: self.notes.clone(),
        })
    }
}

fn vector(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    upload(values, [length], device)
}
