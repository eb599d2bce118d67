//! Milliseconds of a training step and of encode + decode of one image, natively on one thread.

use std::time::Instant;

use burn::tensor::Device;
use futures_util::FutureExt;
use latent_lab::model::preset;
use latent_lab::rng::{Rng, Stream};
use latent_lab::train::{Session, StepSettings};

fn main() {
    for (id, batch) in [("tiny", 128), ("E4", 32), ("E4", 128), ("E2", 128)] {
        let config = preset::find(id)
            .and_then(|preset| preset.config())
            .expect("a known preset");
        let mut trainer = Session::new(config, 1, None, &Device::flex()).expect("a preset builds");
        let images: Vec<f32> = Rng::new(1, Stream::Sample)
            .normal(batch * 784)
            .into_iter()
            .map(|x| x.abs().min(1.0))
            .collect();
        let settings = StepSettings::default();
        let step = median(20, || {
            let _ = trainer.step(&images, &settings).now_or_never();
        });
        let single = median(50, || {
            let _ = trainer.reconstruct(&images[..784]).now_or_never();
        });
        println!(
            "{id:5} batch {batch:3}: {step:7.2} ms a step, {:6.0} images/s, {single:.2} ms encode + decode",
            1e3 * batch as f64 / step
        );
    }
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
