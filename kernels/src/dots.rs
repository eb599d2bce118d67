//! Sums of products along rows: the gradients of weights. Registers are used as for [`rows`](crate::rows).

use std::ops::Range;

use pulp::{Simd, WithSimd};

use crate::{fits, simd};

/// Sums of products along rows: `out[i][j] += sum_p left[left_offsets[i] + p] right[right_offsets[j] + p]`.
#[derive(Clone, Copy, Debug)]
pub struct Dots<'a> {
    /// What the rows of the left side lie in.
    pub left: &'a [f32],
    /// Where each of them begins.
    pub left_offsets: &'a [usize],
    /// What the rows of the right side lie in.
    pub right: &'a [f32],
    /// Where each of them begins.
    pub right_offsets: &'a [usize],
}

impl Dots<'_> {
    /// Adds the sums over a range of `p` to `out`, one row each `stride`.
    ///
    /// # Panics
    /// If a side or `out` is too short.
    pub fn add(&self, range: Range<usize>, out: &mut [f32], stride: usize) {
        let most = |offsets: &[usize]| offsets.iter().max().copied();
        let (Some(left), Some(right)) = (most(self.left_offsets), most(self.right_offsets)) else {
            return;
        };
        if range.is_empty() {
            return;
        }
        assert!(fits(left, 1, range.end, self.left), "the left side is too short");
        assert!(fits(right, 1, range.end, self.right), "the right side is too short");
        let rows = self.left_offsets.len();
        assert!(
            fits(rows - 1, stride, self.right_offsets.len(), out),
            "the output is too short"
        );
        simd::run(DotsTask {
            dots: self,
            range,
            out,
            stride,
        });
    }
}

struct DotsTask<'a, 'b> {
    dots: &'a Dots<'a>,
    range: Range<usize>,
    out: &'b mut [f32],
    stride: usize,
}

impl WithSimd for DotsTask<'_, '_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (rows, columns) = (self.dots.left_offsets.len(), self.dots.right_offsets.len());
        let mut row = 0;
        while row < rows {
            let height = if rows - row >= 4 { 4 } else { 1 };
            let mut column = 0;
            while column < columns {
                // SAFETY: `add` has checked the ends of all three.
                column += unsafe {
                    match (height, columns - column) {
                        (4, 1) => self.block::<S, 4, 1>(simd, row, column),
                        (4, _) => self.block::<S, 4, 2>(simd, row, column),
                        (_, 1) => self.block::<S, 1, 1>(simd, row, column),
                        _ => self.block::<S, 1, 2>(simd, row, column),
                    }
                };
            }
            row += height;
        }
    }
}

impl DotsTask<'_, '_> {
    #[inline(always)]
    unsafe fn block<S: Simd, const M: usize, const N: usize>(&mut self, simd: S, row: usize, column: usize) -> usize {
        let lanes = size_of::<S::f32s>() / size_of::<f32>();
        let dots = self.dots;
        let start = self.range.start;
        unsafe {
            let left: [*const f32; M] =
                std::array::from_fn(|i| dots.left.as_ptr().add(dots.left_offsets[row + i] + start));
            let right: [*const f32; N] =
                std::array::from_fn(|j| dots.right.as_ptr().add(dots.right_offsets[column + j] + start));
            let mut sums = [[simd.splat_f32s(0.0); N]; M];
            let length = self.range.len();
            let whole = length - length % lanes;
            let mut p = 0;
            while p < whole {
                let vectors: [S::f32s; N] = std::array::from_fn(|j| right[j].add(p).cast::<S::f32s>().read_unaligned());
                for (left, sums) in left.iter().zip(&mut sums) {
                    let factor = left.add(p).cast::<S::f32s>().read_unaligned();
                    for (sum, vector) in sums.iter_mut().zip(vectors) {
                        *sum = simd.mul_add_e_f32s(factor, vector, *sum);
                    }
                }
                p += lanes;
            }
            for (i, (left, sums)) in left.iter().zip(sums).enumerate() {
                let out = self.out.as_mut_ptr().add((row + i) * self.stride + column);
                for (j, (right, sum)) in right.iter().zip(sums).enumerate() {
                    let mut sum = simd.reduce_sum_f32s(sum);
                    for p in whole..length {
                        sum += *left.add(p) * *right.add(p);
                    }
                    *out.add(j) += sum;
                }
            }
        }
        N
    }
}
