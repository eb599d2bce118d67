//! Passes over the numbers of a tensor on the GPU.

use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;
use burn::cubecl::{self, prelude::*};
use kernels::conv::Shape;

use super::launch::{UNITS, argument, cubes, empty, length, shuffled_place};

/// The gradient of what a layer made before ReLU and a pixel shuffle: zero where nothing came out, and the channels in their own order.
#[cube(launch_unchecked)]
fn before_finish_kernel(
    gradient: &[f32],
    visible: &[f32],
    out: &mut [f32],
    rows: usize,
    columns: usize,
    length: usize,
    #[comptime] masked: bool,
    #[comptime] shuffled: bool,
) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let mut from = at;
    if shuffled {
        // `at` counts images, squares of four channels, these, rows and columns.
        let (column, row) = (at % columns, (at / columns) % rows);
        from = shuffled_place(at / (columns * rows), row, column, rows, columns);
    }
    let mut value = gradient[from];
    if masked {
        value = select(visible[from] > 0.0f32, value, 0.0f32);
    }
    out[at] = value;
}

/// The gradient before ReLU, where `visible` is what came out of it, and before the pixel shuffle of a convolution.
pub fn before_finish(
    gradient: FloatTensor<Cube>,
    visible: Option<&FloatTensor<Cube>>,
    shuffled: Option<&Shape>,
) -> FloatTensor<Cube> {
    if visible.is_none() && shuffled.is_none() {
        return gradient;
    }
    let out = empty(&gradient, gradient.meta.shape());
    let [rows, columns] = shuffled.map_or([1, 1], |shape| shape.map);
    let length = length(&gradient);
    // SAFETY: units beyond the last number end before they read or write.
    unsafe {
        before_finish_kernel::launch_unchecked(
            &gradient.client,
            cubes(length),
            CubeDim::new_1d(UNITS),
            argument(&gradient),
            argument(visible.unwrap_or(&gradient)),
            argument(&out),
            rows,
            columns,
            length,
            visible.is_some(),
            shuffled.is_some(),
        );
    }
    out
}

/// Adds up what the units of a cube have found, in the first of them.
#[cube]
pub fn sum_of_cube(value: f32) -> f32 {
    let unit = UNIT_POS as usize;
    let mut shared = Shared::<[f32]>::new_slice(comptime!(UNITS as usize));
    shared[unit] = value;
    sync_cube();
    let mut half = comptime!(UNITS as usize / 2).runtime();
    while half > 0 {
        if unit < half {
            shared[unit] += shared[unit + half];
        }
        sync_cube();
        half /= 2;
    }
    shared[0]
}

/// The sum of a channel for each cube.
#[cube(launch_unchecked)]
fn sums_kernel(values: &[f32], out: &mut [f32], batch: usize, channels: usize, area: usize) {
    let channel = CUBE_POS_X as usize;
    let mut sum = 0.0f32;
    let mut at = UNIT_POS as usize;
    while at < batch * area {
        sum += values[((at / area) * channels + channel) * area + at % area];
        at += UNITS as usize;
    }
    let sum = sum_of_cube(sum);
    if UNIT_POS == 0 {
        out[channel] = sum;
    }
}

/// Numbers of a column that a unit sums alone. Where there are more, those of a cube share them.
const SHORT: usize = 512;

/// The sum of a column for each unit.
#[cube(launch_unchecked)]
fn columns_kernel(values: &[f32], out: &mut [f32], batch: usize, channels: usize) {
    let channel = ABSOLUTE_POS;
    if channel >= channels {
        terminate!();
    }
    let mut sum = 0.0f32;
    for row in 0..batch {
        sum += values[row * channels + channel];
    }
    out[channel] = sum;
}

/// The sum of each channel of `[batch, channels, area]`.
pub fn sums(values: &FloatTensor<Cube>, [batch, channels, area]: [usize; 3]) -> FloatTensor<Cube> {
    let out = empty(values, &[channels]);
    if area == 1 && channels > 1 && batch <= SHORT {
        // SAFETY: units beyond the last channel end before they read or write.
        unsafe {
            columns_kernel::launch_unchecked(
                &values.client,
                cubes(channels),
                CubeDim::new_1d(UNITS),
                argument(values),
                argument(&out),
                batch,
                channels,
            );
        }
        return out;
    }
    // SAFETY: each cube sums and writes a channel of its own.
    unsafe {
        sums_kernel::launch_unchecked(
            &values.client,
            CubeCount::new_1d(channels as u32),
            CubeDim::new_1d(UNITS),
            argument(values),
            argument(&out),
            batch,
            channels,
            area,
        );
    }
    out
}
