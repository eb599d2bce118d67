//! A model that several threads train: each has a copy of it and takes its part of every batch.

use std::ops::Add;
use std::thread;

use anyhow::{Context, Result, anyhow, ensure};
use burn::tensor::{Device, Tensor};
use latent_lab::model::ModelConfig;
use latent_lab::terms::Terms;
use latent_lab::train::{Gradients, PriorSettings, Session, StepSettings};

/// What a session makes of its part of a batch: the gradient, and the terms of the loss.
type Part = latent_lab::Result<(Gradients, Terms<Tensor<1>>)>;

/// Copies of one model: the same weights, the same updates. The first one draws the noise for all of them.
pub struct Team(Vec<Session>);

impl Team {
    pub fn new(config: &ModelConfig, seed: u64, mean_image: Option<&[f32]>, threads: usize) -> Result<Self> {
        let one = |_| Ok(Session::new(config.clone(), seed, mean_image, &Device::flex())?);
        (0..threads.max(1)).map(one).collect::<Result<_>>().map(Self)
    }

    /// The model.
    pub fn session(&self) -> &Session {
        &self.0[0]
    }

    /// One training step of the model.
    pub fn step(&mut self, images: &[f32], learning_rate: f64) -> Result<Terms> {
        let count = images.len() / self.pixels();
        let noise = self.0[0].draw_noise(count);
        let part = |session: &mut Session, images: &[f32], first: usize, size: usize| {
            let of_part = |noise: &Vec<f32>| {
                let width = noise.len() / count;
                noise[first * width..(first + size) * width].to_vec()
            };
            let settings = StepSettings {
                noise: noise.as_ref().map(of_part),
                ..StepSettings::default()
            };
            session.gradients(images, &settings)
        };
        let (gradient, terms) = self.gradient(images, part)?;
        for session in &mut self.0 {
            session.model.apply(gradient.clone(), learning_rate);
        }
        Ok(terms)
    }

    /// One training step of its prior.
    pub fn step_prior(&mut self, images: &[f32], labels: &[u8], learning_rate: f64) -> Result<Terms> {
        let part = |session: &mut Session, images: &[f32], first: usize, size: usize| {
            let settings = PriorSettings {
                labels: Some(labels[first..first + size].to_vec()),
                ..PriorSettings::default()
            };
            session.prior_gradients(images, &settings)
        };
        let (gradient, terms) = self.gradient(images, part)?;
        for prior in self.0.iter_mut().filter_map(|session| session.prior.as_mut()) {
            prior.apply(gradient.clone(), learning_rate);
        }
        Ok(terms)
    }

    /// The gradient of a batch and the terms of its loss: those of its parts, by their shares. `part` is given a session, the
    /// images of its part, the number of the first one and how many they are.
    fn gradient(
        &mut self,
        images: &[f32],
        part: impl Fn(&mut Session, &[f32], usize, usize) -> Part + Sync,
    ) -> Result<(Gradients, Terms)> {
        let pixels = self.pixels();
        let count = images.len() / pixels;
        let most = count.div_ceil(self.0.len());
        let parts = thread::scope(|scope| {
            let threads: Vec<_> = self
                .0
                .iter_mut()
                .zip(images.chunks(most * pixels))
                .enumerate()
                .map(|(index, (session, images))| {
                    let (size, part) = (images.len() / pixels, &part);
                    let share = size as f32 / count as f32;
                    scope.spawn(move || {
                        let (gradients, terms) = part(session, images, index * most, size)?;
                        let number = |term: Tensor<1>| term.into_scalar::<f32>() * share;
                        Ok((gradients.scale(share), terms.map(number)))
                    })
                })
                .collect();
            let join = |thread: thread::ScopedJoinHandle<_>| thread.join().map_err(|_| anyhow!("a thread panicked"))?;
            threads.into_iter().map(join).collect::<Result<Vec<_>>>()
        })?;
        let sum = |(gradients, terms), (more, more_terms)| (Add::add(gradients, more), Add::add(terms, more_terms));
        let (gradients, terms): (Gradients, Terms) = parts.into_iter().reduce(sum).context("a batch has images")?;
        ensure!(
            terms.is_finite(),
            "the loss is not a number; take a lower learning rate"
        );
        Ok((gradients, terms))
    }

    fn pixels(&self) -> usize {
        self.session().config().common().image.iter().product()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::now;
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
        let mut team = Team::new(&config, 1, Some(&images(1)), threads).unwrap();
        let losses = (0..5)
            .map(|_| team.step(&images(BATCH), 1e-3).unwrap().total())
            .collect();
        (now(team.session().checkpoint()).unwrap().model.weights, losses)
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
