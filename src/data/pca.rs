//! Principal components (Pearson 1901): the best that a linear code can do.

use crate::rng::{Rng, Stream};

/// Vectors that are iterated besides those that are wanted: the last wanted one converges as fast as the first.
const SPARE: usize = 8;
const ITERATIONS: usize = 400;

/// The first principal components of images.
#[derive(Clone, Debug)]
pub struct Pca {
    /// Mean image, `[pixels]`.
    pub mean: Vec<f32>,
    /// Unit vectors by falling variance, `[components, pixels]`.
    pub components: Vec<f32>,
    /// Variance along each of them, `[components]`.
    pub variances: Vec<f32>,
}

impl Pca {
    /// Of images `[batch, pixels]`, by orthogonal iteration (Golub & Van Loan 2013, section 8.2.4).
    pub fn fit(images: &[f32], pixels: usize, components: usize) -> Self {
        let count = images.len() / pixels;
        let mut mean = vec![0.0; pixels];
        for image in images.chunks_exact(pixels) {
            mean.iter_mut()
                .zip(image)
                .for_each(|(sum, pixel)| *sum += f64::from(*pixel) / count as f64);
        }
        let covariance = covariance(images, &mean);
        let wide = (components + SPARE).min(pixels);
        let mut rng = Rng::new(0, Stream::Weights);
        let mut basis: Vec<Vec<f64>> = (0..wide)
            .map(|_| rng.normal(pixels).into_iter().map(f64::from).collect())
            .collect();
        for _ in 0..ITERATIONS {
            for vector in &mut basis {
                *vector = times(&covariance, vector);
            }
            orthonormalize(&mut basis);
        }
        let variance = |vector: &Vec<f64>| dot(vector, &times(&covariance, vector)) as f32;
        basis.truncate(components);
        Self {
            mean: mean.iter().map(|&m| m as f32).collect(),
            variances: basis.iter().map(variance).collect(),
            components: basis.iter().flatten().map(|&value| value as f32).collect(),
        }
    }
}

/// `[pixels, pixels]`, divided by the number of images less one.
fn covariance(images: &[f32], mean: &[f64]) -> Vec<f64> {
    let pixels = mean.len();
    let mut sums = vec![0.0; pixels * pixels];
    let mut centred = vec![0.0; pixels];
    for image in images.chunks_exact(pixels) {
        for ((c, &pixel), m) in centred.iter_mut().zip(image).zip(mean) {
            *c = f64::from(pixel) - m;
        }
        for (row, &c) in sums.chunks_exact_mut(pixels).zip(&centred) {
            row.iter_mut().zip(&centred).for_each(|(sum, other)| *sum += c * other);
        }
    }
    let scale = 1.0 / (images.len() / pixels).saturating_sub(1).max(1) as f64;
    sums.iter_mut().for_each(|sum| *sum *= scale);
    sums
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn times(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    matrix.chunks_exact(vector.len()).map(|row| dot(row, vector)).collect()
}

/// Gram and Schmidt, twice over: once is not enough where vectors are nearly parallel.
fn orthonormalize(basis: &mut [Vec<f64>]) {
    for index in 0..basis.len() {
        let (before, rest) = basis.split_at_mut(index);
        let Some(vector) = rest.first_mut() else { return };
        for other in before.iter().chain(before.iter()) {
            let along = dot(vector, other);
            vector.iter_mut().zip(other).for_each(|(v, o)| *v -= along * o);
        }
        let length = dot(vector, vector).sqrt().max(f64::MIN_POSITIVE);
        vector.iter_mut().for_each(|v| *v /= length);
    }
}
