//! Room in memory for the models that are open. A WebAssembly memory that is used up ends the module for good.

use std::cell::Cell;

use crate::error::{Error, Result};
use crate::model::{ModelConfig, memory};

/// The most bytes of all models that are open. A call may take [`memory::MOST_OF_A_CALL`] besides.
const MOST: u64 = 3 << 29;
/// Weights and Adam's two moments, of the state and of the last sound one.
const BYTES_OF_A_PARAMETER: u64 = 2 * 3 * 4;

thread_local! {
    static TAKEN: Cell<u64> = const { Cell::new(0) };
}

/// The room of one model, given back when it is dropped.
pub struct Room(u64);

impl Room {
    /// Room for a model of a resolved configuration.
    pub fn take(config: &ModelConfig) -> Result<Self> {
        let bytes = config.family().init().layout().count() * BYTES_OF_A_PARAMETER;
        let taken = TAKEN.get();
        if taken + bytes > MOST {
            return Err(Error::input(format!(
                "the models that are open take {} of memory and this one would take {}; at most {} are taken: free() those that \
                 are not needed any more",
                memory::size(taken),
                memory::size(bytes),
                memory::size(MOST)
            )));
        }
        TAKEN.set(taken + bytes);
        Ok(Self(bytes))
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        TAKEN.set(TAKEN.get() - self.0);
    }
}
