//! Who says what a digit is (E6): ten classes, and an eleventh for what is none. A classifier of ten
//! classes alone calls half of such junk a digit at 0.9.

use anyhow::Result;
use burn::tensor::{
    Device, Tensor, TensorData,
    activation::{log_softmax, softmax},
};
use latent_lab::data::batch_indices;
use latent_lab::model::blocks::Padding;
use latent_lab::model::encoder::{Encoder, EncoderConfig, Head};
use latent_lab::model::{Layout, Weights};
use latent_lab::optim::Adam;
use latent_lab::rng::{Rng, Stream};

use super::data::Set;

const CLASSES: usize = 11;
const NO_DIGIT: usize = 10;
/// What a picture must be to be called a digit.
const SURE: f32 = 0.9;
const STEPS: u64 = 1500;
const BATCH: usize = 128;
/// Of a batch, how many pictures are no digits.
const JUNK: usize = 32;
const RATE: f64 = 2e-3;
const SIDE: usize = 28;
const PIXELS: usize = SIDE * SIDE;
/// Images that go through at once.
const CHUNK: usize = 500;

pub struct Classifier {
    layout: Layout,
    network: Encoder,
    weights: Tensor<1>,
    device: Device,
}

impl Classifier {
    pub fn train(set: &Set) -> Result<Self> {
        let device = Device::flex();
        let mut layout = Layout::default();
        let config = EncoderConfig::Conv {
            channels: vec![16, 32],
            padding: Padding::Same,
        };
        let network = Encoder::new(&mut layout, &config, Head::Dense, [SIDE; 2], CLASSES);
        let weights = tensor(
            layout.initialize(&mut Rng::new(1, Stream::Weights)),
            [layout.len()],
            &device,
        );
        let mut adam = Adam::new(layout.len(), &device);
        let mut classifier = Self {
            layout,
            network,
            weights,
            device,
        };
        let mut rng = Rng::new(1, Stream::Noise);
        for step in 0..STEPS {
            let chosen = batch_indices(set.train.count(), BATCH, 1, step);
            let mut images = set.train.gather(&chosen)?;
            let mut labels: Vec<_> = chosen
                .iter()
                .map(|&index| usize::from(set.train_labels[index]))
                .collect();
            let (first, rest) = images.split_at_mut(JUNK * PIXELS);
            first.copy_from_slice(&junk(rest, JUNK, &mut rng));
            labels[..JUNK].fill(NO_DIGIT);
            blur(&mut images, &mut rng);
            let gradient = classifier.gradient(images, &labels);
            let rate = RATE * (1.0 - step as f64 / STEPS as f64);
            classifier.weights = adam.update(classifier.weights.clone(), gradient, rate, 1e-7);
        }
        Ok(classifier)
    }

    /// Of the mean cross-entropy.
    fn gradient(&self, images: Vec<f32>, labels: &[usize]) -> Tensor<1> {
        let count = labels.len();
        let mut truth = vec![0.0; count * CLASSES];
        for (row, &label) in truth.chunks_exact_mut(CLASSES).zip(labels) {
            row[label] = 1.0;
        }
        let weights = Weights::trainable(&self.layout, &self.weights);
        let images = tensor(images, [count, PIXELS], &self.device).autodiff();
        let truth = tensor(truth, [count, CLASSES], &self.device).autodiff();
        let logs = log_softmax(self.network.forward(&weights, images), 1);
        weights.gradient(&((logs * truth).sum() / -(count as f32)))
    }

    /// Probabilities `[batch, CLASSES]`.
    fn probabilities(&self, images: &[f32]) -> Result<Vec<f32>> {
        let weights = Weights::frozen(&self.layout, &self.weights);
        let mut all = Vec::with_capacity(images.len() / PIXELS * CLASSES);
        for chunk in images.chunks(CHUNK * PIXELS) {
            let images = tensor(chunk.to_vec(), [chunk.len() / PIXELS, PIXELS], &self.device);
            let found = softmax(self.network.forward(&weights, images), 1).into_data();
            all.extend(found.try_into_vec::<f32>().map_err(|e| anyhow::anyhow!("{e:?}"))?);
        }
        Ok(all)
    }

    /// How many of the images are a digit to it, whichever, at 0.9; and how many are one certain digit.
    pub fn digits(&self, images: &[f32]) -> Result<[f64; 2]> {
        let found = self.probabilities(images)?;
        let rows = found.chunks_exact(CLASSES);
        let count = rows.len() as f64;
        let digits = rows.clone().filter(|row| 1.0 - row[NO_DIGIT] >= SURE).count();
        let certain = rows.filter(|row| row[..NO_DIGIT].iter().any(|&p| p >= SURE)).count();
        Ok([digits as f64 / count, certain as f64 / count])
    }

    /// How many of the test digits are called what they are.
    pub fn accuracy(&self, set: &Set) -> Result<f64> {
        let found = self.probabilities(&set.test_images()?)?;
        let rows = found.chunks_exact(CLASSES).zip(&set.test_labels);
        let right = rows.filter(|(row, label)| likeliest(row) == Some(usize::from(**label)));
        Ok(right.count() as f64 / set.test_labels.len() as f64)
    }

    /// The class that each image is likeliest of.
    pub fn classes(&self, images: &[f32]) -> Result<Vec<usize>> {
        let found = self.probabilities(images)?;
        Ok(found
            .chunks_exact(CLASSES)
            .map(|row| likeliest(row).unwrap_or(NO_DIGIT))
            .collect())
    }

    /// How many of the images are of one class to it.
    pub fn share_of(&self, images: &[f32], class: usize) -> Result<f64> {
        let found = self.probabilities(images)?;
        let rows = found.chunks_exact(CLASSES);
        let count = rows.len() as f64;
        Ok(rows.filter(|row| likeliest(row) == Some(class)).count() as f64 / count)
    }

    /// How much junk, made of test digits, is a digit to it.
    pub fn junk_called_digits(&self, set: &Set) -> Result<f64> {
        let images = set.test_images()?;
        let junk = junk(&images, images.len() / PIXELS, &mut Rng::new(2, Stream::Noise));
        Ok(self.digits(&junk)?[0])
    }
}

fn likeliest(row: &[f32]) -> Option<usize> {
    (0..row.len()).max_by(|&a, &b| row[a].total_cmp(&row[b]))
}

/// What is no digit: noise of many densities, and digits whose patches are shuffled.
fn junk(digits: &[f32], count: usize, rng: &mut Rng) -> Vec<f32> {
    let digits: Vec<_> = digits.chunks_exact(PIXELS).collect();
    let mut pictures = Vec::with_capacity(count * PIXELS);
    for index in 0..count {
        if index % 4 == 0 {
            let density = rng.uniform();
            pictures.extend((0..PIXELS).map(|_| if rng.uniform() < density { rng.uniform() } else { 0.0 }));
        } else {
            let patches = [2, 4, 7][index % 3];
            pictures.extend(shuffled(&digits, patches, rng));
        }
    }
    pictures
}

/// Patches of several digits, `patches` along each side, each from anywhere.
fn shuffled(digits: &[&[f32]], patches: usize, rng: &mut Rng) -> Vec<f32> {
    let side = SIDE / patches;
    let order = rng.permutation(patches * patches);
    let mut picture = vec![0.0; PIXELS];
    for (to, from) in order.into_iter().enumerate() {
        let digit = digits[rng.below(digits.len())];
        for (y, x) in (0..side).flat_map(|y| (0..side).map(move |x| (y, x))) {
            let place = |patch: usize| (patch / patches * side + y) * SIDE + patch % patches * side + x;
            picture[place(to)] = digit[place(from)];
        }
    }
    picture
}

/// Decoders blur, which alone makes no junk of a digit: each picture, a digit or not, is blurred none, one or two times.
fn blur(pictures: &mut [f32], rng: &mut Rng) {
    for picture in pictures.chunks_exact_mut(PIXELS) {
        for _ in 0..rng.below(3) {
            for stride in [1, SIDE] {
                let before = picture.to_vec();
                for index in stride..PIXELS - stride {
                    picture[index] = (before[index - stride] + 2.0 * before[index] + before[index + stride]) / 4.0;
                }
            }
        }
    }
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}
