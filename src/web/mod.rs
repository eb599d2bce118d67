//! The boundary: converts what JavaScript gives, delegates, and gives back.

mod arrays;
mod data;
mod device;
mod file;
mod lab;
mod options;
mod room;
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

/// Stops the module in the middle of a call, as a mistake of ours would: for tests of what becomes of the other calls.
#[wasm_bindgen(js_name = "lab_panic_for_tests", skip_typescript)]
pub fn panic_for_tests() -> js_sys::Promise {
    wire::promise(async {
        turn::yield_to_page().await;
        #[expect(clippy::panic, reason = "that is what it is for")]
        {
            panic!("on purpose")
        }
    })
}
