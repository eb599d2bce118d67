//! Products of matrices on the GPU: a cube makes a square of the product, of squares of both sides that its units read together.

use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;
use burn::cubecl::{self, prelude::*};

use super::launch::{argument, empty, relu};

/// Units of a cube along each side.
const SIDE: usize = 8;
/// How much of what is summed over is read at once.
const DEPTH: usize = 16;
/// Numbers of a product from which on a unit makes four by four of them, and from which on two by two.
const MANY: [usize; 2] = [1 << 13, 1 << 10];

/// Rows of the left side, what is summed over, columns of the right one.
#[derive(CubeLaunch, CubeType)]
struct Sizes {
    rows: usize,
    depth: usize,
    columns: usize,
}

/// What is known of a product before it is compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Known {
    /// Whether each side is stored by columns.
    by_columns: [bool; 2],
    bias: bool,
    relu: bool,
    /// Numbers that a unit makes along each side.
    tile: usize,
}

/// One of the matrices side by side.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    /// What it lies in, row-major.
    pub values: &'a FloatTensor<Cube>,
    /// Whether the other way round.
    pub transposed: bool,
}

#[cube(launch_unchecked)]
fn product_kernel(left: &[f32], right: &[f32], bias: &[f32], out: &mut [f32], sizes: Sizes, #[comptime] known: Known) {
    let tile = comptime!(known.tile);
    let span = comptime!(SIDE * known.tile);
    let (x, y) = (UNIT_POS_X as usize, UNIT_POS_Y as usize);
    let unit = y * SIDE + x;
    let (first_column, first_row) = (CUBE_POS_X as usize * span, CUBE_POS_Y as usize * span);
    let which = CUBE_POS_Z as usize;
    let left_start = which * sizes.rows * sizes.depth;
    let right_start = which * sizes.depth * sizes.columns;

    let mut sums = Array::<f32>::new(comptime!(tile * tile));
    #[unroll]
    for at in 0..comptime!(tile * tile) {
        sums[at] = 0.0f32;
    }
    // Both as `[depth, span]`.
    let mut lefts = Shared::<[f32]>::new_slice(comptime!(DEPTH * SIDE * known.tile));
    let mut rights = Shared::<[f32]>::new_slice(comptime!(DEPTH * SIDE * known.tile));
    let mut start = 0usize.runtime();
    while start < sizes.depth {
        #[unroll]
        for part in 0..comptime!(DEPTH * known.tile / SIDE) {
            let at = part * SIDE * SIDE + unit;
            // Units side by side read numbers side by side.
            let mut depth = at % DEPTH;
            let mut row = at / DEPTH;
            if comptime!(known.by_columns[0]) {
                depth = at / span;
                row = at % span;
            }
            let (from_depth, from_row) = (start + depth, first_row + row);
            let within = from_depth < sizes.depth && from_row < sizes.rows;
            let mut place = from_row * sizes.depth + from_depth;
            if comptime!(known.by_columns[0]) {
                place = from_depth * sizes.rows + from_row;
            }
            lefts[depth * span + row] = select(within, left[left_start + select(within, place, 0)], 0.0f32);

            let mut depth = at / span;
            let mut column = at % span;
            if comptime!(known.by_columns[1]) {
                depth = at % DEPTH;
                column = at / DEPTH;
            }
            let (from_depth, from_column) = (start + depth, first_column + column);
            let within = from_depth < sizes.depth && from_column < sizes.columns;
            let mut place = from_depth * sizes.columns + from_column;
            if comptime!(known.by_columns[1]) {
                place = from_column * sizes.depth + from_depth;
            }
            rights[depth * span + column] = select(within, right[right_start + select(within, place, 0)], 0.0f32);
        }
        sync_cube();
        for depth in 0..comptime!(DEPTH) {
            #[unroll]
            for row in 0..tile {
                let value = lefts[depth * span + row * SIDE + y];
                #[unroll]
                for column in 0..tile {
                    sums[comptime!(row * tile + column)] += value * rights[depth * span + column * SIDE + x];
                }
            }
        }
        sync_cube();
        start += DEPTH;
    }
    #[unroll]
    for row in 0..tile {
        #[unroll]
        for column in 0..tile {
            let (to_row, to_column) = (first_row + row * SIDE + y, first_column + column * SIDE + x);
            if to_row < sizes.rows && to_column < sizes.columns {
                let mut value = sums[comptime!(row * tile + column)];
                if known.bias {
                    value += bias[to_column];
                }
                if known.relu {
                    value = relu(value);
                }
                out[(which * sizes.rows + to_row) * sizes.columns + to_column] = value;
            }
        }
    }
}

/// Products side by side, `count` times `[rows, depth]` by `[depth, columns]`, with a bias for each column where there is one.
pub fn product(
    [left, right]: [Matrix; 2],
    [count, rows, depth, columns]: [usize; 4],
    bias: Option<&FloatTensor<Cube>>,
    relu: bool,
    shape: &[usize],
) -> FloatTensor<Cube> {
    let numbers = rows * columns;
    let known = Known {
        by_columns: [left.transposed, right.transposed],
        bias: bias.is_some(),
        relu,
        tile: if numbers >= MANY[0] {
            4
        } else if numbers >= MANY[1] {
            2
        } else {
            1
        },
    };
    let out = empty(left.values, shape);
    let span = SIDE * known.tile;
    // SAFETY: what would lie beyond a side is read at its first number, and not stored.
    unsafe {
        product_kernel::launch_unchecked(
            &left.values.client,
            CubeCount::new_3d(columns.div_ceil(span) as u32, rows.div_ceil(span) as u32, count as u32),
            CubeDim::new_2d(SIDE as u32, SIDE as u32),
            argument(left.values),
            argument(right.values),
            argument(bias.unwrap_or(right.values)),
            argument(&out),
            SizesLaunch::new(rows, depth, columns),
            known,
        );
    }
    out
}
