//! The list of cases that natively, in the CPU flavour and in the WebGPU flavour must give the same numbers.

mod support;

use burn::tensor::Device;
use latent_lab::model::{ModelConfig, preset};
use latent_lab::train::{Given, Stage, StepSettings, Trainer};
use serde_json::Value;
use support::{drawn, now, uniform};

fn numbers(value: &Value) -> Vec<f32> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap() as f32)
        .collect()
}

fn assert_close(name: &str, found: &[f32], expected: &Value, tolerance: f32) {
    let expected = numbers(expected);
    assert_eq!(found.len(), expected.len(), "{name}: {found:?}");
    for (value, wanted) in found.iter().zip(&expected) {
        let close = (value - wanted).abs() <= tolerance * wanted.abs().max(1e-2);
        assert!(close, "{name}: {found:?} for {expected:?}");
    }
}

#[test]
fn each_case_gives_its_numbers_natively() {
    let list: Value = serde_json::from_str(include_str!("cases.json")).unwrap();
    let tolerance = list["tolerance"]["native"].as_f64().unwrap() as f32;
    let cases = list["cases"].as_array().unwrap();
    assert!(cases.len() >= 4);
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let config = match case["model"].as_str() {
            Some(id) => preset::find(id).unwrap().config().unwrap(),
            None => ModelConfig::from_json(&case["model"].to_string()).unwrap(),
        };
        let pixels: usize = config.common().image.iter().product();
        let batch = case["batch"].as_u64().unwrap() as usize;
        let images = |step: u32| uniform(batch * pixels, 100 + step, 0.0, 1.0);
        let settings = StepSettings {
            learning_rate: case["learning_rate"].as_f64(),
            beta: case["beta"].as_f64(),
            ..StepSettings::default()
        };
        let mut trainer = Trainer::new(config, case["seed"].as_u64().unwrap(), None, &Device::flex()).unwrap();
        let steps = case["expected"]["losses"].as_array().unwrap().len();
        let losses: Vec<f32> = (0..steps)
            .map(|step| {
                now(trainer.step(&images(step as u32), &settings))
                    .unwrap()
                    .unwrap()
                    .total()
            })
            .collect();
        assert_close(
            &format!("{name}: losses"),
            &losses,
            &case["expected"]["losses"],
            tolerance,
        );

        let terms = now(trainer.evaluate(&images(0), Given::default())).unwrap().terms;
        let terms: Vec<f32> = std::iter::once(terms.reconstruction).chain(terms.kl).collect();
        assert_close(
            &format!("{name}: evaluate"),
            &terms,
            &case["expected"]["evaluate"],
            tolerance,
        );

        let first = &images(0)[..pixels];
        let mean = match trainer.grid() {
            Some(_) => now(trainer.codes(first))
                .unwrap()
                .into_iter()
                .map(|code| code as f32)
                .collect(),
            None => now(trainer.encode(first)).unwrap().mean,
        };
        assert_close(
            &format!("{name}: mean"),
            &mean,
            &case["expected"]["mean"],
            10.0 * tolerance,
        );
        let middle = |image: Vec<f32>| image[pixels / 2..][..4].to_vec();
        let decoded = middle(match trainer.grid() {
            Some(_) => now(trainer.reconstruct(first)).unwrap(),
            None => now(trainer.decode(&mean)).unwrap(),
        });
        assert_close(
            &format!("{name}: decoded"),
            &decoded,
            &case["expected"]["decoded"],
            tolerance,
        );
        if !case["expected"]["prior"].is_null() {
            let settings = StepSettings {
                stage: Stage::Prior,
                ..StepSettings::default()
            };
            let nats: Vec<_> = (0..3)
                .map(|step| now(trainer.step(&images(step), &settings)).unwrap().unwrap().total())
                .collect();
            assert_close(&format!("{name}: prior"), &nats, &case["expected"]["prior"], tolerance);
        }
        // A code has no prior to sample from.
        let sampled = now(trainer.sample(1, &drawn(5, 1.0))).map_or_else(|_| Vec::new(), middle);
        assert_close(
            &format!("{name}: sampled"),
            &sampled,
            &case["expected"]["sampled"],
            tolerance,
        );
    }
}
