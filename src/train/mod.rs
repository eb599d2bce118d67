//! Training: a model, its weights and its optimiser on one device.

mod check;
mod draw;
mod look;
mod resume;
mod transfer;

use burn::tensor::{Device, Tensor};

use crate::error::{Error, ErrorKind, Result};
use crate::loss::LossTerms;
pub use crate::model::config::MAX_BATCH;
use crate::model::config::{Common, check_beta, check_rate};
use crate::model::{Model, ModelConfig, Weights};
use crate::optim::Adam;
use crate::rng::{Rng, Stream};

use check::{as_input, check_images};
pub use draw::Given;
pub use look::Evaluation;
use transfer::{read, read_terms, upload};

/// The most images or latents of any other call.
pub const MAX_IMAGES: usize = 60_000;
/// A state is sound while its loss is at most this many times the lowest: on the way to no number
/// at all, weights are ruined before the loss overflows.
const SOUND: f32 = 10.0;
/// The mean image is clipped to this and one minus this before its logit is taken.
const MEAN_CLIP: f32 = 0.002;

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

/// The gradient of a loss in the order of the model's weights. Gradients of several parts of a
/// batch are added.
#[derive(Clone, Debug)]
pub struct Gradients {
    vector: Tensor<1>,
}

impl std::ops::Add for Gradients {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            vector: self.vector + other.vector,
        }
    }
}

impl Gradients {
    /// The gradient times a number, such as the share of a batch.
    #[must_use]
    pub fn scale(self, factor: f32) -> Self {
        Self {
            vector: self.vector * factor,
        }
    }

    /// The numbers, `[parameters]`.
    ///
    /// # Errors
    /// [`Device`](ErrorKind::Device) when the device does not answer.
    pub async fn read(&self) -> Result<Vec<f32>> {
        read(self.vector.clone()).await
    }
}

/// All that a training step changes. Tensors are shared, so that a copy costs nothing.
#[derive(Clone, Debug)]
struct State {
    weights: Tensor<1>,
    adam: Adam,
    step: u64,
    noise: Rng,
    /// Whether the output bias map still waits for a mean image.
    bias_pending: bool,
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
    /// The lowest loss read so far.
    lowest: f32,
    /// Free text that a checkpoint carries along.
    pub notes: String,
}

impl Trainer {
    /// A fresh model. `mean_image` sets the output bias map where the configuration has one;
    /// without it the mean of the first batch does.
    ///
    /// # Errors
    /// [`InvalidConfig`](ErrorKind::InvalidConfig) for a configuration that cannot be built,
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a mean image that is none.
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
        let state = State {
            adam: Adam::new(weights.len(), device),
            weights: upload(weights, [layout.len()], device),
            step: 0,
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
            lowest: f32::INFINITY,
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
        self.model.layout().len()
    }

    /// Numbers of one latent.
    pub fn latent(&self) -> usize {
        self.model.latent()
    }

    /// Training steps done.
    pub fn step_count(&self) -> u64 {
        self.state.step
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
    /// [`InvalidInput`](ErrorKind::InvalidInput) with nothing changed;
    /// [`Diverged`](ErrorKind::Diverged) when the loss is no finite number: then the weights are those
    /// of the last step whose loss was read and at most ten times the lowest.
    pub async fn step(&mut self, images: &[f32], settings: &StepSettings) -> Result<Option<LossTerms>> {
        let learning_rate = settings.learning_rate.unwrap_or(self.common().training.learning_rate);
        check_rate("learning_rate", learning_rate).map_err(as_input)?;
        let before = self.state.clone();
        let (gradients, terms) = self.gradients(images, settings)?;
        self.apply(gradients, learning_rate);
        if settings.unread {
            return Ok(None);
        }
        let terms = read_terms(terms).await?;
        if terms.is_finite() {
            self.lowest = self.lowest.min(terms.total());
            if terms.total() <= SOUND * self.lowest {
                self.good = before;
            }
            return Ok(Some(terms));
        }
        let step = self.state.step;
        self.state = self.good.clone();
        Err(Error::new(
            ErrorKind::Diverged,
            format!(
                "the loss of step {step} is not a number; the weights of step {} are back: take a learning rate below {learning_rate}",
                self.state.step
            ),
        ))
    }

    /// The gradient of a batch and the terms of its loss, not yet read. Draws noise unless it is given, and
    /// sets the output bias map at the first batch of a fresh model; changes nothing else.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput), with nothing changed.
    pub fn gradients(&mut self, images: &[f32], settings: &StepSettings) -> Result<(Gradients, LossTerms<Tensor<1>>)> {
        let batch = check_images(images, self.image(), MAX_BATCH)?;
        if let Some(beta) = settings.beta {
            check_beta(beta).map_err(as_input)?;
        }
        let given = Given {
            noise: settings.noise.as_deref(),
            mask: settings.mask.as_deref(),
        };
        self.check_given(given, batch)?;
        if self.state.bias_pending {
            self.set_bias_map(images, batch);
        }
        let mut rng = self.state.noise.clone();
        let batch = self.draw(images, given, &mut rng).autodiff();
        self.state.noise = rng;
        let schedule = self.common().training.kl_weight(self.state.step);
        let kl_weight = settings.beta.unwrap_or(schedule) as f32;
        let weights = Weights::trainable(self.model.layout(), &self.state.weights);
        let encoding = self.model.encode(&weights, batch.inputs);
        let terms = self.model.loss(&weights, encoding, batch.targets, batch.noise);
        let vector = weights.gradient(&terms.weighted(kl_weight));
        let terms = LossTerms {
            reconstruction: terms.reconstruction.inner(),
            kl: terms.kl.map(Tensor::inner),
        };
        Ok((Gradients { vector }, terms))
    }

    /// One update of the weights; counts as a step. The configuration's warm-up of the rate applies.
    pub fn apply(&mut self, gradients: Gradients, learning_rate: f64) {
        let training = self.config.common().training;
        // By the optimiser's own count: weights that were opened without its state begin it anew.
        let step_size = training.step_size(learning_rate, self.state.adam.updates);
        let State { weights, adam, .. } = &mut self.state;
        *weights = adam.update(weights.clone(), gradients.vector, step_size, training.epsilon);
        self.state.step += 1;
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

    fn set_bias_map(&mut self, images: &[f32], batch: usize) {
        let mut mean = vec![0.0; self.pixels()];
        for image in images.chunks_exact(mean.len()) {
            mean.iter_mut()
                .zip(image)
                .for_each(|(sum, pixel)| *sum += pixel / batch as f32);
        }
        if let Some(range) = self.model.layout().bias_map() {
            let map = upload(logit(&mean), [mean.len()], &self.device);
            let weights = self.state.weights.clone().slice_assign([range], map);
            self.state.weights = weights;
        }
        self.state.bias_pending = false;
    }
}

fn logit(mean: &[f32]) -> Vec<f32> {
    mean.iter()
        .map(|p| {
            let p = p.clamp(MEAN_CLIP, 1.0 - MEAN_CLIP);
            (p / (1.0 - p)).ln()
        })
        .collect()
}
