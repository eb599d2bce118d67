//! The scenes that a data set is asked for.

use serde::Deserialize;
use wasm_bindgen::prelude::*;

use super::keys::{Keys, Options, Takes, read};
use super::wire::{self, count, whole};
use crate::data::SceneSettings;
use crate::error::Result;

#[derive(Default, Deserialize)]
#[serde(default)]
struct SceneOptions {
    seed: Option<f64>,
    step: Option<f64>,
    side: Option<f64>,
    fewest: Option<f64>,
    most: Option<f64>,
    distance: Option<f32>,
    held_out: Option<bool>,
}

impl Options for SceneOptions {
    const KEYS: Keys = &[
        ("seed", Takes::Number),
        ("step", Takes::Number),
        ("side", Takes::Number),
        ("fewest", Takes::Number),
        ("most", Takes::Number),
        ("distance", Takes::Number),
        ("held_out", Takes::Boolean),
    ];
}

/// Scenes that are asked for.
pub struct SceneRequest {
    pub count: usize,
    pub settings: SceneSettings,
    pub seed: u64,
    pub step: u64,
    /// Whether they are made of the images that no batch has.
    pub held_out: bool,
}

/// How many scenes are asked for, and how they are made.
pub fn request(number: &JsValue, settings: JsValue) -> Result<SceneRequest> {
    let options = read::<SceneOptions>(settings)?;
    let size = |name, value: Option<f64>, otherwise| value.map_or(Ok(otherwise), |value| count(name, value));
    let usual = SceneSettings::default();
    let [fewest, most] = usual.objects;
    let most = size("most", options.most, most)?;
    Ok(SceneRequest {
        count: count("count", wire::number("count", number)?)?,
        settings: SceneSettings {
            side: size("side", options.side, usual.side)?,
            objects: [size("fewest", options.fewest, fewest.min(most))?, most],
            distance: options.distance.unwrap_or(usual.distance),
        },
        seed: options.seed.map_or(Ok(1), |seed| whole("seed", seed))?,
        step: options.step.map_or(Ok(0), |step| whole("step", step))?,
        held_out: options.held_out == Some(true),
    })
}
