//! Turns: a page's own thread draws and answers between two tasks, never between two steps of one.

use std::cell::Cell;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance, console};

/// Milliseconds that go by without a turn for the page: half a frame.
const PATIENCE: f64 = 8.0;

thread_local! {
    static LAST: Cell<f64> = const { Cell::new(f64::NEG_INFINITY) };
}

/// Waits for the next task, unless there was one a moment ago.
pub async fn yield_to_page() {
    if now() - LAST.get() < PATIENCE {
        return;
    }
    let turn = JsFuture::from(Promise::new(&mut |resolve, reject| {
        if let Err(error) = next_task(&resolve) {
            // A promise's own function does not fail.
            let _ = reject.call1(&JsValue::NULL, &error);
        }
    }));
    if let Err(error) = turn.await {
        let words = "Latent Lab: no turn for the page between two steps, for no task can be asked for here";
        console::warn_2(&words.into(), &error);
    }
    LAST.set(now());
}

/// Milliseconds since some time; for ever later ones where there is no clock.
fn now() -> f64 {
    let clock = Reflect::get(&js_sys::global(), &"performance".into());
    match clock {
        Ok(clock) if clock.is_object() => clock.unchecked_into::<Performance>().now(),
        _ => f64::INFINITY,
    }
}

/// Calls back in a task of its own. A timer would wait for four milliseconds besides.
fn next_task(resolve: &Function) -> Result<(), JsValue> {
    // Of Node.js, where a channel would keep the process alive.
    let immediate = Reflect::get(&js_sys::global(), &"setImmediate".into())?;
    if let Some(immediate) = immediate.dyn_ref::<Function>() {
        immediate.call1(&JsValue::NULL, resolve)?;
        return Ok(());
    }
    let channel = MessageChannel::new()?;
    channel.port1().set_onmessage(Some(resolve));
    channel.port2().post_message(&JsValue::NULL)
}
