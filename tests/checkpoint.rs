//! A run that is saved and opened goes on as if nothing had happened; damaged files change nothing.

mod support;

use burn::tensor::Device;
use latent_lab::ErrorKind;
use latent_lab::checkpoint::{Checkpoint, Precision};
use latent_lab::train::{Session, StepSettings};
use safetensors::tensor::{Dtype, TensorView};
use support::{FAMILIES, now, trainer, uniform};

fn batch(step: u32) -> Vec<f32> {
    uniform(8 * 784, 100 + step, 0.0, 1.0)
}

fn train(trainer: &mut Session, steps: std::ops::Range<u32>) -> Vec<f32> {
    let settings = StepSettings::default();
    steps
        .map(|step| now(trainer.step(&batch(step), &settings)).unwrap().unwrap().total())
        .collect()
}

fn file(trainer: &Session) -> Vec<u8> {
    now(trainer.checkpoint()).unwrap().to_bytes(Precision::Full).unwrap()
}

fn open(bytes: &[u8]) -> Session {
    Session::resume(Checkpoint::from_bytes(bytes).unwrap(), &Device::flex()).unwrap()
}

fn refused(bytes: &[u8]) -> String {
    let error = Checkpoint::from_bytes(bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCheckpoint);
    error.to_string()
}

#[test]
fn a_resumed_run_has_the_losses_of_one_that_never_stopped() {
    for preset in FAMILIES {
        let mut whole = trainer(preset, 5);
        let mut first = trainer(preset, 5);
        let expected = train(&mut whole, 0..6);
        let mut found = train(&mut first, 0..3);
        let mut second = open(&file(&first));
        found.extend(train(&mut second, 3..6));
        assert_eq!(found, expected, "{preset}");
        assert!(
            now(second.checkpoint()).unwrap() == now(whole.checkpoint()).unwrap(),
            "{preset}"
        );
    }
}

#[test]
fn equal_runs_are_equal_files() {
    let mut runs = [trainer("tiny", 3), trainer("tiny", 3)];
    let files = runs.each_mut().map(|run| {
        train(run, 0..2);
        file(run)
    });
    assert!(files[0] == files[1]);
    let header = String::from_utf8_lossy(&files[0][8..200]);
    assert!(header.starts_with(r#"{"__metadata__":{"checksum":"#), "{header}");
}

#[test]
fn a_fresh_model_that_is_saved_still_waits_for_its_mean_image() {
    let mut whole = trainer("tiny", 2);
    let mut opened = open(&file(&whole));
    assert_eq!(train(&mut opened, 0..2), train(&mut whole, 0..2));
}

#[test]
fn quantised_weights_are_small_and_near_and_come_without_the_optimiser() {
    let mut trained = trainer("tiny", 1);
    train(&mut trained, 0..2);
    let full = now(trained.checkpoint()).unwrap();
    let file = full.to_bytes(Precision::Bytes).unwrap();
    assert!(file.len() < full.model.weights.len() * 5 / 4, "{} bytes", file.len());
    let small = Checkpoint::from_bytes(&file).unwrap();
    assert_eq!((&small.model.adam, small.model.step), (&None, 2));
    let model = full.config.family().init();
    for parameter in model.layout().parameters() {
        let rows = if parameter.shape.len() > 1 {
            parameter.shape[0]
        } else {
            1
        };
        let row = parameter.range.len() / rows;
        for start in parameter.range.clone().step_by(row) {
            let largest = full.model.weights[start..start + row]
                .iter()
                .fold(0.0_f32, |most, w| most.max(w.abs()));
            for index in start..start + row {
                let (found, wanted) = (small.model.weights[index], full.model.weights[index]);
                assert!(
                    (found - wanted).abs() <= largest / 253.0,
                    "{}: {found} for {wanted}",
                    parameter.name
                );
            }
        }
    }
    // What is read and written again is the same.
    assert!(Checkpoint::from_bytes(&small.to_bytes(Precision::Bytes).unwrap()).unwrap() == small);
}

#[test]
fn quantised_weights_without_their_scales_are_refused() {
    let file = now(trainer("E2", 1).checkpoint())
        .unwrap()
        .to_bytes(Precision::Bytes)
        .unwrap();
    let file = without_checksum(&file);
    assert!(
        refused(&edited(&file, "encoder.0.weight.scale", "encoder.0.weight.scala")).contains("encoder.0.weight.scale")
    );
}

#[test]
fn notes_travel_with_the_file() {
    let mut noted = trainer("E2", 1);
    noted.notes = "seen: три epochs".into();
    assert_eq!(open(&file(&noted)).notes, noted.notes);
}

#[test]
fn truncated_files_are_refused() {
    let bytes = file(&trainer("E2", 1));
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let lengths = (0..header).step_by(7).chain([header, header + 1, bytes.len() - 1]);
    for length in lengths {
        refused(&bytes[..length]);
    }
}

#[test]
fn absurd_headers_are_refused() {
    for length in [0, 1, 1 << 20, 1 << 40, u64::MAX] {
        refused(&[&length.to_le_bytes()[..], &[b'{'; 64]].concat());
    }
    refused(b"");
    refused(b"\x89PNG\r\n\x1a\n and so on");
}

/// The file as one of version 1, which has no checksum: what is refused of it is refused for itself.
fn without_checksum(bytes: &[u8]) -> Vec<u8> {
    let old = edited(bytes, r#""version":"2""#, r#""version":"1""#);
    edited(&old, r#""checksum""#, r#""chekksum""#)
}

/// A file with the header's text changed; the length is kept right.
fn edited(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header = std::str::from_utf8(&bytes[8..8 + length]).unwrap();
    assert!(header.contains(from), "{from} is not in {header}");
    let header = header.replace(from, to);
    [
        &(header.len() as u64).to_le_bytes(),
        header.as_bytes(),
        &bytes[8 + length..],
    ]
    .concat()
}

#[test]
fn foreign_and_newer_files_are_refused_with_the_reason() {
    let bytes = without_checksum(&file(&trainer("E2", 1)));
    assert!(refused(&edited(&bytes, r#""format":"latent-lab""#, r#""format":"pt""#)).contains("another program"));
    assert!(refused(&edited(&bytes, r#""version":"1""#, r#""version":"3""#)).contains("reload"));
    for none in ["0", "new", ""] {
        let version = format!(r#""version":"{none}""#);
        assert!(refused(&edited(&bytes, r#""version":"1""#, &version)).contains("never was"));
    }
    // A checksum counts whatever the version says.
    let checked = file(&trainer("E2", 1));
    let older = edited(&checked, r#""version":"2""#, r#""version":"1""#);
    let damaged = edited(&older, "checksum\":\"", "checksum\":\"0");
    assert!(refused(&damaged).contains("damaged"));
    assert!(refused(&edited(&bytes, r#"\"vae\""#, r#"\"gan\""#)).contains("known: ae, vae"));
    assert!(refused(&edited(&bytes, r#"\"latent\":2"#, r#"\"latent\":-2"#)).contains("configuration"));
    assert!(refused(&edited(&bytes, r#"\"step\":0"#, r#"\"step\":-1"#)).contains("run"));
}

#[test]
fn runs_beyond_what_is_counted_are_refused() {
    let bytes = without_checksum(&file(&trainer("E2", 1)));
    for (from, to) in [
        (r#"\"step\":0"#, r#"\"step\":18446744073709551615"#),
        (r#"\"step\":0"#, r#"\"step\":9007199254740993"#),
        (r#"\"seed\":1,\"noise"#, r#"\"seed\":1152921504606846976,\"noise"#),
    ] {
        assert!(refused(&edited(&bytes, from, to)).contains("9007199254740991"));
    }
}

#[test]
fn what_is_saved_can_be_opened_whatever_the_notes() {
    let mut noted = trainer("E2", 1);
    noted.notes = "\u{1}".repeat(250_000);
    let refusal = now(noted.checkpoint()).unwrap().to_bytes(Precision::Full).unwrap_err();
    assert!(refusal.to_string().contains("shorten"), "{refusal}");
    noted.notes = "\u{1}".repeat(40_000);
    assert_eq!(open(&file(&noted)).notes, noted.notes);
}

#[test]
fn tensors_that_do_not_fit_the_configuration_are_refused() {
    let bytes = without_checksum(&file(&trainer("E2", 1)));
    assert!(refused(&edited(&bytes, "encoder.head.bias", "encoder.tail.bias")).contains("encoder.head.bias"));
    assert!(refused(&edited(&bytes, "[784,256]", "[256,784]")).contains("shape"));
    assert!(refused(&edited(&bytes, r#"\"latent\":2"#, r#"\"latent\":3"#)).contains("shape"));
    let huge = edited(&bytes, r#"\"hidden\":[256]"#, r#"\"hidden\":[4096,4096]"#);
    assert!(refused(&huge).contains("parameters"));
}

#[test]
fn numbers_that_are_not_finite_are_refused() {
    for (value, name) in [
        (f32::NAN, "decoder.output.bias"),
        (f32::INFINITY, "adam.second.decoder.output.bias"),
    ] {
        let bytes = without_checksum(&file(&trainer("E2", 1)));
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
        let changed: Vec<(String, Vec<usize>, Vec<u8>)> = tensors
            .iter()
            .map(|(key, view)| {
                let mut data = view.data().to_vec();
                if key == name {
                    data[..4].copy_from_slice(&value.to_le_bytes());
                }
                (key.to_string(), view.shape().to_vec(), data)
            })
            .collect();
        let views = changed
            .iter()
            .map(|(key, shape, data)| (key, TensorView::new(Dtype::F32, shape.clone(), data).unwrap()));
        let bad = safetensors::serialize(views, header.metadata().clone()).unwrap();
        assert!(refused(&bad).contains(name));
    }
}
