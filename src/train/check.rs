//! What a call may be given. A refusal names the value, the limit and the remedy.

use crate::data::{Corruption, MAX_NUMBERS};
use crate::error::{Error, Result};
use crate::model::memory;

/// The number of images that so many numbers are, when these are 1 to `most` and whole.
pub fn count_images(length: usize, [height, width]: [usize; 2], most: usize) -> Result<usize> {
    let pixels = height * width;
    let count = length / pixels;
    if count == 0 || !length.is_multiple_of(pixels) || count > most {
        return Err(Error::input(format!(
            "{length} numbers are not 1 to {most} images of {height} x {width}; give [batch, {pixels}]"
        )));
    }
    Ok(count)
}

/// The number of images, when they are 1 to `most`, whole and in `[0, 1]`.
pub fn check_images(images: &[f32], image: [usize; 2], most: usize) -> Result<usize> {
    let count = count_images(images.len(), image, most)?;
    match images.iter().position(|value| !(0.0..=1.0).contains(value)) {
        Some(index) => Err(Error::input(format!(
            "number {index} of the images is {}; give numbers from 0 to 1{}",
            images[index],
            if images[index] >= 2.0 && images.iter().all(|value| (0.0..=255.0).contains(value)) {
                ": bytes divided by 255"
            } else {
                ""
            }
        ))),
        None => Ok(count),
    }
}

/// Whether a training step on so many images fits the memory.
pub fn check_step(batch: usize, activations: u64) -> Result<()> {
    let bytes = memory::of_step(batch, activations);
    if bytes <= memory::MOST_OF_A_CALL {
        return Ok(());
    }
    Err(Error::input(format!(
        "a training step of {batch} images would take {} of memory; at most {} are taken: give a batch of 1 to {}",
        memory::size(bytes),
        memory::size(memory::MOST_OF_A_CALL),
        memory::batch_that_fits(activations)
    )))
}

/// A number of samples whose every code comes with its `width` probabilities.
pub fn check_sampled(count: usize, width: usize) -> Result<()> {
    let most = (MAX_NUMBERS / width).max(1);
    if count <= most {
        return Ok(());
    }
    Err(Error::input(format!(
        "{count} grids come with {width} probabilities each; ask for 1 to {most} at once"
    )))
}

/// A number of samples, and the temperature that they are drawn at.
pub fn check_sample(count: usize, temperature: f32, most: usize) -> Result<()> {
    if !(1..=most).contains(&count) {
        return Err(Error::input(format!("{count} samples; ask for 1 to {most}")));
    }
    if temperature > 0.0 && temperature <= 100.0 {
        return Ok(());
    }
    Err(Error::input(format!(
        "temperature is {temperature}; give a number above 0 and at most 100"
    )))
}

/// Classes of `batch` images.
pub fn check_labels(labels: &[u8], classes: usize, batch: usize) -> Result<()> {
    if labels.len() != batch {
        return Err(Error::input(format!(
            "{} labels for {batch} images; give one for each",
            labels.len()
        )));
    }
    labels
        .iter()
        .try_for_each(|&label| check_label(usize::from(label), classes))
}

/// A class that a prior can be asked for.
pub fn check_label(label: usize, classes: usize) -> Result<()> {
    if label < classes {
        return Ok(());
    }
    Err(Error::input(format!(
        "a label is {label}; this prior knows 0 to {}",
        classes - 1
    )))
}

/// Noise for `batch` images that take `width` numbers each.
pub fn check_noise(noise: &[f32], width: usize, batch: usize) -> Result<()> {
    if width == 0 {
        return Err(Error::input("this model's loss takes no noise; leave it out"));
    }
    if noise.len() != batch * width {
        return Err(Error::input(format!(
            "the noise has {} numbers for {batch} images that take {width} each; give [{batch}, {width}]",
            noise.len()
        )));
    }
    match noise.iter().find(|value| !value.is_finite()) {
        Some(value) => Err(Error::input(format!("the noise has {value}; give finite numbers"))),
        None => Ok(()),
    }
}

/// Masks for `batch` images.
pub fn check_mask(mask: &[f32], corruption: &Corruption, pixels: usize, batch: usize) -> Result<()> {
    if corruption.masks.is_empty() {
        return Err(Error::input(
            "this model fills no masks; leave the mask out or take one whose corruption has masks",
        ));
    }
    if mask.len() != batch * pixels {
        return Err(Error::input(format!(
            "the mask has {} numbers for {batch} images of {pixels} pixels; give [{batch}, {pixels}]",
            mask.len()
        )));
    }
    if let Some(value) = mask.iter().find(|value| **value != 0.0 && **value != 1.0) {
        return Err(Error::input(format!(
            "the mask has {value}; give 1 where a pixel is erased and 0 elsewhere"
        )));
    }
    match mask.chunks(pixels).position(|one| !one.contains(&0.0)) {
        Some(index) => Err(Error::input(format!(
            "the mask erases all of image {index}; leave some of it"
        ))),
        None => Ok(()),
    }
}

/// A number that came with a call instead of with a configuration.
pub fn as_input(error: Error) -> Error {
    Error::input(error.to_string())
}
