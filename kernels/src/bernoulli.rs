//! The cross entropy of pixels that are ones with a probability, from logits.

use pulp::{Simd, WithSimd};

use crate::simd;

/// Numbers whose sum is kept in `f32` before it is added to that of all. Few, so that a loss has its digits where there are no vectors too:
/// one number after the other, a thousand would lose four binary ones.
const CHUNK: usize = 64;

/// `sum_i max(l_i, 0) - l_i x_i + log(1 + exp(-|l_i|))`, which is the cross entropy of `sigmoid(l_i)` and `x_i`, and its gradient,
/// `sigmoid(l_i) - x_i`, times `share` in `slope`.
pub fn bernoulli(logits: &[f32], images: &[f32], share: f32, slope: &mut [f32]) -> f64 {
    assert!(logits.len() == images.len() && logits.len() == slope.len());
    let chunks = logits
        .chunks(CHUNK)
        .zip(images.chunks(CHUNK))
        .zip(slope.chunks_mut(CHUNK));
    chunks
        .map(|((logits, images), slope)| {
            f64::from(simd::run(Chunk {
                logits,
                images,
                share,
                slope,
            }))
        })
        .sum()
}

struct Chunk<'a> {
    logits: &'a [f32],
    images: &'a [f32],
    share: f32,
    slope: &'a mut [f32],
}

impl WithSimd for Chunk<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (logits, last_logits) = S::as_simd_f32s(self.logits);
        let (images, last_images) = S::as_simd_f32s(self.images);
        let (slopes, last_slopes) = S::as_mut_simd_f32s(self.slope);
        let (mut sum, share) = (simd.splat_f32s(0.0), simd.splat_f32s(self.share));
        for ((logit, image), slope) in logits.iter().zip(images).zip(slopes) {
            let (value, found) = of_pixels(simd, *logit, *image);
            sum = simd.add_f32s(sum, value);
            *slope = simd.mul_f32s(found, share);
        }
        let mut sum = simd.reduce_sum_f32s(sum);
        for ((logit, image), slope) in last_logits.iter().zip(last_images).zip(last_slopes) {
            let (value, found) = of_pixels(pulp::Scalar, *logit, *image);
            sum += value;
            *slope = found * self.share;
        }
        sum
    }
}

/// The cross entropy of each pixel, and its gradient.
#[inline(always)]
fn of_pixels<S: Simd>(simd: S, logit: S::f32s, image: S::f32s) -> (S::f32s, S::f32s) {
    let (zero, one) = (simd.splat_f32s(0.0), simd.splat_f32s(1.0));
    let size = simd.abs_f32s(logit);
    let small = exp_of_minus(simd, size);
    let soft = log_of_one_and(simd, small);
    let positive = simd.max_f32s(logit, zero);
    let value = simd.add_f32s(simd.sub_f32s(positive, simd.mul_f32s(logit, image)), soft);
    let rest = simd.div_f32s(one, simd.add_f32s(one, small));
    let negative = simd.less_than_f32s(logit, zero);
    let sigmoid = simd.select_f32s(negative, simd.mul_f32s(small, rest), rest);
    (value, simd.sub_f32s(sigmoid, image))
}

/// `exp(-a)` of numbers from zero on, by powers of two and a polynomial (Moshier, Cephes 2.8, `expf`).
#[inline(always)]
fn exp_of_minus<S: Simd>(simd: S, a: S::f32s) -> S::f32s {
    /// Below `exp` of minus this there are no normal numbers.
    const MOST: f32 = 87.0;
    /// What is added to this loses its fraction, and its last bits are the whole number.
    const WHOLE: f32 = 12_582_912.0;
    let number = |value: f32| simd.splat_f32s(value);
    let inside = simd.less_than_f32s(a, number(MOST));
    let x = simd.select_f32s(inside, simd.sub_f32s(number(0.0), a), number(0.0));
    let shifted = simd.add_f32s(simd.mul_f32s(x, number(std::f32::consts::LOG2_E)), number(WHOLE));
    let whole = simd.sub_f32s(shifted, number(WHOLE));
    // The natural logarithm of two in two parts, of which the first times a whole number is exact.
    let rest = simd.sub_f32s(x, simd.mul_f32s(whole, number(0.693_359_4)));
    let rest = simd.add_f32s(rest, simd.mul_f32s(whole, number(2.121_944_4e-4)));
    let factors = [1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    let polynomial = factors.iter().fold(number(1.987_569_1e-4), |sum, &factor| {
        simd.mul_add_e_f32s(sum, rest, number(factor))
    });
    let value = simd.mul_add_e_f32s(polynomial, simd.mul_f32s(rest, rest), simd.add_f32s(rest, number(1.0)));
    // The exponent's bits begin at the 23rd; what is left of the shifted number's own falls off at the end.
    let exponent = simd.add_u32s(simd.transmute_u32s_f32s(shifted), simd.splat_u32s(127));
    let power = simd.transmute_f32s_u32s(simd.mul_u32s(exponent, simd.splat_u32s(1 << 23)));
    simd.select_f32s(inside, simd.mul_f32s(value, power), number(0.0))
}

/// `log(1 + e)` of numbers from zero to one: `2 artanh(e / (2 + e))` by its series, of which the first term left out is below `1e-9`.
#[inline(always)]
fn log_of_one_and<S: Simd>(simd: S, e: S::f32s) -> S::f32s {
    let s = simd.div_f32s(e, simd.add_f32s(e, simd.splat_f32s(2.0)));
    let square = simd.mul_f32s(s, s);
    let terms = [13, 11, 9, 7, 5, 3, 1].map(|odd: u8| 2.0 / f32::from(odd));
    let sum = terms.iter().fold(simd.splat_f32s(2.0 / 15.0), |sum, &term| {
        simd.mul_add_e_f32s(sum, square, simd.splat_f32s(term))
    });
    simd.mul_f32s(sum, s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_gradients_are_those_of_double_precision() {
        // As many as leave a rest with every width of vectors.
        let logits: Vec<f32> = (0..10_007).map(|i| (i - 5_000) as f32 * 0.021).collect();
        let images: Vec<f32> = (0..logits.len()).map(|i| (i % 11) as f32 / 10.0).collect();
        for (logit, image) in logits.iter().zip(&images) {
            let mut slope = [0.0];
            let value = bernoulli(&[*logit], &[*image], 1.0, &mut slope);
            let (l, x) = (f64::from(*logit), f64::from(*image));
            let expected = l.max(0.0) - l * x + (-l.abs()).exp().ln_1p();
            assert!(
                (value - expected).abs() <= 3e-7 * (1.0 + l.abs()),
                "{l}: {value} for {expected}"
            );
            let expected = 1.0 / (1.0 + (-l).exp()) - x;
            assert!(
                (f64::from(slope[0]) - expected).abs() < 2e-7,
                "{l}: {slope:?} for {expected}"
            );
        }
        let mut slopes = vec![0.0; logits.len()];
        let all = bernoulli(&logits, &images, 1.0, &mut slopes);
        let expected: f64 = logits
            .iter()
            .zip(&images)
            .map(|(l, x)| bernoulli(&[*l], &[*x], 1.0, &mut [0.0]))
            .sum();
        assert!((all / expected - 1.0).abs() < 1e-6, "{all} for {expected}");
    }

    #[test]
    fn a_sum_has_its_digits_without_vectors_too() {
        let logits: Vec<f32> = (0..CHUNK).map(|i| i as f32 * 0.37 - 9.0).collect();
        let images = vec![0.3; CHUNK];
        let mut slope = vec![0.0; CHUNK];
        let chunk = Chunk {
            logits: &logits,
            images: &images,
            share: 1.0,
            slope: &mut slope,
        };
        let found = f64::from(chunk.with_simd(pulp::Scalar));
        let each = logits.iter().map(|l| bernoulli(&[*l], &[0.3], 1.0, &mut [0.0]));
        let expected: f64 = each.sum();
        assert!((found / expected - 1.0).abs() < 3e-7, "{found} for {expected}");
    }

    #[test]
    fn what_is_no_number_stays_none() {
        assert!(bernoulli(&[f32::NAN; 9], &[0.0; 9], 1.0, &mut [0.0; 9]).is_nan());
        assert_eq!(bernoulli(&[1e4, -1e4], &[1.0, 0.0], 1.0, &mut [0.0; 2]), 0.0);
    }
}
