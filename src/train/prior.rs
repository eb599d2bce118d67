//! The prior that learns what its model encodes: trained and measured.

use burn::tensor::Tensor;

use super::Session;
use super::check::{as_input, check_images, check_labels, check_step};
use super::gradients::Slope;
use super::parts::{Contribution, Work};
use super::trainer::{State, Trainer};
use crate::error::{Error, Result};
use crate::loss::highest;
use crate::model::config::{MAX_BATCH, check_rate};
use crate::model::latents::no_codes;
use crate::model::prior::{CodeBatch, Prior};
use crate::model::{Encoding, Network, Weights, memory};
use crate::terms::Terms;
use crate::transfer::{read_answer, upload_rows};

/// While a prior is trained by class, so many images pass for any class: then it can be asked for none.
const ANY_CLASS: f32 = 0.25;

/// What one training step of a prior may choose.
#[derive(Clone, Debug, Default)]
pub struct PriorSettings {
    /// Adam's step size, in place of the configuration's.
    pub learning_rate: Option<f64>,
    /// The classes of the images, `[batch]`, for a prior that can be asked for one.
    pub labels: Option<Vec<u8>>,
    /// Whether the loss is not read, which saves waiting for the device.
    pub unread: bool,
}

impl Session {
    /// One training step of the prior on the codes of images `[batch, pixels]`. Returns its negative log-likelihood, in nats
    /// per image, before the update, or `None` where the settings leave it unread.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub async fn step_prior(&mut self, images: &[f32], settings: &PriorSettings) -> Result<Option<Terms>> {
        let prior = self.trained_prior()?;
        let learning_rate = settings.learning_rate.unwrap_or(prior.training.learning_rate);
        check_rate("learning_rate", learning_rate).map_err(as_input)?;
        let (batch, ready) = self.prior_batch(images, settings)?;
        let Some(prior) = &mut self.prior else {
            return Err(no_prior());
        };
        let slope: Slope = prior.gradients(&batch, 1.0)?;
        let before = std::mem::replace(&mut prior.state, ready);
        prior.update(before, slope, learning_rate, settings.unread).await
    }

    /// Begins a step of the prior whose gradient [replicas](super::Replica) compute, as [`begin_step`](Self::begin_step) does of
    /// the model.
    ///
    /// # Errors
    /// As [`step_prior`](Self::step_prior).
    pub async fn begin_prior_step(&mut self, images: &[f32], settings: &PriorSettings) -> Result<Work> {
        let prior = self.trained_prior()?;
        let learning_rate = settings.learning_rate.unwrap_or(prior.training.learning_rate);
        check_rate("learning_rate", learning_rate).map_err(as_input)?;
        let (batch, ready) = self.prior_batch(images, settings)?;
        match &mut self.prior {
            Some(prior) => prior.begin_step(ready, &batch, 1.0, learning_rate).read().await,
            None => Err(no_prior()),
        }
    }

    /// Ends the step of the prior that was begun last.
    ///
    /// # Errors
    /// As [`Trainer::end_step`].
    pub async fn end_prior_step(&mut self, contributions: Vec<Contribution>) -> Result<Terms> {
        let prior = self.prior.as_mut().ok_or_else(no_prior)?;
        prior.end_step(contributions).await
    }

    /// The codes of a batch with the classes that are shown, and the prior's state once these are drawn.
    fn prior_batch(&self, images: &[f32], settings: &PriorSettings) -> Result<(CodeBatch, State)> {
        let count = check_images(images, self.image(), MAX_BATCH)?;
        let prior = self.trained_prior()?;
        check_step(count, memory::activations(&self.layouts()))?;
        if let Some(labels) = &settings.labels {
            check_labels(labels, prior.network.classes(), count)?;
        }
        let mut ready = prior.state.clone();
        let shown: Vec<_> = (0..count)
            .map(|row| settings.labels.as_ref().map(|labels| usize::from(labels[row])))
            .map(|label| label.filter(|_| ready.noise.uniform() >= ANY_CLASS))
            .collect();
        let batch = self.code_batch(prior, &self.model.frozen(), images, |row| shown[row])?;
        Ok((batch, ready))
    }

    /// The negative log-likelihood of the codes of images `[batch, pixels]` under the prior, in nats per image.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), [`Diverged`](crate::ErrorKind::Diverged) where the answer is no
    /// number, or [`Device`](crate::ErrorKind::Device).
    pub async fn evaluate_prior(&self, images: &[f32], labels: Option<&[u8]>) -> Result<f32> {
        let prior = self.trained_prior()?;
        let count = check_images(images, self.image(), self.most_images())?;
        if let Some(labels) = labels {
            check_labels(labels, prior.network.classes(), count)?;
        }
        let (model_weights, prior_weights) = (self.model.frozen(), prior.frozen());
        let at_once = self.grids_at_once();
        let mut sum = 0.0;
        for (index, chunk) in images.chunks(at_once * self.pixels()).enumerate() {
            let size = chunk.len() / self.pixels();
            let label = |row: usize| labels.map(|labels| usize::from(labels[index * at_once + row]));
            let batch = self.code_batch(prior, &model_weights, chunk, label)?;
            let loss = prior.network.loss(&prior_weights, batch, None).terms.loss(1.0);
            let nats = read_answer(loss).await?[0];
            sum += f64::from(nats) * size as f64 / count as f64;
        }
        Ok(sum as f32)
    }

    /// The codes of images, which stay on the device, with the classes that are shown beside them.
    fn code_batch(
        &self,
        prior: &Trainer<Prior>,
        weights: &Weights,
        images: &[f32],
        label: impl Fn(usize) -> Option<usize>,
    ) -> Result<CodeBatch> {
        let Encoding::Grid { scores, .. } = self.model.network.encode(weights, self.rows(images)) else {
            return Err(no_codes());
        };
        let count = images.len() / self.pixels();
        Ok(CodeBatch {
            choices: highest(scores),
            classes: self.classes(&prior.network, count, label),
        })
    }

    /// Classes as ones, the last of which stands for any, `[count, classes + 1]`.
    pub(super) fn classes(&self, prior: &Prior, count: usize, label: impl Fn(usize) -> Option<usize>) -> Tensor<2> {
        let width = prior.classes() + 1;
        let mut ones = vec![0.0; count * width];
        for (index, row) in ones.chunks_exact_mut(width).enumerate() {
            row[label(index).unwrap_or(prior.classes())] = 1.0;
        }
        upload_rows(ones, count, &self.device)
    }

    /// The prior of a model that was trained.
    pub(super) fn trained_prior(&self) -> Result<&Trainer<Prior>> {
        if !self.space().is_grid() {
            return Err(no_codes());
        }
        let prior = self.prior.as_ref().ok_or_else(no_prior)?;
        if self.step_count() == 0 {
            return Err(Error::input(
                "the codes are not trained yet, and the prior learns those; train the stage \"codes\" first",
            ));
        }
        Ok(prior)
    }
}

pub(super) fn no_prior() -> Error {
    Error::input("this model has no prior over its codes; take a preset such as \"E17\"")
}
