//! Room in memory for what is kept from call to call, and for what calls that wait their turn were given. A WebAssembly memory
//! that is used up ends the module for good.

use std::cell::Cell;
use std::ops::Deref;

use wasm_bindgen::JsValue;

use super::arrays;
use crate::data::MAX_NUMBERS;
use crate::error::{Error, Result};
use crate::model::{ModelConfig, memory};

/// The most bytes of all of it. A call may take [`memory::MOST_OF_A_CALL`] besides.
const MOST: u64 = 3 << 29;
/// The most bytes that a number takes while it is read: in double precision beside what it becomes.
const BYTES_OF_A_NUMBER: u64 = 16;
/// Weights and Adam's two moments, of the state and of the last sound one.
const BYTES_OF_A_PARAMETER: u64 = 2 * 3 * 4;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

/// So many bytes, given back when it is dropped.
pub struct Room(u64);

impl Room {
    /// Room for a number of bytes.
    pub fn take(bytes: u64) -> Result<Self> {
        let taken = TAKEN.get();
        if taken + bytes > MOST {
            return Err(Error::input(format!(
                "what is open and what calls were given take {} of memory, and this would take {}; at most {} are taken: \
                 free() what is not needed any more (what nobody holds is freed in a moment), and wait for answers",
                memory::size(taken),
                memory::size(bytes),
                memory::size(MOST)
            )));
        }
        TAKEN.set(taken + bytes);
        Ok(Self(bytes))
    }

    /// Room for the numbers of arrays, before any of them is read.
    pub fn of_arrays<'a>(arrays: impl IntoIterator<Item = &'a JsValue>) -> Result<Self> {
        let lengths = arrays.into_iter().map(|array| arrays::length(array).unwrap_or(0.0));
        let numbers: f64 = lengths.map(|length| length.min(MAX_NUMBERS as f64)).sum();
        Self::take(BYTES_OF_A_NUMBER * numbers as u64)
    }

    /// Room for a model of a resolved configuration.
    pub fn of_model(config: &ModelConfig) -> Result<Self> {
        let count: u64 = config.layouts().iter().map(|layout| layout.count()).sum();
        Self::take(count * BYTES_OF_A_PARAMETER)
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        TAKEN.set(TAKEN.get() - self.0);
    }
}

/// Images that a call was given, with their room.
pub struct GivenImages {
    numbers: Vec<f32>,
    _room: Room,
}

impl GivenImages {
    /// Room for so many numbers, and then these.
    pub fn take(count: usize, numbers: impl FnOnce() -> Result<Vec<f32>>) -> Result<Self> {
        let room = Room::take(4 * count as u64)?;
        Ok(Self {
            numbers: numbers()?,
            _room: room,
        })
    }
}

impl Deref for GivenImages {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.numbers
    }
}
