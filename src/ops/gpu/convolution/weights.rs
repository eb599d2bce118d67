//! The gradient of a convolution's weights.

use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;
use burn::cubecl::{self, prelude::*};
use kernels::conv::Shape;

use super::sizes::{CHANNELS, Known, PLACES, Sizes, known, sizes};
use crate::ops::gpu::launch::{UNITS, argument, empty};

/// Pairs of channels below which a cube sums the weights of one pair alone, so that there are enough cubes.
const FEW_PAIRS: usize = 128;
/// Groups of four places that a unit has at least, as long as a cube has no fewer units than this.
const QUADS: usize = 8;
/// As many units as a GPU runs at once.
const FEWEST_UNITS: usize = 32;
/// Numbers that the units of a cube may share: the least that WebGPU grants is 16 kB.
const SHARED: usize = 4096;

/// The gradient of weights: sums over all cells of all maps, which the units of a cube share out. A cube has one input and a few outputs.
#[cube(launch_unchecked)]
fn weights_kernel(
    images: &[f32],
    maps: &[f32],
    weights: &mut [f32],
    sizes: Sizes,
    #[comptime] known: Known,
    #[comptime] units: usize,
) {
    let (stride, tile) = comptime!((known.stride, known.channels));
    let taps = comptime!(known.rows * known.columns);
    let seen = comptime!((PLACES - 1) * known.stride + known.columns);
    let (input, first) = (CUBE_POS_X as usize, CUBE_POS_Y as usize * tile);
    let unit = UNIT_POS as usize;
    let quads = sizes.map_columns.div_ceil(PLACES);

    let mut sums = Array::<f32>::new(comptime!(taps * tile));
    #[unroll]
    for at in 0..comptime!(taps * tile) {
        sums[at] = 0.0f32;
    }
    let mut gradients = Array::<f32>::new(comptime!(tile * PLACES));
    let mut values = Array::<f32>::new(seen);
    let mut at = unit;
    while at < sizes.batch * sizes.map_rows * quads {
        let (first_column, rest) = ((at % quads) * PLACES, at / quads);
        let (row, image) = (rest % sizes.map_rows, rest / sizes.map_rows);
        #[unroll]
        for one in 0..tile {
            let channel = min(first + one, sizes.outputs - 1);
            let line = ((image * sizes.outputs + channel) * sizes.map_rows + row) * sizes.map_columns;
            #[unroll]
            for place in 0..PLACES {
                let column = first_column + place;
                gradients[one * PLACES + place] = select(
                    column < sizes.map_columns,
                    maps[line + min(column, sizes.map_columns - 1)],
                    0.0f32,
                );
            }
        }
        let plane = (image * sizes.inputs + input) * sizes.image_rows;
        #[unroll]
        for y in 0..known.rows {
            let down = row * stride + y;
            let line_within = down >= sizes.rows_before && down < sizes.image_rows + sizes.rows_before;
            let line = (plane + select(line_within, down - sizes.rows_before, 0)) * sizes.image_columns;
            #[unroll]
            for x in 0..seen {
                let right = first_column * stride + x;
                let within =
                    line_within && right >= sizes.columns_before && right < sizes.image_columns + sizes.columns_before;
                let column = select(within, right - sizes.columns_before, 0);
                values[x] = select(within, images[line + column], 0.0f32);
            }
            #[unroll]
            for x in 0..known.columns {
                #[unroll]
                for one in 0..tile {
                    let tap = comptime!((y * known.columns + x) * tile) + one;
                    #[unroll]
                    for place in 0..PLACES {
                        sums[tap] += gradients[one * PLACES + place] * values[place * stride + x];
                    }
                }
            }
        }
        at += units;
    }

    let mut shared = Shared::<[f32]>::new_slice(comptime!(units * taps * tile));
    #[unroll]
    for at in 0..comptime!(taps * tile) {
        shared[at * units + unit] = sums[at];
    }
    sync_cube();
    let mut at = unit;
    while at < comptime!(taps * tile) {
        let channel = first + at % tile;
        if channel < sizes.outputs {
            let mut sum = 0.0f32;
            for other in 0..units {
                sum += shared[at * units + other];
            }
            weights[(channel * sizes.inputs + input) * taps + at / tile] = sum;
        }
        at += units;
    }
}

/// The gradient of weights, from images and the gradient of maps, neither of them shuffled.
pub fn weights(shape: &Shape, images: &FloatTensor<Cube>, maps: &FloatTensor<Cube>) -> FloatTensor<Cube> {
    let ([inputs, outputs], [rows, columns]) = (shape.channels, shape.kernel);
    let tile = if inputs * outputs < FEW_PAIRS {
        1
    } else {
        CHANNELS.min(outputs)
    };
    // As many units as can share their sums, but none with little to sum.
    let quads = shape.batch * shape.map[0] * shape.map[1].div_ceil(PLACES);
    let most = (SHARED / (rows * columns * tile)).min(UNITS as usize);
    let units = 1 << (quads / QUADS).max(FEWEST_UNITS).min(most).ilog2();
    let known = Known {
        channels: tile,
        ..known(shape, outputs)
    };
    let out = empty(images, &[outputs, inputs, rows, columns]);
    // SAFETY: each unit reads cells that there are, and writes weights of its own.
    unsafe {
        weights_kernel::launch_unchecked(
            &images.client,
            CubeCount::new_2d(inputs as u32, outputs.div_ceil(tile) as u32),
            CubeDim::new_1d(units as u32),
            argument(images),
            argument(maps),
            argument(&out),
            sizes(shape),
            known,
            units,
        );
    }
    out
}
