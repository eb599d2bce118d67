//! The options of the calls: each object is read once, and an option that is not known is refused.

use js_sys::Object;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::wire::{optional_floats, plain, whole};
use crate::error::{Error, Result};
use crate::train::StepSettings;

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
    #[serde(with = "serde_wasm_bindgen::preserve")]
    noise: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mask: JsValue,
}

impl Options for TrainOptions {
    const KEYS: &[&str] = &["learning_rate", "beta", "read", "noise", "mask"];
}

impl TrainOptions {
    pub fn settings(self) -> Result<StepSettings> {
        Ok(StepSettings {
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
    #[serde(with = "serde_wasm_bindgen::preserve")]
    noise: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    mask: JsValue,
}

impl Options for EvaluateOptions {
    const KEYS: &[&str] = &["noise", "mask"];
}

impl EvaluateOptions {
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
pub struct SampleOptions {
    seed: Option<f64>,
    temperature: Option<f32>,
}

impl Options for SampleOptions {
    const KEYS: &[&str] = &["seed", "temperature"];
}

impl SampleOptions {
    pub fn seed(&self) -> Result<u64> {
        self.seed.map_or(Ok(1), |seed| whole("seed", seed))
    }

    pub fn temperature(&self) -> f32 {
        self.temperature.unwrap_or(1.0)
    }
}

/// An object of options.
pub trait Options: DeserializeOwned + Default {
    /// Its keys: serde-wasm-bindgen looks for the known ones and passes over the others.
    const KEYS: &[&str];
}

/// An object of options; its defaults where it is left out.
pub fn read<T: Options>(value: JsValue) -> Result<T> {
    if value.is_undefined() || value.is_null() {
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
