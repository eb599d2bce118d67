//! What crosses: plain objects and typed arrays in and out, every input checked once, here.

use std::pin::Pin;

use js_sys::{Array, Float32Array, Object, Promise, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::arrays::{floats, type_of, whole_numbers};
use crate::checkpoint::MAX_COUNT;
use crate::error::{Error, Result};
use crate::loss::LossTerms;
use crate::model::{Encoding, ModelConfig, preset};
use crate::train::Evaluation;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = concat!(include_str!("types.d.ts"), include_str!("lab.d.ts"));

impl From<Error> for JsValue {
    /// A `LabError`. Its message begins with the kind, for a copy made by `postMessage` keeps nothing else of it.
    fn from(error: Error) -> Self {
        let kind = error.kind().as_str();
        let value = js_sys::Error::new(&format!("{kind}: {error}"));
        value.set_name("LabError");
        set(&value, "kind", &kind.into());
        value.into()
    }
}

/// The promise of a call. Boxed: the machinery of futures is built once instead of for each call.
pub fn promise(call: impl Future<Output = std::result::Result<JsValue, JsValue>> + 'static) -> Promise {
    let call: Pin<Box<dyn Future<Output = std::result::Result<JsValue, JsValue>>>> = Box::pin(call);
    wasm_bindgen_futures::future_to_promise(call)
}

/// A preset's name or a configuration.
pub fn model_config(value: &JsValue) -> Result<ModelConfig> {
    if let Some(id) = value.as_string() {
        return preset::find(&id)?.config();
    }
    let json = js_sys::JSON::stringify(value).ok().and_then(|json| json.as_string());
    match json {
        Some(json) => ModelConfig::from_json(&json),
        None => Err(Error::config(
            "the model is neither a preset's name nor a configuration; try \"tiny\"",
        )),
    }
}

/// What is neither undefined nor null.
pub fn given(value: &JsValue) -> Option<&JsValue> {
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

/// A string, or nothing.
pub fn optional_text(name: &str, value: &JsValue) -> Result<Option<String>> {
    let text = |value: &JsValue| {
        let refused = || Error::input(format!("{name} is {}, which is no string; give one", type_of(value)));
        value.as_string().ok_or_else(refused)
    };
    given(value).map(text).transpose()
}

/// What a decoder is given.
pub enum Latents {
    /// Numbers `[batch, latent]`: bare, or the means of an encoding.
    Numbers(Vec<f32>),
    /// The vectors of cells `[batch, cells * D]`.
    Vectors(Vec<f32>),
    /// Codes `[batch, cells]`.
    Codes(Vec<u32>),
}

/// Latents `[batch, latent]`, an encoding, whose mean or codes are taken, or the vectors of cells.
pub fn latents(value: &JsValue) -> Result<Latents> {
    let part = |name: &str| {
        Reflect::get(value, &name.into())
            .ok()
            .filter(|part| !part.is_undefined())
    };
    if part("codes").and(part("vectors")).is_some() {
        return Err(Error::input("latents has codes and vectors; give one of them"));
    }
    if let Some(codes) = part("codes") {
        return whole_numbers("latents.codes", &codes).map(Latents::Codes);
    }
    if let Some(vectors) = part("vectors") {
        return floats("latents.vectors", &vectors).map(Latents::Vectors);
    }
    if let Some(mean) = part("mean") {
        return floats("latents.mean", &mean).map(Latents::Numbers);
    }
    floats("latents", value).map(Latents::Numbers).map_err(|error| {
        Error::input(format!(
            "decode takes what encode gave, {{ codes }}, {{ vectors }}, or numbers [batch, latent]: {error}"
        ))
    })
}

/// A number, not a text that looks like one.
pub fn number(name: &str, value: &JsValue) -> Result<f64> {
    value.as_f64().ok_or_else(|| {
        Error::input(format!(
            "{name} is {}, which is no number; give a whole number",
            type_of(value)
        ))
    })
}

/// A count that JavaScript gives as a number: a memory of 32 bits holds no more.
pub fn count(name: &str, value: f64) -> Result<usize> {
    let count = whole(name, value)?;
    u32::try_from(count).map(|count| count as usize).map_err(|_| {
        let most = u32::MAX;
        Error::input(format!("{name} is {count}; give a whole number of at most {most}"))
    })
}

/// A whole number from 0 that JavaScript holds exactly.
pub fn whole(name: &str, value: f64) -> Result<u64> {
    if value.fract() == 0.0 && (0.0..=MAX_COUNT as f64).contains(&value) {
        return Ok(value as u64);
    }
    Err(Error::input(format!(
        "{name} is {value}; give a whole number from 0 to 2^53 - 1"
    )))
}

/// What a family has no part of is left out.
pub fn terms(terms: LossTerms) -> JsValue {
    let value = object(&[("total", terms.total().into())]);
    for (name, term) in terms.named() {
        set(&value, name, &term.into());
    }
    value
}

/// What a prior fails to say.
pub fn prior_terms(nats: f32) -> JsValue {
    object(&[("total", nats.into()), ("prior", nats.into())])
}

pub fn evaluation(evaluation: &Evaluation) -> JsValue {
    let value = terms(evaluation.terms);
    if let Some(latents) = &evaluation.latents {
        set(&value, "kl_by_dimension", &array(&latents.kl_by_dimension));
        set(&value, "active_units", &(latents.active_units as f64).into());
    }
    if let Some(codes) = &evaluation.codes {
        set(&value, "shares", &array(&codes.shares));
        set(&value, "dead", &(codes.dead as f64).into());
    }
    value
}

pub fn encoding(encoding: &Encoding) -> JsValue {
    let log_variance = encoding
        .log_variance
        .as_deref()
        .map(|values| ("log_variance", array(values)));
    let mean = ("mean", array(&encoding.mean));
    object(&std::iter::once(mean).chain(log_variance).collect::<Vec<_>>())
}

/// Codes of cells, with what they were drawn from where they were.
pub fn codes(codes: &[u32], probabilities: Option<&[f32]>) -> JsValue {
    let value = object(&[("codes", Uint32Array::from(codes).into())]);
    if let Some(probabilities) = probabilities {
        set(&value, "probabilities", &array(probabilities));
    }
    value
}

pub fn array(values: &[f32]) -> JsValue {
    Float32Array::from(values).into()
}

/// An array of numbers.
pub fn numbers(values: &[f32]) -> JsValue {
    values
        .iter()
        .map(|&value| JsValue::from(value))
        .collect::<Array>()
        .into()
}

/// A configuration as a plain object.
pub fn config(config: &ModelConfig) -> JsValue {
    js_sys::JSON::parse(&config.to_json()).unwrap_or(JsValue::NULL)
}

/// A plain object.
pub fn object(entries: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (key, value) in entries {
        set(&object, key, value);
    }
    object.into()
}

pub fn set(object: &JsValue, key: &str, value: &JsValue) {
    // Setting a property of a fresh, extensible object does not fail.
    let _ = Reflect::set(object, &key.into(), value);
}
