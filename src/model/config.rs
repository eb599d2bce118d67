//! What the configurations of all families share: the trait, the defaults of training, the limits.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::blocks::{Padding, Upsample};
use super::layout::Layout;
use super::memory;
use crate::data::{MOST_OBJECTS, check_noise_level};
use crate::error::{Error, Result};

/// The most images of one training step.
pub const MAX_BATCH: usize = 1024;
/// The most numbers that a model may train.
pub const MAX_PARAMETERS: usize = 4_000_000;
/// The most latents, and the widest and longest stacks of layers.
const MAX_LATENT: usize = 256;
const MAX_WIDTH: usize = 4096;
const MAX_LAYERS: usize = 8;
/// The largest weight of the KL.
const MAX_BETA: f64 = 1000.0;
/// The largest side of an image.
pub const MAX_SIDE: usize = 128;

/// The body of an encoder or a decoder as it is written: `kind`, and what belongs to that kind.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Body {
    /// "dense" or "conv".
    pub kind: String,
    /// Units of dense layers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Vec<usize>>,
    /// Channels of convolutions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channels: Option<Vec<usize>>,
    /// Zeros around each image.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub padding: Option<Padding>,
    /// How the side is doubled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upsample: Option<Upsample>,
}

impl Body {
    /// Dense layers.
    pub(crate) fn dense(hidden: Vec<usize>) -> Self {
        Self {
            kind: "dense".into(),
            hidden: Some(hidden),
            ..Self::default()
        }
    }

    /// Convolutions, with what their side adds.
    pub(crate) fn conv(channels: Vec<usize>, padding: Option<Padding>, upsample: Option<Upsample>) -> Self {
        Self {
            kind: "conv".into(),
            channels: Some(channels),
            padding,
            upsample,
            ..Self::default()
        }
    }
}

/// The shortest warm-up of Adam's step size where an optimiser begins anew on weights that are trained already. E14's loss
/// rises from 82 to 91 nats at the most with it, to 244 without.
const LEAST_WARM_UP: u64 = 20;

/// The defaults of training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// Adam's step size.
    pub learning_rate: f64,
    /// Adam's epsilon (1e-7 as in Keras).
    pub epsilon: f64,
    /// Images of a batch, for who chooses batches.
    pub batch_size: usize,
    /// Weight of the KL.
    pub beta: f64,
    /// Steps over which Adam's step size rises to its value; 0 for none. Adam's first steps are all of full
    /// size, whatever the gradient: at a high rate they can end units for good (Ma & Yarats 2021).
    pub rate_warm_up: u64,
    /// Steps over which the weight of the KL rises from zero; 0 for none.
    pub kl_warm_up: u64,
}

impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            learning_rate: 1e-3,
            epsilon: 1e-7,
            batch_size: 128,
            beta: 1.0,
            rate_warm_up: 0,
            kl_warm_up: 0,
        }
    }
}

impl TrainConfig {
    /// Adam's step size after a number of updates, of a learning rate. What is trained already and goes on without
    /// the optimiser's state warms up in any case: the first full steps would cost what thousands have gained.
    pub fn step_size(&self, learning_rate: f64, updates: u64, is_trained: bool) -> f64 {
        let least = if is_trained { LEAST_WARM_UP } else { 0 };
        learning_rate * risen(updates + 1, self.rate_warm_up.max(least))
    }

    /// Weight of the KL at a step (0 is the first).
    pub fn kl_weight(&self, step: u64) -> f64 {
        self.beta * risen(step, self.kl_warm_up)
    }

    /// Checks every number.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value, the limit and the remedy.
    pub fn check(&self) -> Result<()> {
        check_rate("learning_rate", self.learning_rate)?;
        check_rate("epsilon", self.epsilon)?;
        check_beta(self.beta)?;
        check_size("batch_size", self.batch_size, MAX_BATCH)
    }
}

/// The share that a warm-up has reached.
fn risen(step: u64, warm_up: u64) -> f64 {
    if step >= warm_up {
        return 1.0;
    }
    step as f64 / warm_up as f64
}

/// The whole numbers in a configuration: name, least, most.
const WHOLE_NUMBERS: [(&str, u64, u64); 15] = [
    ("latent", 1, MAX_LATENT as u64),
    ("image", 1, MAX_SIDE as u64),
    ("hidden", 1, MAX_WIDTH as u64),
    ("channels", 1, MAX_WIDTH as u64),
    ("glimpse", 1, MAX_WIDTH as u64),
    ("objects", 1, MOST_OBJECTS as u64),
    ("batch_size", 1, MAX_BATCH as u64),
    ("rate_warm_up", 0, 1_000_000),
    ("kl_warm_up", 0, 1_000_000),
    ("size", 1, MAX_WIDTH as u64),
    ("dimension", 1, MAX_WIDTH as u64),
    ("revive_after", 0, 1_000_000),
    ("layers", 1, MAX_WIDTH as u64),
    ("classes", 1, MAX_WIDTH as u64),
    ("steps", 0, 1_000_000),
];

/// Checks the numbers of a configuration as it was written, before they are given a type: a refusal
/// by type names neither the number's name nor its limit.
///
/// # Errors
/// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the name, the value and the limit.
pub(crate) fn check_numbers(fields: &Map<String, Value>) -> Result<()> {
    for (name, value) in fields {
        if let Value::Object(inner) = value {
            check_numbers(inner)?;
        }
        if let Some((_, least, most)) = WHOLE_NUMBERS.iter().find(|(known, ..)| known == name) {
            let fits = |entry: &Value| entry.as_u64().is_some_and(|n| (*least..=*most).contains(&n));
            let entries = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
            if let Some(bad) = entries.iter().find(|entry| !fits(entry)) {
                return Err(Error::config(format!(
                    "{name} is {}; give a whole number from {least} to {most}",
                    shown(bad)
                )));
            }
        }
        let number = || {
            let refused = || Error::config(format!("{name} is {}; give a finite number", shown(value)));
            value.as_f64().ok_or_else(refused)
        };
        match name.as_str() {
            "learning_rate" | "epsilon" => check_rate(name, number()?)?,
            "beta" => check_beta(number()?)?,
            "sigma_x" | "first" | "last" => check_positive(name, number()?)?,
            "noise" => check_noise_level(number()?)?,
            _ => {}
        }
    }
    Ok(())
}

/// A value as a caller knows it: JSON has no number that is not finite, and writes null.
fn shown(value: &Value) -> String {
    if value.is_null() {
        return "NaN, infinite or null".into();
    }
    value.to_string()
}

/// A learning rate or epsilon: above 0, at most 1.
pub(crate) fn check_rate(name: &str, value: f64) -> Result<()> {
    if value > 0.0 && value <= 1.0 {
        return Ok(());
    }
    Err(Error::config(format!(
        "{name} is {value}; give a number above 0 and at most 1"
    )))
}

/// A weight of the KL: 0 to 1000.
pub(crate) fn check_beta(value: f64) -> Result<()> {
    if (0.0..=MAX_BETA).contains(&value) {
        return Ok(());
    }
    Err(Error::config(format!(
        "beta is {value}; give a number from 0 to {MAX_BETA}"
    )))
}

/// A standard deviation of a likelihood: above 0, at most 1000.
pub(crate) fn check_positive(name: &str, value: f64) -> Result<()> {
    if value > 0.0 && value <= 1000.0 {
        return Ok(());
    }
    Err(Error::config(format!(
        "{name} is {value}; give a number above 0 and at most 1000"
    )))
}

/// A count: 1 to `most`.
pub(crate) fn check_size(name: &str, value: usize, most: usize) -> Result<()> {
    if (1..=most).contains(&value) {
        return Ok(());
    }
    Err(Error::config(format!(
        "{name} is {value}; give a whole number from 1 to {most}"
    )))
}

pub(crate) fn check_latent(latent: usize) -> Result<()> {
    check_size("latent", latent, MAX_LATENT)
}

pub(crate) fn check_image([height, width]: [usize; 2]) -> Result<()> {
    check_size("the image's height", height, MAX_SIDE)?;
    check_size("the image's width", width, MAX_SIDE)
}

/// Units or channels of a stack of layers.
pub(crate) fn check_layers(name: &str, sizes: &[usize]) -> Result<()> {
    if sizes.len() > MAX_LAYERS {
        return Err(Error::config(format!(
            "{name} has {} layers; give at most {MAX_LAYERS}",
            sizes.len()
        )));
    }
    sizes.iter().try_for_each(|&size| check_size(name, size, MAX_WIDTH))
}

/// Channels of a stack of convolutions, of which there is one at least.
pub(crate) fn check_maps(name: &str, channels: &[usize]) -> Result<()> {
    if channels.is_empty() {
        return Err(Error::config(format!(
            "{name} is empty; give 1 to {MAX_LAYERS} numbers"
        )));
    }
    check_layers(name, channels)
}

/// All parameters of the networks that are trained one after the other, and whether a step of one image fits the memory.
pub(crate) fn check_size_of_model(networks: &[&Layout]) -> Result<()> {
    let count = networks
        .iter()
        .fold(0_u64, |sum, layout| sum.saturating_add(layout.count()));
    if count > MAX_PARAMETERS as u64 {
        return Err(Error::config(format!(
            "the model has {count} parameters; at most {MAX_PARAMETERS} are trained in a page: take fewer units, channels or layers"
        )));
    }
    let activations = memory::activations(networks);
    if memory::batch_that_fits(activations) > 0 {
        return Ok(());
    }
    Err(Error::config(format!(
        "a training step of one image would take {} of memory; at most {} are taken: take fewer channels or a smaller image",
        memory::size(memory::of_step(1, activations)),
        memory::size(memory::MOST_OF_A_CALL)
    )))
}
