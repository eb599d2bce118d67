//! The boundary: converts what JavaScript gives, delegates, and gives back.

mod arrays;
mod data;
mod device;
mod file;
mod keys;
mod lab;
mod latents;
mod objects;
mod options;
mod replica;
mod room;
mod scenes;
mod stage;
mod trap;
mod turn;
mod wire;

use wasm_bindgen::prelude::*;

#[cfg(feature = "webgpu")]
unsafe extern "C" {
    fn __wasm_call_ctors();
}

/// Runs once, when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
    // CubeCL registers its types in constructors. Where nobody calls them, the linker runs all of
    // them before every export, which costs milliseconds a call.
    #[cfg(feature = "webgpu")]
    // SAFETY: the linker defines this function; it is called once, before anything else.
    unsafe {
        __wasm_call_ctors();
    }
}
