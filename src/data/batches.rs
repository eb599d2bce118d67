//! The order in which training sees the data.

use crate::rng::{Rng, Stream};

/// The indices of the batch of `step`: each epoch is its own seeded shuffle, and the last, partial
/// batch of an epoch is left out, so that every batch has the same shape.
///
/// The order is a function of its arguments alone. A run that goes on from a checkpoint
/// therefore sees the batches that it would have seen.
pub fn batch_indices(count: usize, batch: usize, seed: u64, step: u64) -> Vec<usize> {
    let batch = batch.clamp(1, count.max(1));
    let per_epoch = (count / batch).max(1) as u64;
    let order = Rng::new(
        seed,
        Stream::Shuffle {
            epoch: step / per_epoch,
        },
    )
    .permutation(count);
    let start = (step % per_epoch) as usize * batch;
    order[start..(start + batch).min(count)].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_epoch_shows_each_image_once() {
        let mut seen: Vec<usize> = (0..4).flat_map(|step| batch_indices(41, 10, 5, step)).collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 40);
    }

    #[test]
    fn the_next_epoch_has_another_order() {
        assert_eq!(batch_indices(40, 10, 5, 2), batch_indices(40, 10, 5, 2));
        assert_ne!(batch_indices(40, 10, 5, 0), batch_indices(40, 10, 5, 4));
        assert_ne!(batch_indices(40, 10, 5, 0), batch_indices(40, 10, 6, 0));
    }

    #[test]
    fn a_batch_is_at_most_the_data() {
        assert_eq!(batch_indices(3, 128, 1, 9).len(), 3);
    }
}
