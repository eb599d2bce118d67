//! What crosses: plain objects and typed arrays in and out, every input checked once, here.

use std::pin::Pin;

use js_sys::{Array, Float32Array, Float64Array, Object, Promise, Reflect, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;

use crate::checkpoint::MAX_COUNT;
use crate::error::{Error, Result};
use crate::loss::LossTerms;
use crate::model::{Encoding, ModelConfig, preset};
use crate::train::Evaluation;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = concat!(include_str!("types.d.ts"), include_str!("lab.d.ts"));

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        let value = js_sys::Error::new(&error.to_string());
        set(&value, "kind", &error.kind().as_str().into());
        value.into()
    }
}

/// The promise of a call. Boxed: the machinery of futures is built once instead of for each call.
pub fn promise(call: impl Future<Output = std::result::Result<JsValue, JsValue>> + 'static) -> Promise {
    let call: Pin<Box<dyn Future<Output = std::result::Result<JsValue, JsValue>>>> = Box::pin(call);
    wasm_bindgen_futures::future_to_promise(call)
}

// What a getter, a proxy or a detached buffer throws while it is read would leave the call half done, with the
// model borrowed for good. `Reflect` catches it.

/// The own properties of an object, read; nothing where one throws.
pub fn plain(value: &JsValue) -> Option<Object> {
    let object = Object::new();
    for key in Reflect::own_keys(value).ok()? {
        Reflect::set(&object, &key, &Reflect::get(value, &key).ok()?).ok()?;
    }
    Some(object)
}

/// A copy of a typed array of a kind.
fn copied<T: JsCast>(kind: &str, value: &JsValue) -> Option<T> {
    let constructor = Reflect::get(&js_sys::global(), &kind.into()).ok()?;
    let constructor: &js_sys::Function = constructor.unchecked_ref();
    let copy = Reflect::construct(constructor, &Array::of1(value));
    copy.ok().map(JsCast::unchecked_into)
}

/// The entries of an array of numbers alone.
fn entries(array: &JsValue) -> Option<Vec<f64>> {
    let length = Reflect::get(array, &"length".into()).ok()?.as_f64()?;
    let number = |index| {
        let entry = Reflect::get_u32(array, index).ok()?;
        entry.as_f64()
    };
    (0..length as u32).map(number).collect()
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

/// A `Float32Array`, or an array of numbers.
pub fn floats(name: &str, value: &JsValue) -> Result<Vec<f32>> {
    let numbers = if value.is_instance_of::<Float32Array>() {
        copied("Float32Array", value).map(|array: Float32Array| array.to_vec())
    } else {
        let entries = value.dyn_ref::<Array>().and_then(|array| entries(array));
        entries.map(|numbers| numbers.into_iter().map(|number| number as f32).collect())
    };
    numbers.ok_or_else(|| {
        Error::input(format!(
            "{name} is no Float32Array and no array of numbers, or was given away; give one of these"
        ))
    })
}

/// A `Uint8Array` of at most `most` bytes; a longer one is not even copied.
pub fn bytes(name: &str, value: &JsValue, most: usize) -> Result<Vec<u8>> {
    let array = value
        .dyn_ref::<Uint8Array>()
        .ok_or_else(|| Error::input(format!("{name} is no Uint8Array; give one")))?;
    if array.length() as usize > most {
        return Err(Error::input(format!(
            "{name} has {} bytes; at most {most} are read: choose a smaller file",
            array.length()
        )));
    }
    let array: Uint8Array = copied("Uint8Array", value)
        .ok_or_else(|| Error::input(format!("{name} was given away (its buffer is detached); give a copy")))?;
    Ok(array.to_vec())
}

/// What is neither undefined nor null.
pub fn given(value: &JsValue) -> Option<&JsValue> {
    (!value.is_undefined() && !value.is_null()).then_some(value)
}

pub fn optional_floats(name: &str, value: &JsValue) -> Result<Option<Vec<f32>>> {
    given(value).map(|value| floats(name, value)).transpose()
}

/// A string, or nothing.
pub fn optional_text(name: &str, value: &JsValue) -> Result<Option<String>> {
    let text = |value: &JsValue| {
        let refused = || Error::input(format!("{name} is no string; give one"));
        value.as_string().ok_or_else(refused)
    };
    given(value).map(text).transpose()
}

/// What a decoder is given.
pub enum Latents {
    /// Numbers `[batch, latent]`.
    Numbers(Vec<f32>),
    /// What an encoder said: means `[batch, latent]`, and whether variances came with them.
    Encoding(Vec<f32>, bool),
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
        let codes = whole_numbers("latents.codes", &codes)?;
        return Ok(Latents::Codes(codes));
    }
    if let Some(vectors) = part("vectors") {
        return floats("latents.vectors", &vectors).map(Latents::Vectors);
    }
    if let Some(mean) = part("mean") {
        let has_variance = part("log_variance").is_some();
        return Ok(Latents::Encoding(floats("latents.mean", &mean)?, has_variance));
    }
    floats("latents", value).map(Latents::Numbers).map_err(|error| {
        Error::input(format!(
            "{error}; decode takes what encode gave, {{ codes }}, {{ vectors }}, or numbers in such an array"
        ))
    })
}

/// Numbers in a typed array of any kind or in an array.
pub fn any_numbers(name: &str, value: &JsValue) -> Result<Vec<f64>> {
    let numbers = if js_sys::ArrayBuffer::is_view(value) {
        copied("Float64Array", value).map(|array: Float64Array| array.to_vec())
    } else {
        value.dyn_ref::<Array>().and_then(|array| entries(array))
    };
    numbers.ok_or_else(|| {
        Error::input(format!(
            "{name} is no typed array and no array of numbers, or was given away; give one"
        ))
    })
}

/// Whole numbers from 0, in a typed array of any kind or in an array.
pub fn whole_numbers(name: &str, value: &JsValue) -> Result<Vec<u32>> {
    let whole = |number: f64| {
        let fits = number.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&number);
        let refused = || Error::input(format!("{name} has {number}; give whole numbers from 0"));
        fits.then_some(number as u32).ok_or_else(refused)
    };
    any_numbers(name, value)?.into_iter().map(whole).collect()
}

/// A number, not a text that looks like one.
pub fn number(name: &str, value: &JsValue) -> Result<f64> {
    value
        .as_f64()
        .ok_or_else(|| Error::input(format!("{name} is no number; give a whole number")))
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
