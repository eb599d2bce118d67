//! What crosses: plain objects and typed arrays in and out, every input checked once, here.

use std::pin::Pin;

use js_sys::{Array, Float32Array, Object, Promise, Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::arrays::{beginning, characters, given, length, type_of};
use crate::checkpoint::MAX_COUNT;
use crate::error::{Error, Result};
use crate::model::{ModelConfig, preset};
use crate::terms::{PRIOR, Terms};
use crate::train::{Evaluation, Sampled};

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

/// No configuration has longer names, more entries in a list, or more characters in all.
const LONGEST_NAME: u32 = 100;
const MOST_ENTRIES: f64 = 100.0;
const LONGEST_CONFIG: u32 = 1 << 16;

/// A preset's name or a configuration.
pub fn model_config(value: &JsValue) -> Result<ModelConfig> {
    if let Some(id) = beginning(value, LONGEST_NAME) {
        return preset::find(&id)?.config();
    }
    // What is large is not even made a text.
    let json = (type_of(value) == "Object" && is_short(value, 4))
        .then(|| js_sys::JSON::stringify(value).ok())
        .flatten()
        .filter(|json| json.length() <= LONGEST_CONFIG)
        .and_then(|json| json.as_string());
    match json {
        Some(json) => ModelConfig::from_json(&json),
        None => Err(Error::config(format!(
            "the model is {}, which is neither a preset's name nor a configuration; try \"tiny\"",
            type_of(value)
        ))),
    }
}

/// Whether a value has no more in it than a configuration may, objects in objects up to a depth.
fn is_short(value: &JsValue, depth: u32) -> bool {
    if let Some(count) = characters(value) {
        return count <= LONGEST_NAME;
    }
    if !value.is_object() {
        return true;
    }
    let Some(keys) = Reflect::own_keys(value).ok().filter(|_| depth > 0 && !is_long(value)) else {
        return false;
    };
    let is_short = |key| Reflect::get(value, &key).is_ok_and(|entry| is_short(&entry, depth - 1));
    f64::from(keys.length()) <= MOST_ENTRIES && keys.iter().all(is_short)
}

/// Whether an array or a view has too many entries to name them all.
fn is_long(value: &JsValue) -> bool {
    length(value).is_some_and(|length| length > MOST_ENTRIES)
}

/// A string of at most `most` characters, or nothing.
pub fn optional_text(name: &str, value: &JsValue, most: usize) -> Result<Option<String>> {
    let text = |value: &JsValue| {
        let refused = || Error::input(format!("{name} is {}, which is no string; give one", type_of(value)));
        let count = characters(value).ok_or_else(refused)?;
        if count as usize > most {
            return Err(Error::input(format!(
                "{name} has {count} characters; at most {most} are kept: shorten it"
            )));
        }
        value.as_string().ok_or_else(refused)
    };
    given(value).map(text).transpose()
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

/// The terms of a loss by name, and their total.
pub fn terms(terms: &Terms) -> JsValue {
    let value = object(&[("total", terms.total().into())]);
    for term in terms.iter() {
        set(&value, term.name, &term.value.into());
    }
    value
}

/// How well a prior knows codes.
pub fn prior_terms(nats: f32) -> JsValue {
    terms(&PRIOR.of(nats).into())
}

pub fn evaluation(evaluation: &Evaluation) -> JsValue {
    let value = terms(&evaluation.terms);
    if let Some(latents) = &evaluation.latents {
        set(&value, "kl_by_dimension", &array(&latents.kl_by_dimension));
        set(&value, "active_units", &(latents.active_units as f64).into());
    }
    if let Some(codes) = &evaluation.codes {
        set(&value, "perplexity", &codes.perplexity.into());
        set(&value, "shares", &array(&codes.shares));
        set(&value, "dead", &(codes.dead as f64).into());
    }
    value
}

/// Grids of codes that were drawn, with what each was drawn from.
pub fn sampled(sampled: &Sampled) -> JsValue {
    object(&[
        ("codes", Uint32Array::from(sampled.codes.as_slice()).into()),
        ("probabilities", array(&sampled.probabilities)),
    ])
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

/// What a model can do, as a plain object.
pub fn description(config: &ModelConfig) -> JsValue {
    let json = serde_json::to_string(&config.describe()).unwrap_or_default();
    js_sys::JSON::parse(&json).unwrap_or(JsValue::NULL)
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
