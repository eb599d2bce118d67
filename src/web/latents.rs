//! Latents as they cross: what `encode` gives and `decode` takes.

use js_sys::{Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::arrays::{floats, whole_numbers};
use super::objects;
use super::wire::{array, object};
use crate::error::{Error, Result};
use crate::model::Latents;

/// Latents `[batch, latent]`, an encoding, whose mean or codes are taken, or the vectors of cells.
pub fn read(value: &JsValue) -> Result<Latents> {
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
    if let Some(list) = part("objects") {
        return objects::read(&list).map(Latents::Objects);
    }
    if let Some(vectors) = part("vectors") {
        return floats("latents.vectors", &vectors).map(Latents::Vectors);
    }
    if let Some(mean) = part("mean") {
        return floats("latents.mean", &mean).map(Latents::Point);
    }
    floats("latents", value).map(Latents::Point).map_err(|error| {
        Error::input(format!(
            "decode takes what encode gave, {{ codes }}, {{ vectors }}, {{ objects }}, or numbers [batch, latent]: {error}"
        ))
    })
}

/// Latents as an object of arrays.
pub fn write(latents: &Latents) -> JsValue {
    match latents {
        Latents::Point(mean) => object(&[("mean", array(mean))]),
        Latents::Gaussian { mean, log_variance } => {
            object(&[("mean", array(mean)), ("log_variance", array(log_variance))])
        }
        Latents::Codes(codes) => object(&[("codes", Uint32Array::from(codes.as_slice()).into())]),
        Latents::Vectors(vectors) => object(&[("vectors", array(vectors))]),
        Latents::Objects(scenes) => objects::scenes(scenes),
    }
}
