//! Trains a preset natively and writes the weights that the page ships.

mod report;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result};
use burn::tensor::Device;
use clap::Parser;
use futures_util::FutureExt;
use indicatif::{ProgressBar, ProgressStyle};
use latent_lab::checkpoint::{Checkpoint, Precision};
use latent_lab::data::{Images, batch_indices, read_images};
use latent_lab::model::preset;
use latent_lab::train::{StepSettings, Trainer};

use report::{Point, Report};

/// Train a preset on IDX files and write its weights, curves and samples.
#[derive(Parser)]
struct Options {
    /// Preset to train.
    #[arg(long, default_value = "tiny")]
    preset: String,
    /// Folder with the IDX files of MNIST (raw or .gz); the bundled 10,000 digits unless given.
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Passes over the training images.
    #[arg(long, default_value_t = 20)]
    epochs: u64,
    /// Seed of weights, noise and shuffles.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the weights go.
    #[arg(long, default_value = "www/weights")]
    out: PathBuf,
    /// Where curves and samples go.
    #[arg(long, default_value = "target/pretrain")]
    report: PathBuf,
}

fn main() -> Result<()> {
    let options = Options::parse();
    let train = images(&options.data, &["train-images-idx3-ubyte"])?;
    let test = images(&options.data, &["t10k-images-idx3-ubyte", "test-images-idx3-ubyte"])?;
    let config = preset::find(&options.preset)?.config()?;
    let training = config.family().training().clone();
    let device = Device::flex();
    let mut trainer = Trainer::new(config, options.seed, Some(&train.mean()), &device)?;

    let per_epoch = (train.count() / training.batch_size) as u64;
    let steps = options.epochs * per_epoch;
    let test_images = test.gather(&(0..test.count()).collect::<Vec<_>>())?;
    let held_out = &test_images[..test_images.len().min(1000 * test.size().iter().product::<usize>())];
    let bar = ProgressBar::new(steps).with_style(ProgressStyle::with_template(
        "{wide_bar} step {pos}/{len}  {per_sec}  {eta} left  {msg}",
    )?);
    let started = Instant::now();
    let mut report = Report::default();
    for step in 0..steps {
        let batch = batch_indices(train.count(), training.batch_size, options.seed, step);
        let settings = StepSettings {
            learning_rate: Some(cosine(training.learning_rate, step, steps)),
            ..StepSettings::default()
        };
        let terms = now(trainer.step(&train.gather(&batch)?, &settings))?.context("the loss is read")?;
        report.train.push(terms);
        if (step + 1) % per_epoch == 0 {
            let terms = now(trainer.evaluate(held_out, None))?;
            report.held_out.push(Point { step: step + 1, terms });
            bar.set_message(format!("held-out -ELBO {:.2}", terms.total()));
        }
        bar.inc(1);
    }
    bar.finish();

    let file = now(trainer.checkpoint())?.to_bytes(Precision::Half)?;
    fs::create_dir_all(&options.out)?;
    let path = options.out.join(format!("{}.safetensors", options.preset));
    fs::write(&path, &file).with_context(|| format!("cannot write {}", path.display()))?;

    // What is told is told of the file, not of the weights before they were rounded.
    let shipped = Trainer::resume(Checkpoint::from_bytes(&file)?, &device)?;
    let terms = now(shipped.evaluate(&test_images, None))?;
    let folder = options.report.join(&options.preset);
    fs::create_dir_all(&folder)?;
    report.write(&folder, &shipped, &test_images)?;
    println!(
        "{}: {} bytes, {} parameters, seed {}, {steps} steps in {:.0} s",
        path.display(),
        file.len(),
        shipped.parameters(),
        options.seed,
        started.elapsed().as_secs_f64()
    );
    println!(
        "test -ELBO {:.2} = reconstruction {:.2} + KL {:.2} nats per image, {} images; curves and samples in {}",
        terms.total(),
        terms.reconstruction,
        terms.kl,
        test.count(),
        folder.display()
    );
    Ok(())
}

/// The step size at a step: half a cosine from `first` to zero (Loshchilov & Hutter 2017, eq. 5).
fn cosine(first: f64, step: u64, steps: u64) -> f64 {
    let done = step as f64 / steps as f64;
    first * 0.5 * (1.0 + (std::f64::consts::PI * done).cos()).max(1e-3)
}

/// The value of a future of the CPU device, which never waits.
fn now<T>(future: impl Future<Output = latent_lab::Result<T>>) -> Result<T> {
    Ok(future.now_or_never().context("the CPU device answers at once")??)
}

/// Reads the first of the named files that is there.
fn images(folder: &Path, names: &[&str]) -> Result<Images> {
    let candidates = names
        .iter()
        .flat_map(|name| [format!("{name}.gz"), (*name).to_string()])
        .map(|name| folder.join(name));
    let path = candidates.into_iter().find(|path| path.exists()).with_context(|| {
        format!(
            "{} has no {}; give --data the folder of the IDX files",
            folder.display(),
            names[0]
        )
    })?;
    let bytes = fs::read(&path)?;
    read_images(&bytes).with_context(|| format!("{} cannot be read", path.display()))
}
