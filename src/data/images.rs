//! Grey images of one size.

use super::MAX_NUMBERS;
use crate::error::{Error, Result};

/// Grey images of one size, a byte a pixel, row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    height: usize,
    width: usize,
    declared: u64,
    pub(super) pixels: Vec<u8>,
}

impl Images {
    /// The first of `declared` images; `pixels` holds at least one, and nothing but whole ones.
    pub(super) fn new([height, width]: [usize; 2], pixels: Vec<u8>, declared: u64) -> Self {
        Self {
            height,
            width,
            declared,
            pixels,
        }
    }

    /// How many images there are.
    pub fn count(&self) -> usize {
        self.pixels.len() / (self.height * self.width)
    }

    /// How many images their file has: of a large one the first are taken.
    pub fn declared(&self) -> u64 {
        self.declared
    }

    /// Height and width.
    pub fn size(&self) -> [usize; 2] {
        [self.height, self.width]
    }

    /// Each image's pixels.
    pub(super) fn each(&self) -> impl Iterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.height * self.width)
    }

    /// Refuses an answer of more numbers than 60,000 digits of 28 x 28 have.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the number of images that fit.
    pub fn check_answer(&self, count: usize) -> Result<()> {
        let most = (MAX_NUMBERS / (self.height * self.width)).max(1);
        if count <= most {
            return Ok(());
        }
        Err(Error::input(format!(
            "{count} images of {} x {} are asked for; take at most {most} at once",
            self.height, self.width
        )))
    }

    /// The same images with a border of zeros, in the middle of a larger size.
    ///
    /// # Errors
    /// When the size is smaller than the images, or so large that memory has no room for them.
    pub fn padded(&self, [height, width]: [usize; 2]) -> Result<Self> {
        if height < self.height || width < self.width {
            return Err(Error::input(format!(
                "images of {} x {} do not fit into {height} x {width}; give a larger size",
                self.height, self.width
            )));
        }
        let length = height
            .checked_mul(width)
            .and_then(|pixels| pixels.checked_mul(self.count()));
        let length = length.ok_or_else(|| {
            Error::input(format!(
                "{} images of {height} x {width} are more than memory holds; give a smaller size",
                self.count()
            ))
        })?;
        let mut pixels = vec![0; length];
        let (top, left) = ((height - self.height) / 2, (width - self.width) / 2);
        for (index, row) in self.pixels.chunks_exact(self.width).enumerate() {
            let (image, y) = (index / self.height, index % self.height);
            let start = (image * height + top + y) * width + left;
            pixels[start..start + self.width].copy_from_slice(row);
        }
        Ok(Self::new([height, width], pixels, self.declared))
    }

    /// The images at `indices`, values in `[0, 1]`, one after the other.
    ///
    /// # Errors
    /// When an index is not below [`count`](Self::count).
    pub fn gather(&self, indices: &[usize]) -> Result<Vec<f32>> {
        let length = self.height * self.width;
        let mut values = Vec::with_capacity(indices.len() * length);
        for &index in indices {
            let image = self.pixels.chunks_exact(length).nth(index).ok_or_else(|| {
                Error::input(format!(
                    "image {index} does not exist: there are {}, counted from 0",
                    self.count()
                ))
            })?;
            values.extend(image.iter().map(|&pixel| f32::from(pixel) / 255.0));
        }
        Ok(values)
    }

    /// The mean image, values in `[0, 1]`.
    pub fn mean(&self) -> Vec<f32> {
        let mut sums = vec![0u64; self.height * self.width];
        for image in self.each() {
            for (sum, &pixel) in sums.iter_mut().zip(image) {
                *sum += u64::from(pixel);
            }
        }
        let scale = 255.0 * self.count() as f64;
        sums.iter().map(|&sum| (sum as f64 / scale) as f32).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn images_are_gathered_by_their_numbers() {
        let images = Images::new([1, 2], vec![0, 51, 102, 255], 2);
        assert_eq!(images.gather(&[1, 0]).unwrap(), [0.4, 1.0, 0.0, 0.2]);
        assert!(images.gather(&[2]).is_err());
    }

    #[test]
    fn the_mean_image_is_the_mean_of_each_pixel() {
        let images = Images::new([1, 2], vec![0, 255, 255, 255], 2);
        assert_eq!(images.mean(), [0.5, 1.0]);
    }

    #[test]
    fn an_answer_has_room_for_so_many() {
        let images = Images::new([128, 128], vec![0; 128 * 128], 1);
        assert!(images.check_answer(2871).is_ok());
        let refusal = images.check_answer(2872).unwrap_err().to_string();
        assert!(
            refusal.contains("2872 images of 128 x 128") && refusal.contains("at most 2871"),
            "{refusal}"
        );
    }

    #[test]
    fn a_border_beyond_memory_is_refused() {
        let images = Images::new([1, 1], vec![9], 1);
        assert_eq!(images.padded([3, 3]).unwrap().pixels, [0, 0, 0, 0, 9, 0, 0, 0, 0]);
        assert!(images.padded([usize::MAX, 2]).is_err());
        assert!(images.padded([0, 1]).is_err());
    }
}
