//! The options of the calls: each object is read once, and an option that is not known is refused.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::arrays::{any_numbers, check_length, given, optional_floats, whole_numbers};
use super::keys::{Keys, Options, Takes, read};
use super::stage::{self, Stage, stage};
use super::wire::{self, count, whole};
use crate::error::{Error, Result};
use crate::model::ModelConfig;
use crate::model::config::MAX_SIDE;
use crate::model::prior::MAX_CLASSES;
use crate::train::{PriorSettings, SampleSettings, StepSettings};

/// No image has more pixels, and no grid more cells.
const MOST_PIXELS: usize = MAX_SIDE * MAX_SIDE;

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
        let stage = stage(self.stage.as_deref(), self.arrays(), self.beta)?;
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

/// What is evaluated, and what is given with its images.
pub struct Evaluation {
    pub stage: Stage,
    pub labels: Option<Vec<u8>>,
    pub noise: Option<Vec<f32>>,
    pub mask: Option<Vec<f32>>,
}

impl EvaluateOptions {
    /// Those that are arrays.
    pub fn arrays(&self) -> [&JsValue; 3] {
        [&self.labels, &self.noise, &self.mask]
    }

    /// The evaluation, for whose images each array has at most so many numbers.
    pub fn evaluation(self, most: usize) -> Result<Evaluation> {
        Ok(Evaluation {
            stage: stage(self.stage.as_deref(), self.arrays(), None)?,
            labels: labels(&self.labels, most)?,
            noise: optional_floats("noise", &self.noise, most)?,
            mask: optional_floats("mask", &self.mask, most)?,
        })
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
