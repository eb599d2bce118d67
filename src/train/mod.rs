//! Training: models and their priors on one device, and what is asked of them.

mod bias_map;
mod check;
mod draw;
mod gradients;
mod look;
mod parts;
mod prior;
mod replica;
mod resume;
mod sample;
mod trainer;

use burn::tensor::Device;

use crate::data::MAX_NUMBERS;
use crate::error::Result;
pub use crate::model::config::MAX_BATCH;
use crate::model::config::{check_beta, check_rate};
use crate::model::family::Common;
use crate::model::prior::Prior;
use crate::model::{Batch, LatentSpace, Layout, Model, ModelConfig, Network};
use crate::rng::{Rng, Stream};
use crate::terms::Terms;

pub use check::count_images;
use check::{as_input, check_images, check_step};
pub use draw::Given;
pub use gradients::{Gradients, Slope};
pub use look::Evaluation;
pub use parts::{Contribution, Part, Work};
pub use prior::PriorSettings;
pub use replica::Replica;
pub use sample::{SampleSettings, Sampled};
pub use trainer::Trainer;

/// The most images or latents of any other call.
pub const MAX_IMAGES: usize = 60_000;

/// What one training step may choose; what is left out is the configuration's.
#[derive(Clone, Debug, Default)]
pub struct StepSettings {
    /// Adam's step size, once the configuration's warm-up is over.
    pub learning_rate: Option<f64>,
    /// Weight of the KL, in place of the configuration's schedule.
    pub beta: Option<f64>,
    /// In place of drawn noise, as in [`Given`].
    pub noise: Option<Vec<f32>>,
    /// In place of drawn masks, as in [`Given`].
    pub mask: Option<Vec<f32>>,
    /// Whether the loss is not read, which saves waiting for the device.
    pub unread: bool,
}

/// A model in training, and the prior that learns its codes where it has one.
pub struct Session {
    config: ModelConfig,
    device: Device,
    seed: u64,
    /// The model.
    pub model: Trainer<Box<dyn Model>>,
    /// What learns the codes of the model.
    pub prior: Option<Trainer<Prior>>,
    /// Free text that a checkpoint carries along.
    pub notes: String,
}

impl Session {
    /// A fresh model. `mean_image` sets the output bias map where the configuration has one;
    /// without it the mean of the first batch does.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) for a configuration that cannot be built,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a mean image that is none.
    pub fn new(config: ModelConfig, seed: u64, mean_image: Option<&[f32]>, device: &Device) -> Result<Self> {
        let config = config.resolved()?;
        if let Some(mean) = mean_image {
            check_images(mean, config.common().image, 1)?;
        }
        let family = config.family();
        let mut weights = Rng::new(seed, Stream::Weights);
        let training = config.common().training.clone();
        let model = Trainer::begin(
            family.init(),
            training,
            &mut weights,
            Rng::new(seed, Stream::Noise),
            device,
        );
        let prior = family.prior().map(|(prior, training)| {
            let noise = Rng::new(seed, Stream::Prior);
            Trainer::begin(prior, training, &mut weights, noise, device)
        });
        let mut session = Self {
            device: device.clone(),
            seed,
            model,
            prior,
            notes: String::new(),
            config,
        };
        if let Some(mean) = mean_image {
            session.set_bias_map(mean);
        }
        Ok(session)
    }

    /// The resolved configuration.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// How many numbers are trained.
    pub fn parameters(&self) -> usize {
        self.layouts().iter().map(|layout| layout.trained()).sum()
    }

    /// What the model encodes images to.
    pub fn space(&self) -> LatentSpace {
        self.model.network.space()
    }

    /// Training steps of the model.
    pub fn step_count(&self) -> u64 {
        self.model.state.step
    }

    /// Training steps of the prior over codes; nothing where the model has none.
    pub fn prior_steps(&self) -> Option<u64> {
        self.prior.as_ref().map(|prior| prior.state.step)
    }

    /// The seed of the run.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// One training step. Returns the terms of the loss before the update, or `None` where
    /// the settings leave them unread.
    ///
    /// # Shapes
    /// - images: `[batch, pixels]` in `[0, 1]`, a batch of 1 to [`MAX_BATCH`]
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with nothing changed;
    /// [`Device`](crate::ErrorKind::Device) when the device does not answer, with nothing changed either;
    /// [`Diverged`](crate::ErrorKind::Diverged) when the loss is no finite number: then weights, optimiser and step are those
    /// of the newest state whose loss was read and at most ten times the lowest, or else those that it began with.
    pub async fn step(&mut self, images: &[f32], settings: &StepSettings) -> Result<Option<Terms>> {
        let learning_rate = settings.learning_rate.unwrap_or(self.model.training.learning_rate);
        check_rate("learning_rate", learning_rate).map_err(as_input)?;
        let before = self.model.state.clone();
        let gradients = self.gradients(images, settings)?;
        self.model
            .update(before, gradients, learning_rate, settings.unread)
            .await
    }

    /// Begins a step whose gradient [replicas](Replica) of the model compute: what [`step`](Self::step) would do, up to the
    /// bit. Nothing changes until [`Trainer::end_step`] is given what they found.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub async fn begin_step(&mut self, images: &[f32], settings: &StepSettings) -> Result<Work> {
        let learning_rate = settings.learning_rate.unwrap_or(self.model.training.learning_rate);
        check_rate("learning_rate", learning_rate).map_err(as_input)?;
        let before = self.model.state.clone();
        let (batch, beta) = self.batch(images, settings)?;
        let ready = std::mem::replace(&mut self.model.state, before);
        self.model.begin_step(ready, &batch, beta, learning_rate).read().await
    }

    /// The gradient of a batch and the terms of its loss, not yet read. Draws noise unless it is given, and
    /// sets the output bias map at the first batch of a fresh model; changes nothing else.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), with nothing changed.
    pub fn gradients(&mut self, images: &[f32], settings: &StepSettings) -> Result<Slope> {
        let (batch, beta) = self.batch(images, settings)?;
        self.model.gradients(&batch, beta)
    }

    /// A batch on the device and the weight of its KL. Draws noise unless it is given, and sets the output bias map at the
    /// first batch of a fresh model.
    fn batch(&mut self, images: &[f32], settings: &StepSettings) -> Result<(Batch, f32)> {
        let count = check_images(images, self.image(), MAX_BATCH)?;
        check_step(count, self.model.network.layout().activations())?;
        if let Some(beta) = settings.beta {
            check_beta(beta).map_err(as_input)?;
        }
        let given = Given {
            noise: settings.noise.as_deref(),
            mask: settings.mask.as_deref(),
        };
        self.check_given(given, count)?;
        if self.model.state.bias_pending {
            self.set_bias_map(images);
        }
        let mut rng = self.model.state.noise.clone();
        let batch = self.draw(images, given, &mut rng, true);
        self.model.state.noise = rng;
        let scheduled = self.model.training.kl_weight(self.model.state.step);
        Ok((batch, settings.beta.unwrap_or(scheduled) as f32))
    }

    /// The layouts of all networks, in the order in which a checkpoint has them.
    fn layouts(&self) -> Vec<&Layout> {
        let prior = self.prior.iter().map(|prior| prior.network.layout());
        std::iter::once(self.model.network.layout()).chain(prior).collect()
    }

    fn common(&self) -> Common<'_> {
        self.config.common()
    }

    fn image(&self) -> [usize; 2] {
        self.common().image
    }

    fn pixels(&self) -> usize {
        self.image().iter().product()
    }

    /// The most images of a call that is not a training step: what it takes and gives is bounded.
    pub fn most_images(&self) -> usize {
        (MAX_NUMBERS / self.pixels().max(self.space().numbers())).clamp(1, MAX_IMAGES)
    }
}
