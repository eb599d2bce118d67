//! Five Adam steps of models C and D give the losses that TensorFlow.js, jax-js and JAX give.

mod support;

use burn::tensor::Device;
use latent_lab::train::{Session, StepSettings};
use support::{gauss, now, peer, uniform};

fn losses(model: char, latent: usize) -> Vec<f32> {
    let mut trainer = Session::resume(peer(model), &Device::flex()).unwrap();
    (0..5)
        .map(|step| {
            let batch = step % 4;
            let settings = StepSettings {
                learning_rate: Some(1e-3),
                noise: Some(gauss(8 * latent, 500 + batch)),
                ..StepSettings::default()
            };
            let images = uniform(8 * 784, 100 + batch, 0.0, 1.0);
            now(trainer.step(&images, &settings)).unwrap().unwrap().total()
        })
        .collect()
}

fn assert_agrees(found: &[f32], expected: &[f32]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!((found / expected - 1.0).abs() < 1e-4, "{found} for {expected}");
    }
}

#[test]
fn the_convolutional_model_agrees_with_its_peers() {
    let expected = [543.4076, 543.5957, 543.5531, 543.497, 543.0173];
    assert_agrees(&losses('C', 8), &expected);
}

#[test]
fn the_dense_model_agrees_with_its_peers() {
    let expected = [546.2166, 547.0678, 544.461, 544.8525, 543.635];
    assert_agrees(&losses('D', 2), &expected);
}
