//! The Bernoulli loss on the GPU.

use burn::backend::Cube;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::FloatTensor;
use burn::cubecl::{self, prelude::*};
use burn::tensor::Shape;

use super::launch::{UNITS, argument, contiguous, empty, length};
use super::passes::{sum_of_cube, sums};
use crate::ops::bernoulli::{Bernoulli, BernoulliOps};

/// The Bernoulli loss of each pixel, summed by cube, and its gradient in the logit.
#[cube(launch_unchecked)]
fn bernoulli_kernel(
    logits: &[f32],
    images: &[f32],
    slopes: &mut [f32],
    partial: &mut [f32],
    length: usize,
    share: f32,
    units: usize,
) {
    let mut sum = 0.0f32;
    let mut at = ABSOLUTE_POS;
    while at < length {
        let (logit, image) = (logits[at], images[at]);
        let small = (-logit.abs()).exp();
        let rest = 1.0f32 / (1.0f32 + small);
        let sigmoid = select(logit < 0.0f32, small * rest, rest);
        slopes[at] = (sigmoid - image) * share;
        sum += max(logit, 0.0f32) - logit * image + (1.0f32 + small).ln();
        at += units;
    }
    let sum = sum_of_cube(sum);
    if UNIT_POS == 0 {
        partial[CUBE_POS] = sum * share;
    }
}

/// The Bernoulli loss of a batch, `[1]`, and its gradient in the logits.
fn bernoulli(logits: &FloatTensor<Cube>, images: &FloatTensor<Cube>) -> (FloatTensor<Cube>, FloatTensor<Cube>) {
    let (length, batch) = (length(logits), logits.meta.shape()[0]);
    let cubes = length.div_ceil(UNITS as usize).min(UNITS as usize);
    let (slopes, partial) = (empty(logits, logits.meta.shape()), empty(logits, &[cubes]));
    // SAFETY: each unit reads and writes numbers below the length.
    unsafe {
        bernoulli_kernel::launch_unchecked(
            &logits.client,
            CubeCount::new_1d(cubes as u32),
            CubeDim::new_1d(UNITS),
            argument(logits),
            argument(images),
            argument(&slopes),
            argument(&partial),
            length,
            1.0 / batch as f32,
            cubes * UNITS as usize,
        );
    }
    (sums(&partial, [cubes, 1, 1]), slopes)
}

impl BernoulliOps for Cube {
    fn bernoulli(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::value_and_slope(logits, images).0
    }
}

impl Bernoulli for Cube {
    fn value_and_slope(logits: FloatTensor<Self>, images: FloatTensor<Self>) -> (FloatTensor<Self>, FloatTensor<Self>) {
        bernoulli(&contiguous(logits), &contiguous(images))
    }

    fn scaled(slope: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::float_mul(slope, Self::float_reshape(gradient, Shape::from([1, 1])))
    }
}
