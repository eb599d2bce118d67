//! What a small network spends its time on, on one core: dense layers, convolutions and transposed convolutions, forwards and
//! backwards, on slices of `f32`.
//!
//! In WebAssembly the vectors are those of SIMD128, elsewhere the widest ones that the processor has.

#![warn(missing_docs)]

pub mod adam;
pub mod bernoulli;
pub mod conv;
pub mod dense;
pub mod dots;
pub mod passes;
pub mod rows;
mod simd;

/// What is added to sums, and what becomes of them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Finish<'a> {
    /// A number for each channel or column; none where empty.
    pub bias: &'a [f32],
    /// Whether what is below zero becomes zero.
    pub relu: bool,
}

/// Whether `width` numbers from the start of a row on are within a slice. Sizes that would wrap are not: those of WebAssembly have 32 bits.
fn fits(row: usize, stride: usize, width: usize, values: &[f32]) -> bool {
    let end = row.checked_mul(stride).and_then(|start| start.checked_add(width));
    end.is_some_and(|end| end <= values.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_wrap_does_not_fit() {
        assert!(fits(2, 3, 4, &[0.0; 10]));
        assert!(!fits(2, 3, 5, &[0.0; 10]));
        assert!(!fits(usize::MAX - 1, 1, 4, &[0.0; 10]));
        assert!(!fits(usize::MAX / 2, 4, 1, &[0.0; 10]));
    }

    #[test]
    #[should_panic(expected = "the right side is too short")]
    fn a_row_that_begins_before_its_side_is_refused() {
        let matrix = rows::Matrix {
            values: &[1.0],
            row: 1,
            column: 1,
        };
        let left = rows::Packed::new(matrix, 1, 1);
        let offsets = [0_usize.wrapping_sub(1)];
        rows::Rows::new(&left, &[1.0; 4], &offsets).compute([0, 1], 0..4, &mut [0.0; 4], 4, false);
    }
}
