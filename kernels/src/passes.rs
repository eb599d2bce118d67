//! Passes over all numbers of a slice. Written with vectors: of a choice between two numbers a browser makes a branch, which costs more
//! than all else.

use pulp::{Simd, WithSimd};

use crate::simd;

/// Adds a number to all, and sets those below zero to zero where asked for.
pub fn finish(values: &mut [f32], bias: f32, relu: bool) {
    if relu || bias != 0.0 {
        simd::run(Finish { values, bias, relu });
    }
}

struct Finish<'a> {
    values: &'a mut [f32],
    bias: f32,
    relu: bool,
}

impl WithSimd for Finish<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let bias = simd.splat_f32s(self.bias);
        let least = simd.splat_f32s(if self.relu { 0.0 } else { f32::NEG_INFINITY });
        let finished = |value| {
            let value = simd.add_f32s(value, bias);
            // The other way round, what is no number would become zero.
            simd.select_f32s(simd.less_than_f32s(value, least), least, value)
        };
        let (vectors, rest) = S::as_mut_simd_f32s(self.values);
        for vector in vectors {
            *vector = finished(*vector);
        }
        let last = finished(simd.partial_load_f32s(rest));
        simd.partial_store_f32s(rest, last);
    }
}

/// Numbers whose mask is above zero; zero for the others.
pub fn masked(values: &[f32], mask: &[f32]) -> Vec<f32> {
    assert_eq!(values.len(), mask.len());
    let mut out = values.to_vec();
    simd::run(Mask { values: &mut out, mask });
    out
}

struct Mask<'a> {
    values: &'a mut [f32],
    mask: &'a [f32],
}

impl WithSimd for Mask<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let zero = simd.splat_f32s(0.0);
        let kept = |value, mask| simd.select_f32s(simd.greater_than_f32s(mask, zero), value, zero);
        let (vectors, rest) = S::as_mut_simd_f32s(self.values);
        let (masks, last_mask) = S::as_simd_f32s(self.mask);
        for (vector, mask) in vectors.iter_mut().zip(masks) {
            *vector = kept(*vector, *mask);
        }
        let last = kept(simd.partial_load_f32s(rest), simd.partial_load_f32s(last_mask));
        simd.partial_store_f32s(rest, last);
    }
}

/// The sum of all.
pub fn sum(values: &[f32]) -> f32 {
    simd::run(Sum(values))
}

struct Sum<'a>(&'a [f32]);

impl WithSimd for Sum<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (vectors, rest) = S::as_simd_f32s(self.0);
        // Two sums, so that one addition need not wait for the other.
        let (pairs, odd) = vectors.as_chunks::<2>();
        let mut sums = [simd.splat_f32s(0.0); 2];
        for [a, b] in pairs {
            sums = [simd.add_f32s(sums[0], *a), simd.add_f32s(sums[1], *b)];
        }
        for vector in odd {
            sums[0] = simd.add_f32s(sums[0], *vector);
        }
        simd.reduce_sum_f32s(simd.add_f32s(sums[0], sums[1])) + rest.iter().sum::<f32>()
    }
}

/// A sum of rows, each times its factor: `out[p] = sum_k factors[k] rows[k][p]`.
pub fn combine(factors: &[f32], rows: &[f32], out: &mut [f32]) {
    assert_eq!(rows.len(), factors.len() * out.len());
    out.fill(0.0);
    if !out.is_empty() {
        simd::run(Combine { factors, rows, out });
    }
}

struct Combine<'a> {
    factors: &'a [f32],
    rows: &'a [f32],
    out: &'a mut [f32],
}

impl WithSimd for Combine<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = self.out.len();
        let (fours, rest) = self.factors.as_chunks::<4>();
        let (rows_of_fours, rows_of_rest) = self.rows.split_at(4 * fours.len() * width);
        for (factors, rows) in fours.iter().zip(rows_of_fours.chunks_exact(4 * width)) {
            add_rows::<S, 4>(simd, *factors, rows, self.out);
        }
        for (factor, row) in rest.iter().zip(rows_of_rest.chunks_exact(width)) {
            add_rows::<S, 1>(simd, [*factor], row, self.out);
        }
    }
}

/// Adds `N` rows, each times its factor.
#[inline(always)]
fn add_rows<S: Simd, const N: usize>(simd: S, factors: [f32; N], rows: &[f32], out: &mut [f32]) {
    let width = out.len();
    let splats = factors.map(|factor| simd.splat_f32s(factor));
    let rows: [_; N] = std::array::from_fn(|i| S::as_simd_f32s(&rows[i * width..(i + 1) * width]));
    let (vectors, rest) = S::as_mut_simd_f32s(out);
    for (at, vector) in vectors.iter_mut().enumerate() {
        for i in 0..N {
            *vector = simd.mul_add_e_f32s(splats[i], rows[i].0[at], *vector);
        }
    }
    for (at, value) in rest.iter_mut().enumerate() {
        for i in 0..N {
            *value += factors[i] * rows[i].1[at];
        }
    }
}
