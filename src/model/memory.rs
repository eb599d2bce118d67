//! How much memory a call takes, estimated before it starts: what does not fit ends a WebAssembly module for good.

use super::Layout;

/// The most bytes that one call may take. A WebAssembly memory ends at 4 GiB, and models and data lie there too.
pub const MOST_OF_A_CALL: u64 = 2 << 30;

const BYTES: u64 = 4;
/// Copies of each activation that a training step holds at its peak: the value, its gradient, and what convolutions lay
/// out anew. In the CPU flavour a step of 256 images took 1.8 (E3) to 3.5 (E4), of eight kinds of models.
const COPIES_OF_A_STEP: u64 = 5;
/// The same of a look, which keeps no activation for a gradient: 0.5 to 0.7 were taken.
const COPIES_OF_A_LOOK: u64 = 1;
/// Bytes that a look takes at most, so that it leaves the machine room.
const MOST_OF_A_LOOK: u64 = 256 << 20;

/// Numbers that networks make of one image, one after the other.
pub fn activations(networks: &[&Layout]) -> u64 {
    let each = networks.iter().map(|layout| layout.activations());
    each.fold(0, u64::saturating_add)
}

/// Bytes of a training step on a batch of images that take so many activations each.
pub fn of_step(batch: usize, activations: u64) -> u64 {
    (batch as u64)
        .saturating_mul(activations)
        .saturating_mul(COPIES_OF_A_STEP * BYTES)
}

/// The largest batch of which a training step may be taken.
pub fn batch_that_fits(activations: u64) -> u64 {
    MOST_OF_A_CALL / of_step(1, activations).max(1)
}

/// Of at most `most` images as many as go through a network at once.
pub fn images_at_once(activations: u64, most: usize) -> usize {
    let each = activations.saturating_mul(COPIES_OF_A_LOOK * BYTES).max(1);
    usize::try_from(MOST_OF_A_LOOK / each).unwrap_or(most).clamp(1, most)
}

/// Bytes as people read them.
pub fn size(bytes: u64) -> String {
    if bytes < 1 << 30 {
        return format!("{} MB", bytes.div_ceil(1 << 20));
    }
    format!("{:.1} GB", bytes as f64 / f64::from(1 << 30))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_takes_fewer_images_at_once_where_each_is_large() {
        assert_eq!(images_at_once(50_000, 128), 128);
        assert_eq!(images_at_once(1 << 20, 128), 64);
        assert_eq!(images_at_once(u64::MAX, 128), 1);
    }

    #[test]
    fn a_step_that_is_too_large_for_any_count_is_none_that_fits() {
        assert_eq!(batch_that_fits(u64::MAX), 0);
        assert_eq!(of_step(usize::MAX, u64::MAX), u64::MAX);
        assert!(of_step(1024, 1 << 20) > MOST_OF_A_CALL);
    }
}
