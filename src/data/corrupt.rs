//! What is done to an image before an encoder sees it: noise is added, or a part is erased.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::rng::Rng;

/// The largest standard deviation of the noise.
const MAX_NOISE: f64 = 10.0;
/// Lines of a mask of strokes, and half their width as a share of the image's side.
const STROKES: usize = 4;
const HALF_WIDTH: f32 = 0.06;

/// What is done to each image. The decoder's target stays the whole image.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Corruption {
    /// Standard deviation of what is added to each pixel, which is clipped to `[0, 1]` then.
    pub noise: f64,
    /// The masks of which one is drawn for each image: what is under it becomes 0.
    pub masks: Vec<Mask>,
}

/// A part of an image that is erased.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// The left, right, upper or lower half.
    Half,
    /// A square of half the side, anywhere.
    Square,
    /// A few straight lines, anywhere.
    Strokes,
}

/// Nothing is done to the images.
pub static NO_CORRUPTION: Corruption = Corruption {
    noise: 0.0,
    masks: Vec::new(),
};

impl Corruption {
    /// Whether images stay as they are.
    pub fn is_none(&self) -> bool {
        self.noise == 0.0 && self.masks.is_empty()
    }

    /// Checks every number.
    ///
    /// # Errors
    /// [`InvalidConfig`](crate::ErrorKind::InvalidConfig) with the value and the limit.
    pub fn check(&self) -> Result<()> {
        check_noise_level(self.noise)
    }

    /// Corrupts images `[batch, height * width]`.
    ///
    /// # Shapes
    /// - noise: `[batch, height * width]` from N(0, 1), or empty where the corruption has none
    /// - mask: `[batch, height * width]`, 1 where a pixel is erased, in place of drawn ones
    pub fn apply(&self, images: &mut [f32], size: [usize; 2], noise: &[f32], mask: Option<&[f32]>, rng: &mut Rng) {
        let sigma = self.noise as f32;
        for (pixel, noise) in images.iter_mut().zip(noise) {
            *pixel = (*pixel + sigma * noise).clamp(0.0, 1.0);
        }
        if let Some(mask) = mask {
            erase(images, mask);
        } else if !self.masks.is_empty() {
            for image in images.chunks_exact_mut(size[0] * size[1]) {
                let mask = self.masks[rng.below(self.masks.len())];
                erase(image, &mask.draw(size, rng));
            }
        }
    }
}

fn erase(image: &mut [f32], mask: &[f32]) {
    image
        .iter_mut()
        .zip(mask)
        .for_each(|(pixel, mask)| *pixel *= 1.0 - mask);
}

impl Mask {
    /// A mask `[height * width]`: 1 where a pixel is erased, 0 elsewhere.
    pub fn draw(self, [height, width]: [usize; 2], rng: &mut Rng) -> Vec<f32> {
        let mut mask = vec![0.0; height * width];
        let mut cover = |covered: &dyn Fn(usize, usize) -> bool| {
            for (index, pixel) in mask.iter_mut().enumerate() {
                if covered(index % width, index / width) {
                    *pixel = 1.0;
                }
            }
        };
        match self {
            Self::Half => match rng.below(4) {
                0 => cover(&|x, _| x < width / 2),
                1 => cover(&|x, _| x >= width / 2),
                2 => cover(&|_, y| y < height / 2),
                _ => cover(&|_, y| y >= height / 2),
            },
            Self::Square => {
                let side = height.min(width) / 2;
                let (left, top) = (rng.below(width - side + 1), rng.below(height - side + 1));
                cover(&|x, y| (left..left + side).contains(&x) && (top..top + side).contains(&y));
            }
            Self::Strokes => {
                let reach = HALF_WIDTH * height.min(width) as f32;
                for _ in 0..STROKES {
                    let [ax, ay, bx, by] = [width, height, width, height].map(|side| rng.uniform() * side as f32);
                    cover(&|x, y| distance([x as f32 + 0.5, y as f32 + 0.5], [ax, ay], [bx, by]) < reach);
                }
            }
        }
        mask
    }
}

/// From a point to the line between two others.
fn distance([x, y]: [f32; 2], [ax, ay]: [f32; 2], [bx, by]: [f32; 2]) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let along = ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy).max(f32::MIN_POSITIVE);
    let along = along.clamp(0.0, 1.0);
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

/// A standard deviation of noise: 0 to 10.
pub(crate) fn check_noise_level(value: f64) -> Result<()> {
    if (0.0..=MAX_NOISE).contains(&value) {
        return Ok(());
    }
    Err(Error::config(format!(
        "noise is {value}; give a number from 0 to {MAX_NOISE}"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Stream;

    const SIZE: [usize; 2] = [28, 28];

    fn rng() -> Rng {
        Rng::new(1, Stream::Noise)
    }

    #[test]
    fn noise_is_added_and_clipped() {
        let corruption = Corruption {
            noise: 0.5,
            ..Corruption::default()
        };
        let mut image = [0.5, 0.5, 0.5, 0.0];
        corruption.apply(&mut image, [2, 2], &[0.2, 3.0, -3.0, 0.0], None, &mut rng());
        assert_eq!(image, [0.6, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn halves_are_halves_and_all_four_come() {
        let mut rng = rng();
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..50 {
            let mask = Mask::Half.draw(SIZE, &mut rng);
            assert_eq!(mask.iter().sum::<f32>(), 392.0);
            seen.insert([0, 27, 27 * 28].map(|pixel: usize| mask[pixel] as u8));
        }
        assert_eq!(seen.len(), 4);
    }

    #[test]
    fn a_square_has_half_the_side_and_stays_inside() {
        let mut rng = rng();
        let mut corners = std::collections::BTreeSet::new();
        for _ in 0..2000 {
            let mask = Mask::Square.draw(SIZE, &mut rng);
            assert_eq!(mask.iter().sum::<f32>(), 196.0);
            corners.insert(mask.iter().position(|&pixel| pixel == 1.0));
        }
        assert_eq!(corners.len(), 15 * 15);
    }

    #[test]
    fn strokes_leave_more_than_they_take() {
        let mut rng = rng();
        for _ in 0..200 {
            let share = Mask::Strokes.draw(SIZE, &mut rng).iter().sum::<f32>() / 784.0;
            assert!((0.02..0.6).contains(&share), "{share}");
        }
    }

    #[test]
    fn a_given_mask_takes_the_place_of_drawn_ones() {
        let corruption = Corruption {
            masks: vec![Mask::Half],
            ..Corruption::default()
        };
        let mut images = [0.5; 8];
        let mask = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0];
        corruption.apply(&mut images, [2, 2], &[], Some(&mask), &mut rng());
        assert_eq!(images, [0.0, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.0]);
    }
}
