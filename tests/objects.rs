//! Objects: placing, presence, and a small model that learns scenes by heart.

mod support;

use burn::tensor::Device;
use latent_lab::checkpoint::{Checkpoint, Precision};
use latent_lab::data::{SceneSettings, read_images, scenes};
use latent_lab::loss::presence;
use latent_lab::model::placement::Placement;
use latent_lab::model::scene::Object;
use latent_lab::model::{Latents, Layout, ModelConfig, Weights};
use latent_lab::train::{Given, SampleSettings, Session, StepSettings};
use support::codes::{assert_near, number, tensor, values};
use support::{now, uniform};

/// Weights for constants alone.
fn no_weights() -> Weights {
    let mut layout = Layout::default();
    layout.add("none".into(), [1], latent_lab::model::layout::Init::Zeros);
    Weights::frozen(&layout, &tensor(&[0.0], [1]))
}

#[test]
fn a_patch_is_placed_between_pixels_and_found_there_again() {
    let placement = Placement { canvas: 5, patch: 3 };
    let weights = no_weights();
    let patch = tensor(&[0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0], [1, 9]);
    let placed =
        |row: f32, column: f32| values(placement.place(&weights, patch.clone(), tensor(&[row, column], [1, 2])));
    let mut expected = [0.0; 25];
    expected[2 * 5 + 1] = 1.0;
    assert_eq!(placed(2.0, 1.0), expected);
    // Half way between two rows it is on both by half, a quarter of a column further by three quarters and one.
    let between = placed(2.5, 1.25);
    assert_near(
        &[between[11], between[12], between[16], between[17]],
        &[0.375, 0.125, 0.375, 0.125],
    );
    assert_near(&[between.iter().sum()], &[1.0]);
    // Beyond the edge there is nothing.
    assert_eq!(placed(-2.0, 1.0).iter().sum::<f32>(), 0.0);
    let canvas = tensor(&expected, [1, 25]);
    let crop = |row: f32| values(placement.crop(&weights, canvas.clone(), tensor(&[row, 1.0], [1, 2])));
    assert_eq!(crop(2.0)[4], 1.0);
    assert_eq!(crop(1.0)[7], 1.0);
}

#[test]
fn presence_costs_what_other_programs_say() {
    // In Python, with q = 1 / (1 + exp(-l)): sum(q * 3 + q * log(q) + (1 - q) * log(1 - q)) / 2.
    let cost = presence(tensor(&[0.0, 2.0, -1.5, 0.5], [2, 2]), 3.0);
    assert_near(&[number(cost)], &[2.180_333]);
}

fn known() -> serde_json::Value {
    serde_json::from_str(include_str!("objects.json")).unwrap()
}

fn small() -> Session {
    let config = ModelConfig::from_json(&known()["model"].to_string()).unwrap();
    Session::new(config, 1, None, &Device::flex()).unwrap()
}

#[test]
fn one_seed_is_one_run_on_each_platform() {
    let mut session = small();
    let losses = known()["losses"].as_array().unwrap().clone();
    for (step, expected) in (0..).zip(losses) {
        let images = uniform(4 * 1600, 100 + step, 0.0, 1.0);
        let terms = now(session.step(&images, &StepSettings::default())).unwrap().unwrap();
        let deviation = (f64::from(terms.total()) / expected.as_f64().unwrap() - 1.0).abs();
        // A loss is a sum of numbers of one sign, of which f32 keeps seven digits.
        assert!(deviation < 1e-5, "step {step}: {} for {expected}", terms.total());
    }
}

fn digits(count: usize, objects: [usize; 2]) -> (Vec<f32>, Vec<usize>) {
    let file = std::fs::read("www/data/test-images-idx3-ubyte.gz").unwrap();
    let settings = SceneSettings {
        side: 40,
        objects,
        ..SceneSettings::default()
    };
    let images = read_images(&file).unwrap();
    let scenes = scenes(&images, 0..images.count(), &settings, count, 5, 0).unwrap();
    let counts = scenes.iter().map(|scene| scene.objects.len()).collect();
    (scenes.into_iter().flat_map(|scene| scene.pixels).collect(), counts)
}

#[test]
fn eight_scenes_are_learned_by_heart() {
    let (images, _) = digits(8, [1, 2]);
    let mut session = small();
    let settings = StepSettings {
        learning_rate: Some(5e-3),
        beta: Some(0.0),
        ..StepSettings::default()
    };
    let mut loss = || now(session.step(&images, &settings)).unwrap().unwrap();
    let first = *loss().get("reconstruction").unwrap();
    let last = (0..400).map(|_| *loss().get("reconstruction").unwrap()).last().unwrap();
    assert!(last < 0.4 * first, "from {first} to {last}");
}

#[test]
fn a_run_goes_on_from_its_file() {
    let (images, _) = digits(4, [1, 3]);
    let steps = |session: &mut Session, count: usize| -> Vec<f32> {
        let step = |_| {
            now(session.step(&images, &StepSettings::default()))
                .unwrap()
                .unwrap()
                .total()
        };
        (0..count).map(step).collect()
    };
    let (mut whole, mut first) = (small(), small());
    let expected = steps(&mut whole, 6);
    let mut found = steps(&mut first, 3);
    let file = now(first.save(Precision::Full)).unwrap();
    let mut second = Session::resume(Checkpoint::from_bytes(&file).unwrap(), &Device::flex()).unwrap();
    found.extend(steps(&mut second, 3));
    assert_eq!(found, expected);
    assert_eq!(
        now(second.evaluate(&images, Given::default())).unwrap(),
        now(whole.evaluate(&images, Given::default())).unwrap()
    );
}

#[test]
fn objects_are_decoded_wherever_they_are_put() {
    let session = small();
    let object = |centre| Object {
        cell: 0,
        centre,
        mean: vec![0.5; 6],
        log_variance: vec![0.0; 6],
        kl: 0.0,
        presence: 1.0,
    };
    let decode = |objects: Vec<Object>| {
        let scene = latent_lab::model::scene::SceneLatents {
            objects,
            kl: Vec::new(),
        };
        now(session.decode(&Latents::Objects(vec![scene]))).unwrap()
    };
    let (here, further) = (decode(vec![object([20.0, 20.0])]), decode(vec![object([20.0, 22.0])]));
    for y in 0..40 {
        assert_near(&here[40 * y + 2..][..36], &further[40 * y + 4..][..36]);
    }
    // Both together are ink over ink.
    let both = decode(vec![object([20.0, 20.0]), object([20.0, 22.0])]);
    let joined: Vec<f32> = here
        .iter()
        .zip(&further)
        .map(|(a, b)| 1.0 - (1.0 - a) * (1.0 - b))
        .collect();
    assert_near(&both, &joined);
    assert_eq!(decode(Vec::new()), vec![0.0; 1600]);
}

#[test]
fn what_objects_cannot_be_is_refused() {
    let session = small();
    let refused = |change: fn(&mut Object)| {
        let mut object = Object {
            cell: 24,
            centre: [20.0, 20.0],
            mean: vec![0.0; 6],
            log_variance: vec![0.0; 6],
            kl: 0.0,
            presence: 1.0,
        };
        change(&mut object);
        let scene = latent_lab::model::scene::SceneLatents {
            objects: vec![object],
            kl: Vec::new(),
        };
        now(session.decode(&Latents::Objects(vec![scene])))
            .unwrap_err()
            .to_string()
    };
    assert!(refused(|object| object.cell = 25).contains("0 to 24"));
    assert!(refused(|object| object.centre = [54.5, 0.0]).contains("-14 to 54"));
    assert!(refused(|object| object.mean = vec![0.0; 5]).contains("give 6"));
    assert!(refused(|object| object.presence = f32::NAN).contains("presence"));
    let config = |json: &str| ModelConfig::from_json(json).unwrap_err().to_string();
    assert!(config(r#"{"family":"objects","objects":0}"#).contains("objects is 0"));
    assert!(config(r#"{"family":"objects","image":[48,40]}"#).contains("square"));
    assert!(config(r#"{"family":"objects","image":[44,44]}"#).contains("multiple of 8"));
    let settings = SampleSettings {
        objects: Some(5),
        ..SampleSettings::default()
    };
    assert!(
        now(session.sample(1, &settings))
            .unwrap_err()
            .to_string()
            .contains("1 to 4")
    );
    let by_class = SampleSettings {
        label: Some(1),
        ..SampleSettings::default()
    };
    assert!(
        now(session.sample(1, &by_class))
            .unwrap_err()
            .to_string()
            .contains("prior over codes")
    );
    let tiny = support::trainer("tiny", 1);
    assert!(
        now(tiny.sample(1, &settings))
            .unwrap_err()
            .to_string()
            .contains("for scenes")
    );
    let numbers = Latents::Point(vec![0.0; 6]);
    assert!(
        now(session.decode(&numbers))
            .unwrap_err()
            .to_string()
            .contains("{ objects }")
    );
}

#[test]
fn the_k_that_say_most_are_all_there_and_pay_for_what_they_say_alone() {
    let mut config = known()["model"].clone();
    config["selection"] = "largest_kl".into();
    config["objects"] = 3.into();
    let config = ModelConfig::from_json(&config.to_string()).unwrap();
    let mut session = Session::new(config, 1, None, &Device::flex()).unwrap();
    let (images, _) = digits(4, [1, 2]);
    let terms = now(session.step(&images, &StepSettings::default())).unwrap().unwrap();
    let names: Vec<_> = terms.iter().map(|term| term.name).collect();
    assert_eq!(names, ["reconstruction", "kl", "where"]);
    let latents = now(session.encode(&images)).unwrap();
    for scene in latents.scenes() {
        let kept: Vec<_> = scene.objects.iter().map(|object| object.kl).collect();
        assert_eq!(kept.len(), 3);
        let mut all = scene.kl.clone();
        all.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(kept, all[..3]);
        assert!(scene.objects.iter().all(|object| object.presence == 1.0));
    }
}
