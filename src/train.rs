//! Training: a model, its weights and its optimiser on one device.

use burn::tensor::{Device, Tensor, TensorData};

use crate::checkpoint::{AdamState, Checkpoint};
use crate::error::{Error, ErrorKind, Result};
use crate::loss::LossTerms;
use crate::model::config::{check_beta, check_rate};
use crate::model::{Encoding, Model, ModelConfig, Weights};
use crate::optim::Adam;
use crate::rng::{Rng, Stream};

/// The most images of one training step.
pub const MAX_BATCH: usize = 1024;
/// The most images or latents of any other call.
pub const MAX_IMAGES: usize = 60_000;
/// Images that go through a network at once outside of training; it bounds the memory.
const CHUNK: usize = 128;
/// The mean image is clipped to this and one minus this before its logit is taken.
const MEAN_CLIP: f32 = 0.002;

/// What one training step may choose; what is left out is the configuration's.
#[derive(Clone, Debug, Default)]
pub struct StepSettings {
    /// Adam's step size.
    pub learning_rate: Option<f64>,
    /// Weight of the KL, in place of the configuration's schedule.
    pub beta: Option<f64>,
    /// Noise `[batch, latent]` in place of the drawn one.
    pub noise: Option<Vec<f32>>,
    /// Whether the loss is not read, which saves waiting for the device.
    pub unread: bool,
}

/// The gradient of a loss in the order of the model's weights. Gradients of several parts of a
/// batch are added.
#[derive(Clone, Debug)]
pub struct Gradients {
    vector: Tensor<1>,
}

impl Gradients {
    /// The sum of two gradients.
    #[must_use]
    pub fn add(self, other: Self) -> Self {
        Self {
            vector: self.vector + other.vector,
        }
    }

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
    /// The last state whose loss was read and was finite.
    good: State,
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
            check_pixels(mean, config.family().image(), 1)?;
            if let Some(range) = map.clone() {
                weights[range].copy_from_slice(&logit(mean));
            }
        }
        let state = State {
            adam: Adam::new(weights.len(), device),
            weights: upload(weights, device),
            step: 0,
            noise: Rng::new(seed, Stream::Noise),
            bias_pending: map.is_some() && mean_image.is_none(),
        };
        Ok(Self::with_state(config, model, device, seed, state))
    }

    /// The model of a checkpoint, ready to go on.
    ///
    /// # Errors
    /// [`InvalidCheckpoint`](ErrorKind::InvalidCheckpoint) when the generator's state is impossible.
    pub fn resume(checkpoint: Checkpoint, device: &Device) -> Result<Self> {
        let model = checkpoint.config.family().init();
        let adam = match checkpoint.adam {
            Some(AdamState { first, second, updates }) => Adam {
                first: upload(first, device),
                second: upload(second, device),
                updates,
            },
            None => Adam::new(checkpoint.weights.len(), device),
        };
        let state = State {
            adam,
            weights: upload(checkpoint.weights, device),
            step: checkpoint.step,
            noise: Rng::resume(&checkpoint.noise)?,
            bias_pending: checkpoint.bias_pending,
        };
        let mut trainer = Self::with_state(checkpoint.config, model, device, checkpoint.seed, state);
        trainer.notes = checkpoint.notes;
        Ok(trainer)
    }

    fn with_state(config: ModelConfig, model: Box<dyn Model>, device: &Device, seed: u64, state: State) -> Self {
        Self {
            config,
            model,
            device: device.clone(),
            seed,
            good: state.clone(),
            state,
            notes: String::new(),
        }
    }

    /// All that is needed to go on elsewhere.
    ///
    /// # Errors
    /// [`Device`](ErrorKind::Device) when the device does not answer.
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

    /// The resolved configuration.
    pub fn config(&self) -> &ModelConfig {
        &self.config
    }

    /// How many numbers are trained.
    pub fn parameters(&self) -> usize {
        self.model.layout().len()
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
    /// of the last step whose loss was read and finite.
    pub async fn step(&mut self, images: &[f32], settings: &StepSettings) -> Result<Option<LossTerms>> {
        let learning_rate = settings
            .learning_rate
            .unwrap_or(self.config.family().training().learning_rate);
        check_rate("learning_rate", learning_rate).map_err(as_input)?;
        let before = self.state.clone();
        let (gradients, terms) = self.gradients(images, settings)?;
        self.apply(gradients, learning_rate);
        if settings.unread {
            return Ok(None);
        }
        let terms = read_terms(terms).await?;
        if terms.is_finite() {
            self.good = before;
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
        let batch = self.check_images(images, MAX_BATCH)?;
        if let Some(beta) = settings.beta {
            check_beta(beta).map_err(as_input)?;
        }
        if let Some(noise) = &settings.noise {
            self.check_latents(noise, MAX_BATCH, Some(batch))?;
        }
        if self.state.bias_pending {
            self.set_bias_map(images, batch);
        }
        let noise = match &settings.noise {
            Some(noise) => noise.clone(),
            None => self.state.noise.normal(batch * self.model.latent()),
        };
        let schedule = self.config.family().training().kl_weight(self.state.step);
        let kl_weight = settings.beta.unwrap_or(schedule) as f32;
        let weights = Weights::trainable(self.model.layout(), &self.state.weights);
        let images = self.rows(images.to_vec(), batch).autodiff();
        let noise = self.rows(noise, batch).autodiff();
        let terms = self.model.loss(&weights, images, noise);
        let vector = weights.gradient(&terms.weighted(kl_weight));
        let terms = LossTerms {
            reconstruction: terms.reconstruction.inner(),
            kl: terms.kl.inner(),
        };
        Ok((Gradients { vector }, terms))
    }

    /// One update of the weights; counts as a step.
    pub fn apply(&mut self, gradients: Gradients, learning_rate: f64) {
        let epsilon = self.config.family().training().epsilon;
        let State { weights, adam, .. } = &mut self.state;
        *weights = adam.update(weights.clone(), gradients.vector, learning_rate, epsilon);
        self.state.step += 1;
    }

    /// The terms of the loss at full KL weight, averaged over the images. Changes nothing, and
    /// gives the same for the same images: its noise is a stream of its own.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) or [`Device`](ErrorKind::Device).
    pub async fn evaluate(&self, images: &[f32], noise: Option<&[f32]>) -> Result<LossTerms> {
        let count = self.check_images(images, MAX_IMAGES)?;
        if let Some(noise) = noise {
            self.check_latents(noise, MAX_IMAGES, Some(count))?;
        }
        let mut stream = Rng::new(self.seed, Stream::Evaluation);
        let latent = self.model.latent();
        let weights = self.frozen();
        let mut sum = LossTerms {
            reconstruction: 0.0,
            kl: 0.0,
        };
        for (index, chunk) in images.chunks(CHUNK * self.pixels()).enumerate() {
            let batch = chunk.len() / self.pixels();
            let start = index * CHUNK * latent;
            let noise = match noise {
                Some(noise) => noise[start..start + batch * latent].to_vec(),
                None => stream.normal(batch * latent),
            };
            let terms = self
                .model
                .loss(&weights, self.rows(chunk.to_vec(), batch), self.rows(noise, batch));
            let terms = read_terms(terms).await?;
            let share = batch as f64 / count as f64;
            sum.reconstruction += f64::from(terms.reconstruction) * share;
            sum.kl += f64::from(terms.kl) * share;
        }
        Ok(LossTerms {
            reconstruction: sum.reconstruction as f32,
            kl: sum.kl as f32,
        })
    }

    /// What the encoder says about images `[batch, pixels]`: `[batch, latent]` each.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) or [`Device`](ErrorKind::Device).
    pub async fn encode(&self, images: &[f32]) -> Result<Encoding> {
        let count = self.check_images(images, MAX_IMAGES)?;
        let weights = self.frozen();
        let mut encoding = Encoding {
            mean: Vec::with_capacity(count * self.model.latent()),
            log_variance: Vec::with_capacity(count * self.model.latent()),
        };
        for chunk in images.chunks(CHUNK * self.pixels()) {
            let batch = chunk.len() / self.pixels();
            let Encoding { mean, log_variance } = self.model.encode(&weights, self.rows(chunk.to_vec(), batch));
            let mut both = read(Tensor::cat(vec![mean, log_variance], 0)).await?;
            encoding
                .log_variance
                .extend(both.split_off(batch * self.model.latent()));
            encoding.mean.append(&mut both);
        }
        Ok(encoding)
    }

    /// Images `[batch, pixels]` in `[0, 1]` of latents `[batch, latent]`.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) or [`Device`](ErrorKind::Device).
    pub async fn decode(&self, latents: &[f32]) -> Result<Vec<f32>> {
        let latent = self.model.latent();
        let count = self.check_latents(latents, MAX_IMAGES, None)?;
        let weights = self.frozen();
        let mut images = Vec::with_capacity(count * self.pixels());
        for chunk in latents.chunks(CHUNK * latent) {
            let rows = self.rows(chunk.to_vec(), chunk.len() / latent);
            images.extend(read(self.model.decode(&weights, rows)).await?);
        }
        Ok(images)
    }

    /// Encodes images and decodes their means.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) or [`Device`](ErrorKind::Device).
    pub async fn reconstruct(&self, images: &[f32]) -> Result<Vec<f32>> {
        self.decode(&self.encode(images).await?.mean).await
    }

    /// Decodes `count` draws from the prior, N(0, `temperature`^2 I).
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) or [`Device`](ErrorKind::Device).
    pub async fn sample(&self, count: usize, seed: u64, temperature: f32) -> Result<Vec<f32>> {
        if !(1..=MAX_IMAGES).contains(&count) {
            return Err(Error::input(format!("{count} samples; ask for 1 to {MAX_IMAGES}")));
        }
        if !(temperature > 0.0 && temperature <= 100.0) {
            return Err(Error::input(format!(
                "temperature is {temperature}; give a number above 0 and at most 100"
            )));
        }
        let mut latents = Rng::new(seed, Stream::Sample).normal(count * self.model.latent());
        latents.iter_mut().for_each(|z| *z *= temperature);
        self.decode(&latents).await
    }

    fn pixels(&self) -> usize {
        self.config.family().image().iter().product()
    }

    fn frozen(&self) -> Weights {
        Weights::frozen(self.model.layout(), &self.state.weights)
    }

    fn rows(&self, values: Vec<f32>, rows: usize) -> Tensor<2> {
        let columns = values.len() / rows;
        Tensor::from_data(TensorData::new(values, [rows, columns]), &self.device)
    }

    fn set_bias_map(&mut self, images: &[f32], batch: usize) {
        let mut mean = vec![0.0; self.pixels()];
        for image in images.chunks_exact(mean.len()) {
            mean.iter_mut()
                .zip(image)
                .for_each(|(sum, pixel)| *sum += pixel / batch as f32);
        }
        if let Some(range) = self.model.layout().bias_map() {
            let map = upload(logit(&mean), &self.device);
            let weights = self.state.weights.clone().slice_assign([range], map);
            self.state.weights = weights;
        }
        self.state.bias_pending = false;
    }

    /// The number of images, when they are some, whole and in `[0, 1]`.
    fn check_images(&self, images: &[f32], most: usize) -> Result<usize> {
        check_pixels(images, self.config.family().image(), most)
    }

    /// The number of latents, when they are some, whole and finite.
    fn check_latents(&self, latents: &[f32], most: usize, expected: Option<usize>) -> Result<usize> {
        let latent = self.model.latent();
        let count = latents.len() / latent;
        let fits = expected.is_none_or(|expected| count == expected);
        if latents.is_empty() || latents.len() % latent != 0 || count > most || !fits {
            let wanted = expected.map_or(format!("1 to {most}"), |expected| expected.to_string());
            return Err(Error::input(format!(
                "{} numbers are not {wanted} times {latent} latents; give [batch, {latent}]",
                latents.len()
            )));
        }
        match latents.iter().find(|value| !value.is_finite()) {
            Some(value) => Err(Error::input(format!("a latent is {value}; give finite numbers"))),
            None => Ok(count),
        }
    }
}

fn check_pixels(images: &[f32], image: [usize; 2], most: usize) -> Result<usize> {
    let pixels: usize = image.iter().product();
    let count = images.len() / pixels;
    if images.is_empty() || images.len() % pixels != 0 || count > most {
        return Err(Error::input(format!(
            "{} numbers are not 1 to {most} images of {} x {}; give [batch, {pixels}]",
            images.len(),
            image[0],
            image[1]
        )));
    }
    match images.iter().find(|value| !(0.0..=1.0).contains(*value)) {
        Some(value) => Err(Error::input(format!("a pixel is {value}; give numbers from 0 to 1"))),
        None => Ok(count),
    }
}

/// A number that came with a call instead of with a configuration.
fn as_input(error: Error) -> Error {
    Error::input(error.to_string())
}

fn logit(mean: &[f32]) -> Vec<f32> {
    mean.iter()
        .map(|p| {
            let p = p.clamp(MEAN_CLIP, 1.0 - MEAN_CLIP);
            (p / (1.0 - p)).ln()
        })
        .collect()
}

fn upload(values: Vec<f32>, device: &Device) -> Tensor<1> {
    let length = values.len();
    Tensor::from_data(TensorData::new(values, [length]), device)
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor
        .into_data_async()
        .await
        .map_err(|error| Error::device(format!("the device does not answer: {error:?}")))?;
    data.try_into_vec()
        .map_err(|error| Error::device(format!("the device answers in another type: {error:?}")))
}

async fn read_terms(terms: LossTerms<Tensor<1>>) -> Result<LossTerms> {
    let values = read(Tensor::cat(vec![terms.reconstruction, terms.kl], 0)).await?;
    Ok(LossTerms {
        reconstruction: values[0],
        kl: values[1],
    })
}
