//! Steps that several workers compute: work goes out, what replicas found of its parts comes back.

use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::{Device, Tensor};
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::prelude::*;

use super::arrays::{self, floats, given, optional_floats};
use super::keys;
use super::options::ReplicaOptions;
use super::room;
use super::stage::{self, Stage};
use super::wire::{self, array, count, number, object, promise, whole};
use crate::data::MAX_NUMBERS;
use crate::error::{Error, Result};
use crate::model::Place;
use crate::train::{self, Contribution, MAX_BATCH, Part, Work};

/// The most contributions that are read: no batch has more parts than images.
const MOST_PARTS: usize = MAX_BATCH;

/// A copy of a network on the CPU whose weights come with each step: it computes gradients for a `Lab` elsewhere. Its types are in
/// `lab.d.ts`.
#[wasm_bindgen(skip_typescript)]
pub struct Replica {
    // Shared with the calls under way, so that `free` is safe at any time.
    network: Rc<train::Replica>,
    /// The weights of the step, its number and the weight of terms that have one.
    step: RefCell<Option<(Tensor<1>, (u64, f32))>>,
}

#[wasm_bindgen]
impl Replica {
    /// Of the model of a preset or of a configuration, or of its prior.
    ///
    /// # Errors
    /// For a configuration that cannot be built.
    #[wasm_bindgen(constructor)]
    pub fn new(model: JsValue, options: JsValue) -> std::result::Result<Replica, JsValue> {
        let stage = keys::read::<ReplicaOptions>(options)?.stage()?;
        let (config, device) = (wire::model_config(&model)?, Device::flex());
        let network = match stage {
            Stage::Codes => train::Replica::of_model(config, &device)?,
            Stage::Prior => train::Replica::of_prior(config, &device)?,
        };
        Ok(Self {
            network: Rc::new(network),
            step: RefCell::new(None),
        })
    }

    /// Takes the weights of a step that was begun, for the parts that follow.
    ///
    /// # Errors
    /// For what is no step of this network.
    pub fn begin(&self, work: JsValue) -> std::result::Result<(), JsValue> {
        let part = |name| property("the work", &work, name);
        let step = whole("step", number("step", &part("step")?)?)?;
        let beta = number("beta", &part("beta")?)? as f32;
        let weights = self.network.weights(floats("weights", &part("weights")?)?)?;
        self.step.replace(Some((weights, (step, beta))));
        Ok(())
    }

    /// What a part of the step adds to the gradient of its batch. `spare` is a contribution that nobody needs any more: its
    /// array is taken for the gradient, for one of megabytes takes long to make.
    pub fn contribute(&self, part: JsValue, spare: JsValue) -> Promise {
        let network = self.network.clone();
        let begun = self.step.borrow().clone();
        let given = begun
            .ok_or_else(|| Error::input("this replica has no weights yet; give it the work by begin()"))
            .and_then(|step| Ok((step, read_part(&part)?)));
        promise(async move {
            let ((weights, how), (part, _room)) = given?;
            let contribution = network.contribute(&weights, how, &part).await?;
            Ok(write(&contribution, &spare))
        })
    }
}

/// A step that was begun, as an object of arrays.
pub fn work(stage: Stage, work: &Work) -> JsValue {
    let part = |part: &Part| {
        let arrays = part
            .arrays
            .iter()
            .map(|numbers| numbers.as_deref().map_or(JsValue::UNDEFINED, array));
        object(&[
            ("first", (part.place.first as f64).into()),
            ("count", (part.place.count as f64).into()),
            ("of", (part.place.of as f64).into()),
            ("arrays", arrays.collect::<Array>().into()),
        ])
    };
    object(&[
        ("stage", stage.name().into()),
        ("step", (work.step as f64).into()),
        ("beta", work.beta.into()),
        ("weights", array(&work.weights)),
        ("parts", work.parts.iter().map(part).collect::<Array>().into()),
    ])
}

/// The stage of a step that was begun.
pub fn stage_of(work: &JsValue) -> Result<Stage> {
    stage::named(property("the work", work, "stage")?.as_string().as_deref())
}

/// The contributions of all parts, with the room that they take.
pub fn contributions(list: &JsValue) -> Result<(Vec<Contribution>, room::Room)> {
    let entries = arrays::list(list, MOST_PARTS)
        .ok_or_else(|| Error::input("the contributions are no array; give one of each part, in their order"))?;
    let mut numbers = 0.0;
    for entry in &entries {
        for name in ["gradient", "terms", "examples"] {
            numbers += arrays::length(&property("a contribution", entry, name)?).unwrap_or(0.0);
        }
        numbers += lengths(&self::list("a contribution", entry, "averages")?);
    }
    let room = room::Room::take(4 * numbers as u64)?;
    Ok((entries.iter().map(contribution).collect::<Result<_>>()?, room))
}

/// A part, with the room that it takes.
fn read_part(value: &JsValue) -> Result<(Part, room::Room)> {
    let size = |name| count(name, number(name, &property("the part", value, name)?)?);
    let place = Place {
        first: size("first")?,
        count: size("count")?,
        of: size("of")?,
    };
    let arrays = list("the part", value, "arrays")?;
    let room = room::Room::take(4 * lengths(&arrays) as u64)?;
    let arrays = arrays
        .iter()
        .map(|numbers| optional_floats("an array of the part", numbers, MAX_NUMBERS));
    let arrays = arrays.collect::<Result<_>>()?;
    Ok((Part { place, arrays }, room))
}

fn contribution(value: &JsValue) -> Result<Contribution> {
    let part = |name| floats(name, &property("a contribution", value, name)?);
    let averages = list("a contribution", value, "averages")?;
    Ok(Contribution {
        gradient: part("gradient")?,
        terms: part("terms")?,
        averages: averages
            .iter()
            .map(|numbers| floats("averages", numbers))
            .collect::<Result<_>>()?,
        examples: part("examples")?,
    })
}

fn write(contribution: &Contribution, spare: &JsValue) -> JsValue {
    let averages = contribution.averages.iter().map(|numbers| array(numbers));
    let spare = Reflect::get(spare, &"gradient".into()).unwrap_or_default();
    let gradient = arrays::into(&spare, &contribution.gradient).unwrap_or_else(|| array(&contribution.gradient));
    object(&[
        ("gradient", gradient),
        ("terms", array(&contribution.terms)),
        ("averages", averages.collect::<Array>().into()),
        ("examples", array(&contribution.examples)),
    ])
}

/// How many numbers several arrays have, before any is read.
fn lengths(list: &[JsValue]) -> f64 {
    list.iter().map(|one| arrays::length(one).unwrap_or(0.0)).sum()
}

/// A short array in an object that a call was given.
fn list(what: &str, value: &JsValue, name: &str) -> Result<Vec<JsValue>> {
    /// More than any network has.
    const MOST: usize = 8;
    arrays::list(&property(what, value, name)?, MOST).ok_or_else(|| {
        Error::input(format!(
            "{name} of {what} is no array; give what begin_step or a replica gave"
        ))
    })
}

fn property(what: &str, value: &JsValue, name: &str) -> Result<JsValue> {
    let found = Reflect::get(value, &name.into()).unwrap_or_default();
    given(&found)
        .cloned()
        .ok_or_else(|| Error::input(format!("{what} has no {name}; give what begin_step or a replica gave")))
}
