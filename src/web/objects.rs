//! Objects of scenes as they cross: a flat list, each with the number of its image.

use js_sys::{Array, Reflect};
use wasm_bindgen::prelude::*;

use super::arrays::{self, floats, type_of};
use super::room::Room;
use super::wire::{array, numbers, object, whole};
use crate::error::{Error, Result};
use crate::model::scene::{Object, SceneLatents};
use crate::train::MAX_IMAGES;

/// `{ objects, kl }`: the objects of all scenes, and what each cell says, `[batch, cells]`.
pub fn scenes(scenes: &[SceneLatents]) -> JsValue {
    let all = Array::new();
    for (image, scene) in scenes.iter().enumerate() {
        for found in &scene.objects {
            all.push(&object(&[
                ("image", (image as f64).into()),
                ("cell", (found.cell as f64).into()),
                ("where", numbers(&found.centre)),
                ("mean", array(&found.mean)),
                ("log_variance", array(&found.log_variance)),
                ("kl", found.kl.into()),
                ("presence", found.presence.into()),
            ]));
        }
    }
    let kl: Vec<f32> = scenes.iter().flat_map(|scene| scene.kl.clone()).collect();
    object(&[("objects", all.into()), ("kl", array(&kl))])
}

/// The most objects of a call: some hundreds of megabytes.
const MOST: usize = 1_000_000;
/// What an object takes beside its numbers.
const BYTES: u64 = 200;

/// The scenes of a list of objects, as many as the last one's image says and one at least; with the room that they take.
pub fn read(list: &JsValue) -> Result<(Vec<SceneLatents>, Room)> {
    let entries = arrays::list(list, MOST).ok_or_else(|| {
        Error::input(format!(
            "latents.objects is {}, which is no array of at most {MOST} objects; give the objects that encode gave, or some of \
             them",
            type_of(list)
        ))
    })?;
    let room = Room::take(BYTES * entries.len() as u64)?;
    let mut scenes = vec![SceneLatents::default()];
    for entry in entries {
        let image = match part(&entry, "image") {
            Ok(image) => whole("image", number("image", &image)?)? as usize,
            Err(_) => 0,
        };
        if image >= MAX_IMAGES {
            return Err(Error::input(format!(
                "an object is of image {image}; give numbers below {MAX_IMAGES}"
            )));
        }
        if scenes.len() <= image {
            scenes.resize(image + 1, SceneLatents::default());
        }
        scenes[image].objects.push(one(&entry)?);
    }
    Ok((scenes, room))
}

/// The most latents of an object, which its model looks at anew.
const MOST_LATENTS: usize = 1 << 12;

fn one(entry: &JsValue) -> Result<Object> {
    let short = |name| {
        let numbers = part(entry, name)?;
        arrays::check_length(name, &numbers, MOST_LATENTS)?;
        floats(name, &numbers)
    };
    let (mean, place) = (short("mean")?, short("where")?);
    let Ok(centre) = <[f32; 2]>::try_from(place) else {
        return Err(Error::input(
            "an object's where has row and column, in pixels; give two numbers",
        ));
    };
    Ok(Object {
        cell: whole("cell", number("cell", &part(entry, "cell")?)?)? as usize,
        centre,
        log_variance: vec![0.0; mean.len()],
        mean,
        kl: 0.0,
        presence: number("presence", &part(entry, "presence")?)? as f32,
    })
}

fn part(entry: &JsValue, name: &str) -> Result<JsValue> {
    let part = Reflect::get(entry, &name.into()).unwrap_or_default();
    if part.is_undefined() || part.is_null() {
        return Err(Error::input(format!(
            "an object has no {name}; give cell, where, mean and presence, as encode gives them"
        )));
    }
    Ok(part)
}

fn number(name: &str, value: &JsValue) -> Result<f64> {
    value
        .as_f64()
        .ok_or_else(|| Error::input(format!("an object's {name} is {}; give a number", type_of(value))))
}
