//! Milliseconds of a training step and of encode + decode of one image, natively on one thread. With the arguments
//! `steps E4 32 3` three steps at batch 32 and nothing else, whose instructions something else counts.

use std::time::Instant;

use burn::tensor::Device;
use futures_util::FutureExt;
use latent_lab::model::preset;
use latent_lab::rng::{Rng, Stream};
use latent_lab::train::{Session, StepSettings};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["steps", id, batch, count] = arguments[..] {
        let [batch, count] = [batch, count].map(|number| number.parse().expect("a whole number"));
        let (mut session, images) = open(id, batch);
        (0..count).for_each(|_| step(&mut session, &images));
        return;
    }
    for (id, batch) in [("tiny", 128), ("E4", 32), ("E4", 128), ("E2", 128)] {
        let (mut session, images) = open(id, batch);
        let ms = median(20, || step(&mut session, &images));
        let single = median(50, || {
            let _ = session.reconstruct(&images[..784]).now_or_never();
        });
        println!(
            "{id:5} batch {batch:3}: {ms:7.2} ms a step, {:6.0} images/s, {single:.2} ms encode + decode",
            1e3 * batch as f64 / ms
        );
    }
}

/// A preset with fresh weights, and a batch for it.
fn open(id: &str, batch: usize) -> (Session, Vec<f32>) {
    let config = preset::find(id)
        .and_then(|preset| preset.config())
        .expect("a known preset");
    let session = Session::new(config, 1, None, &Device::flex()).expect("a preset builds");
    let noise = Rng::new(1, Stream::Sample).normal(batch * 784);
    (session, noise.into_iter().map(|x| x.abs().min(1.0)).collect())
}

fn step(session: &mut Session, images: &[f32]) {
    let _ = session.step(images, &StepSettings::default()).now_or_never();
}

/// The median of `count` runs in milliseconds, after three that warm up.
fn median(count: usize, mut run: impl FnMut()) -> f64 {
    (0..3).for_each(|_| run());
    let mut times: Vec<f64> = (0..count)
        .map(|_| {
            let start = Instant::now();
            run();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[count / 2]
}
