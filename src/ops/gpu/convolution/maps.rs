//! A convolution.

use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;
use burn::cubecl::{self, prelude::*};
use kernels::conv::Shape;

use super::sizes::{Known, PLACES, Sizes, known, sizes};
use crate::ops::gpu::launch::{UNITS, argument, cubes, empty, relu, shuffled_place};

/// Maps of images: `[batch, inputs, rows, columns]` by `[outputs, inputs, rows, columns]`.
#[cube(launch_unchecked)]
fn maps_kernel(
    images: &[f32],
    weights: &[f32],
    bias: &[f32],
    maps: &mut [f32],
    sizes: Sizes,
    #[comptime] known: Known,
) {
    let (stride, channels) = comptime!((known.stride, known.channels));
    let taps = comptime!(known.rows * known.columns);
    // So many pixels of a row are seen by all places together.
    let seen = comptime!((PLACES - 1) * known.stride + known.columns);
    let quads = sizes.map_columns.div_ceil(PLACES);
    let (first_column, rest) = ((ABSOLUTE_POS % quads) * PLACES, ABSOLUTE_POS / quads);
    let (row, rest) = (rest % sizes.map_rows, rest / sizes.map_rows);
    let (image, first) = (rest % sizes.batch, (rest / sizes.batch) * channels);
    if first >= sizes.outputs {
        terminate!();
    }

    let mut columns = Array::<usize>::new(seen);
    let mut column_inside = Array::<bool>::new(seen);
    #[unroll]
    for x in 0..seen {
        let right = first_column * stride + x;
        let within = right >= sizes.columns_before && right < sizes.image_columns + sizes.columns_before;
        columns[x] = select(within, right - sizes.columns_before, 0);
        column_inside[x] = within;
    }
    // Channels beyond the last are computed as the last, and not stored.
    let mut weight_rows = Array::<usize>::new(channels);
    let mut sums = Array::<f32>::new(comptime!(channels * PLACES));
    #[unroll]
    for one in 0..channels {
        let channel = min(first + one, sizes.outputs - 1);
        weight_rows[one] = channel * sizes.inputs * taps;
        let mut start = 0.0f32;
        if known.bias {
            start = bias[channel];
        }
        #[unroll]
        for place in 0..PLACES {
            sums[one * PLACES + place] = start;
        }
    }
    let mut values = Array::<f32>::new(seen);
    for channel in 0..sizes.inputs {
        let plane = (image * sizes.inputs + channel) * sizes.image_rows * sizes.image_columns;
        for y in 0..known.rows {
            let down = row * stride + y;
            let within = down >= sizes.rows_before && down < sizes.image_rows + sizes.rows_before;
            let line = plane + select(within, down - sizes.rows_before, 0) * sizes.image_columns;
            #[unroll]
            for x in 0..seen {
                values[x] = select(within && column_inside[x], images[line + columns[x]], 0.0f32);
            }
            #[unroll]
            for x in 0..known.columns {
                #[unroll]
                for one in 0..channels {
                    let weight = weights[weight_rows[one] + channel * taps + y * known.columns + x];
                    #[unroll]
                    for place in 0..PLACES {
                        sums[one * PLACES + place] += weight * values[place * stride + x];
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
            let column = first_column + place;
            if channel < sizes.outputs && column < sizes.map_columns {
                let mut value = sums[one * PLACES + place];
                if known.relu {
                    value = relu(value);
                }
                let plane = image * sizes.outputs + channel;
                let (rows, columns) = (sizes.map_rows, sizes.map_columns);
                if known.shuffle {
                    maps[shuffled_place(plane, row, column, rows, columns)] = value;
                } else {
                    maps[(plane * rows + row) * columns + column] = value;
                }
            }
        }
    }
}

/// Maps of images, with a bias where it has numbers.
pub fn maps(
    shape: &Shape,
    images: &FloatTensor<Cube>,
    weights: &FloatTensor<Cube>,
    bias: Option<&FloatTensor<Cube>>,
    relu: bool,
) -> FloatTensor<Cube> {
    let known = Known {
        relu,
        bias: bias.is_some(),
        ..known(shape, shape.channels[1])
    };
    let out = empty(images, &shape.maps());
    let quads = shape.map[0] * shape.map[1].div_ceil(PLACES);
    let units = shape.batch * quads * shape.channels[1].div_ceil(known.channels);
    // SAFETY: units beyond the last channel end before they read or write.
    unsafe {
        maps_kernel::launch_unchecked(
            &images.client,
            cubes(units),
            CubeDim::new_1d(UNITS),
            argument(images),
            argument(weights),
            argument(bias.unwrap_or(weights)),
            argument(&out),
            sizes(shape),
            known,
        );
    }
    out
}
