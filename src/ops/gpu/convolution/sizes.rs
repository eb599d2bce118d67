//! What the kernels of convolutions have to know.

use burn::cubecl::{self, prelude::*};
use kernels::conv::Shape;

/// Channels that a unit makes, or whose weights a cube sums.
pub const CHANNELS: usize = 4;
/// Places side by side that a unit makes.
pub const PLACES: usize = 4;
/// Sides and channels of a convolution.
#[derive(CubeLaunch, CubeType)]
pub struct Sizes {
    pub batch: usize,
    pub inputs: usize,
    pub outputs: usize,
    pub image_rows: usize,
    pub image_columns: usize,
    pub map_rows: usize,
    pub map_columns: usize,
    pub rows_before: usize,
    pub columns_before: usize,
}

/// What is known of a convolution before it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Known {
    pub rows: usize,
    pub columns: usize,
    pub stride: usize,
    /// Whether four channels become a square of four pixels.
    pub shuffle: bool,
    pub relu: bool,
    pub bias: bool,
    /// Channels that a unit makes.
    pub channels: usize,
}

pub fn sizes(shape: &Shape) -> SizesLaunch {
    let ([inputs, outputs], [image_rows, image_columns], [map_rows, map_columns]) =
        (shape.channels, shape.image, shape.map);
    let [rows_before, columns_before] = shape.before;
    SizesLaunch::new(
        shape.batch,
        inputs,
        outputs,
        image_rows,
        image_columns,
        map_rows,
        map_columns,
        rows_before,
        columns_before,
    )
}

pub fn known(shape: &Shape, made: usize) -> Known {
    let [rows, columns] = shape.kernel;
    Known {
        rows,
        columns,
        stride: shape.stride,
        shuffle: shape.shuffle,
        relu: false,
        bias: false,
        channels: CHANNELS.min(made.next_power_of_two()),
    }
}
