//! Operations on the GPU: kernels of our own, compiled by CubeCL to what the device takes. They are few, for on a GPU a step of a
//! small model takes as long as it has dispatches.

mod adam;
mod bernoulli;
mod convolution;
mod launch;
mod layer;
mod passes;
mod pieces;
mod posterior;
mod product;

pub use pieces::{cut, join};
