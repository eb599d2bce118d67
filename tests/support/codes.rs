//! What the tests of codes share: a small model, and numbers in and out of tensors.

use burn::tensor::{Device, Tensor, TensorData};
use latent_lab::model::ModelConfig;
use latent_lab::train::{PriorSettings, Session, StepSettings};

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

pub fn small(json: &str) -> Session {
    Session::new(ModelConfig::from_json(json).unwrap(), 1, None, &Device::flex()).unwrap()
}

pub fn images(count: usize) -> Vec<f32> {
    gauss(count * 64, 3).iter().map(|x| x.abs().min(1.0)).collect()
}

/// What of a session is trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stage {
    Codes,
    Prior,
}

pub fn train(session: &mut Session, stage: Stage, steps: usize) -> Vec<f32> {
    let learning_rate = Some(1e-2);
    let codes = StepSettings {
        learning_rate,
        ..StepSettings::default()
    };
    let prior = PriorSettings {
        learning_rate,
        labels: Some(vec![0, 1, 2, 3]),
        ..PriorSettings::default()
    };
    (0..steps)
        .map(|_| match stage {
            Stage::Codes => now(session.step(&images(4), &codes)),
            Stage::Prior => now(session.step_prior(&images(4), &prior)),
        })
        .map(|terms| terms.unwrap().unwrap().total())
        .collect()
}

/// The codes of images.
pub fn codes_of(session: &Session, images: &[f32]) -> Vec<u32> {
    now(session.encode(images)).unwrap().codes().to_vec()
}

/// Codes and prior, each trained a little.
pub fn trained() -> Session {
    let mut trainer = small(SMALL);
    train(&mut trainer, Stage::Codes, 25);
    train(&mut trainer, Stage::Prior, 25);
    trainer
}
