//! A few training steps whose losses are known. A device that gives others computes wrongly.

use burn::tensor::Device;

use crate::error::{ErrorKind, Result};
use crate::model::preset;
use crate::train::{Session, StepSettings};

/// Losses of the steps, computed natively (flex, x86-64).
pub const EXPECTED: [f32; 12] = [
    451.3783, 451.4165, 451.49442, 451.24927, 451.2973, 451.04645, 450.2768, 449.48874, 447.6137, 437.30597, 418.31882,
    387.5445,
];

/// How far a loss may be from the known one, relative to it.
const TOLERANCE: f32 = 1e-3;

const SEED: u64 = 1;
const BATCH: usize = 16;

/// Trains the tiny preset on striped images and gives the loss of each step, NaN where there is none.
///
/// # Errors
/// [`Device`](ErrorKind::Device) when the device does not answer.
pub async fn run(device: &Device) -> Result<Vec<f32>> {
    let config = preset::find("tiny")?.config()?;
    let mut session = Session::new(config, SEED, None, device)?;
    let images = stripes();
    let settings = StepSettings {
        // The preset's rate is still warming up; so high, twelve steps go far enough to show what is wrong.
        learning_rate: Some(0.02),
        beta: Some(0.01),
        ..StepSettings::default()
    };
    let mut losses = Vec::with_capacity(EXPECTED.len());
    for _ in 0..EXPECTED.len() {
        match session.step(&images, &settings).await {
            Ok(terms) => losses.extend(terms.and_then(|terms| terms.get("reconstruction").copied())),
            // What is no number is a wrong one, not a question of the learning rate.
            Err(error) if error.kind() == ErrorKind::Diverged => losses.push(f32::NAN),
            Err(error) => return Err(error),
        }
    }
    Ok(losses)
}

/// Slanted stripes, another slant in each image: something to learn, so that each update shows.
fn stripes() -> Vec<f32> {
    let pixel = |index: usize| {
        let (slant, y, x) = (index / 784, index / 28 % 28, index % 28);
        f32::from(u8::from((x * slant + y) / 6 % 3 == 0))
    };
    (0..BATCH * 784).map(pixel).collect()
}

/// Whether the losses are the known ones.
pub fn agrees(losses: &[f32]) -> bool {
    losses.len() == EXPECTED.len()
        && losses
            .iter()
            .zip(EXPECTED)
            .all(|(loss, expected)| (loss / expected - 1.0).abs() < TOLERANCE)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[test]
    fn the_cpu_device_gives_the_known_losses() {
        let losses = run(&Device::flex()).now_or_never().unwrap().unwrap();
        assert!(agrees(&losses), "{losses:?}");
    }

    #[test]
    fn a_device_that_skips_the_update_is_found_out() {
        assert!(!agrees(&[EXPECTED[0]; 12]));
        assert!(!agrees(&[f32::NAN; 12]));
        assert!(!agrees(&EXPECTED[..11]));
    }
}
