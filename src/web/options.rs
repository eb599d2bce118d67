//! The options of the calls: each object is read once, and an option that is not known is refused.

use js_sys::{Object, Reflect};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::arrays::{
    any_numbers, beginning, characters, check_length, given, optional_floats, plain, type_of, whole_numbers,
};
use super::stage::{self, Stage, stage};
use super::wire::{self, count, whole};
use crate::error::{Error, Result};
use crate::model::ModelConfig;
use crate::model::config::MAX_SIDE;
use crate::model::prior::MAX_CLASSES;
use crate::train::{PriorSettings, SampleSettings, StepSettings};

/// No image has more pixels, and no grid more cells.
const MOST_PIXELS: usize = MAX_SIDE * MAX_SIDE;
/// No name of an option, or of what one may be, has more characters.
const LONGEST: u32 = 40;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateOptions {
    pub device: Option<String>,
    seed: Option<f64>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mean_image: JsValue,
}

impl Options for CreateOptions {
    const KEYS: Keys = &[
        ("device", Takes::Text),
        ("seed", Takes::Number),
        ("mean_image", Takes::Numbers),
    ];
}

impl CreateOptions {
    pub fn seed(&self) -> Result<u64> {
        self.seed.map_or(Ok(1), |seed| whole("seed", seed))
    }

    pub fn mean_image(&self) -> Result<Option<Vec<f32>>> {
        optional_floats("mean_image", &self.mean_image, MOST_PIXELS)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OpenOptions {
    pub device: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    config: JsValue,
}

impl Options for OpenOptions {
    const KEYS: Keys = &[("device", Takes::Text), ("config", Takes::Model)];
}

impl OpenOptions {
    /// The model of a file that does not say which one it is.
    pub fn config(&self) -> Result<Option<ModelConfig>> {
        given(&self.config).map(wire::model_config).transpose()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct TrainOptions {
    learning_rate: Option<f64>,
    beta: Option<f64>,
    read: Option<bool>,
    stage: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    labels: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    noise: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mask: JsValue,
}

impl Options for TrainOptions {
    const KEYS: Keys = &[
        ("learning_rate", Takes::Number),
        ("beta", Takes::Number),
        ("read", Takes::Boolean),
        ("stage", Takes::Text),
        ("labels", Takes::Numbers),
        ("noise", Takes::Numbers),
        ("mask", Takes::Numbers),
    ];
}

/// A step of the model or of its prior.
pub enum Step {
    Model(StepSettings),
    Prior(PriorSettings),
}

impl TrainOptions {
    /// Those that are arrays.
    pub fn arrays(&self) -> [&JsValue; 3] {
        [&self.labels, &self.noise, &self.mask]
    }

    /// The step, for whose images each array has at most so many numbers.
    pub fn step(self, most: usize) -> Result<Step> {
        let stage = stage(
            self.stage.as_deref(),
            [&self.labels, &self.noise, &self.mask],
            self.beta,
        )?;
        let (learning_rate, unread) = (self.learning_rate, self.read == Some(false));
        Ok(match stage {
            Stage::Codes => Step::Model(StepSettings {
                learning_rate,
                beta: self.beta,
                noise: optional_floats("noise", &self.noise, most)?,
                mask: optional_floats("mask", &self.mask, most)?,
                unread,
            }),
            Stage::Prior => Step::Prior(PriorSettings {
                learning_rate,
                labels: labels(&self.labels, most)?,
                unread,
            }),
        })
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct EvaluateOptions {
    stage: Option<String>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    labels: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    noise: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mask: JsValue,
}

impl Options for EvaluateOptions {
    const KEYS: Keys = &[
        ("stage", Takes::Text),
        ("labels", Takes::Numbers),
        ("noise", Takes::Numbers),
        ("mask", Takes::Numbers),
    ];
}

impl EvaluateOptions {
    pub fn stage(&self) -> Result<Stage> {
        stage(self.stage.as_deref(), [&self.labels, &self.noise, &self.mask], None)
    }

    /// Those that are arrays.
    pub fn arrays(&self) -> [&JsValue; 3] {
        [&self.labels, &self.noise, &self.mask]
    }

    pub fn labels(&self, most: usize) -> Result<Option<Vec<u8>>> {
        labels(&self.labels, most)
    }

    /// Noise and mask, at most so many numbers each.
    pub fn given(&self, most: usize) -> Result<[Option<Vec<f32>>; 2]> {
        Ok([
            optional_floats("noise", &self.noise, most)?,
            optional_floats("mask", &self.mask, most)?,
        ])
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SampleOptions {
    seed: Option<f64>,
    temperature: Option<f32>,
    label: Option<f64>,
    objects: Option<f64>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    known: JsValue,
}

impl Options for SampleOptions {
    const KEYS: Keys = &[
        ("seed", Takes::Number),
        ("temperature", Takes::Number),
        ("label", Takes::Number),
        ("objects", Takes::Number),
        ("known", Takes::Numbers),
    ];
}

impl SampleOptions {
    fn settings(&self) -> Result<SampleSettings> {
        let read = |known| {
            check_length("known", known, MOST_PIXELS)?;
            any_numbers("known", known)
        };
        let known = given(&self.known).map(read).transpose()?;
        Ok(SampleSettings {
            seed: self.seed.map_or(Ok(1), |seed| whole("seed", seed))?,
            temperature: self.temperature.unwrap_or(1.0),
            label: self.label.map(|label| count("label", label)).transpose()?,
            objects: self.objects.map(|objects| count("objects", objects)).transpose()?,
            known: known
                .map(|codes| codes.into_iter().map(known_code).collect())
                .transpose()?,
        })
    }
}

/// How many samples are asked for, and of which kind.
pub fn samples(number: &JsValue, settings: JsValue) -> Result<(usize, SampleSettings)> {
    let settings = read::<SampleOptions>(settings)?.settings()?;
    Ok((count("count", wire::number("count", number)?)?, settings))
}

/// A code, or -1 for one that is to be drawn.
fn known_code(code: f64) -> Result<Option<u32>> {
    match code {
        -1.0 => Ok(None),
        code if (0.0..=f64::from(u32::MAX)).contains(&code) && code.fract() == 0.0 => Ok(Some(code as u32)),
        code => Err(Error::input(format!(
            "known has {code}; give a code for each cell, or -1 where one is to be drawn"
        ))),
    }
}

/// What a replica is of.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct ReplicaOptions {
    stage: Option<String>,
}

impl Options for ReplicaOptions {
    const KEYS: Keys = &[("stage", Takes::Text)];
}

impl ReplicaOptions {
    pub fn stage(&self) -> Result<Stage> {
        stage::named(self.stage.as_deref())
    }
}

fn labels(value: &JsValue, most: usize) -> Result<Option<Vec<u8>>> {
    let class = |label: u32| {
        let refused = |_| {
            Error::input(format!(
                "a label is {label}; no prior knows more than 0 to {}",
                MAX_CLASSES - 1
            ))
        };
        u8::try_from(label).map_err(refused)
    };
    let read = |labels| {
        check_length("labels", labels, most)?;
        whole_numbers("labels", labels)?.into_iter().map(class).collect()
    };
    given(value).map(read).transpose()
}

/// What an option may be.
#[derive(Clone, Copy)]
pub enum Takes {
    Number,
    Boolean,
    Text,
    /// Looked at when it is read.
    Numbers,
    /// A configuration or a preset's name, looked at when it is read.
    Model,
}

impl Takes {
    fn fits(self, value: &JsValue) -> bool {
        match self {
            Self::Number => value.as_f64().is_some(),
            Self::Boolean => value.as_bool().is_some(),
            Self::Text => characters(value).is_some_and(|count| count <= LONGEST),
            Self::Numbers | Self::Model => true,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Text => "a string of few characters",
            Self::Numbers => "an array of numbers",
            Self::Model => "a configuration or a preset's name",
        }
    }
}

/// The options of a call, and what each may be.
pub type Keys = &'static [(&'static str, Takes)];

/// An object of options.
pub trait Options: DeserializeOwned + Default {
    /// Its keys: serde-wasm-bindgen looks for the known ones and passes over the others.
    const KEYS: Keys;
}

/// An object of options; its defaults where it is left out.
pub fn read<T: Options>(value: JsValue) -> Result<T> {
    if given(&value).is_none() {
        return Ok(T::default());
    }
    let known = || T::KEYS.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
    let object = plain(&value)
        .filter(|_| value.is_object())
        .ok_or_else(|| Error::input(format!("the options are no object; give one with any of {}", known())))?;
    for key in Object::keys(&object).iter().filter_map(|key| beginning(&key, LONGEST)) {
        let Some((_, takes)) = T::KEYS.iter().find(|(name, _)| *name == key) else {
            return Err(Error::input(format!("no option is called {key:?}; known: {}", known())));
        };
        let value = Reflect::get(&object, &key.as_str().into()).unwrap_or_default();
        if given(&value).is_some_and(|value| !takes.fits(value)) {
            let words = takes.words();
            return Err(Error::input(format!("{key} is {}; give {words}", shown(&value))));
        }
    }
    serde_wasm_bindgen::from_value(object.into()).map_err(|e| Error::input(format!("the options cannot be read: {e}")))
}

/// A value as its caller knows it, in short.
fn shown(value: &JsValue) -> String {
    match beginning(value, LONGEST) {
        Some(text) if characters(value) > Some(LONGEST) => format!("{text:?}..."),
        Some(text) => format!("{text:?}"),
        None => match (value.as_f64(), value.as_bool()) {
            (Some(number), _) => number.to_string(),
            (_, Some(flag)) => flag.to_string(),
            _ => type_of(value),
        },
    }
}
