//! What a call is for: the model, or the prior over its codes.

use wasm_bindgen::prelude::*;

use super::arrays::given;
use crate::error::{Error, ErrorKind, Result};

/// What a call is for: the model, or the prior over its codes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Codes,
    Prior,
}

impl Stage {
    pub fn name(self) -> &'static str {
        match self {
            Self::Codes => "codes",
            Self::Prior => "prior",
        }
    }
}

/// A stage by its name.
pub fn named(name: Option<&str>) -> Result<Stage> {
    match name {
        None | Some("codes") => Ok(Stage::Codes),
        Some("prior") => Ok(Stage::Prior),
        Some(other) => Err(Error::new(
            ErrorKind::UnknownName,
            format!("no stage is called {other:?}; known: codes, prior"),
        )),
    }
}

/// The stage of a call. What is given for the other one is a mistake.
pub fn stage(name: Option<&str>, [labels, noise, mask]: [&JsValue; 3], beta: Option<f64>) -> Result<Stage> {
    let refused = |what, stage, other| {
        Err(Error::input(format!(
            "{what} of the stage {stage:?}; leave that out, or take the stage {other:?}"
        )))
    };
    match named(name)? {
        Stage::Codes if given(labels).is_some() => refused("labels are no part", "codes", "prior"),
        Stage::Prior if given(noise).is_some() => refused("noise is no part", "prior", "codes"),
        Stage::Prior if beta.is_some() => refused("beta is no part", "prior", "codes"),
        Stage::Prior if given(mask).is_some() => refused("a mask is no part", "prior", "codes"),
        stage => Ok(stage),
    }
}
