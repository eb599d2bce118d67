//! What training refuses, with nothing changed.

mod support;

use burn::tensor::Device;
use latent_lab::ErrorKind;
use latent_lab::model::{Latents, ModelConfig, preset};
use latent_lab::train::{Given, MAX_BATCH, Session, StepSettings};
use support::{digits, drawn, now, trainer};

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
        now(trainer.decode(&Latents::Point(vec![0.0; 9]))).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(
        now(trainer.decode(&Latents::Point(vec![f32::NAN; 8])))
            .unwrap_err()
            .kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(
        now(trainer.sample(0, &drawn(1, 1.0))).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert_eq!(
        now(trainer.sample(1, &drawn(1, 0.0))).unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    assert!(now(trainer.checkpoint()).unwrap() == before);
}

#[test]
fn configurations_that_cannot_be_built_are_refused() {
    let ae = |rest: &str| format!(r#"{{"family":"ae",{rest}}}"#);
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
        (
            vae(r#""encoder":{"kind":"dense","hidden":[9,9,9,9,9,9,9,9,9]},"latent":2"#),
            "layers",
        ),
        (vae(r#""encoder":{"kind":"conv","channels":[]},"latent":2"#), "empty"),
        (vae(&format!(r#"{dense},"latent":2,"sigma_x":0"#)), "sigma_x"),
        (
            vae(&format!(r#"{dense},"latent":2,"output":"linear""#)),
            "probabilities",
        ),
        (
            vae(&format!(
                r#"{dense},"latent":2,"output":"linear","likelihood":"gaussian","output_bias":"map""#
            )),
            "shared",
        ),
        (vae(&format!(r#"{dense},"latent":2,"head":"pooled""#)), "conv"),
        (vae(&format!(r#"{dense},"latent":2,"code":"relu""#)), "linear"),
        (
            vae(&format!(r#"{dense},"latent":2,"corruption":{{"noise":0.5}}"#)),
            "ae",
        ),
        (
            ae(&format!(r#"{dense},"latent":2,"corruption":{{"noise":-0.5}}"#)),
            "-0.5",
        ),
        (
            ae(&format!(r#"{dense},"latent":2,"corruption":{{"masks":["all"]}}"#)),
            "all",
        ),
        (ae(&format!(r#"{dense},"latent":0"#)), "latent"),
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
        (error.kind(), error.to_string().contains("known: ae, vae")),
        (ErrorKind::UnknownName, true)
    );
}

#[test]
fn what_a_family_has_no_part_of_is_refused_and_changes_nothing() {
    let images = digits(2);
    let half = [vec![1.0; 392], vec![0.0; 392]].concat();
    let masks = [half.clone(), half].concat();
    let cases = [
        ("E1", Some(vec![0.0; 64]), None, "no noise"),
        ("E8", Some(vec![0.0; 64]), None, "[2, 784]"),
        ("E8", None, Some(masks.clone()), "no masks"),
        ("E2", None, Some(masks.clone()), "no masks"),
        ("E9", Some(vec![0.0; 1568]), None, "no noise"),
        ("E9", None, Some(masks[..784].to_vec()), "[2, 784]"),
        ("E9", None, Some(vec![0.5; 1568]), "1 where"),
        ("E9", None, Some(vec![1.0; 1568]), "all of image 0"),
    ];
    for (preset, noise, mask, word) in cases {
        let mut trainer = trainer(preset, 1);
        let before = now(trainer.checkpoint()).unwrap();
        let given = Given {
            noise: noise.as_deref(),
            mask: mask.as_deref(),
        };
        let looked = now(trainer.evaluate(&images, given)).unwrap_err();
        let settings = StepSettings {
            noise: noise.clone(),
            mask: mask.clone(),
            ..StepSettings::default()
        };
        let stepped = now(trainer.step(&images, &settings)).unwrap_err();
        assert_eq!(looked, stepped);
        assert_eq!(looked.kind(), ErrorKind::InvalidInput, "{preset}");
        assert!(looked.to_string().contains(word), "{preset}: {looked}");
        assert!(now(trainer.checkpoint()).unwrap() == before, "{preset}");
    }
    let sampled = now(trainer("E1", 1).sample(1, &drawn(1, 1.0))).unwrap_err();
    assert!(sampled.to_string().contains("no prior"), "{sampled}");
}

#[test]
fn a_mean_image_that_is_none_is_refused() {
    let config = trainer("tiny", 1).config().clone();
    let error = Session::new(config, 1, Some(&[2.0; 784]), &Device::flex())
        .err()
        .unwrap();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

/// 2^33 weights, which a `usize` of 32 bits counts as none; tests/web/refusals.spec.js has the same in WebAssembly.
const HUGE: &str = r#"{"family":"vae","encoder":{"kind":"conv","channels":[4096]},"latent":256,"image":[128,128],
    "decoder":{"kind":"conv","channels":[1]}}"#;

#[test]
fn sizes_are_multiplied_without_a_limit() {
    let error = ModelConfig::from_json(HUGE).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidConfig);
    // The first convolution, the dense head of 512 numbers, the decoder's dense layer and its last convolution.
    let count = (4096 * 9 + 4096) + (4096_u64 * 64 * 64 * 512 + 512) + (256 * 64 * 64 + 64 * 64) + (9 * 4 + 4);
    assert!(error.to_string().contains(&format!("{count} parameters")), "{error}");
}

#[test]
fn what_does_not_fit_the_memory_is_refused_before_it_is_tried() {
    let wide =
        r#"{"family":"vae","encoder":{"kind":"conv","channels":[64,64]},"latent":4,"image":[128,128],"head":"pooled"}"#;
    let small = r#"{"family":"vae","encoder":{"kind":"dense","hidden":[2]},"latent":1,"image":[128,128]}"#;
    let build = |json| Session::new(ModelConfig::from_json(json).unwrap(), 1, None, &Device::flex()).unwrap();
    let refused = |error: latent_lab::Error, words: &str| {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(words), "{error}");
    };

    let mut wide = build(wide);
    let before = now(wide.checkpoint()).unwrap();
    let images = vec![0.5; 512 * 128 * 128];
    let error = now(wide.step(&images, &StepSettings::default())).unwrap_err();
    let words = error.to_string();
    refused(error, "give a batch of 1 to ");
    assert!(now(wide.checkpoint()).unwrap() == before);
    // It names the batch that fits.
    let most: usize = words.rsplit(' ').next().unwrap().parse().unwrap();
    assert!((100..512).contains(&most), "{words}");

    // A prior takes memory in its own stage alone.
    let layouts = preset::find("E17").unwrap().config().unwrap().layouts();
    let [codes, prior] = [0, 1].map(|network| layouts[network].activations());
    assert!(0 < codes && codes < prior, "{codes} {prior}");

    // 60,000 digits of 28 x 28 are 2,871 images of this size.
    let small = build(small);
    refused(
        now(small.decode(&Latents::Point(vec![0.0; 2872]))).unwrap_err(),
        "1 to 2871 times",
    );
    refused(now(small.sample(2872, &drawn(1, 1.0))).unwrap_err(), "1 to 2871");
    assert_eq!(
        now(small.decode(&Latents::Point(vec![0.0; 300]))).unwrap().len(),
        300 * 128 * 128
    );
}
