//! Training: a model, its weights and its optimiser on one device.

mod bias_map;
mod check;
mod codes;
mod draw;
mod look;
mod prior;
mod resume;
mod sound;
mod state;
mod transfer;

use burn::tensor::{Device, Tensor};

use crate::data::MAX_NUMBERS;
use crate::error::Result;
use crate::loss::LossTerms;
pub use crate::model::Stage;
pub use crate::model::config::MAX_BATCH;
use crate::model::config::{Common, check_beta, check_rate};
use crate::model::{Encoding, Model, ModelConfig, Weights};
use crate::optim::Adam;
use crate::rng::{Rng, Stream};

use bias_map::logit;
pub use check::count_images;
use check::{as_input, check_images, check_step};
pub use draw::Given;
pub use look::Evaluation;
pub use prior::{SampleSettings, Sampled};
pub use state::Gradients;
use state::{Progress, State};
use transfer::{read_terms, upload};

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
    /// What is trained: the codes, or the prior over them.
    pub stage: Stage,
    /// The classes of the images, `[batch]`, for a prior that can be asked for one.
    pub labels: Option<Vec<u8>>,
    /// Whether the loss is not read, which saves waiting for the device.
    pub unread: bool,
}

/// A model in training.
pub struct Trainer {
    config: ModelConfig,
    model: Box<dyn Model>,
    device: Device,
    seed: u64,
    state: State,
    /// The last state whose loss was read and was sound.
    good: State,
    /// The lowest loss read of late, of the stage that was trained last.
    lowest: (Stage, f32),
    /// Whether nobody read the loss of the last step.
    unread: bool,
    /// Free text that a checkpoint carries along.
    pub notes: String,
}

impl Trainer {
    /// A fresh model. `mean_image` sets the output bias map where the configuration has one;
    /// without it the mean of the first batch does.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) for a configuration that cannot be built,
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a mean image that is none.
    pub fn new(config: ModelConfig, seed: u64, mean_image: Option<&[f32]>, device: &Device) -> Result<Self> {
        let config = config.resolved()?;
        let model = config.family().init();
        let layout = model.layout();
        let mut weights = layout.initialize(seed);
        let map = layout.bias_map();
        if let Some(mean) = mean_image {
            check_images(mean, config.common().image, 1)?;
            if let Some(range) = map.clone() {
                weights[range].copy_from_slice(&logit(mean));
            }
        }
        let begin = |stage| Progress {
            adam: Adam::new(layout.stage(stage).len(), device),
            step: 0,
        };
        let state = State {
            codes: begin(Stage::Codes),
            prior: (!layout.stage(Stage::Prior).is_empty()).then(|| begin(Stage::Prior)),
            weights: upload(weights, [layout.len()], device),
            noise: Rng::new(seed, Stream::Noise),
            bias_pending: map.is_some() && mean_image.is_none(),
        };
        Ok(Self::with_state(config, model, device, seed, state))
    }

    fn with_state(config: ModelConfig, model: Box<dyn Model>, device: &Device, seed: u64, state: State) -> Self {
        Self {
            config,
            model,
            device: device.clone(),
            seed,
            good: state.clone(),
            lowest: (Stage::Codes, f32::INFINITY),
            unread: false,
            state,
            notes: String::new(),
        }
    }

    /// The resolved configuration.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// How many numbers are trained.
    pub fn parameters(&self) -> usize {
        self.model.layout().trained()
    }

    /// Numbers of one latent.
    pub fn latent(&self) -> usize {
        self.model.latent()
    }

    /// Whether the encoder says how sure it is: a variance beside each mean.
    pub fn is_variational(&self) -> bool {
        matches!(self.config, ModelConfig::Vae(_))
    }

    /// Training steps done.
    pub fn step_count(&self) -> u64 {
        self.state.codes.step
    }

    /// Training steps of the prior over codes; nothing where the model has none.
    pub fn prior_steps(&self) -> Option<u64> {
        self.state.prior.as_ref().map(|prior| prior.step)
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
    pub async fn step(&mut self, images: &[f32], settings: &StepSettings) -> Result<Option<LossTerms>> {
        let learning_rate = settings
            .learning_rate
            .unwrap_or(self.common().learning_rate(settings.stage));
        check_rate("learning_rate", learning_rate).map_err(as_input)?;
        let before = self.state.clone();
        let (gradients, terms) = self.gradients(images, settings)?;
        self.apply(gradients, learning_rate);
        self.unread = settings.unread;
        if settings.unread {
            return Ok(None);
        }
        let terms = read_terms(terms).await;
        self.conclude(before, terms, settings.stage, learning_rate).map(Some)
    }

    /// The gradient of a batch and the terms of its loss, not yet read. Draws noise unless it is given, and
    /// sets the output bias map at the first batch of a fresh model; changes nothing else.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput), with nothing changed.
    pub fn gradients(&mut self, images: &[f32], settings: &StepSettings) -> Result<(Gradients, LossTerms<Tensor<1>>)> {
        let batch = check_images(images, self.image(), MAX_BATCH)?;
        check_step(batch, self.model.layout().activations(settings.stage))?;
        if let Some(beta) = settings.beta {
            check_beta(beta).map_err(as_input)?;
        }
        let given = Given {
            noise: settings.noise.as_deref(),
            mask: settings.mask.as_deref(),
        };
        self.check_given(given, batch)?;
        if settings.stage == Stage::Prior {
            return self.prior_gradients(images, settings.labels.as_deref());
        }
        if self.state.bias_pending {
            self.set_bias_map(images, batch);
        }
        let mut rng = self.state.noise.clone();
        let batch = self.draw(images, given, &mut rng, true).autodiff();
        let step = self.state.codes.step;
        let beta = settings.beta.unwrap_or(self.common().training.kl_weight(step)) as f32;
        let weights = Weights::trainable(self.model.layout(), &self.state.weights);
        let encoding = self.model.encode(&weights, batch.inputs);
        let said = Encoding::point(encoding.mean.clone().inner());
        let terms = self.model.loss(&weights, encoding, batch.targets, batch.noise, step);
        let gradients = Gradients {
            vector: self.part(Stage::Codes, weights.gradient(&terms.weighted(beta))),
            stage: Stage::Codes,
            uses: self.model.uses(&self.frozen(), said),
        };
        self.state.noise = rng;
        Ok((gradients, terms.map(Tensor::inner)))
    }

    /// Of a vector in the order of all weights what a stage trains.
    fn part(&self, stage: Stage, vector: Tensor<1>) -> Tensor<1> {
        let range = self.model.layout().stage(stage);
        if range.len() == vector.dims()[0] {
            return vector;
        }
        vector.slice([range])
    }

    /// One update of the weights; counts as a step. The configuration's warm-up of the rate applies.
    pub fn apply(&mut self, gradients: Gradients, learning_rate: f64) {
        let Gradients { vector, stage, uses } = gradients;
        let training = self.config.common().training;
        let before = self.state.weights.clone();
        let part = self.part(stage, before.clone());
        let progress = self.state.of_mut(stage);
        // By the optimiser's own count: weights that were opened without its state begin it anew.
        let updates = progress.adam.updates;
        let step_size = training.step_size(learning_rate, updates, updates < progress.step);
        let mut weights = progress.adam.update(part, vector, step_size, training.epsilon);
        progress.step += 1;
        let layout = self.model.layout();
        if weights.dims() != before.dims() {
            weights = before.slice_assign([layout.stage(stage)], weights);
        }
        if let (Some(grid), Some(uses)) = (self.model.grid(), uses) {
            weights = grid.codebook.follow(layout, weights, uses);
        }
        self.state.weights = weights;
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
        (MAX_NUMBERS / self.pixels().max(self.model.latent())).clamp(1, MAX_IMAGES)
    }
}
