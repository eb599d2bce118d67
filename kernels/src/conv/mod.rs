//! Convolutions without patches.
//!
//! The rows of a batch of images lie one after the other, each followed by the zeros that a convolution sees beyond it, which the next row
//! begins with. Then a neighbour of every pixel is as many places away, and the row of patches that a tap of the kernel sees is the images
//! themselves, moved: a convolution is a product whose right side begins at nine places ([`Rows`]). With a stride of two, images are kept as four: of
//! their even and odd rows and columns. The gradient of the images is the same product with the taps the other way round, which is also the
//! transposed convolution; the gradient of the weights sums products along the rows ([`Dots`]).

mod flat;
mod geometry;

use crate::Finish;
use crate::dots::Dots;
use crate::passes;
use crate::rows::{Matrix, Packed, ROWS, Rows};

pub use flat::Flat;
pub use geometry::Shape;
use geometry::{Geometry, Place};

/// Columns of a product that are computed before they are stored: a few kilobytes, which stay in the nearest cache.
const COLUMNS: usize = 256;
/// Numbers of a vector, or of two narrow ones.
const VECTOR: usize = 8;
/// Numbers that are summed along rows at once.
const CHUNK: usize = 512;

/// A convolution of images `[batch, inputs, height, width]` to maps `[batch, outputs, height', width']`, with weights `[outputs, inputs, rows,
/// columns]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conv(Geometry);

impl Conv {
    /// A convolution of a shape.
    pub fn new(shape: Shape) -> Self {
        Self(Geometry::new(shape))
    }

    /// The shape that it was made of.
    pub fn shape(&self) -> &Shape {
        &self.0.shape
    }

    /// Numbers of all images.
    pub fn image_len(&self) -> usize {
        self.0.image_len()
    }

    /// Numbers of all maps.
    pub fn map_len(&self) -> usize {
        self.0.map_len()
    }

    /// Numbers of the weights.
    pub fn weight_len(&self) -> usize {
        self.0.outputs * self.0.inputs * self.0.taps()
    }

    /// Images as the products need them.
    pub fn images(&self, images: &[f32]) -> Flat {
        Flat::images(&self.0, images)
    }

    /// Maps as the products need them.
    pub fn maps(&self, maps: &[f32]) -> Flat {
        Flat::maps(&self.0, maps)
    }

    /// Maps of images.
    pub fn forward(&self, weights: &[f32], images: &Flat, finish: Finish, maps: &mut [f32]) {
        assert_eq!(maps.len(), self.map_len());
        let offsets = self.offsets(images);
        let matrix = Matrix {
            values: weights,
            row: offsets.len(),
            column: 1,
        };
        let left = Packed::new(matrix, self.0.outputs, offsets.len());
        let rows = Rows::new(&left, &images.values, &offsets);
        self.store(
            &rows,
            self.0.outputs,
            [self.0.rows.map, self.0.columns.map],
            finish,
            maps,
            &|image, channel| self.0.map_place(image, channel),
        );
    }

    /// Images of maps: the gradient of images from that of maps, or a transposed convolution of maps.
    pub fn transposed(&self, weights: &[f32], maps: &Flat, finish: Finish, images: &mut [f32]) {
        assert_eq!(images.len(), self.image_len());
        let stride = self.0.rows.stride;
        for row in 0..stride {
            for column in 0..stride {
                self.phase(weights, maps, finish, images, [row, column]);
            }
        }
    }

    fn phase(&self, weights: &[f32], maps: &Flat, finish: Finish, images: &mut [f32], phase: [usize; 2]) {
        let line = self.0.columns.length() as isize;
        let mut taps = Vec::new();
        for y in 0..self.0.rows.kernel {
            for x in 0..self.0.columns.kernel {
                let ((row, down), (column, right)) = (self.0.rows.tap(y), self.0.columns.tap(x));
                if [row, column] == phase {
                    taps.push((y * self.0.columns.kernel + x, down * line + right));
                }
            }
        }
        let mut offsets = Vec::with_capacity(self.0.outputs * taps.len());
        for channel in 0..self.0.outputs {
            for &(_, distance) in &taps {
                offsets.push((channel * maps.plane + self.0.reach()).wrapping_add_signed(-distance));
            }
        }
        let mut left = Vec::with_capacity(self.0.inputs * offsets.len());
        for input in 0..self.0.inputs {
            for output in 0..self.0.outputs {
                let kernel = &weights[(output * self.0.inputs + input) * self.0.taps()..][..self.0.taps()];
                left.extend(taps.iter().map(|&(tap, _)| kernel[tap]));
            }
        }
        let matrix = Matrix {
            values: &left,
            row: offsets.len(),
            column: 1,
        };
        let left = Packed::new(matrix, self.0.inputs, offsets.len());
        let rows = Rows::new(&left, &maps.values, &offsets);
        let pixels = [self.0.rows.pixels(phase[0]), self.0.columns.pixels(phase[1])];
        self.store(&rows, self.0.inputs, pixels, finish, images, &|image, channel| {
            self.0.image_place(image, channel, phase)
        });
    }

    /// Adds the gradient of the weights to `gradient`.
    pub fn weight_gradient(&self, images: &Flat, maps: &Flat, gradient: &mut [f32]) {
        assert_eq!(gradient.len(), self.weight_len());
        let right_offsets = self.offsets(images);
        let left_offsets: Vec<_> = (0..self.0.outputs)
            .map(|channel| channel * maps.plane + self.0.reach())
            .collect();
        let dots = Dots {
            left: &maps.values,
            left_offsets: &left_offsets,
            right: &images.values,
            right_offsets: &right_offsets,
        };
        for first in (0..self.0.places()).step_by(CHUNK) {
            dots.add(
                first..(first + CHUNK).min(self.0.places()),
                gradient,
                right_offsets.len(),
            );
        }
    }

    /// Where the row of each weight of a channel begins: of what its tap sees of the first cell on.
    fn offsets(&self, images: &Flat) -> Vec<usize> {
        let (stride, line) = (self.0.rows.stride, self.0.columns.length() as isize);
        let mut offsets = Vec::with_capacity(self.0.inputs * self.0.taps());
        for channel in 0..self.0.inputs {
            for y in 0..self.0.rows.kernel {
                for x in 0..self.0.columns.kernel {
                    let ((row, down), (column, right)) = (self.0.rows.tap(y), self.0.columns.tap(x));
                    let plane = (channel * stride + row) * stride + column;
                    let first = plane * images.plane + self.0.reach();
                    offsets.push(first.wrapping_add_signed(down * line + right));
                }
            }
        }
        offsets
    }

    /// Computes all rows of a product and stores what is not a gap.
    fn store(
        &self,
        rows: &Rows,
        count: usize,
        [height, width]: [usize; 2],
        finish: Finish,
        out: &mut [f32],
        place: &dyn Fn(usize, usize) -> Place,
    ) {
        let (lines, line) = (self.0.rows.length(), self.0.columns.length());
        let together = (COLUMNS / line).max(1);
        let mut block = vec![0.0; ROWS * together * line];
        for image in 0..self.0.shape.batch {
            for top in (0..height).step_by(together) {
                let taken = together.min(height - top);
                let first = (image * lines + top) * line;
                // The last row's zeros are left out, but for those that fill a vector up.
                let columns = ((taken - 1) * line + width).next_multiple_of(VECTOR).min(taken * line);
                for channel in (0..count).step_by(ROWS) {
                    let some = ROWS.min(count - channel);
                    rows.compute(
                        [channel, some],
                        first..first + columns,
                        &mut block,
                        together * line,
                        false,
                    );
                    for (row, block) in block.chunks_exact_mut(together * line).take(some).enumerate() {
                        let bias = finish.bias.get(channel + row).copied().unwrap_or(0.0);
                        passes::finish(&mut block[..columns], bias, finish.relu);
                        let place = place(image, channel + row);
                        for (y, from) in (top..top + taken).zip(block.chunks(line)) {
                            scatter(&from[..width], &mut out[place.first + y * place.row..], place.column);
                        }
                    }
                }
            }
        }
    }
}

/// Copies to every `step`th place.
fn scatter(from: &[f32], to: &mut [f32], step: usize) {
    if step == 1 {
        to[..from.len()].copy_from_slice(from);
    } else {
        for (to, from) in to.iter_mut().step_by(step).zip(from) {
            *to = *from;
        }
    }
}
