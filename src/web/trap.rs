//! A panic on purpose, for tests of what becomes of the other calls of a module that traps.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::turn::yield_to_page;
use super::wire::promise;

/// Stops the module in the middle of a call, as a mistake of ours would: for tests of what becomes of the other calls.
#[wasm_bindgen(skip_typescript)]
pub fn lab_panic_for_tests() -> Promise {
    promise(async {
        yield_to_page().await;
        #[expect(clippy::panic, reason = "that is what it is for")]
        {
            panic!("on purpose")
        }
    })
}
