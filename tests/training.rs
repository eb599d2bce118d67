//! Training: it learns, repeats itself, and comes back from NaN.

mod support;

use burn::tensor::Device;
use latent_lab::ErrorKind;
use latent_lab::metrics::mean_squared_error;
use latent_lab::model::ModelConfig;
use latent_lab::model::preset::PRESETS;
use latent_lab::train::{Evaluation, Given, Session, StepSettings};
use support::{FAMILIES, digits, drawn, gauss, now, padded, trainer};

/// What the deepest network needs to learn eight images, and more.
const MOST_STEPS: usize = 900;

#[test]
fn every_preset_learns_eight_images_by_heart() {
    for variant in PRESETS.iter().flat_map(|preset| preset.variants) {
        let mut trainer = trainer(variant.id, 1);
        let [height, width] = trainer.config().common().image;
        let images = padded(8, [height, width]);
        let settings = StepSettings {
            learning_rate: Some(3e-3),
            beta: Some(0.0),
            ..StepSettings::default()
        };
        // Whoever knows nothing of the code can say no more than the mean of the eight.
        let pixels = height * width;
        let mean: Vec<f32> = (0..pixels)
            .map(|at| images.iter().skip(at).step_by(pixels).sum::<f32>() / 8.0)
            .collect();
        let guessed = mean_squared_error(&mean.repeat(8), &images);
        // Two numbers of a linear code cannot hold more of eight digits.
        let enough = guessed * if variant.id == "E5/pca" { 0.6 } else { 0.5 };
        let mut known = f64::INFINITY;
        for step in 1..=MOST_STEPS {
            now(trainer.step(&images, &settings)).unwrap();
            if step % 60 == 0 {
                known = mean_squared_error(&now(trainer.reconstruct(&images)).unwrap(), &images);
                if known < enough {
                    break;
                }
            }
        }
        assert!(known < enough, "{}: {known} for {guessed}", variant.id);
    }
}

#[test]
fn every_family_trains_on_images_that_look_odd() {
    for preset in FAMILIES {
        let [height, width] = trainer(preset, 1).config().common().image;
        let (digits, pixels) = (padded(4, [height, width]), height * width);
        let odd: [(&str, Vec<f32>); 6] = [
            (
                "bytes of 0 and 1",
                digits.iter().map(|pixel| pixel.round() / 255.0).collect(),
            ),
            ("dark on light", digits.iter().map(|pixel| 1.0 - pixel).collect()),
            ("all the same", digits[..pixels].repeat(4)),
            ("a single one", digits[..pixels].to_vec()),
            ("black", vec![0.0; 4 * pixels]),
            ("white", vec![1.0; 4 * pixels]),
        ];
        for (what, images) in odd {
            let mut trainer = trainer(preset, 1);
            let described = trainer.config().describe().stages.remove(0).terms;
            for _ in 0..10 {
                let terms = now(trainer.step(&images, &StepSettings::default())).unwrap().unwrap();
                assert!(terms.total().is_finite(), "{preset}, {what}: {terms:?}");
                let names = terms.iter().map(|term| term.name);
                assert!(names.eq(described.iter().map(|term| term.name)), "{preset}: {terms:?}");
            }
            let Evaluation { terms, latents, .. } = now(trainer.evaluate(&images, Given::default())).unwrap();
            let kl = latents.map_or(vec![], |latents| latents.kl_by_dimension);
            let rebuilt = now(trainer.reconstruct(&images)).unwrap();
            let numbers = [vec![terms.total()], kl, rebuilt].concat();
            assert!(
                numbers.iter().all(|number| number.is_finite()),
                "{preset}, {what}: {terms:?}"
            );
        }
    }
}

#[test]
fn the_same_seed_is_the_same_run_bit_for_bit() {
    let images = digits(16);
    for preset in FAMILIES {
        let run = |seed| {
            let mut trainer = trainer(preset, seed);
            (0..4)
                .map(|_| {
                    now(trainer.step(&images, &StepSettings::default()))
                        .unwrap()
                        .unwrap()
                        .total()
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(run(7), run(7), "{preset}");
        assert_ne!(run(7), run(8), "{preset}");
    }
}

#[test]
fn gradients_of_two_halves_are_those_of_the_whole() {
    let images = digits(8);
    let noise = gauss(8 * 2, 3);
    let mut trainer = trainer("E2", 1);
    let mut part = |images: &[f32], noise: &[f32]| {
        let settings = StepSettings {
            noise: Some(noise.to_vec()),
            ..StepSettings::default()
        };
        trainer.gradients(images, &settings).unwrap().0
    };
    let whole = now(part(&images, &noise).read()).unwrap();
    let (left, right) = (
        part(&images[..4 * 784], &noise[..8]),
        part(&images[4 * 784..], &noise[8..]),
    );
    let halves = now((left + right).scale(0.5).read()).unwrap();
    let largest = whole.iter().fold(0.0_f32, |largest, g| largest.max(g.abs()));
    for (half, whole) in halves.iter().zip(&whole) {
        assert!((half - whole).abs() < 1e-5 * largest, "{half} for {whole}");
    }
}

#[test]
fn the_warm_up_of_the_rate_shortens_the_first_steps() {
    let training = trainer("tiny", 1).config().common().training.clone();
    let sizes = [0, 9, 19, 900].map(|step| training.step_size(0.01, step, false));
    assert_eq!(sizes, [0.0005, 0.005, 0.01, 0.01]);
    assert_eq!(
        trainer("E2", 1).config().common().training.step_size(0.01, 0, false),
        0.01
    );

    // The first update of Adam moves every weight by the step size at most, and most of them by nearly that.
    let mut trainer = trainer("tiny", 1);
    let before = now(trainer.checkpoint()).unwrap().model.weights;
    now(trainer.step(&digits(8), &StepSettings::default())).unwrap();
    let after = now(trainer.checkpoint()).unwrap().model.weights;
    let bias_map = before.len() - 784;
    let moved = before.iter().zip(&after).take(bias_map).map(|(a, b)| (a - b).abs());
    let expected = training.step_size(training.learning_rate, 0, false) as f32;
    let most = moved.fold(0.0, f32::max);
    assert!((most / expected - 1.0).abs() < 1e-3, "{most} for {expected}");
}

#[test]
fn the_warm_up_weighs_the_kl_and_beta_takes_its_place() {
    let training = trainer("tiny", 1).config().common().training.clone();
    assert_eq!(
        [0, 50, 200, 900].map(|step| training.kl_weight(step)),
        [0.0, 0.25, 1.0, 1.0]
    );
    assert_eq!(trainer("E2", 1).config().common().training.kl_weight(0), 1.0);

    let images = digits(8);
    let noise = Some(gauss(8 * 8, 3));
    let gradient = |beta| {
        let settings = StepSettings {
            beta,
            noise: noise.clone(),
            ..StepSettings::default()
        };
        now(trainer("tiny", 1).gradients(&images, &settings).unwrap().0.read()).unwrap()
    };
    assert!(gradient(None) == gradient(Some(0.0)));
    assert!(gradient(None) != gradient(Some(4.0)));
}

#[test]
fn a_loss_that_is_not_a_number_brings_the_last_good_state_back() {
    let images = digits(8);
    let mut trainer = trainer("E4", 1);
    now(trainer.step(&images, &StepSettings::default())).unwrap();
    let wild = StepSettings {
        learning_rate: Some(1.0),
        beta: Some(1000.0),
        ..StepSettings::default()
    };
    let error = (0..200)
        .find_map(|_| now(trainer.step(&images, &wild)).err())
        .expect("the run diverges");
    assert_eq!(error.kind(), ErrorKind::Diverged);
    let terms = now(trainer.evaluate(&images, Given::default())).unwrap().terms;
    assert!(terms.total() < 6000.0, "what is back is worth going on with: {terms:?}");
}

#[test]
fn what_only_looks_changes_nothing_and_repeats_exactly() {
    let images = digits(3);
    let mut trainer = trainer("tiny", 1);
    now(trainer.step(&images, &StepSettings::default())).unwrap();
    let before = now(trainer.checkpoint()).unwrap();
    let look = || {
        let encoding = now(trainer.encode(&images)).unwrap();
        let decoded = now(trainer.decode(&encoding)).unwrap();
        assert!(decoded == now(trainer.reconstruct(&images)).unwrap());
        (
            now(trainer.evaluate(&images, Given::default())).unwrap(),
            now(trainer.sample(4, &drawn(9, 1.0))).unwrap(),
            decoded,
        )
    };
    assert!(look() == look());
    assert!(now(trainer.checkpoint()).unwrap() == before);
}

#[test]
fn evaluation_in_chunks_is_the_mean_over_all_images() {
    let images = digits(300);
    let noise = gauss(300 * 8, 4);
    let trainer = trainer("tiny", 1);
    let total = |images: &[f32], noise: &[f32]| {
        let given = Given {
            noise: Some(noise),
            mask: None,
        };
        now(trainer.evaluate(images, given)).unwrap().terms.total()
    };
    let whole = total(&images, &noise);
    let single: f32 = (0..300)
        .map(|i| total(&images[i * 784..][..784], &noise[i * 8..][..8]))
        .sum();
    assert!((whole - single / 300.0).abs() < 1e-2, "{whole} for {}", single / 300.0);
}

#[test]
fn corruption_is_for_the_loss_alone() {
    let images = digits(4);
    let zeros = vec![0.0; images.len()];
    let [no_noise, no_mask] =
        [(Some(&zeros[..]), None), (None, Some(&zeros[..]))].map(|(noise, mask)| Given { noise, mask });
    for (preset, given) in [("E8", no_noise), ("E9", no_mask)] {
        let corrupting = trainer(preset, 1);
        let mut config: serde_json::Value = serde_json::from_str(&corrupting.config().to_json()).unwrap();
        config.as_object_mut().unwrap().remove("corruption");
        let config = ModelConfig::from_json(&config.to_string()).unwrap();
        let clean = Session::new(config, 1, None, &Device::flex()).unwrap();
        // The same weights without any corruption say the same of images as they are.
        assert_eq!(
            now(corrupting.encode(&images)).unwrap(),
            now(clean.encode(&images)).unwrap()
        );
        let whole = now(clean.evaluate(&images, Given::default())).unwrap();
        assert_eq!(whole.latents, None, "a code has no Gaussian");
        assert_eq!(now(corrupting.evaluate(&images, given)).unwrap(), whole, "{preset}");
        assert_ne!(
            now(corrupting.evaluate(&images, Given::default())).unwrap(),
            whole,
            "{preset}"
        );
    }
    // No noise at all, given in place of what would be drawn, is the loss of the images themselves.
    let denoising = trainer("E8", 1);
    let given = no_noise;
    let clean = now(denoising.evaluate(&images, given)).unwrap().terms.total();
    let noisy = now(denoising.evaluate(&images, Given::default()))
        .unwrap()
        .terms
        .total();
    let made = now(denoising.reconstruct(&images)).unwrap();
    let cost = |(x, p): (&f32, &f32)| -x * p.max(1e-7).ln() - (1.0 - x) * (1.0 - p).max(1e-7).ln();
    let direct = images.iter().zip(&made).map(cost).sum::<f32>() / 4.0;
    assert!((clean / direct - 1.0).abs() < 1e-3, "{clean} for {direct}");
    assert!((noisy / clean - 1.0).abs() > 1e-4, "{noisy} and {clean}");
}

#[test]
fn weights_without_their_optimiser_begin_its_warm_up_anew() {
    let mut trained = trainer("tiny", 1);
    now(trained.step(&digits(8), &StepSettings::default())).unwrap();
    let mut checkpoint = now(trained.checkpoint()).unwrap();
    checkpoint.model.step = 5000;
    checkpoint.model.adam = None;
    let before = checkpoint.model.weights.clone();
    let training = checkpoint.config.common().training.clone();
    let mut opened = Session::resume(checkpoint, &Device::flex()).unwrap();
    now(opened.step(&digits(8), &StepSettings::default())).unwrap();
    let after = now(opened.checkpoint()).unwrap().model.weights;
    let most = before
        .iter()
        .zip(&after)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    let expected = training.step_size(training.learning_rate, 0, false) as f32;
    assert!((most / expected - 1.0).abs() < 1e-2, "{most} for {expected}");
}

#[test]
fn presets_have_the_sizes_of_their_sources() {
    /// Parameters of the encoder and of the decoder.
    fn sizes(id: &str) -> [usize; 2] {
        let trainer = trainer(id, 1);
        let model = trainer.config().family().init();
        let leaves = model.layout().parameters().iter();
        let (encoder, decoder): (Vec<_>, Vec<_>) = leaves.partition(|p| p.name.starts_with("encoder."));
        let sizes = [encoder, decoder].map(|leaves| leaves.iter().map(|p| p.range.len()).sum());
        assert_eq!(sizes.iter().sum::<usize>(), trainer.parameters());
        sizes
    }
    assert_eq!(sizes("tiny"), [160 + 4_640 + 25_104, 14_112 + 18_496 + 576 + 784]);
    // 784-256-2.
    assert_eq!(sizes("E2"), [200_960 + 1_028, 768 + 201_488]);
    // Model C.
    assert_eq!(sizes("E4"), [18_816 + 36_880, 14_112 + 18_496 + 18_464 + 289]);
    // Paper 003, which gives 343,043 in all, and the two heads of its VAE.
    assert_eq!(sizes("E10"), [96_770, 246_273]);
    assert_eq!(sizes("E11"), [100_868, 246_273]);
    // 784-32-784.
    assert_eq!(sizes("E1"), [25_120, 25_872]);
}
