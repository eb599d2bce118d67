//! Sums of scaled rows: the product of dense layers, convolutions and transposed convolutions. Eight vectors of sums are kept in registers:
//! WebAssembly has sixteen, and more sums and their operands would spill.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use crate::{fits, simd};

/// Rows that are computed together.
pub const ROWS: usize = 4;

/// A left side whose number in row `i` and column `k` is `values[i * row + k * column]`.
#[derive(Clone, Copy, Debug)]
pub struct Matrix<'a> {
    /// Its numbers.
    pub values: &'a [f32],
    /// From one row to the next.
    pub row: usize,
    /// From one column to the next.
    pub column: usize,
}

/// Rows of a left side as the product reads them: [`ROWS`] at a time, their numbers side by side.
#[derive(Clone, Debug)]
pub struct Packed {
    values: Vec<f32>,
    rows: usize,
    depth: usize,
}

impl Packed {
    /// Packs `rows` rows of `depth` numbers.
    pub fn new(matrix: Matrix, rows: usize, depth: usize) -> Self {
        let mut values = Vec::with_capacity(rows * depth);
        let mut first = 0;
        while first < rows {
            let together = together(rows - first);
            for k in 0..depth {
                let column = &matrix.values[first * matrix.row + k * matrix.column..];
                values.extend((0..together).map(|row| column[row * matrix.row]));
            }
            first += together;
        }
        Self { values, rows, depth }
    }
}

/// How many of so many rows are computed at once.
fn together(rows: usize) -> usize {
    match rows {
        1 => 1,
        2 | 3 => 2,
        _ => ROWS,
    }
}

/// Sums of scaled rows: `out[i][p] = sum_k left[i][k] right[offsets[k] + p]`.
///
/// The rows of the right side may begin anywhere and overlap, so that those of a convolution are its image, moved.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a> {
    /// What scales the rows.
    left: &'a Packed,
    /// What the rows lie in.
    right: &'a [f32],
    /// Where each of them begins.
    offsets: &'a [usize],
    /// The last beginning.
    most: usize,
}

impl<'a> Rows<'a> {
    /// A product whose right side has rows that begin at `offsets`.
    ///
    /// # Panics
    /// If there are not as many as the left side has columns.
    pub fn new(left: &'a Packed, right: &'a [f32], offsets: &'a [usize]) -> Self {
        assert_eq!(left.depth, offsets.len(), "a row for each column");
        let most = offsets.iter().max().copied().unwrap_or(0);
        Self {
            left,
            right,
            offsets,
            most,
        }
    }

    /// Computes rows `first` to `first + count`, of which the first is a multiple of [`ROWS`], in the columns of a range, to `out` with one
    /// row each `stride`, or adds to what is there.
    ///
    /// # Panics
    /// If a side or `out` is too short.
    pub fn compute(
        &self,
        [first, count]: [usize; 2],
        columns: Range<usize>,
        out: &mut [f32],
        stride: usize,
        add: bool,
    ) {
        if count == 0 || columns.is_empty() {
            return;
        }
        assert!(
            first % ROWS == 0 && first + count <= self.left.rows,
            "rows that are packed together"
        );
        assert!(
            count % ROWS == 0 || first + count == self.left.rows,
            "rows that are packed together"
        );
        assert!(
            fits(self.most, 1, columns.end, self.right),
            "the right side is too short"
        );
        assert!(fits(count - 1, stride, columns.len(), out), "the output is too short");
        simd::run(RowsTask {
            rows: self,
            first,
            count,
            columns,
            out,
            stride,
            add,
        });
    }
}

struct RowsTask<'a, 'b> {
    rows: &'a Rows<'a>,
    first: usize,
    count: usize,
    columns: Range<usize>,
    out: &'b mut [f32],
    stride: usize,
    add: bool,
}

impl WithSimd for RowsTask<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let mut row = 0;
        while row < self.count {
            // SAFETY: `compute` has checked the ends of all three.
            row += unsafe {
                match together(self.count - row) {
                    1 => self.group::<S, 1, 8>(simd, row),
                    2 => self.group::<S, 2, 4>(simd, row),
                    _ => self.group::<S, 4, 2>(simd, row),
                }
            };
        }
    }
}

impl RowsTask<'_, '_> {
    /// `M` rows, `N` vectors of columns at a time, then one, then single columns.
    #[inline(always)]
    unsafe fn group<S: Simd, const M: usize, const N: usize>(&mut self, simd: S, row: usize) -> usize {
        let lanes = size_of::<S::f32s>() / size_of::<f32>();
        let count = self.columns.len();
        let mut column = 0;
        unsafe {
            while column + N * lanes <= count {
                self.block::<S, M, N>(simd, row, column);
                column += N * lanes;
            }
            while column + lanes <= count {
                self.block::<S, M, 1>(simd, row, column);
                column += lanes;
            }
            while column < count {
                self.block::<pulp::Scalar, M, 1>(pulp::Scalar, row, column);
                column += 1;
            }
        }
        M
    }

    #[inline(always)]
    unsafe fn block<S: Simd, const M: usize, const N: usize>(&mut self, simd: S, row: usize, column: usize) {
        let lanes = size_of::<S::f32s>() / size_of::<f32>();
        let Packed { values, depth, .. } = self.rows.left;
        unsafe {
            let mut left = values.as_ptr().add((self.first + row) * depth);
            let right = self.rows.right.as_ptr().add(self.columns.start + column);
            let mut sums = [[simd.splat_f32s(0.0); N]; M];
            for &offset in self.rows.offsets {
                let right = right.add(offset);
                let vectors: [S::f32s; N] =
                    std::array::from_fn(|j| right.add(j * lanes).cast::<S::f32s>().read_unaligned());
                for (i, sums) in sums.iter_mut().enumerate() {
                    let factor = simd.splat_f32s(*left.add(i));
                    for (sum, vector) in sums.iter_mut().zip(vectors) {
                        *sum = simd.mul_add_e_f32s(factor, vector, *sum);
                    }
                }
                left = left.add(M);
            }
            for (i, sums) in sums.into_iter().enumerate() {
                let out = self.out.as_mut_ptr().add((row + i) * self.stride + column);
                for (j, mut sum) in sums.into_iter().enumerate() {
                    let place = out.add(j * lanes).cast::<S::f32s>();
                    if self.add {
                        sum = simd.add_f32s(place.read_unaligned(), sum);
                    }
                    place.write_unaligned(sum);
                }
            }
        }
    }
}
