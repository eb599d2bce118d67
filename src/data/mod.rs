//! Plain bytes and numbers, no tensors: reading data sets and preparing drawings.

mod batches;
mod digit;
mod idx;

pub use batches::batch_indices;
pub use digit::center_digit;
pub use idx::{Images, MAX_IMAGE_BYTES, read_images, read_labels};
