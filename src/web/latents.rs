//! Latents as they cross: what `encode` gives and `decode` takes.

use js_sys::{Reflect, Uint32Array};
use wasm_bindgen::prelude::*;

use super::arrays::{floats, type_of, whole_numbers};
use super::objects;
use super::room::Room;
use super::wire::{array, object};
use crate::error::{Error, Result};
use crate::model::Latents;

/// Latents `[batch, latent]`, an encoding, whose mean or codes are taken, or the vectors of cells; with the room that they take.
pub fn read(value: &JsValue) -> Result<(Latents, Room)> {
    let part = |name: &str| {
        Reflect::get(value, &name.into())
            .ok()
            .filter(|part| !part.is_undefined())
    };
    if part("codes").and(part("vectors")).is_some() {
        return Err(Error::input("latents has codes and vectors; give one of them"));
    }
    if let Some(codes) = part("codes") {
        let room = Room::of_arrays([&codes])?;
        return Ok((Latents::Codes(whole_numbers("latents.codes", &codes)?), room));
    }
    if let Some(list) = part("objects") {
        let (scenes, room) = objects::read(&list)?;
        return Ok((Latents::Objects(scenes), room));
    }
    if let Some(vectors) = part("vectors") {
        let room = Room::of_arrays([&vectors])?;
        return Ok((Latents::Vectors(floats("latents.vectors", &vectors)?), room));
    }
    if let Some(mean) = part("mean") {
        let room = Room::of_arrays([&mean])?;
        return Ok((Latents::Point(floats("latents.mean", &mean)?), room));
    }
    let kind = type_of(value);
    if WHOLE.contains(&kind.as_str()) {
        return Err(Error::input(format!(
            "latents is {kind}, which holds whole numbers; give codes as {{ codes }}, {{ vectors }} of cells, or latents as a \
             Float32Array"
        )));
    }
    let room = Room::of_arrays([value])?;
    let point = floats("latents", value).map_err(|error| {
        Error::input(format!(
            "decode takes what encode gave, {{ codes }}, {{ vectors }}, {{ objects }}, or numbers [batch, latent]: {error}"
        ))
    })?;
    Ok((Latents::Point(point), room))
}

/// Arrays that hold codes, not latents.
const WHOLE: [&str; 6] = [
    "Int8Array",
    "Uint8Array",
    "Int16Array",
    "Uint16Array",
    "Int32Array",
    "Uint32Array",
];

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
