//! Files as JavaScript has them: bytes, or a `Blob` that is yet to be read.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::arrays::{bytes, check_bytes, type_of};
use crate::error::{Error, Result};

/// What a call was given.
pub enum File {
    /// Bytes as they were at the call.
    Bytes(Vec<u8>),
    /// Never changes.
    Blob(Blob),
}

impl File {
    /// A `Uint8Array`, an `ArrayBuffer` or a `Blob` of at most `most` bytes.
    pub fn take(name: &str, value: &JsValue, most: usize) -> Result<Self> {
        if matches!(type_of(value).as_str(), "Blob" | "File") {
            let blob: Blob = value.clone().unchecked_into();
            check_bytes(name, blob.size(), most)?;
            return Ok(Self::Blob(blob));
        }
        bytes(name, value, most).map(Self::Bytes)
    }

    /// Its bytes.
    pub async fn read(self) -> Result<Vec<u8>> {
        match self {
            Self::Bytes(bytes) => Ok(bytes),
            Self::Blob(blob) => {
                let buffer = JsFuture::from(blob.array_buffer()).await;
                let buffer: ArrayBuffer = buffer
                    .map_err(|_| Error::data("the file cannot be read any more; choose it again"))?
                    .unchecked_into();
                Ok(Uint8Array::new(&buffer).to_vec())
            }
        }
    }
}
