//! Plain bytes and numbers, no tensors: reading data sets and preparing drawings.

mod batches;
mod corrupt;
mod digit;
mod gzip;
mod idx;
mod images;
mod oddities;
mod pca;
mod scenes;

pub use batches::batch_indices;
pub(crate) use corrupt::check_noise_level;
pub use corrupt::{Corruption, Mask, NO_CORRUPTION};
pub use digit::center_digit;
pub use idx::{MAX_IMAGE_BYTES, read_images, read_labels};
pub use images::Images;
pub use oddities::Oddity;
pub use pca::Pca;
pub use scenes::{CANVAS_SIDES, MOST_OBJECTS, Placed, Scene, SceneSettings, scenes};

/// The most numbers that a call takes or gives: those of 60,000 digits of 28 x 28, 188 MB.
pub(crate) const MAX_NUMBERS: usize = 60_000 * 784;
