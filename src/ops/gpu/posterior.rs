//! The encoder's Gaussian on the GPU.

use burn::backend::tensor::FloatTensor;
use burn::backend::{Cube, TensorMetadata};
use burn::cubecl::{self, prelude::*};

use super::launch::{UNITS, argument, contiguous, cubes, empty, length};
use super::passes::sum_of_cube;
use crate::ops::posterior::{Posterior, PosteriorOps};

/// Where the mean of a latent lies; the logarithm of its variance is as far behind it as there are latents.
#[cube]
fn place_of_mean(at: usize, latent: usize) -> usize {
    (at / latent) * latent + at
}

#[cube(launch_unchecked)]
fn draw_kernel(both: &[f32], noise: &[f32], drawn: &mut [f32], latent: usize, length: usize) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let mean = place_of_mean(at, latent);
    drawn[at] = both[mean] + (both[mean + latent] * 0.5f32).exp() * noise[at];
}

#[cube(launch_unchecked)]
fn draw_gradient_kernel(
    both: &[f32],
    noise: &[f32],
    gradient: &[f32],
    found: &mut [f32],
    latent: usize,
    length: usize,
) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let mean = place_of_mean(at, latent);
    let slope = gradient[at];
    found[mean] = slope;
    found[mean + latent] = (both[mean + latent] * 0.5f32).exp() * noise[at] * slope * 0.5f32;
}

#[cube(launch_unchecked)]
fn kl_kernel(both: &[f32], kl: &mut [f32], latent: usize, length: usize, share: f32) {
    let mut sum = 0.0f32;
    let mut at = UNIT_POS as usize;
    while at < length {
        let place = place_of_mean(at, latent);
        let (mean, log_variance) = (both[place], both[place + latent]);
        sum += mean * mean + log_variance.exp() - log_variance - 1.0f32;
        at += UNITS as usize;
    }
    let sum = sum_of_cube(sum);
    if UNIT_POS == 0 {
        kl[0] = sum * share;
    }
}

#[cube(launch_unchecked)]
fn kl_gradient_kernel(both: &[f32], gradient: &[f32], found: &mut [f32], latent: usize, length: usize, share: f32) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let place = place_of_mean(at, latent);
    let slope = gradient[0] * share;
    found[place] = both[place] * slope;
    found[place + latent] = (both[place + latent].exp() - 1.0f32) * slope * 0.5f32;
}

impl PosteriorOps for Cube {
    fn draw(both: FloatTensor<Self>, noise: FloatTensor<Self>) -> FloatTensor<Self> {
        let (both, noise) = (contiguous(both), contiguous(noise));
        let (length, drawn) = (length(&noise), empty(&noise, &noise.shape()));
        // SAFETY: units beyond the last number end before they read or write.
        unsafe {
            draw_kernel::launch_unchecked(
                &both.client,
                cubes(length),
                CubeDim::new_1d(UNITS),
                argument(&both),
                argument(&noise),
                argument(&drawn),
                noise.shape()[1],
                length,
            );
        }
        drawn
    }

    fn kl(both: FloatTensor<Self>) -> FloatTensor<Self> {
        let (both, kl) = (contiguous(both.clone()), empty(&both, &[1]));
        // SAFETY: each unit reads numbers below the length.
        unsafe {
            kl_kernel::launch_unchecked(
                &both.client,
                CubeCount::new_single(),
                CubeDim::new_1d(UNITS),
                argument(&both),
                argument(&kl),
                both.shape()[1] / 2,
                length(&both) / 2,
                0.5 / both.shape()[0] as f32,
            );
        }
        kl
    }
}

impl Posterior for Cube {
    fn draw_gradient(
        both: FloatTensor<Self>,
        noise: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let [both, noise, gradient] = [both, noise, gradient].map(contiguous);
        let (length, found) = (length(&noise), empty(&both, &both.shape()));
        // SAFETY: units beyond the last number end before they read or write.
        unsafe {
            draw_gradient_kernel::launch_unchecked(
                &both.client,
                cubes(length),
                CubeDim::new_1d(UNITS),
                argument(&both),
                argument(&noise),
                argument(&gradient),
                argument(&found),
                noise.shape()[1],
                length,
            );
        }
        found
    }

    fn kl_gradient(both: FloatTensor<Self>, gradient: FloatTensor<Self>) -> FloatTensor<Self> {
        let [both, gradient] = [both, gradient].map(contiguous);
        let (length, found) = (length(&both) / 2, empty(&both, &both.shape()));
        // SAFETY: units beyond the last number end before they read or write.
        unsafe {
            kl_gradient_kernel::launch_unchecked(
                &both.client,
                cubes(length),
                CubeDim::new_1d(UNITS),
                argument(&both),
                argument(&gradient),
                argument(&found),
                both.shape()[1] / 2,
                length,
                1.0 / both.shape()[0] as f32,
            );
        }
        found
    }
}
