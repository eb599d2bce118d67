//! Adam on the GPU.

use burn::backend::Cube;
use burn::backend::tensor::FloatTensor;
use burn::cubecl::{self, prelude::*};

use super::launch::{UNITS, argument, contiguous, cubes, empty, length};
use crate::ops::adam::{AdamOps, Update};

/// One update of Adam (Kingma & Ba 2015, algorithm 1).
#[derive(CubeLaunch, CubeType)]
struct Rates {
    keep_1: f32,
    take_1: f32,
    keep_2: f32,
    take_2: f32,
    step: f32,
    scale: f32,
    epsilon: f32,
}

/// Eight buffers with the one of the rates: what WebGPU grants everywhere.
#[cube(launch_unchecked)]
fn adam_kernel(
    weights: &[f32],
    gradient: &[f32],
    first: &[f32],
    second: &[f32],
    new_weights: &mut [f32],
    new_first: &mut [f32],
    new_second: &mut [f32],
    rates: Rates,
    length: usize,
) {
    let at = ABSOLUTE_POS;
    if at >= length {
        terminate!();
    }
    let slope = gradient[at];
    let mean = first[at] * rates.keep_1 + slope * rates.take_1;
    let square = second[at] * rates.keep_2 + slope * slope * rates.take_2;
    new_first[at] = mean;
    new_second[at] = square;
    new_weights[at] = weights[at] - mean * rates.step / (square.sqrt() * rates.scale + rates.epsilon);
}

/// Weights and both running means after an update.
fn adam([weights, gradient, first, second]: [&FloatTensor<Cube>; 4], update: Update) -> [FloatTensor<Cube>; 3] {
    let length = length(weights);
    let out = [0; 3].map(|_| empty(weights, &[length]));
    let [(keep_1, take_1), (keep_2, take_2)] = update.decays();
    // SAFETY: units beyond the last number end before they read or write.
    unsafe {
        adam_kernel::launch_unchecked(
            &weights.client,
            cubes(length),
            CubeDim::new_1d(UNITS),
            argument(weights),
            argument(gradient),
            argument(first),
            argument(second),
            argument(&out[0]),
            argument(&out[1]),
            argument(&out[2]),
            RatesLaunch::new(
                keep_1,
                take_1,
                keep_2,
                take_2,
                update.step,
                update.scale,
                update.epsilon,
            ),
            length,
        );
    }
    out
}

impl AdamOps for Cube {
    fn adam(
        weights: FloatTensor<Self>,
        gradient: FloatTensor<Self>,
        first: FloatTensor<Self>,
        second: FloatTensor<Self>,
        update: Update,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        let all = [weights, gradient, first, second].map(contiguous);
        let [weights, first, second] = adam(all.each_ref(), update);
        (weights, first, second)
    }
}
