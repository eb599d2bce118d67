//! Which device computes, and whether it computes rightly.

use burn::tensor::Device;
use wasm_bindgen::prelude::*;

use super::wire;
use crate::error::{Error, ErrorKind, Result};
use crate::selftest;

/// A device and its name.
pub struct Chosen {
    pub name: &'static str,
    pub device: Device,
}

/// The device of a name; "auto" is the flavour's own.
pub async fn choose(name: Option<&str>) -> Result<Chosen> {
    let own = if cfg!(feature = "webgpu") { "webgpu" } else { "cpu" };
    match name.unwrap_or("auto") {
        "auto" => Box::pin(open(own)).await,
        "cpu" => open("cpu").await,
        "webgpu" => open("webgpu").await,
        other => Err(Error::new(
            ErrorKind::UnknownName,
            format!("no device is called {other:?}; known: auto, cpu, webgpu"),
        )),
    }
}

async fn open(name: &'static str) -> Result<Chosen> {
    let device = if name == "cpu" {
        Device::flex()
    } else {
        gpu::open().await?
    };
    Ok(Chosen { name, device })
}

/// Trains a small model for a few steps on the flavour's own device and compares the losses with
/// known values: a shader that a driver mistranslates is skipped without an error.
#[wasm_bindgen(unchecked_return_type = "Promise<SelfTest>")]
pub fn self_test() -> js_sys::Promise {
    wire::promise(async {
        let Chosen { device, .. } = choose(None).await?;
        let losses = selftest::run(&device).await?;
        Ok(wire::object(&[
            ("agrees", selftest::agrees(&losses).into()),
            ("losses", wire::numbers(&losses)),
            ("expected", wire::numbers(&selftest::EXPECTED)),
        ]))
    })
}

#[cfg(not(feature = "webgpu"))]
mod gpu {
    use super::*;

    pub async fn open() -> Result<Device> {
        Err(Error::device(
            "this is the CPU flavour; import the webgpu flavour of the package for WebGPU",
        ))
    }
}

#[cfg(feature = "webgpu")]
mod gpu {
    use std::cell::RefCell;

    use futures_util::lock::Mutex;
    use js_sys::Reflect;
    use wasm_bindgen_futures::JsFuture;

    use super::*;

    thread_local! {
        static DEVICE: RefCell<Option<Device>> = const { RefCell::new(None) };
    }

    /// One at a time: the runtime refuses to be set up twice.
    static OPENING: Mutex<()> = Mutex::new(());

    /// The one WebGPU device of this module.
    pub async fn open() -> Result<Device> {
        let _alone = OPENING.lock().await;
        if let Some(device) = DEVICE.with_borrow(Clone::clone) {
            return Ok(device);
        }
        check_adapter().await?;
        let device = Device::wgpu_options()
            .tasks_max(64)
            .init_async()
            .await
            .map_err(|e| Error::device(format!("WebGPU does not start ({e}); use the device \"cpu\"")))?;
        DEVICE.set(Some(device.clone()));
        Ok(device)
    }

    /// Refuses what would make the runtime panic later: no adapter, or one without timestamps.
    async fn check_adapter() -> Result<()> {
        let absent = || Error::device("this browser has no WebGPU adapter; use the device \"cpu\"");
        let get = |object: &JsValue, key: &str| {
            Reflect::get(object, &key.into())
                .ok()
                .filter(|value| !value.is_undefined() && !value.is_null())
        };
        let gpu = get(&js_sys::global(), "navigator")
            .and_then(|navigator| get(&navigator, "gpu"))
            .ok_or_else(absent)?;
        let request: js_sys::Function = get(&gpu, "requestAdapter")
            .and_then(|f| f.dyn_into().ok())
            .ok_or_else(absent)?;
        let promise: js_sys::Promise = request
            .call0(&gpu)
            .ok()
            .and_then(|p| p.dyn_into().ok())
            .ok_or_else(absent)?;
        let adapter = JsFuture::from(promise).await.map_err(|_| absent())?;
        let features = get(&adapter, "features").ok_or_else(absent)?;
        let has: js_sys::Function = get(&features, "has")
            .and_then(|f| f.dyn_into().ok())
            .ok_or_else(absent)?;
        let timestamps = has
            .call1(&features, &"timestamp-query".into())
            .is_ok_and(|has| has.is_truthy());
        if timestamps {
            Ok(())
        } else {
            Err(Error::device(
                "the WebGPU adapter has no timestamp-query, without which Burn does not run; use the device \"cpu\"",
            ))
        }
    }
}
