//! Plain bytes and numbers, no tensors: reading data sets and preparing drawings.

mod batches;
mod corrupt;
mod digit;
mod idx;
mod pca;

pub use batches::batch_indices;
pub(crate) use corrupt::check_noise_level;
pub use corrupt::{Corruption, Mask};
pub use digit::center_digit;
pub use idx::{Images, MAX_IMAGE_BYTES, read_images, read_labels};
pub use pca::Pca;
