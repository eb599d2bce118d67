//! Objects of options: which keys they have, and what each of these may be.

use js_sys::{Object, Reflect};
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use super::arrays::{beginning, characters, given, plain, type_of};
use crate::error::{Error, Result};

/// No name of an option, or of what one may be, has more characters.
const LONGEST: u32 = 40;

/// What an option may be.
#[derive(Clone, Copy)]
pub enum Takes {
    Number,
    Boolean,
    Text,
    /// Looked at when it is read.
    Numbers,
    /// A configuration or a preset's name, looked at when it is read.
    Model,
}

impl Takes {
    fn fits(self, value: &JsValue) -> bool {
        match self {
            Self::Number => value.as_f64().is_some(),
            Self::Boolean => value.as_bool().is_some(),
            Self::Text => characters(value).is_some_and(|count| count <= LONGEST),
            Self::Numbers | Self::Model => true,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Boolean => "true or false",
            Self::Text => "a string of few characters",
            Self::Numbers => "an array of numbers",
            Self::Model => "a configuration or a preset's name",
        }
    }
}

/// The options of a call, and what each may be.
pub type Keys = &'static [(&'static str, Takes)];

/// An object of options.
pub trait Options: DeserializeOwned + Default {
    /// Its keys: serde-wasm-bindgen looks for the known ones and passes over the others.
    const KEYS: Keys;
}

/// An object of options; its defaults where it is left out.
pub fn read<T: Options>(value: JsValue) -> Result<T> {
    if given(&value).is_none() {
        return Ok(T::default());
    }
    let known = || T::KEYS.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
    let object = plain(&value)
        .filter(|_| value.is_object())
        .ok_or_else(|| Error::input(format!("the options are no object; give one with any of {}", known())))?;
    for key in Object::keys(&object).iter().filter_map(|key| beginning(&key, LONGEST)) {
        let Some((_, takes)) = T::KEYS.iter().find(|(name, _)| *name == key) else {
            return Err(Error::input(format!("no option is called {key:?}; known: {}", known())));
        };
        let value = Reflect::get(&object, &key.as_str().into()).unwrap_or_default();
        if given(&value).is_some_and(|value| !takes.fits(value)) {
            let words = takes.words();
            return Err(Error::input(format!("{key} is {}; give {words}", shown(&value))));
        }
    }
    serde_wasm_bindgen::from_value(object.into()).map_err(|e| Error::input(format!("the options cannot be read: {e}")))
}

/// A value as its caller knows it, in short.
fn shown(value: &JsValue) -> String {
    match beginning(value, LONGEST) {
        Some(text) if characters(value) > Some(LONGEST) => format!("{text:?}..."),
        Some(text) => format!("{text:?}"),
        None => match (value.as_f64(), value.as_bool()) {
            (Some(number), _) => number.to_string(),
            (_, Some(flag)) => flag.to_string(),
            _ => type_of(value),
        },
    }
}
