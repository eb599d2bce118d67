//! Files of every version and of other programs.

mod support;

use std::fs;

use burn::tensor::Device;
use half::{bf16, f16};
use latent_lab::ErrorKind;
use latent_lab::checkpoint::{Checkpoint, Precision};
use latent_lab::model::{Latents, ModelConfig, preset};
use latent_lab::train::{Given, PriorSettings, SampleSettings, Session, StepSettings};
use safetensors::SafeTensors;
use safetensors::tensor::{Dtype, TensorView};
use support::{now, trainer, uniform};

/// A file of each version for each family, saved in mid-training (that of version 2 after a step of the prior by class) by a
/// build that wrote such files, with the losses of the next two steps (and of the prior's next one) in that build.
const VERSIONS: [(&str, &str, &[f32]); 9] = [
    ("v1", "ae", &[44.329388, 44.353966]),
    ("v1", "vae", &[47.18734, 46.952248]),
    ("v1", "vq_vae", &[44.32364, 44.505043, 5.3461027]),
    ("v1", "dvae", &[44.276, 44.456936]),
    ("v2", "ae", &[44.377098, 44.347683]),
    ("v2", "vae", &[47.11269, 47.100376]),
    ("v2", "vq_vae", &[44.418854, 44.34508, 5.4010153]),
    ("v2", "dvae", &[44.535625, 44.36123]),
    ("v2", "objects", &[2235.8972, 2147.4136]),
];

fn saved(version: &str, family: &str) -> Vec<u8> {
    fs::read(format!("tests/files/{version}/{family}.safetensors")).unwrap()
}

fn version_1(family: &str) -> Vec<u8> {
    saved("v1", family)
}

fn open(bytes: &[u8]) -> Session {
    Session::resume(Checkpoint::from_bytes(bytes).unwrap(), &Device::flex()).unwrap()
}

fn floats(bytes: &[u8]) -> Vec<f32> {
    bytes
        .chunks_exact(4)
        .map(|word| f32::from_le_bytes(word.try_into().unwrap()))
        .collect()
}

#[test]
fn files_of_every_version_open_as_they_were_saved() {
    for (version, family, _) in VERSIONS {
        let bytes = saved(version, family);
        let file = SafeTensors::deserialize(&bytes).unwrap();
        let tensor = |name: &str| floats(file.tensor(name).unwrap().data());
        let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
        let networks = || {
            [Some(&checkpoint.model), checkpoint.prior.as_ref()]
                .into_iter()
                .flatten()
        };
        let mut moments: [Vec<f32>; 2] = Default::default();
        for (network, layout) in networks().zip(checkpoint.config.layouts()) {
            let adam = network.adam.as_ref().unwrap();
            for parameter in layout.parameters() {
                let (name, range) = (&parameter.name, parameter.range.clone());
                assert_eq!(
                    network.weights[range.clone()],
                    tensor(name),
                    "{version}, {family}: {name}"
                );
                if version != "v1" {
                    assert_eq!(
                        adam.first[range.clone()],
                        tensor(&format!("adam.first.{name}")),
                        "{name}"
                    );
                    assert_eq!(adam.second[range], tensor(&format!("adam.second.{name}")), "{name}");
                }
            }
            moments[0].extend(&adam.first);
            moments[1].extend(&adam.second);
        }
        // In version 1 the moments of all parameters are one vector.
        if version == "v1" {
            assert_eq!(moments, ["adam.first", "adam.second"].map(tensor), "{family}");
        }
        assert_eq!(
            checkpoint.notes,
            format!("{family}, saved as version {}", &version[1..])
        );
        // And what is opened is saved as a file of today that holds the same.
        let again = checkpoint.to_bytes(Precision::Full).unwrap();
        assert!(
            Checkpoint::from_bytes(&again).unwrap() == checkpoint,
            "{version}, {family}"
        );
    }
}

#[test]
fn runs_of_every_version_go_on_as_they_would_have() {
    for (version, family, expected) in VERSIONS {
        let mut session = open(&saved(version, family));
        let learning_rate = Some(0.01);
        let codes = StepSettings {
            learning_rate,
            ..StepSettings::default()
        };
        let prior = PriorSettings {
            learning_rate,
            labels: (version != "v1").then(|| vec![0, 1, 2, 1]),
            ..PriorSettings::default()
        };
        let seeds = if version == "v1" { 103.. } else { 203.. };
        for (index, (seed, expected)) in seeds.zip(expected).enumerate() {
            let pixels: usize = session.config().common().image.iter().product();
            let images = uniform(4 * pixels, seed, 0.0, 1.0);
            let terms = match index {
                0 | 1 => now(session.step(&images, &codes)).unwrap(),
                _ => now(session.step_prior(&images, &prior)).unwrap(),
            };
            let found = terms.unwrap().total();
            // A loss is a sum of numbers of one sign, of which f32 keeps seven digits.
            assert!(
                (found / expected - 1.0).abs() < 1e-5,
                "{version}, {family}: {found} for {expected}"
            );
        }
    }
}

#[test]
fn moments_go_by_the_name_of_their_parameter() {
    let mut trained = trainer("tiny", 1);
    now(trained.step(&uniform(8 * 784, 1, 0.0, 1.0), &StepSettings::default())).unwrap();
    let checkpoint = now(trained.checkpoint()).unwrap();
    let bytes = checkpoint.to_bytes(Precision::Full).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let adam = checkpoint.model.adam.as_ref().unwrap();
    for parameter in checkpoint.config.family().init().layout().parameters() {
        for (moment, values) in [("first", &adam.first), ("second", &adam.second)] {
            let tensor = file.tensor(&format!("adam.{moment}.{}", parameter.name)).unwrap();
            assert_eq!(tensor.shape(), parameter.shape);
            assert_eq!(
                floats(tensor.data()),
                values[parameter.range.clone()],
                "{}",
                parameter.name
            );
        }
    }
}

/// One bit of each byte of a small file, one after the other.
#[test]
fn a_turned_bit_is_found() {
    let bytes = open(&version_1("vae"));
    let bytes = now(bytes.checkpoint()).unwrap().to_bytes(Precision::Full).unwrap();
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let whole = Checkpoint::from_bytes(&bytes).unwrap();
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1 << (at % 8);
        match Checkpoint::from_bytes(&damaged) {
            Err(error) => assert_eq!(error.kind(), ErrorKind::InvalidCheckpoint),
            // A bit of the header may mean nothing, as that of a space does.
            Ok(found) => assert!(at < header && found == whole, "byte {at}"),
        }
    }
}

/// The tensors of a file as another program saves them: in its own type, with its own metadata, the file's or none.
fn saved_by_another(bytes: &[u8], dtype: Dtype, metadata: Option<Vec<(String, String)>>) -> Vec<u8> {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let convert = |value: f32| match dtype {
        Dtype::F64 => f64::from(value).to_le_bytes().to_vec(),
        Dtype::F16 => f16::from_f32(value).to_le_bytes().to_vec(),
        Dtype::BF16 => bf16::from_f32(value).to_le_bytes().to_vec(),
        Dtype::F32 => value.to_le_bytes().to_vec(),
        _ => vec![value as i8 as u8],
    };
    let tensors: Vec<_> = file
        .iter()
        .map(|(name, view)| {
            let data: Vec<u8> = floats(view.data()).into_iter().flat_map(convert).collect();
            (name.to_string(), view.shape().to_vec(), data)
        })
        .collect();
    let views = tensors
        .iter()
        .map(|(name, shape, data)| (name, TensorView::new(dtype, shape.clone(), data).unwrap()));
    let metadata = metadata.map(|entries| entries.into_iter().collect());
    safetensors::serialize(views, metadata).unwrap()
}

#[test]
fn weights_that_another_program_saved_open_with_their_configuration() {
    let whole = Checkpoint::from_bytes(&version_1("vae")).unwrap();
    let largest = whole
        .model
        .weights
        .iter()
        .fold(0.0_f32, |largest, w| largest.max(w.abs()));
    // By the bits of each type's mantissa.
    for (dtype, error) in [
        (Dtype::F32, 0.0),
        (Dtype::F64, 0.0),
        (Dtype::F16, 1.0 / 2048.0),
        (Dtype::BF16, 1.0 / 256.0),
    ] {
        for metadata in [None, Some(vec![("format".into(), "pt".into())])] {
            let bytes = saved_by_another(&version_1("vae"), dtype, metadata);
            let refusal = Checkpoint::from_bytes(&bytes).unwrap_err().to_string();
            assert!(refusal.contains("{ config }"), "{refusal}");
            let found = Checkpoint::of_weights(&bytes, whole.config.clone()).unwrap();
            for (found, wanted) in found.model.weights.iter().zip(&whole.model.weights) {
                assert!(
                    (found - wanted).abs() <= error * largest,
                    "{dtype:?}: {found} for {wanted}"
                );
            }
            assert_eq!(found.model.adam, None);
            let saved = found.to_bytes(Precision::Full).unwrap();
            assert!(Checkpoint::from_bytes(&saved).unwrap() == found, "{dtype:?}");
        }
    }
}

#[test]
fn a_file_of_ours_that_another_program_converted_opens_without_its_optimiser() {
    let mut trainer = open(&version_1("vae"));
    let ours = now(trainer.save(Precision::Full)).unwrap();
    let whole = Checkpoint::from_bytes(&ours).unwrap();
    let (_, header) = SafeTensors::read_metadata(&ours).unwrap();
    let metadata = || header.metadata().clone().map(|entries| entries.into_iter().collect());
    for (dtype, error) in [
        (Dtype::F64, 0.0),
        (Dtype::F16, 1.0 / 2048.0),
        (Dtype::BF16, 1.0 / 256.0),
    ] {
        let bytes = saved_by_another(&ours, dtype, metadata());
        let found = Checkpoint::from_bytes(&bytes).unwrap();
        assert_eq!(
            (found.model.step, &found.model.adam, &found.notes),
            (3, &None, &whole.notes)
        );
        for (found, wanted) in found.model.weights.iter().zip(&whole.model.weights) {
            assert!(
                (found - wanted).abs() <= error * wanted.abs().max(1e-4),
                "{dtype:?}: {found} for {wanted}"
            );
        }
    }
    // In the same type they are those that were saved, or damaged.
    assert!(Checkpoint::from_bytes(&saved_by_another(&ours, Dtype::F32, metadata())).unwrap() == whole);
}

#[test]
fn foreign_weights_that_do_not_fit_are_refused() {
    let config = |id: &str| preset::find(id).unwrap().config().unwrap();
    let own = Checkpoint::from_bytes(&version_1("vae")).unwrap().config;
    let bytes = saved_by_another(&version_1("vae"), Dtype::F32, None);
    let refused = |bytes: &[u8], config: ModelConfig| {
        let error = Checkpoint::of_weights(bytes, config).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidCheckpoint);
        error.to_string()
    };
    assert!(refused(&bytes, config("tiny")).contains("shape"));
    assert!(refused(&bytes[..bytes.len() - 1], own.clone()).contains("damaged"));
    let whole_numbers = saved_by_another(&version_1("vae"), Dtype::U8, None);
    assert!(refused(&whole_numbers, own.clone()).contains("F32"));
    // A file of ours needs no configuration, and takes none with other parameters, or of another family.
    assert!(refused(&version_1("vae"), config("tiny")).contains("leave it out"));
    let opened = Checkpoint::of_weights(&version_1("vae"), own).unwrap();
    assert!(opened == Checkpoint::from_bytes(&version_1("vae")).unwrap());
}

#[test]
fn a_run_goes_on_under_another_configuration_of_its_parameters() {
    let file = version_1("vae");
    let own = Checkpoint::from_bytes(&file).unwrap();
    let mut changed: serde_json::Value = serde_json::from_str(&own.config.to_json()).unwrap();
    changed["training"]["beta"] = 3.into();
    let config = ModelConfig::from_json(&changed.to_string()).unwrap();
    let opened = Checkpoint::of_weights(&file, config.clone()).unwrap();
    assert_eq!((&opened.model, &opened.config), (&own.model, &config));
    // What it is from now on is what it is saved as.
    let saved = opened.to_bytes(Precision::Full).unwrap();
    assert_eq!(Checkpoint::from_bytes(&saved).unwrap().config, config);
}

#[test]
fn weights_beyond_any_number_are_not_saved_and_the_last_sound_ones_are() {
    let mut checkpoint = now(trainer("E2", 1).checkpoint()).unwrap();
    checkpoint
        .model
        .weights
        .iter_mut()
        .for_each(|weight| *weight = weight.signum() * 1e30);
    let mut wild = Session::resume(checkpoint.clone(), &Device::flex()).unwrap();
    let unread = StepSettings {
        unread: true,
        ..StepSettings::default()
    };
    now(wild.step(&uniform(8 * 784, 1, 0.0, 1.0), &unread)).unwrap();
    let error = now(wild.save(Precision::Full)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Diverged);
    assert!(error.to_string().contains("step 0 are back"), "{error}");
    assert_eq!(wild.step_count(), 0);
    // What only looks at weights that are too large says so too, and changes nothing.
    now(wild.step(&uniform(8 * 784, 1, 0.0, 1.0), &unread)).unwrap();
    let digit = uniform(784, 1, 0.0, 1.0);
    for refused in [
        now(wild.encode(&digit)).map(drop),
        now(wild.decode(&Latents::Point(vec![0.5, 0.5]))).map(drop),
        now(wild.reconstruct(&digit)).map(drop),
        now(wild.evaluate(&digit, Given::default())).map(drop),
        now(wild.sample(1, &SampleSettings::default())).map(drop),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Diverged);
    }
    assert_eq!(wild.step_count(), 1);
    now(wild.save(Precision::Full)).unwrap_err();
    let saved = now(wild.save(Precision::Full)).unwrap();
    assert!(Checkpoint::from_bytes(&saved).unwrap() == checkpoint);

    // What was saved is sound, though nobody read its loss.
    let mut unseen = trainer("E2", 1);
    now(unseen.step(&uniform(8 * 784, 1, 0.0, 1.0), &unread)).unwrap();
    now(unseen.save(Precision::Full)).unwrap();
    let ruin = StepSettings {
        beta: Some(1000.0),
        learning_rate: Some(1.0),
        ..StepSettings::default()
    };
    let diverged = (0..200).find_map(|_| now(unseen.step(&uniform(8 * 784, 1, 0.0, 1.0), &ruin)).err());
    assert_eq!(diverged.unwrap().kind(), ErrorKind::Diverged);
    assert!(unseen.step_count() >= 1);
}
