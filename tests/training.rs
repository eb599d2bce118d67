//! Training: it learns, repeats itself, comes back from NaN, and refuses what it cannot use.

mod support;

use std::path::Path;

use burn::tensor::Device;
use latent_lab::ErrorKind;
use latent_lab::data::read_images;
use latent_lab::model::ModelConfig;
use latent_lab::train::{MAX_BATCH, StepSettings, Trainer};
use support::{gauss, now, trainer};

fn digits(count: usize) -> Vec<f32> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/data/test-images-idx3-ubyte.gz");
    let images = read_images(&std::fs::read(path).unwrap()).unwrap();
    images.gather(&(0..count).collect::<Vec<_>>()).unwrap()
}

#[test]
fn every_preset_learns_eight_images_by_heart() {
    let images = digits(8);
    for (preset, learning_rate, steps) in [("tiny", 5e-3, 120), ("E2", 2e-3, 150), ("E4", 2e-3, 60)] {
        let mut trainer = trainer(preset, 1);
        let settings = StepSettings {
            learning_rate: Some(learning_rate),
            beta: Some(0.01),
            ..StepSettings::default()
        };
        let mut losses = (0..steps).map(|_| now(trainer.step(&images, &settings)).unwrap().unwrap().reconstruction);
        let first = losses.next().unwrap();
        let last = losses.last().unwrap();
        assert!(last < 0.6 * first, "{preset}: {first} to {last}");
    }
}

#[test]
fn the_same_seed_is_the_same_run_bit_for_bit() {
    let images = digits(16);
    let run = |seed| {
        let mut trainer = trainer("tiny", seed);
        (0..4)
            .map(|_| {
                now(trainer.step(&images, &StepSettings::default()))
                    .unwrap()
                    .unwrap()
                    .total()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
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
    let training = trainer("tiny", 1).config().family().training().clone();
    let sizes = [0, 9, 19, 900].map(|step| training.step_size(0.01, step));
    assert_eq!(sizes, [0.0005, 0.005, 0.01, 0.01]);
    assert_eq!(trainer("E2", 1).config().family().training().step_size(0.01, 0), 0.01);

    // The first update of Adam moves every weight by the step size at most, and most of them by nearly that.
    let mut trainer = trainer("tiny", 1);
    let before = now(trainer.checkpoint()).unwrap().weights;
    now(trainer.step(&digits(8), &StepSettings::default())).unwrap();
    let after = now(trainer.checkpoint()).unwrap().weights;
    let bias_map = before.len() - 784;
    let moved = before.iter().zip(&after).take(bias_map).map(|(a, b)| (a - b).abs());
    let expected = training.step_size(training.learning_rate, 0) as f32;
    let most = moved.fold(0.0, f32::max);
    assert!((most / expected - 1.0).abs() < 1e-3, "{most} for {expected}");
}

#[test]
fn the_warm_up_weighs_the_kl_and_beta_takes_its_place() {
    let training = trainer("tiny", 1).config().family().training().clone();
    assert_eq!(
        [0, 50, 200, 900].map(|step| training.kl_weight(step)),
        [0.0, 0.25, 1.0, 1.0]
    );
    assert_eq!(trainer("E2", 1).config().family().training().kl_weight(0), 1.0);

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
    let terms = now(trainer.evaluate(&images, None)).unwrap();
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
        let decoded = now(trainer.decode(&encoding.mean)).unwrap();
        assert!(decoded == now(trainer.reconstruct(&images)).unwrap());
        (
            now(trainer.evaluate(&images, None)).unwrap(),
            now(trainer.sample(4, 9, 1.0)).unwrap(),
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
    let whole = now(trainer.evaluate(&images, Some(&noise))).unwrap().total();
    let single: f32 = (0..300)
        .map(|i| {
            now(trainer.evaluate(&images[i * 784..][..784], Some(&noise[i * 8..][..8])))
                .unwrap()
                .total()
        })
        .sum();
    assert!((whole - single / 300.0).abs() < 1e-2, "{whole} for {}", single / 300.0);
}

#[test]
fn bad_input_is_refused_and_changes_nothing() {
    let images = digits(2);
    let mut trainer = trainer("tiny", 1);
    let before = now(trainer.checkpoint()).unwrap();
    let with = |change: fn(&mut StepSettings)| {
        let mut settings = StepSettings::default();
        change(&mut settings);
        settings
    };
    let bad_pixel = |value: f32| {
        let mut images = images.clone();
        images[1000] = value;
        images
    };
    let cases = [
        (vec![], StepSettings::default()),
        (images[1..].to_vec(), StepSettings::default()),
        (bad_pixel(f32::NAN), StepSettings::default()),
        (bad_pixel(-0.01), StepSettings::default()),
        (bad_pixel(1.01), StepSettings::default()),
        (vec![0.0; 784 * (MAX_BATCH + 1)], StepSettings::default()),
        (images.clone(), with(|s| s.learning_rate = Some(-1e-3))),
        (images.clone(), with(|s| s.learning_rate = Some(f64::NAN))),
        (images.clone(), with(|s| s.learning_rate = Some(f64::INFINITY))),
        (images.clone(), with(|s| s.beta = Some(-1.0))),
        (images.clone(), with(|s| s.beta = Some(f64::NAN))),
        (images.clone(), with(|s| s.noise = Some(vec![0.0; 15]))),
        (images.clone(), with(|s| s.noise = Some(vec![f32::NAN; 16]))),
    ];
    for (images, settings) in cases {
        let error = now(trainer.step(&images, &settings)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(
            error.to_string().contains("give") || error.to_string().contains("take"),
            "{error}"
        );
    }
    assert_eq!(
        now(trainer.decode(&[0.0; 9])).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(
        now(trainer.decode(&[f32::NAN; 8])).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(
        now(trainer.sample(0, 1, 1.0)).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(
        now(trainer.sample(1, 1, 0.0)).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert!(now(trainer.checkpoint()).unwrap() == before);
}

#[test]
fn configurations_that_cannot_be_built_are_refused() {
    let vae = |rest: &str| format!(r#"{{"family":"vae",{rest}}}"#);
    let dense = r#""encoder":{"kind":"dense","hidden":[16]}"#;
    let cases = [
        (vae(&format!(r#"{dense},"latent":0"#)), "latent"),
        (vae(&format!(r#"{dense},"latent":-4"#)), "-4"),
        (vae(&format!(r#"{dense},"latent":2000"#)), "256"),
        (vae(&format!(r#"{dense},"latent":2,"image":[0,28]"#)), "image is 0"),
        (vae(&format!(r#"{dense},"latent":2,"depth":3"#)), "depth"),
        (
            vae(&format!(r#"{dense},"latent":2,"training":{{"learning_rate":0}}"#)),
            "learning_rate",
        ),
        (vae(r#""encoder":{"kind":"dense","hidden":[]},"latent":2"#), "layers"),
        (
            vae(r#""encoder":{"kind":"dense","hidden":[4096,4096]},"latent":2"#),
            "parameters",
        ),
        (
            vae(r#""encoder":{"kind":"conv","channels":[4,4,4,4]},"latent":2"#),
            "divide",
        ),
        (
            vae(r#""encoder":{"kind":"conv","channels":[4,4,4,4],"padding":"valid"},"latent":2"#),
            "halved",
        ),
        ("7".into(), "configuration"),
        ("{".into(), "configuration"),
    ];
    for (json, word) in cases {
        let error = ModelConfig::from_json(&json).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidConfig, "{json}");
        assert!(error.to_string().contains(word), "{json}: {error}");
    }
    let error = ModelConfig::from_json(r#"{"family":"gan"}"#).unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().contains("known: vae")),
        (ErrorKind::UnknownName, true)
    );
}

#[test]
fn a_mean_image_that_is_none_is_refused() {
    let config = trainer("tiny", 1).config().clone();
    let error = Trainer::new(config, 1, Some(&[2.0; 784]), &Device::flex())
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn presets_have_the_sizes_of_their_sources() {
    // 160 + 4,640 + 25,104 in the encoder, 14,112 + 18,496 + 576 + 784 in the decoder.
    assert_eq!(trainer("tiny", 1).parameters(), 63_872);
    // 784-256-2: 200,960 + 1,028 in the encoder, 768 + 201,488 in the decoder.
    assert_eq!(trainer("E2", 1).parameters(), 404_244);
    // Model C: 18,816 + 36,880 in the encoder, 14,112 + 18,496 + 18,464 + 289 in the decoder.
    assert_eq!(trainer("E4", 1).parameters(), 107_057);
}
