//! The shipped weights fit their configurations and keep their promises.

use std::fs;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use futures_util::FutureExt;
use latent_lab::checkpoint::Checkpoint;
use latent_lab::data::read_images;
use latent_lab::model::preset::{Data, PRESETS, Variant, find};
use latent_lab::train::{Evaluation, Given, Stage, StepSettings, Trainer};

/// The loss in nats on the bundled test images, 1,000 digits or 500 garments, as measured when the weights were made,
/// and a hundredth: the first 1,000 of MNIST's test digits are about 2 % easier than all 10,000, of which
/// docs/results.md tells.
const LOSSES: &[(&str, f32)] = &[
    ("tiny", 105.67),
    ("E1", 72.76),
    ("E2", 156.68),
    ("E2/beta2", 156.91),
    ("wide", 104.42),
    ("E4", 108.02),
    ("E4/plane", 153.91),
    ("E5", 15.08),
    ("E5/8", 8.13),
    ("E5/32", 4.16),
    ("E5/pca", 21.27),
    ("E5/pca-8", 14.66),
    ("E5/pca-32", 6.78),
    ("E6", 144.85),
    ("E6/vae", 152.48),
    ("E7", 93.30),
    ("E7/1", 168.74),
    ("E7/2", 149.18),
    ("E7/4", 120.89),
    ("E7/16", 69.24),
    ("E7/32", 57.87),
    ("E7/64", 52.45),
    ("E8", 85.23),
    ("E9", 135.31),
    ("E9/16", 96.99),
    ("E9/64", 84.72),
    ("E10", 255.49),
    ("E11", 261.33),
    ("E12", 147.38),
    ("E12/conv", 153.79),
    ("E13", 0.0648),
    ("E13/mended", 21.76),
    ("E13/ae", 17.61),
    ("E14", 81.53),
    ("E14/loss", 107.77),
    ("E14/plain", 89.00),
    ("E15", 69.40),
    ("E16", 142.04),
    ("E16/vq", 81.53),
    ("E17", 80.13),
];

/// What E17's prior fails to say about the codes of the bundled test digits, asked for any class.
const PRIOR_NATS: f32 = 74.40;

/// What the weights of one experiment may take together, of one with codes, and all of them.
const MOST_BYTES: u64 = 450_000;
const MOST_BYTES_WITH_CODES: u64 = 300_000;
const MOST_BYTES_IN_ALL: u64 = 5_000_000;

fn page(file: &str) -> PathBuf {
    Path::new("www").join(file)
}

fn weights(id: &str) -> PathBuf {
    page("weights").join(id.replace('/', "-")).with_extension("safetensors")
}

/// The bundled test images of a kind, one after the other, as models see them.
fn images(data: Data) -> Vec<f32> {
    let read = |file: &str| read_images(&fs::read(page("data").join(file)).unwrap()).unwrap();
    let (images, count) = match data {
        Data::Mnist => (read("test-images-idx3-ubyte.gz"), 1000),
        // Who put more garments into the page has as many at least.
        Data::Fashion => (read("fashion-images-idx3-ubyte.gz").padded([32, 32]).unwrap(), 500),
    };
    images.gather(&(0..count).collect::<Vec<_>>()).unwrap()
}

fn shipped(variant: &Variant) -> Trainer {
    let checkpoint = Checkpoint::from_bytes(&fs::read(weights(variant.id)).unwrap()).unwrap();
    assert_eq!(checkpoint.config, variant.config().unwrap(), "{}", variant.id);
    Trainer::resume(checkpoint, &Device::flex()).unwrap()
}

fn evaluate(variant: &Variant, images: &[f32]) -> Evaluation {
    let found = shipped(variant).evaluate(images, Given::default()).now_or_never();
    found.unwrap().unwrap()
}

#[test]
fn the_weights_of_an_experiment_are_small() {
    let mut all = 0;
    for preset in PRESETS {
        let bytes: u64 = preset
            .variants
            .iter()
            .map(|variant| {
                fs::metadata(weights(variant.id))
                    .unwrap_or_else(|e| panic!("{}: {e}", variant.id))
                    .len()
            })
            .sum();
        let has_codes = shipped(&preset.variants[0]).grid().is_some();
        let most = if has_codes { MOST_BYTES_WITH_CODES } else { MOST_BYTES };
        assert!(bytes <= most, "{}: {bytes} bytes", preset.id);
        all += bytes;
    }
    assert!(all <= MOST_BYTES_IN_ALL, "{all} bytes");
}

#[test]
fn the_weights_are_as_good_as_they_were_when_they_were_made() {
    let (digits, garments) = (images(Data::Mnist), images(Data::Fashion));
    for preset in PRESETS {
        let images = match preset.data {
            Data::Mnist => &digits,
            Data::Fashion => &garments,
        };
        for variant in preset.variants {
            let found = evaluate(variant, images).terms.total();
            let known = LOSSES.iter().find(|(id, _)| *id == variant.id);
            assert!(
                known.is_some_and(|(_, loss)| found <= loss * 1.01),
                "(\"{}\", {found}),",
                variant.id
            );
        }
    }
    assert_eq!(LOSSES.len(), PRESETS.iter().flat_map(|preset| preset.variants).count());
}

#[test]
fn the_tiny_weights_use_every_latent() {
    let found = evaluate(find("tiny").unwrap(), &images(Data::Mnist));
    assert_eq!(found.latents.unwrap().active_units, 8);
    // 106.2 on all 10,000.
    assert!(found.terms.total() < 106.0, "{:?}", found.terms);
}

#[test]
fn the_prior_knows_what_it_knew_when_it_was_made() {
    let (trainer, digits) = (shipped(find("E17").unwrap()), images(Data::Mnist));
    let nats = trainer.evaluate_prior(&digits, None).now_or_never().unwrap().unwrap();
    assert!(nats <= PRIOR_NATS * 1.01, "{nats}");
}

#[test]
fn the_plane_of_garments_uses_both_latents() {
    let found = evaluate(find("E11").unwrap(), &images(Data::Fashion));
    assert_eq!(found.latents.unwrap().active_units, 2);
}

/// Adam begins without its moments: without a warm-up E14's loss goes from 82 to 244 nats, that of E17's prior from 71 to 117.
#[test]
fn what_is_shipped_goes_on_without_a_fall() {
    let digits = read_images(&fs::read(page("data/train-images-idx3-ubyte.gz")).unwrap()).unwrap();
    for (id, stage) in [("E14", Stage::Codes), ("E17", Stage::Codes), ("E17", Stage::Prior)] {
        let mut trainer = shipped(find(id).unwrap());
        let settings = StepSettings {
            stage,
            ..StepSettings::default()
        };
        let mut step = |index: usize| {
            let batch = digits
                .gather(&(128 * index..128 * (index + 1)).collect::<Vec<_>>())
                .unwrap();
            let terms = trainer.step(&batch, &settings).now_or_never().unwrap();
            terms.unwrap().unwrap().total()
        };
        let first = step(0);
        let most = (1..30).map(step).fold(0.0, f32::max);
        assert!(most < 1.2 * first, "{id}, {stage:?}: from {first} to {most}");
    }
}
