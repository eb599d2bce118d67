//! Dense layers.

use crate::Finish;
use crate::dots::Dots;
use crate::passes;
use crate::rows::{Matrix, Packed, Rows};

/// Rows of weights that are used while they are in the nearest cache.
const DEPTH: usize = 128;
/// Columns of weights that are laid side by side before they are used.
const PANEL: usize = 32;

/// A dense layer: `[batch, inputs]` to `[batch, outputs]`, with weights `[inputs, outputs]`; or several side by side, each with its
/// own rows and weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dense {
    /// Layers side by side.
    pub count: usize,
    /// Rows of each.
    pub batch: usize,
    /// Numbers that go in.
    pub inputs: usize,
    /// Numbers that come out.
    pub outputs: usize,
}

impl Dense {
    /// Numbers that go in, of all.
    pub fn input_len(&self) -> usize {
        self.count * self.batch * self.inputs
    }

    /// Numbers that come out, of all.
    pub fn output_len(&self) -> usize {
        self.count * self.batch * self.outputs
    }

    /// Numbers of the weights, of all.
    pub fn weight_len(&self) -> usize {
        self.count * self.inputs * self.outputs
    }

    /// `x W + b`.
    pub fn forward(&self, x: &[f32], weights: &[f32], finish: Finish, out: &mut [f32]) {
        self.each(
            [(x, self.input_len()), (weights, self.weight_len())],
            out,
            |[x, weights], out| {
                let left = Matrix {
                    values: x,
                    row: self.inputs,
                    column: 1,
                };
                multiply(left, weights, [self.batch, self.inputs, self.outputs], out);
            },
        );
        if !finish.bias.is_empty() {
            for row in out.chunks_exact_mut(self.outputs) {
                for (value, bias) in row.iter_mut().zip(finish.bias) {
                    *value += bias;
                }
            }
        }
        passes::finish(out, 0.0, finish.relu);
    }

    /// The sum of each column: the gradient of the bias.
    pub fn sums(&self, dy: &[f32]) -> Vec<f32> {
        let mut sums = vec![0.0; self.outputs];
        for row in dy.chunks_exact(self.outputs) {
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        sums
    }

    /// The gradient of what went in: `dy W^T`.
    pub fn input_gradient(&self, weights: &[f32], dy: &[f32], out: &mut [f32]) {
        let (rows, columns) = (starts(self.batch, self.outputs), starts(self.inputs, self.outputs));
        self.each(
            [(dy, self.output_len()), (weights, self.weight_len())],
            out,
            |[dy, weights], out| {
                let dots = Dots {
                    left: dy,
                    left_offsets: &rows,
                    right: weights,
                    right_offsets: &columns,
                };
                out.fill(0.0);
                dots.add(0..self.outputs, out, self.inputs);
            },
        );
    }

    /// The gradient of the weights: `x^T dy`.
    pub fn weight_gradient(&self, x: &[f32], dy: &[f32], out: &mut [f32]) {
        self.each([(x, self.input_len()), (dy, self.output_len())], out, |[x, dy], out| {
            let left = Matrix {
                values: x,
                row: 1,
                column: self.inputs,
            };
            multiply(left, dy, [self.inputs, self.batch, self.outputs], out);
        });
    }

    /// Calls a product for each of the layers side by side.
    fn each(&self, sides: [(&[f32], usize); 2], out: &mut [f32], product: impl Fn([&[f32]; 2], &mut [f32])) {
        assert!(
            sides.iter().all(|(side, len)| side.len() == *len),
            "sides of a layer's sizes"
        );
        let part = |side: usize, index: usize| {
            let (values, len) = sides[side];
            &values[index * (len / self.count)..(index + 1) * (len / self.count)]
        };
        let size = out.len() / self.count.max(1);
        for (index, out) in out.chunks_exact_mut(size.max(1)).enumerate() {
            product([part(0, index), part(1, index)], out);
        }
    }
}

/// `[rows, depth]` times `[depth, columns]`.
fn multiply(left: Matrix, right: &[f32], [rows, depth, columns]: [usize; 3], out: &mut [f32]) {
    assert!(right.len() == depth * columns && out.len() == rows * columns);
    if rows == 1 {
        // Each number of the right side is used once: it is read as it lies.
        let factors: Vec<f32> = (0..depth).map(|k| left.values[k * left.column]).collect();
        return passes::combine(&factors, right, out);
    }
    let mut panel = vec![0.0; DEPTH.min(depth) * PANEL];
    for first in (0..depth).step_by(DEPTH) {
        let deep = DEPTH.min(depth - first);
        let part = Matrix {
            values: &left.values[first * left.column..],
            ..left
        };
        let left = Packed::new(part, rows, deep);
        for column in (0..columns).step_by(PANEL) {
            let width = PANEL.min(columns - column);
            let from = right[first * columns..].chunks_exact(columns).take(deep);
            for (to, from) in panel.chunks_exact_mut(width).zip(from) {
                to.copy_from_slice(&from[column..column + width]);
            }
            let offsets = starts(deep, width);
            let product = Rows::new(&left, &panel[..deep * width], &offsets);
            product.compute([0, rows], 0..width, &mut out[column..], columns, first > 0);
        }
    }
}

/// Where rows of a matrix begin.
fn starts(rows: usize, columns: usize) -> Vec<usize> {
    (0..rows).map(|row| row * columns).collect()
}
