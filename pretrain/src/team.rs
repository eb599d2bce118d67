//! A model that several threads train: each computes parts of every batch.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Result, anyhow};
use burn::tensor::Device;
use latent_lab::model::ModelConfig;
use latent_lab::terms::Terms;
use latent_lab::train::{Contribution, PriorSettings, Replica, Session, StepSettings, Work};

use crate::cpu::now;

/// The model, and replicas of it and of its prior, one for each thread.
pub struct Team {
    session: Session,
    models: Vec<Replica>,
    priors: Vec<Replica>,
}

impl Team {
    pub fn new(config: &ModelConfig, seed: u64, mean_image: Option<&[f32]>, threads: usize) -> Result<Self> {
        let device = Device::flex();
        let session = Session::new(config.clone(), seed, mean_image, &device)?;
        let threads = 0..threads.max(1);
        let priors = if session.prior.is_some() { threads.clone() } else { 0..0 };
        let prior = |_| Replica::of_prior(config.clone(), &device);
        let model = |_| Replica::of_model(config.clone(), &device);
        Ok(Self {
            priors: priors.map(prior).collect::<Result<_, _>>()?,
            models: threads.map(model).collect::<Result<_, _>>()?,
            session,
        })
    }

    /// The model.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// One training step of the model.
    pub fn step(&mut self, images: &[f32], learning_rate: f64) -> Result<Terms> {
        let settings = StepSettings {
            learning_rate: Some(learning_rate),
            ..StepSettings::default()
        };
        let work = now(self.session.begin_step(images, &settings))?;
        let contributions = contributions(&mut self.models, &work)?;
        now(self.session.model.end_step(contributions))
    }

    /// One training step of its prior.
    pub fn step_prior(&mut self, images: &[f32], labels: &[u8], learning_rate: f64) -> Result<Terms> {
        let settings = PriorSettings {
            learning_rate: Some(learning_rate),
            labels: Some(labels.to_vec()),
            ..PriorSettings::default()
        };
        let work = now(self.session.begin_prior_step(images, &settings))?;
        let contributions = contributions(&mut self.priors, &work)?;
        now(self.session.end_prior_step(contributions))
    }
}

/// What the parts of a batch add to its gradient, in their order. Each thread takes one after the other, as long as there are any.
fn contributions(replicas: &mut [Replica], work: &Work) -> Result<Vec<Contribution>> {
    let next = AtomicUsize::new(0);
    let mut found = thread::scope(|scope| {
        let threads: Vec<_> = replicas
            .iter_mut()
            .map(|replica| {
                let next = &next;
                scope.spawn(move || {
                    let weights = replica.weights(work.weights.clone())?;
                    let parts = std::iter::from_fn(|| {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        work.parts.get(index).map(|part| (index, part))
                    });
                    let one = |(index, part)| {
                        let contribution = now(replica.contribute(&weights, (work.step, work.beta), part))?;
                        Ok((index, contribution))
                    };
                    parts.map(one).collect::<Result<Vec<_>>>()
                })
            })
            .collect();
        let join = |thread: thread::ScopedJoinHandle<_>| thread.join().map_err(|_| anyhow!("a thread panicked"))?;
        threads.into_iter().map(join).collect::<Result<Vec<Vec<_>>>>()
    })?
    .concat();
    found.sort_by_key(|(index, _)| *index);
    Ok(found.into_iter().map(|(_, contribution)| contribution).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cpu::now;
    use latent_lab::rng::{Rng, Stream};

    const SIDE: usize = 8;
    /// Three parts, which differ in size.
    const BATCH: usize = 25;

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
    fn one_seed_is_one_run_however_many_threads_train() {
        for family in ["ae", "vae"] {
            let (weights, losses) = run(family, 1);
            assert!(
                losses.iter().all(|loss| loss.is_finite()) && losses[0] != losses[4],
                "{losses:?}"
            );
            for threads in [2, 3] {
                assert!(
                    run(family, threads) == (weights.clone(), losses.clone()),
                    "{family}, {threads} threads"
                );
            }
        }
    }
}
