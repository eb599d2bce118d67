//! What a small network spends its time on, on one core: dense layers, convolutions and transposed convolutions, forwards and
//! backwards, on slices of `f32`.
//!
//! In WebAssembly the vectors are those of SIMD128, elsewhere the widest ones that the processor has.

#![warn(missing_docs)]

pub mod adam;
pub mod bernoulli;
pub mod conv;
pub mod dense;
pub mod passes;
pub mod product;
mod simd;

/// What is added to sums, and what becomes of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish<'a> {
    /// A number for each channel or column; none where empty.
    pub bias: &'a [f32],
    /// Whether what is below zero becomes zero.
    pub relu: bool,
}
