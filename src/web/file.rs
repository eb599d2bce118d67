//! Files as JavaScript has them: bytes, or a `Blob` that is yet to be read.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::arrays::{self, bytes, check_bytes, property};
use super::room::Room;
use crate::error::{Error, Result};

/// What a call was given, with the room that its bytes take.
pub struct File {
    content: Content,
    room: Room,
}

enum Content {
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
            let room = Room::take(arrays::byte_length(value).unwrap_or(0.0).min(most as f64) as u64)?;
            let content = Content::Bytes(bytes(name, value, most)?);
            return Ok(Self { content, room });
        };
        check_bytes(name, size, most)?;
        let room = Room::take(size as u64)?;
        // One of our own making has the methods of a blob, whatever was put in their place.
        let blob = Blob::new_with_blob_sequence(&Array::of1(value));
        let blob = blob.map_err(|_| Error::input(format!("{name} cannot be read; give a Uint8Array")))?;
        let content = Content::Blob(blob);
        Ok(Self { content, room })
    }

    /// Its bytes, and their room.
    pub async fn read(self) -> Result<(Vec<u8>, Room)> {
        let bytes = match self.content {
            Content::Bytes(bytes) => bytes,
            Content::Blob(blob) => {
                let buffer = JsFuture::from(blob.array_buffer()).await;
                let buffer: ArrayBuffer = buffer
                    .map_err(|_| Error::data("the file cannot be read any more; choose it again"))?
                    .unchecked_into();
                Uint8Array::new(&buffer).to_vec()
            }
        };
        Ok((bytes, self.room))
    }
}
