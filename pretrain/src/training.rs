//! The training of presets: half a cosine from the configuration's rate to zero.

use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use anyhow::Result;
use burn::tensor::Device;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use latent_lab::checkpoint::Checkpoint;
use latent_lab::data::{Pca, SceneSettings};
use latent_lab::model::ModelConfig;
use latent_lab::model::preset::{Source, Variant};
use latent_lab::terms::Terms;
use latent_lab::train::{Given, Session};

use super::cpu::now;
use super::data::Set;
use super::team::Team;

/// Held-out images of the evaluation after each epoch.
const HELD_OUT: usize = 1000;
/// Each trains a variant; a single variant has them all.
const THREADS: usize = 2;

/// What a run leaves.
pub struct Run {
    pub checkpoint: Checkpoint,
    /// Terms of each training step.
    pub train: Vec<Terms>,
    /// Terms on held-out images after each epoch.
    pub held_out: Vec<Point>,
    pub seconds: f64,
}

/// A held-out evaluation.
pub struct Point {
    pub step: u64,
    pub terms: Terms,
}

/// How long a model is trained, and on what.
#[derive(Clone, Copy)]
pub struct Schedule<'a> {
    pub set: &'a Set,
    /// How the scenes are made that take the place of single images.
    pub scenes: Option<SceneSettings>,
    pub epochs: u64,
    pub seed: u64,
}

/// Trains each variant.
pub fn train_all(variants: &[&Variant], set: &Set, epochs: u64, seed: u64) -> Result<Vec<Run>> {
    let threads = if variants.len() == 1 { THREADS } else { 1 };
    let bars = MultiProgress::new();
    let open = Mutex::new(variants.iter().enumerate());
    let done = Mutex::new(Vec::new());
    let train_variant = |variant: &Variant| {
        let config = variant.config()?;
        let schedule = Schedule {
            set,
            scenes: config.family().init().space().scenes(),
            epochs,
            seed,
        };
        train(variant.id, &config, &schedule, threads, &bars)
    };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                while let Some((index, variant)) = open.lock().ok().and_then(|mut open| open.next()) {
                    let run = match variant.weights {
                        Source::Training => train_variant(variant),
                        Source::Components => fit(variant, set),
                    };
                    if let Ok(mut done) = done.lock() {
                        done.push((index, run));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().map_err(|_| anyhow::anyhow!("a run panicked"))?;
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, run)| run).collect()
}

/// Trains one model by itself.
pub fn train_one(name: &str, config: &ModelConfig, schedule: &Schedule) -> Result<Run> {
    train(name, config, schedule, THREADS, &MultiProgress::new())
}

fn train(name: &str, config: &ModelConfig, schedule: &Schedule, threads: usize, bars: &MultiProgress) -> Result<Run> {
    let started = Instant::now();
    let Schedule {
        set,
        ref scenes,
        epochs,
        seed,
    } = *schedule;
    let scenes = scenes.as_ref();
    let training = config.common().training.clone();
    // The mean of scenes is not that of the images.
    let mean = scenes.is_none().then(|| set.train.mean());
    let mut team = Team::new(config, seed, mean.as_deref(), threads)?;
    let per_epoch = (set.train.count() / training.batch_size) as u64;
    let steps = epochs * per_epoch;
    let held_out = set.held_out(scenes, HELD_OUT)?;
    let style = ProgressStyle::with_template("{prefix:8} {wide_bar} step {pos}/{len}  {per_sec}  {eta} left  {msg}")?;
    let prior_rate = team.session().prior.as_ref().map(|prior| prior.training.learning_rate);
    let length = steps * (1 + u64::from(prior_rate.is_some()));
    let bar = bars.add(ProgressBar::new(length).with_style(style).with_prefix(name.to_string()));
    let (mut curve, mut after_epochs) = (Vec::new(), Vec::new());
    for step in 0..steps {
        let images = set.batch(scenes, training.batch_size, seed, step)?;
        curve.push(team.step(&images, cosine(training.learning_rate, step, steps))?);
        bar.inc(1);
        if (step + 1) % per_epoch == 0 {
            let terms = now(team.session().evaluate(&held_out, Given::default()))?.terms;
            bar.set_message(format!("held-out loss {:.2}", terms.total()));
            after_epochs.push(Point { step: step + 1, terms });
        }
    }
    // The prior learns the codes of a model that changes no more.
    for (step, prior_rate) in (0..steps).zip(prior_rate.into_iter().cycle()) {
        let batch = set.batch_indices(training.batch_size, seed, step);
        let labels: Vec<_> = batch.iter().map(|&index| set.train_labels[index]).collect();
        team.step_prior(&set.train.gather(&batch)?, &labels, cosine(prior_rate, step, steps))?;
        bar.inc(1);
        if (step + 1) % per_epoch == 0 {
            let nats = now(team.session().evaluate_prior(&held_out, None))?;
            bar.set_message(format!("held-out prior {nats:.2}"));
        }
    }
    bar.finish();
    Ok(Run {
        checkpoint: now(team.session().checkpoint())?,
        train: curve,
        held_out: after_epochs,
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// The linear autoencoder whose code is the first principal components.
fn fit(variant: &Variant, set: &Set) -> Result<Run> {
    let started = Instant::now();
    let config = variant.config()?;
    let device = Device::flex();
    let session = Session::new(config, 0, None, &device)?;
    let mut checkpoint: Checkpoint = now(session.checkpoint())?;
    let [height, width] = checkpoint.config.common().image;
    let (pixels, latent) = (height * width, session.space().numbers());
    let pca = Pca::fit(&set.train_images()?, pixels, latent);
    // x W + b with the components as W's columns; back again with them as its rows.
    let column = |index: usize| pca.components[index * pixels..][..pixels].iter();
    let offset = (0..latent).map(|index| -column(index).zip(&pca.mean).map(|(c, m)| c * m).sum::<f32>());
    let encoder = (0..pixels).flat_map(|pixel| (0..latent).map(move |index| (index, pixel)));
    checkpoint.model.weights = encoder
        .map(|(index, pixel)| pca.components[index * pixels + pixel])
        .chain(offset)
        .chain(pca.components.iter().copied())
        .chain(pca.mean.iter().copied())
        .collect();
    Ok(Run {
        checkpoint,
        train: Vec::new(),
        held_out: Vec::new(),
        seconds: started.elapsed().as_secs_f64(),
    })
}

/// The step size at a step: half a cosine from `first` to zero (Loshchilov & Hutter 2017, eq. 5).
pub fn cosine(first: f64, step: u64, steps: u64) -> f64 {
    let done = step as f64 / steps as f64;
    first * 0.5 * (1.0 + (std::f64::consts::PI * done).cos()).max(1e-3)
}
