//! Turns: a page's own thread draws and answers between two tasks, never between two steps of one.

use std::cell::Cell;

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{MessageChannel, Performance};

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
    // Where no task can be asked for, the step goes on at once.
    let _ = JsFuture::from(Promise::new(&mut |resolve, _| {
        if next_task(&resolve).is_err() {
            let _ = resolve.call0(&JsValue::NULL);
        }
    }))
    .await;
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
