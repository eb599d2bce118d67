//! A model that several threads train: each has a copy of it and takes its part of every batch.

use std::ops::Add;
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use burn::tensor::{Device, Tensor};
use latent_lab::loss::LossTerms;
use latent_lab::model::ModelConfig;
use latent_lab::train::{Gradients, Stage, StepSettings, Trainer};

/// Copies of one model: the same weights, the same updates. The first one draws the noise for all of them.
pub struct Team(Vec<Trainer>);

impl Team {
    pub fn new(config: &ModelConfig, seed: u64, mean_image: &[f32], threads: usize) -> Result<Self> {
        let one = |_| Ok(Trainer::new(config.clone(), seed, Some(mean_image), &Device::flex())?);
        (0..threads.max(1)).map(one).collect::<Result<_>>().map(Self)
    }

    /// The model.
    pub fn trainer(&self) -> &Trainer {
        &self.0[0]
    }

    /// One training step of a stage: the gradient of a batch is that of its parts, by their shares. So are the terms.
    pub fn step(&mut self, stage: Stage, images: &[f32], labels: &[u8], learning_rate: f64) -> Result<LossTerms> {
        let Self(trainers) = self;
        let pixels = trainers[0].config().common().image.iter().product::<usize>();
        let count = images.len() / pixels;
        let noise = match stage {
            Stage::Codes => trainers[0].noise(count),
            Stage::Prior => None,
        };
        let most = count.div_ceil(trainers.len());
        let noise_of = |index: usize| {
            let all = noise.as_ref()?;
            all.chunks(most * all.len() / count).nth(index).map(<[f32]>::to_vec)
        };
        let parts = thread::scope(|scope| {
            let threads: Vec<_> = trainers
                .iter_mut()
                .zip(images.chunks(most * pixels).zip(labels.chunks(most)))
                .enumerate()
                .map(|(index, (trainer, (images, labels)))| {
                    let settings = StepSettings {
                        stage,
                        noise: noise_of(index),
                        labels: (stage == Stage::Prior).then(|| labels.to_vec()),
                        ..StepSettings::default()
                    };
                    let share = (images.len() / pixels) as f32 / count as f32;
                    scope.spawn(move || part(trainer, images, &settings, share))
                })
                .collect();
            let join = |thread: thread::ScopedJoinHandle<_>| thread.join().map_err(|_| anyhow!("a thread panicked"))?;
            threads.into_iter().map(join).collect::<Result<Vec<_>>>()
        })?;
        let (gradients, terms): (Vec<_>, Vec<_>) = parts.into_iter().unzip();
        let gradient = gradients.into_iter().reduce(Add::add).context("a batch has images")?;
        for trainer in trainers {
            trainer.apply(gradient.clone(), learning_rate);
        }
        let terms = terms
            .into_iter()
            .reduce(LossTerms::plus)
            .context("a batch has images")?;
        ensure!(
            terms.is_finite(),
            "the loss is not a number; take a lower learning rate"
        );
        Ok(terms)
    }
}

/// What a part of a batch adds to the gradient and to the terms.
fn part(trainer: &mut Trainer, images: &[f32], settings: &StepSettings, share: f32) -> Result<(Gradients, LossTerms)> {
    let (gradients, terms) = trainer.gradients(images, settings)?;
    let number = |term: Tensor<1>| term.into_scalar::<f32>() * share;
    Ok((gradients.scale(share), terms.map(number)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::now;
    use latent_lab::rng::{Rng, Stream};

    const SIDE: usize = 8;
    /// Odd, so that the parts differ in size.
    const BATCH: usize = 11;

    fn run(family: &str, threads: usize) -> (Vec<f32>, Vec<f32>) {
        let config = format!(
            r#"{{"family":"{family}","encoder":{{"kind":"conv","channels":[4,8]}},"latent":3,"image":[{SIDE},{SIDE}]}}"#
        );
        let config = ModelConfig::from_json(&config).unwrap();
        let mut rng = Rng::new(5, Stream::Sample);
        let mut images = |count: usize| (0..count * SIDE * SIDE).map(|_| rng.uniform()).collect::<Vec<_>>();
        let mut team = Team::new(&config, 1, &images(1), threads).unwrap();
        let losses = (0..5)
            .map(|_| {
                team.step(Stage::Codes, &images(BATCH), &[0; BATCH], 1e-3)
                    .unwrap()
                    .total()
            })
            .collect();
        (now(team.trainer().checkpoint()).unwrap().weights, losses)
    }

    #[test]
    fn two_threads_train_as_one_does() {
        for family in ["ae", "vae"] {
            let ((one, one_losses), (two, two_losses)) = (run(family, 1), run(family, 2));
            let apart = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
            assert_eq!(one.len(), two.len());
            assert!(apart(&one, &two) < 1e-4, "{family}: {}", apart(&one, &two));
            assert!(
                apart(&one_losses, &two_losses) < 1e-3,
                "{family}: {one_losses:?} {two_losses:?}"
            );
            assert_eq!(run(family, 2), (two, two_losses), "{family}: one seed is one run");
        }
    }
}
