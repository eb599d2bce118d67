//! E3: what proves that objects are found is measured on scenes of test digits, whose parts are known here and to nobody else.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use burn::tensor::Device;
use latent_lab::checkpoint::{Checkpoint, Precision};
use latent_lab::data::{Images, Scene, SceneSettings, scenes};
use latent_lab::metrics::mean_squared_error;
use latent_lab::model::scene::SceneLatents;
use latent_lab::model::{Latents, ModelConfig};
use latent_lab::train::Session;

use super::classifier::Classifier;
use super::cpu::now;
use super::data::{Set, Sets};
use super::matching::{Decoded, Known, centre_of_mass, changed, classes_right, pairing, rand_index};
use super::results::{Values, named};
use super::trained::Trained;
use super::training::{Schedule, train_one};

/// A VAE of as many latents as three objects have together, where they are included, and of more parameters.
const PLAIN: &str = r#"{"family":"vae","encoder":{"kind":"conv","channels":[32,64,64]},"latent":42,"image":[48,48],
    "training":{"learning_rate":0.003,"batch_size":64,"kl_warm_up":200}}"#;
/// Scenes of each number of digits.
const SCENES: usize = 2000;
const SEED: u64 = 777;
/// Scenes that are looked at at once.
const CHUNK: usize = 100;

/// What was found in scenes of one number of digits, as shares of them or averages over them.
struct Found {
    covered: f64,
    counted: f64,
    /// Of each digit whether its object, decoded alone, is of its class.
    right: f64,
    /// Adjusted Rand index of the pixels that are of one digit alone.
    rand_index: f64,
    /// Of the energy of another digit, what changes when an object is taken away.
    changed: f64,
    error: f64,
}

/// Measures a model of objects, and a plain VAE that is trained as long beside it and kept in a folder.
pub fn values(model: &Trained, sets: &Sets, kept: &Path, epochs: u64, seed: u64) -> Result<Values> {
    let set = &sets.digits;
    let classifier = Classifier::train(set)?;
    let session = &model.session;
    let mut values = measure(session, set, &classifier)?;
    let schedule = Schedule {
        set,
        scenes: session.space().scenes(),
        epochs,
        seed,
    };
    let plain = plain(&schedule, kept)?;
    let error = plain_error(&plain, set)?;
    let of_objects = values.iter().find(|(name, _)| name == "MSE");
    let (_, of_objects) = of_objects.context("the error of the model was measured")?;
    values.extend([
        named("MSE over that of a plain VAE", of_objects / error),
        named("MSE of a plain VAE", error),
        named("parameters", session.parameters() as f64),
        named("parameters of the plain VAE", plain.parameters() as f64),
    ]);
    Ok(values)
}

/// The plain VAE of a schedule: trained, or as it was kept when it was trained before.
fn plain(schedule: &Schedule, kept: &Path) -> Result<Session> {
    let Schedule { epochs, seed, .. } = schedule;
    let file = kept.join(format!("plain-{epochs}-{seed}.safetensors"));
    let checkpoint = if file.exists() {
        Checkpoint::from_bytes(&fs::read(&file)?)?
    } else {
        let trained = train_one("plain", &ModelConfig::from_json(PLAIN)?, schedule)?.checkpoint;
        fs::create_dir_all(kept)?;
        fs::write(&file, trained.to_bytes(Precision::Full)?)?;
        trained
    };
    Ok(Session::resume(checkpoint, &Device::flex())?)
}

/// The error of a model that knows no objects, on the scenes of one to three digits.
fn plain_error(session: &Session, set: &Set) -> Result<f64> {
    let [side, _] = session.config().common().image;
    let mut sum = 0.0;
    for count in 1..=3 {
        let scenes = test_scenes(&set.test, [count, count], side, SCENES)?;
        let images: Vec<f32> = scenes.into_iter().flat_map(|scene| scene.pixels).collect();
        sum += mean_squared_error(&now(session.reconstruct(&images))?, &images) / 3.0;
    }
    Ok(sum)
}

fn measure(session: &Session, set: &Set, classifier: &Classifier) -> Result<Values> {
    let mut values = Values::new();
    let mut errors = Vec::new();
    for count in 1..=4 {
        let found = found(session, set, classifier, count)?;
        let of = |what: &str| format!("{what}, scenes of {count}");
        values.push(named(of("all digits covered"), found.covered));
        values.push(named(of("number of objects right"), found.counted));
        values.push(named(of("class of each object"), found.right));
        values.push(named(of("MSE"), found.error));
        if count > 1 {
            values.push(named(of("foreground ARI"), found.rand_index));
            values.push(named(of("change of another digit"), found.changed));
        }
        if count < 4 {
            errors.push(found.error);
        }
    }
    values.push(named("MSE", errors.iter().sum::<f64>() / errors.len() as f64));
    Ok(values)
}

/// Scenes of so many test digits.
fn test_scenes(test: &Images, objects: [usize; 2], side: usize, count: usize) -> Result<Vec<Scene>> {
    let settings = SceneSettings {
        side,
        objects,
        ..SceneSettings::default()
    };
    Ok(scenes(
        test,
        0..test.count(),
        &settings,
        count,
        SEED,
        objects[1] as u64,
    )?)
}

fn found(session: &Session, set: &Set, classifier: &Classifier, count: usize) -> Result<Found> {
    let [side, _] = session.config().common().image;
    let scenes = test_scenes(&set.test, [count, count], side, SCENES)?;
    let mut sums = [0.0; 6];
    let mut coverings = 0_usize;
    for chunk in scenes.chunks(CHUNK) {
        let images: Vec<f32> = chunk.iter().flat_map(|scene| scene.pixels.clone()).collect();
        let latents = now(session.encode(&images))?;
        let whole = now(session.decode(&latents))?;
        let decoded = alone(session, latents.scenes(), side, classifier)?;
        for ((scene, decoded), whole) in chunk.iter().zip(&decoded).zip(whole.chunks(side * side)) {
            let known = known(scene, set, side)?;
            let pairs = pairing(&known, decoded, side);
            sums[0] += f64::from(u8::from(pairs.is_some()));
            sums[1] += f64::from(u8::from(decoded.len() == count));
            sums[2] += classes_right(&known, decoded, pairs.as_deref(), side);
            sums[3] += rand_index(&known, decoded);
            sums[5] += mean_squared_error(whole, known.pixels);
            if let Some(pairs) = pairs.filter(|_| count > 1) {
                sums[4] += changed(&known, decoded, &pairs);
                coverings += 1;
            }
        }
    }
    let share = |sum: f64| sum / scenes.len() as f64;
    Ok(Found {
        covered: share(sums[0]),
        counted: share(sums[1]),
        right: share(sums[2]),
        rand_index: share(sums[3]),
        changed: sums[4] / coverings.max(1) as f64,
        error: share(sums[5]),
    })
}

fn known<'a>(scene: &'a Scene, set: &Set, side: usize) -> Result<Known<'a>> {
    let mut known = Known {
        pixels: &scene.pixels,
        digits: Vec::new(),
        classes: Vec::new(),
    };
    for placed in &scene.objects {
        let image = set.test.gather(&[placed.image])?;
        known.digits.push(placed.on_canvas(&image, set.test.size()[1], side));
        known.classes.push(usize::from(set.test_labels[placed.image]));
    }
    Ok(known)
}

/// Each kept object of each scene, decoded alone: where it is, and of which class by itself.
fn alone(
    session: &Session,
    scenes: &[SceneLatents],
    side: usize,
    classifier: &Classifier,
) -> Result<Vec<Vec<Decoded>>> {
    let single = |object: &latent_lab::model::scene::Object| SceneLatents {
        objects: vec![object.clone()],
        kl: Vec::new(),
    };
    let singles: Vec<SceneLatents> = scenes
        .iter()
        .flat_map(|scene| scene.objects.iter().map(single))
        .collect();
    if singles.is_empty() {
        return Ok(scenes.iter().map(|_| Vec::new()).collect());
    }
    let canvases = now(session.decode(&Latents::Objects(singles.clone())))?;
    let cropped: Vec<f32> = pictures(session, singles, side)?
        .chunks(side * side)
        .flat_map(|canvas| crop(canvas, side))
        .collect();
    let mut classes = classifier.classes(&cropped)?.into_iter();
    let mut canvases = canvases.chunks(side * side);
    let decoded = |_| {
        let canvas = canvases.next().context("a canvas for each object")?.to_vec();
        Ok(Decoded {
            centre: centre_of_mass(&canvas, side),
            class: classes.next().context("a class for each object")?,
            canvas,
        })
    };
    let mut decoded = std::iter::repeat_with(|| ()).map(decoded);
    scenes
        .iter()
        .map(|scene| decoded.by_ref().take(scene.objects.len()).collect())
        .collect()
}

/// Each object with its centre of mass in the middle of a canvas, as MNIST's digits are centred.
fn pictures(session: &Session, mut singles: Vec<SceneLatents>, side: usize) -> Result<Vec<f32>> {
    let middle = (side - 1) as f32 / 2.0;
    for scene in &mut singles {
        scene.objects[0].centre = [middle; 2];
    }
    let whole = now(session.decode(&Latents::Objects(singles.clone())))?;
    for (scene, canvas) in singles.iter_mut().zip(whole.chunks(side * side)) {
        let mass = centre_of_mass(canvas, side);
        scene.objects[0].centre = mass.map(|at| middle - (at - middle));
    }
    now(session.decode(&Latents::Objects(singles)))
}

/// The 28 x 28 in the middle of a canvas.
fn crop(canvas: &[f32], side: usize) -> Vec<f32> {
    let start = (side - 28) / 2;
    let rows = canvas.chunks(side).skip(start).take(28);
    rows.flat_map(|row| row[start..start + 28].to_vec()).collect()
}
