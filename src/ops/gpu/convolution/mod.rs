//! Convolutions on the GPU. Each unit makes a few places side by side of a few channels, so that each number that is read is used several times.

mod images;
mod maps;
mod sizes;
mod weights;

pub use images::images;
pub use maps::maps;
pub use weights::weights;
