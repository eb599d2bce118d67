//! Files as JavaScript has them: bytes, or a `Blob` that is yet to be read.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::arrays::{bytes, check_bytes, property};
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
        // Only a blob answers this.
        let Some(size) = property("Blob", "size", value).and_then(|size| size.as_f64()) else {
            return bytes(name, value, most).map(Self::Bytes);
        };
        check_bytes(name, size, most)?;
        // One of our own making has the methods of a blob, whatever was put in their place.
        let blob = Blob::new_with_blob_sequence(&Array::of1(value));
        blob.map(Self::Blob)
            .map_err(|_| Error::input(format!("{name} cannot be read; give a Uint8Array")))
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
