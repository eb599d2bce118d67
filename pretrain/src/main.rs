//! Trains presets natively: the weights that the page ships, and the numbers that prove each experiment.

mod bars;
mod classifier;
mod codes;
mod cpu;
mod data;
mod matching;
mod measures;
mod objects;
mod page;
mod pictures;
mod plan;
mod plane;
mod results;
mod team;
mod trained;
mod training;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{ArgGroup, Parser};
use latent_lab::checkpoint::Precision;
use latent_lab::model::preset::{PRESETS, Preset, Variant};

use data::Sets;
use results::{Epochs, Row};
use trained::Trained;
use training::Run;

/// A training step frees tensors of megabytes that the next one asks for again: the system's allocator gives them back
/// to the system each time, which took a third of a step.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What is reported was trained and measured on so many images: all of MNIST, or of Fashion-MNIST.
const IMAGES: [usize; 2] = [60_000, 10_000];
/// What the weights of one experiment may take together.
const MOST_BYTES: usize = 450_000;

/// Train presets on IDX files; write their weights, pictures and what was measured.
#[derive(Parser)]
#[command(group(ArgGroup::new("job").required(true).args(["preset", "experiment", "report"])))]
struct Options {
    /// One model to train, such as tiny or E6/vae.
    #[arg(long)]
    preset: Option<String>,
    /// An experiment: all its models are trained, and what proves it is measured.
    #[arg(long)]
    experiment: Option<String>,
    /// With --experiment: measures the weights that are there, and trains nothing.
    #[arg(long)]
    measure: bool,
    /// With --experiment: another seed. Its numbers stand beside those that are there, whose weights and pictures stay.
    #[arg(long)]
    beside: bool,
    /// Writes docs/results.md of what was measured; fails where a bar is not met.
    #[arg(long)]
    report: bool,
    /// Folder with MNIST's IDX files (raw or .gz); the bundled 10,000 digits unless given.
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Folder with Fashion-MNIST's IDX files, which garments are trained on and digits told from.
    #[arg(long)]
    fashion: Option<PathBuf>,
    /// Passes over the training images, in place of the plan's own.
    #[arg(long)]
    epochs: Option<u64>,
    /// Seed of weights, noise and shuffles.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the weights go.
    #[arg(long, default_value = "www/weights")]
    out: PathBuf,
    /// Where numbers and pictures go.
    #[arg(long, default_value = "docs/results")]
    results: PathBuf,
    /// Where the curves of training go, and what is trained for comparison alone.
    #[arg(long, default_value = "target/pretrain")]
    curves: PathBuf,
}

fn main() -> Result<()> {
    let options = Options::parse();
    fs::create_dir_all(&options.results)?;
    if options.report {
        return results::report(&options.results);
    }
    let started = Instant::now();
    let sets = Sets::open(&options.data, options.fashion.as_deref())?;
    if let Some(id) = &options.preset {
        let preset = PRESETS
            .iter()
            .find(|preset| preset.variants.iter().any(|variant| variant.id == id));
        let preset = preset.with_context(|| format!("no preset is called {id:?}"))?;
        let variants: Vec<_> = preset.variants.iter().filter(|variant| variant.id == id).collect();
        return train(&options, preset, &variants, &sets).map(|_| ());
    }
    let id = options.experiment.as_deref().unwrap_or_default();
    let preset = PRESETS.iter().find(|preset| preset.id == id);
    let preset = preset.with_context(|| format!("no experiment is called {id:?}"))?;
    let plan = plan::of(preset)?;
    let variants: Vec<_> = preset.variants.iter().collect();
    let (trained, epochs) = if options.measure {
        let open = |variant: &&'static Variant| -> Result<Trained> {
            let path = options.out.join(file_name(variant.id));
            let file = fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))?;
            Trained::open(variant, &file)
        };
        (variants.iter().map(open).collect::<Result<_>>()?, None)
    } else {
        let (trained, epochs) = train(&options, preset, &variants, &sets)?;
        (trained, Some(epochs))
    };
    let values = measures::of(preset, &trained, &sets, &options.curves, options.seed)?;
    let row = if options.beside {
        Row::with_seed(&options.results, preset, options.seed, values)?
    } else {
        pictures::write(&options.results, preset, &trained, &sets)?;
        let seconds = (!options.measure).then(|| started.elapsed().as_secs_f64());
        Row::new(preset, options.seed, seconds, values, epochs)
    };
    let set = sets.of(preset.data)?;
    if options.epochs.is_none() && [set.train.count(), set.test.count()] == IMAGES {
        row.save(&options.results, plan)?;
    } else {
        println!("{id} keeps the row that it has: this run was of other epochs, or of other images than {IMAGES:?}");
    }
    for line in row.lines(plan) {
        println!("{line}");
    }
    Ok(())
}

/// Trains some variants of a preset and writes their weights; gives them, and their losses after each epoch.
fn train<'a>(
    options: &Options,
    preset: &Preset,
    variants: &[&'a Variant],
    sets: &Sets,
) -> Result<(Vec<Trained<'a>>, Epochs)> {
    // What is shipped is of one seed.
    let out = if options.beside { &options.curves } else { &options.out };
    fs::create_dir_all(out)?;
    fs::create_dir_all(&options.curves)?;
    let epochs = options.epochs.unwrap_or(plan::of(preset)?.epochs);
    let runs = training::train_all(variants, sets.of(preset.data)?, epochs, options.seed)?;
    let mut trained = Vec::new();
    let mut after_epochs = Epochs::new();
    for ((variant, run), file) in variants.iter().zip(&runs).zip(shipped(&runs)?) {
        let path = out.join(file_name(variant.id));
        fs::write(&path, &file).with_context(|| format!("cannot write {}", path.display()))?;
        let curves = options.curves.join(file_name(variant.id)).with_extension("svg");
        pictures::curves(&curves, run).map_err(|e| anyhow::anyhow!("cannot draw {}: {e}", curves.display()))?;
        // What is told is told of the file, not of the weights before they were rounded.
        let one = Trained::open(variant, &file)?;
        println!(
            "{}: {} bytes, {} parameters, {} steps in {:.0} s",
            path.display(),
            file.len(),
            one.session.parameters(),
            run.train.len(),
            run.seconds
        );
        trained.push(one);
        let losses = run.held_out.iter().map(|point| f64::from(point.terms.total()));
        after_epochs.insert(variant.id.into(), losses.collect());
    }
    if trained.is_empty() {
        bail!("{} has nothing to train", preset.id);
    }
    Ok((trained, after_epochs))
}

/// The files of all variants, in as few bits as [`MOST_BYTES`] ask for.
fn shipped(runs: &[Run]) -> Result<Vec<Vec<u8>>> {
    let write = |precision| runs.iter().map(move |run| Ok(run.checkpoint.to_bytes(precision)?));
    let files: Vec<_> = write(Precision::Bytes).collect::<Result<_>>()?;
    if files.iter().map(Vec::len).sum::<usize>() <= MOST_BYTES {
        return Ok(files);
    }
    write(Precision::Nibbles).collect()
}

/// The file of a variant's weights: E6/vae is E6-vae.safetensors.
fn file_name(id: &str) -> PathBuf {
    Path::new(&id.replace('/', "-")).with_extension("safetensors")
}
