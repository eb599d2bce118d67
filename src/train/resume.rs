//! A run that stops here and goes on elsewhere.

use burn::tensor::{Device, Tensor};

use super::Session;
use super::trainer::{State, Trainer};
use crate::checkpoint::{AdamState, Checkpoint, Precision, Trained};
use crate::error::Result;
use crate::model::Network;
use crate::model::config::TrainConfig;
use crate::optim::Adam;
use crate::rng::Rng;
use crate::transfer::{read, upload};

impl Session {
    /// The model of a checkpoint, ready to go on.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](crate::ErrorKind::InvalidCheckpoint) when the generator's state is impossible.
    pub fn resume(checkpoint: Checkpoint, device: &Device) -> Result<Self> {
        let Checkpoint {
            config,
            seed,
            notes,
            bias_pending,
            model,
            prior,
        } = checkpoint;
        let family = config.family();
        let training = config.common().training.clone();
        let mut model = resumed(family.init(), training, model, device)?;
        model.state.bias_pending = bias_pending;
        let prior = match (family.prior(), prior) {
            (Some((network, training)), Some(trained)) => Some(resumed(network, training, trained, device)?),
            _ => None,
        };
        Ok(Self {
            device: device.clone(),
            seed,
            model,
            prior,
            notes,
            config,
        })
    }

    /// A checkpoint's file of the state as it is.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer; [`Diverged`](crate::ErrorKind::Diverged) when
    /// the weights are not all finite: then the newest sound state is back, as after a [`step`](Self::step), and can be saved.
    pub async fn save(&mut self, precision: Precision) -> Result<Vec<u8>> {
        let checkpoint = self.checkpoint().await?;
        judge(&mut self.model, &checkpoint.model)?;
        if let (Some(prior), Some(trained)) = (&mut self.prior, &checkpoint.prior) {
            judge(prior, trained)?;
        }
        checkpoint.to_bytes(precision)
    }

    /// All that is needed to go on elsewhere.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer.
    pub async fn checkpoint(&self) -> Result<Checkpoint> {
        Ok(Checkpoint {
            config: self.config.clone(),
            seed: self.seed,
            notes: self.notes.clone(),
            bias_pending: self.model.state.bias_pending,
            model: trained(&self.model).await?,
            prior: match &self.prior {
                Some(prior) => Some(trained(prior).await?),
                None => None,
            },
        })
    }
}

fn resumed<N: Network>(network: N, training: TrainConfig, trained: Trained, device: &Device) -> Result<Trainer<N>> {
    let vector = |values: Vec<f32>| {
        let length = values.len();
        upload(values, [length], device)
    };
    let adam = match trained.adam {
        Some(AdamState { first, second, updates }) => Adam {
            first: vector(first),
            second: vector(second),
            updates,
        },
        None => Adam::new(trained.weights.len(), device),
    };
    let state = State {
        weights: vector(trained.weights),
        adam,
        step: trained.step,
        noise: Rng::resume(&trained.noise)?,
        bias_pending: false,
    };
    Ok(Trainer::resume(network, training, state))
}

/// Reads what was trained.
async fn trained<N: Network>(trainer: &Trainer<N>) -> Result<Trained> {
    let State {
        weights,
        adam,
        step,
        noise,
        ..
    } = trainer.state.clone();
    let count = trainer.network.layout().len();
    let mut weights = read(Tensor::cat(vec![weights, adam.first, adam.second], 0)).await?;
    let second = weights.split_off(2 * count);
    let first = weights.split_off(count);
    Ok(Trained {
        step,
        noise: noise.state(),
        weights,
        adam: Some(AdamState {
            first,
            second,
            updates: adam.updates,
        }),
    })
}

/// Takes what was read for sound where it is finite, and goes back otherwise.
fn judge<N: Network>(trainer: &mut Trainer<N>, trained: &Trained) -> Result<()> {
    if trained.is_finite() {
        trainer.trust();
        return Ok(());
    }
    let what = format!("the weights of step {} are not all finite numbers", trained.step);
    Err(trainer.diverged(&what, "save these, and take a smaller learning rate"))
}
