//! A vector in pieces, and pieces as a vector: all weights, and their gradients.

use std::ops::Range;

use burn::tensor::Tensor;

/// The pieces of a vector in these ranges.
pub fn cut(vector: &Tensor<1>, ranges: &[Range<usize>]) -> Vec<Tensor<1>> {
    #[cfg(feature = "webgpu")]
    if let Some(pieces) = super::gpu::cut(vector, ranges) {
        return pieces;
    }
    ranges
        .iter()
        .map(|range| vector.clone().slice([range.clone()]))
        .collect()
}

/// Vectors one behind the other.
pub fn join(pieces: Vec<Tensor<1>>) -> Tensor<1> {
    #[cfg(feature = "webgpu")]
    if let Some(vector) = super::gpu::join(&pieces) {
        return vector;
    }
    Tensor::cat(pieces, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::compare::Shapes;

    #[test]
    fn what_is_cut_and_joined_is_what_it_was() {
        Shapes::on_each_device(7, |shapes| {
            for pieces in 1..20 {
                let lengths: Vec<usize> = (0..pieces).map(|_| shapes.up_to(700)).collect();
                let vector = shapes.tensor([lengths.iter().sum()]);
                let mut start = 0;
                let ranges: Vec<_> = lengths
                    .iter()
                    .map(|length| {
                        start += length;
                        start - length..start
                    })
                    .collect();
                let found = cut(&vector, &ranges);
                for (piece, range) in found.iter().zip(ranges) {
                    assert_eq!(piece.clone().into_data(), vector.clone().slice([range]).into_data());
                }
                assert_eq!(join(found).into_data(), vector.into_data());
            }
        });
    }
}
