//! A convolution the other way round.

use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;
use burn::cubecl::{self, prelude::*};
use kernels::conv::Shape;

use super::sizes::{Known, PLACES, Sizes, known, sizes};
use crate::ops::gpu::launch::{UNITS, argument, cubes, empty, relu};

/// Images of maps: the gradient of images from that of maps, or a transposed convolution of maps. A unit's places are as far from each other as
/// the stride, so that the same taps see them.
#[cube(launch_unchecked)]
fn images_kernel(
    maps: &[f32],
    weights: &[f32],
    bias: &[f32],
    images: &mut [f32],
    sizes: Sizes,
    #[comptime] known: Known,
) {
    let (stride, channels) = comptime!((known.stride, known.channels));
    let taps = comptime!(known.rows * known.columns);
    // Taps that see the same pixel, and cells of a row that all places are seen from.
    let (high, wide) = comptime!((known.rows.div_ceil(known.stride), known.columns.div_ceil(known.stride)));
    let cells = comptime!(PLACES + known.columns.div_ceil(known.stride) - 1);
    let quads = sizes.image_columns.div_ceil(stride).div_ceil(PLACES);
    let (quad, rest) = (ABSOLUTE_POS % quads, ABSOLUTE_POS / quads);
    let rows = sizes.image_rows.div_ceil(stride);
    let (row, rest) = ((rest % rows) * stride, rest / rows);
    let (phase, rest) = (rest % comptime!(stride * stride), rest / comptime!(stride * stride));
    let (row, first_column) = (row + phase / stride, quad * PLACES * stride + phase % stride);
    let (image, first) = (rest % sizes.batch, (rest / sizes.batch) * channels);
    if first >= sizes.inputs {
        terminate!();
    }

    let (down, right) = (row + sizes.rows_before, first_column + sizes.columns_before);
    // A cell before the first is a huge number, and so not inside.
    let mut columns = Array::<usize>::new(cells);
    let mut column_inside = Array::<bool>::new(cells);
    #[unroll]
    for x in 0..cells {
        let column = right / stride + x - comptime!(wide - 1);
        let within = column < sizes.map_columns;
        columns[x] = select(within, column, 0);
        column_inside[x] = within;
    }
    let mut tap_columns = Array::<usize>::new(wide);
    let mut tap_inside = Array::<bool>::new(wide);
    #[unroll]
    for x in 0..wide {
        let tap = right % stride + x * stride;
        tap_columns[x] = min(tap, comptime!(known.columns - 1));
        tap_inside[x] = tap < known.columns;
    }
    let mut weight_rows = Array::<usize>::new(channels);
    let mut sums = Array::<f32>::new(comptime!(channels * PLACES));
    #[unroll]
    for one in 0..channels {
        let channel = min(first + one, sizes.inputs - 1);
        weight_rows[one] = channel * taps;
        let mut start = 0.0f32;
        if known.bias {
            start = bias[channel];
        }
        #[unroll]
        for place in 0..PLACES {
            sums[one * PLACES + place] = start;
        }
    }
    let mut values = Array::<f32>::new(cells);
    for channel in 0..sizes.outputs {
        let plane = (image * sizes.outputs + channel) * sizes.map_rows * sizes.map_columns;
        let weight_row = channel * sizes.inputs * taps;
        for y in 0..high {
            let (line, tap) = (down / stride - y, down % stride + y * stride);
            let within = line < sizes.map_rows && tap < known.rows;
            let line = plane + select(within, line, 0) * sizes.map_columns;
            let kernel_row = weight_row + min(tap, comptime!(known.rows - 1)) * known.columns;
            #[unroll]
            for x in 0..cells {
                values[x] = select(within && column_inside[x], maps[line + columns[x]], 0.0f32);
            }
            #[unroll]
            for x in 0..wide {
                #[unroll]
                for one in 0..channels {
                    let weight = weights[kernel_row + weight_rows[one] + tap_columns[x]];
                    let weight = select(tap_inside[x], weight, 0.0f32);
                    #[unroll]
                    for place in 0..PLACES {
                        sums[one * PLACES + place] += weight * values[comptime!(place + wide - 1 - x)];
                    }
                }
            }
        }
    }
    #[unroll]
    for one in 0..channels {
        let channel = first + one;
        #[unroll]
        for place in 0..PLACES {
            let column = first_column + place * stride;
            if channel < sizes.inputs && row < sizes.image_rows && column < sizes.image_columns {
                let mut value = sums[one * PLACES + place];
                if known.relu {
                    value = relu(value);
                }
                let line = (image * sizes.inputs + channel) * sizes.image_rows + row;
                images[line * sizes.image_columns + column] = value;
            }
        }
    }
}

/// Images of maps: the gradient of images, or a transposed convolution with a bias.
pub fn images(
    shape: &Shape,
    maps: &FloatTensor<Cube>,
    weights: &FloatTensor<Cube>,
    bias: Option<&FloatTensor<Cube>>,
    relu: bool,
) -> FloatTensor<Cube> {
    let known = Known {
        relu,
        bias: bias.is_some(),
        ..known(shape, shape.channels[0])
    };
    let out = empty(maps, &shape.images());
    let [rows, columns] = shape.image.map(|side| side.div_ceil(shape.stride));
    let quads = shape.stride * shape.stride * rows * columns.div_ceil(PLACES);
    let units = shape.batch * quads * shape.channels[0].div_ceil(known.channels);
    // SAFETY: units beyond the last channel end before they read or write.
    unsafe {
        images_kernel::launch_unchecked(
            &maps.client,
            cubes(units),
            CubeDim::new_1d(UNITS),
            argument(maps),
            argument(weights),
            argument(bias.unwrap_or(weights)),
            argument(&out),
            sizes(shape),
            known,
        );
    }
    out
}
