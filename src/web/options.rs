//! The options of the calls: each object is read once, and an option that is not known is refused.

use js_sys::Object;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::wire::{self, any_numbers, count, given, optional_floats, plain, whole, whole_numbers};
use crate::error::{Error, ErrorKind, Result};
use crate::model::prior::MAX_CLASSES;
use crate::train::{SampleSettings, Stage, StepSettings};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct CreateOptions {
    pub device: Option<String>,
    seed: Option<f64>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mean_image: JsValue,
}

impl Options for CreateOptions {
    const KEYS: &[&str] = &["device", "seed", "mean_image"];
}

impl CreateOptions {
    pub fn seed(&self) -> Result<u64> {
        self.seed.map_or(Ok(1), |seed| whole("seed", seed))
    }

    pub fn mean_image(&self) -> Result<Option<Vec<f32>>> {
        optional_floats("mean_image", &self.mean_image)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct OpenOptions {
    pub device: Option<String>,
}

impl Options for OpenOptions {
    const KEYS: &[&str] = &["device"];
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
    const KEYS: &[&str] = &["learning_rate", "beta", "read", "stage", "labels", "noise", "mask"];
}

impl TrainOptions {
    pub fn settings(self) -> Result<StepSettings> {
        Ok(StepSettings {
            stage: stage(
                self.stage.as_deref(),
                [&self.labels, &self.noise, &self.mask],
                self.beta,
            )?,
            labels: labels(&self.labels)?,
            learning_rate: self.learning_rate,
            beta: self.beta,
            noise: optional_floats("noise", &self.noise)?,
            mask: optional_floats("mask", &self.mask)?,
            unread: self.read == Some(false),
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
    const KEYS: &[&str] = &["stage", "labels", "noise", "mask"];
}

impl EvaluateOptions {
    pub fn stage(&self) -> Result<Stage> {
        stage(self.stage.as_deref(), [&self.labels, &self.noise, &self.mask], None)
    }

    pub fn labels(&self) -> Result<Option<Vec<u8>>> {
        labels(&self.labels)
    }

    /// Noise and mask.
    pub fn given(&self) -> Result<[Option<Vec<f32>>; 2]> {
        Ok([
            optional_floats("noise", &self.noise)?,
            optional_floats("mask", &self.mask)?,
        ])
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SampleOptions {
    seed: Option<f64>,
    temperature: Option<f32>,
    label: Option<f64>,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    known: JsValue,
}

impl Options for SampleOptions {
    const KEYS: &[&str] = &["seed", "temperature", "label", "known"];
}

impl SampleOptions {
    fn settings(&self) -> Result<SampleSettings> {
        let known = given(&self.known)
            .map(|known| any_numbers("known", known))
            .transpose()?;
        Ok(SampleSettings {
            seed: self.seed.map_or(Ok(1), |seed| whole("seed", seed))?,
            temperature: self.temperature.unwrap_or(1.0),
            label: self.label.map(|label| count("label", label)).transpose()?,
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

/// A stage by its name. What is given for the other one is a mistake.
fn stage(name: Option<&str>, [labels, noise, mask]: [&JsValue; 3], beta: Option<f64>) -> Result<Stage> {
    let strange = |what, stage, other| {
        Err(Error::input(format!(
            "{what} of the stage {stage:?}; leave that out, or take the stage {other:?}"
        )))
    };
    match name {
        None | Some("codes") if given(labels).is_some() => strange("labels are no part", "codes", "prior"),
        None | Some("codes") => Ok(Stage::Codes),
        Some("prior") if given(noise).is_some() => strange("noise is no part", "prior", "codes"),
        Some("prior") if beta.is_some() => strange("beta is no part", "prior", "codes"),
        Some("prior") if given(mask).is_some() => strange("a mask is no part", "prior", "codes"),
        Some("prior") => Ok(Stage::Prior),
        Some(other) => Err(Error::new(
            ErrorKind::UnknownName,
            format!("no stage is called {other:?}; known: codes, prior"),
        )),
    }
}

fn labels(value: &JsValue) -> Result<Option<Vec<u8>>> {
    let class = |label: u32| {
        let refused = |_| {
            Error::input(format!(
                "a label is {label}; no prior knows more than 0 to {}",
                MAX_CLASSES - 1
            ))
        };
        u8::try_from(label).map_err(refused)
    };
    let read = |labels| whole_numbers("labels", labels)?.into_iter().map(class).collect();
    given(value).map(read).transpose()
}

/// An object of options.
pub trait Options: DeserializeOwned + Default {
    /// Its keys: serde-wasm-bindgen looks for the known ones and passes over the others.
    const KEYS: &[&str];
}

/// An object of options; its defaults where it is left out.
pub fn read<T: Options>(value: JsValue) -> Result<T> {
    if given(&value).is_none() {
        return Ok(T::default());
    }
    let known = T::KEYS.join(", ");
    let object = plain(&value)
        .ok_or_else(|| Error::input(format!("the options are no object; give one with any of {known}")))?;
    for key in Object::keys(&object).iter().filter_map(|key| key.as_string()) {
        if !T::KEYS.contains(&key.as_str()) {
            return Err(Error::input(format!("no option is called {key:?}; known: {known}")));
        }
    }
    serde_wasm_bindgen::from_value(object.into()).map_err(|e| Error::input(format!("the options cannot be read: {e}")))
}
