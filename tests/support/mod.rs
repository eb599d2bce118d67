//! What the tests share: the seeded data, weights and noise of the peer benchmark, and the files.
#![allow(dead_code)]

pub mod codes;

use std::path::Path;

use burn::tensor::Device;
use futures_util::FutureExt;
use latent_lab::checkpoint::Checkpoint;
use latent_lab::data::read_images;
use latent_lab::model::preset;
use latent_lab::train::{SampleSettings, Session};

/// The value of a future that never waits, as all are on the CPU.
pub fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().expect("the CPU device answers at once")
}

/// A preset of each family, and of each kind of network, likelihood and corruption.
pub const FAMILIES: &[&str] = &[
    "tiny",
    "E1",
    "E2",
    "E4",
    "E5/pca",
    "E8",
    "E9",
    "E12/conv",
    "E13/mended",
    "E14",
    "E14/loss",
    "E16",
];

pub fn trainer(preset_id: &str, seed: u64) -> Session {
    let config = preset::find(preset_id).unwrap().config().unwrap();
    Session::new(config, seed, None, &Device::flex()).unwrap()
}

pub fn drawn(seed: u64, temperature: f32) -> SampleSettings {
    SampleSettings {
        seed,
        temperature,
        ..SampleSettings::default()
    }
}

/// `n` numbers between `low` and `high`: a Weyl sequence and two rounds of multiply-xorshift.
pub fn uniform(n: usize, seed: u32, low: f64, high: f64) -> Vec<f32> {
    let mut next = mixer(seed);
    (0..n).map(|_| (low + (high - low) * next()) as f32).collect()
}

/// `n` numbers from N(0, 1) by Box and Muller, one for each pair of draws.
pub fn gauss(n: usize, seed: u32) -> Vec<f32> {
    let mut next = mixer(seed);
    (0..n)
        .map(|_| {
            let radius = (-2.0 * (1.0 - next()).ln()).sqrt();
            (radius * (std::f64::consts::TAU * next()).cos()) as f32
        })
        .collect()
}

fn mixer(seed: u32) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9);
        let mut z = state;
        z = (z ^ (z >> 16)).wrapping_mul(0x21f0_aaad);
        z = (z ^ (z >> 15)).wrapping_mul(0x735a_2d97);
        f64::from(z ^ (z >> 15)) / 4_294_967_296.0
    }
}

/// Model C or D of the peer benchmark with its seeded weights.
pub fn peer(model: char) -> Checkpoint {
    let preset_id = if model == 'C' { "E4" } else { "E2" };
    let mut checkpoint = now(trainer(preset_id, 0).checkpoint()).unwrap();
    checkpoint.model.weights = peer_weights(model);
    checkpoint
}

/// The shapes are TensorFlow's: `[height, width, in, out]`, transposed `[height, width, out, in]`.
fn peer_weights(model: char) -> Vec<f32> {
    let kernel = |index: u32, shape: &[usize]| {
        let (receptive, fans) = match shape {
            [h, w, a, b] => (h * w, a + b),
            [a, b] => (1, a + b),
            _ => unreachable!(),
        };
        let limit = (6.0 / (receptive * fans) as f64).sqrt();
        uniform(shape.iter().product(), 7000 + index, -limit, limit)
    };
    if model == 'D' {
        let (mean, log_variance) = (kernel(2, &[256, 2]), kernel(4, &[256, 2]));
        let head = mean
            .chunks(2)
            .zip(log_variance.chunks(2))
            .flat_map(|(m, v)| [m, v].concat());
        return [
            kernel(0, &[784, 256]),
            vec![0.0; 256],
            head.collect(),
            vec![0.0; 4],
            kernel(6, &[2, 256]),
            vec![0.0; 256],
            kernel(8, &[256, 784]),
            vec![0.0; 784],
        ]
        .concat();
    }
    [
        permute(&kernel(0, &[3, 3, 1, 32]), &[3, 3, 1, 32], &[3, 2, 0, 1]),
        vec![0.0; 32],
        permute(&kernel(2, &[3, 3, 32, 64]), &[3, 3, 32, 64], &[3, 2, 0, 1]),
        vec![0.0; 64],
        permute(&kernel(4, &[2304, 16]), &[6, 6, 64, 16], &[2, 0, 1, 3]),
        vec![0.0; 16],
        permute(&kernel(6, &[8, 1568]), &[8, 7, 7, 32], &[0, 3, 1, 2]),
        vec![0.0; 1568],
        permute(&kernel(8, &[3, 3, 64, 32]), &[3, 3, 64, 32], &[3, 2, 0, 1]),
        vec![0.0; 64],
        permute(&kernel(10, &[3, 3, 32, 64]), &[3, 3, 32, 64], &[3, 2, 0, 1]),
        vec![0.0; 32],
        // A transposed convolution of stride 1 is a convolution with the kernel turned around.
        permute(&turned(&kernel(12, &[3, 3, 1, 32]), 32), &[3, 3, 1, 32], &[2, 3, 0, 1]),
        vec![0.0; 1],
    ]
    .concat()
}

fn turned(kernel: &[f32], channels: usize) -> Vec<f32> {
    kernel.chunks(channels).rev().flatten().copied().collect()
}

fn permute(values: &[f32], shape: &[usize], order: &[usize]) -> Vec<f32> {
    let strides: Vec<usize> = (0..shape.len()).map(|i| shape[i + 1..].iter().product()).collect();
    let target: Vec<usize> = order.iter().map(|&axis| shape[axis]).collect();
    (0..values.len())
        .map(|mut index| {
            let mut source = 0;
            for (axis, &size) in target.iter().enumerate().rev() {
                source += (index % size) * strides[order[axis]];
                index /= size;
            }
            values[source]
        })
        .collect()
}

/// The first of the bundled test digits.
pub fn digits(count: usize) -> Vec<f32> {
    padded(count, [28, 28])
}

/// The same with a border, in the middle of a larger size.
pub fn padded(count: usize, size: [usize; 2]) -> Vec<f32> {
    let path = Path::new("www/data/test-images-idx3-ubyte.gz");
    let images = read_images(&std::fs::read(path).unwrap()).unwrap();
    images
        .padded(size)
        .unwrap()
        .gather(&(0..count).collect::<Vec<_>>())
        .unwrap()
}
