//! What the tests of codes share: a small model, and numbers in and out of tensors.

use burn::tensor::{Device, Tensor, TensorData};
use latent_lab::model::ModelConfig;
use latent_lab::train::{Stage, StepSettings, Trainer};

use super::{gauss, now};

/// A VQ-VAE of 2 x 2 cells with a prior.
pub const SMALL: &str = r#"{"family":"vq_vae","encoder":{"kind":"conv","channels":[4,6]},"image":[8,8],
    "codebook":{"size":5,"dimension":3,"update":"average"},"prior":{"channels":6,"layers":3,"classes":4}}"#;
pub const CELLS: usize = 4;
pub const SIZE: usize = 5;

pub fn tensor<const D: usize>(values: &[f32], shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex())
}

pub fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_into_vec().unwrap()
}

pub fn number(loss: Tensor<1>) -> f32 {
    values(loss)[0]
}

pub fn assert_near(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    let near = found
        .iter()
        .zip(expected)
        .all(|(a, b)| (a - b).abs() < 1e-4 * b.abs().max(1.0));
    assert!(near, "{found:?} for {expected:?}");
}

pub fn small(json: &str) -> Trainer {
    Trainer::new(ModelConfig::from_json(json).unwrap(), 1, None, &Device::flex()).unwrap()
}

pub fn images(count: usize) -> Vec<f32> {
    gauss(count * 64, 3).iter().map(|x| x.abs().min(1.0)).collect()
}

pub fn train(trainer: &mut Trainer, stage: Stage, steps: usize) -> Vec<f32> {
    let settings = StepSettings {
        stage,
        labels: (stage == Stage::Prior).then(|| vec![0, 1, 2, 3]),
        learning_rate: Some(1e-2),
        ..StepSettings::default()
    };
    (0..steps)
        .map(|_| now(trainer.step(&images(4), &settings)).unwrap().unwrap().total())
        .collect()
}

/// Codes and prior, each trained a little.
pub fn trained() -> Trainer {
    let mut trainer = small(SMALL);
    train(&mut trainer, Stage::Codes, 25);
    train(&mut trainer, Stage::Prior, 25);
    trainer
}
