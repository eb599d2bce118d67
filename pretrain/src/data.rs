//! The data sets, from IDX files.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use latent_lab::data::{Images, SceneSettings, batch_indices, read_images, read_labels, scenes};
use latent_lab::model::preset;

/// Side of a garment's picture, with its border of zeros.
const PADDED: [usize; 2] = [32, 32];

/// Training and test images of one kind.
pub struct Set {
    pub train: Images,
    pub test: Images,
    pub train_labels: Vec<u8>,
    pub test_labels: Vec<u8>,
}

/// All that is at hand.
pub struct Sets {
    pub digits: Set,
    /// As they are, 28 x 28.
    pub garments: Option<Set>,
    padded: Option<Set>,
}

impl Sets {
    pub fn open(digits: &Path, garments: Option<&Path>) -> Result<Self> {
        let garments = garments.map(Set::open).transpose()?;
        let padded = garments.as_ref().map(Set::padded).transpose()?;
        Ok(Self {
            digits: Set::open(digits)?,
            garments,
            padded,
        })
    }

    /// What a preset is trained on.
    pub fn of(&self, data: preset::Data) -> Result<&Set> {
        match data {
            preset::Data::Mnist => Ok(&self.digits),
            preset::Data::Fashion => self
                .padded
                .as_ref()
                .context("garments are needed: give --fashion the folder of the IDX files"),
        }
    }

    pub fn garments(&self) -> Result<&Set> {
        self.garments
            .as_ref()
            .context("garments are needed: give --fashion the folder of the IDX files")
    }
}

impl Set {
    fn open(folder: &Path) -> Result<Self> {
        let train = images(folder, &["train-images-idx3-ubyte"])?;
        let test = images(folder, &["t10k-images-idx3-ubyte", "test-images-idx3-ubyte"])?;
        Ok(Self {
            train_labels: labels(folder, &["train-labels-idx1-ubyte"], &train)?,
            test_labels: labels(folder, &["t10k-labels-idx1-ubyte", "test-labels-idx1-ubyte"], &test)?,
            train,
            test,
        })
    }

    fn padded(&self) -> Result<Self> {
        Ok(Self {
            train: self.train.padded(PADDED)?,
            test: self.test.padded(PADDED)?,
            train_labels: self.train_labels.clone(),
            test_labels: self.test_labels.clone(),
        })
    }

    /// The numbers of the training images of a step.
    pub fn batch_indices(&self, size: usize, seed: u64, step: u64) -> Vec<usize> {
        batch_indices(self.train.count(), size, seed, step)
    }

    /// The training images of a step, or as many scenes of training images.
    pub fn batch(&self, scenes: Option<&SceneSettings>, size: usize, seed: u64, step: u64) -> Result<Vec<f32>> {
        match scenes {
            Some(settings) => pixels_of_scenes(&self.train, settings, size, seed, step),
            None => Ok(self.train.gather(&self.batch_indices(size, seed, step))?),
        }
    }

    /// The first test images, or as many scenes of test images.
    pub fn held_out(&self, scenes: Option<&SceneSettings>, count: usize) -> Result<Vec<f32>> {
        match scenes {
            Some(settings) => pixels_of_scenes(&self.test, settings, count, 0, 0),
            None => Ok(self
                .test
                .gather(&(0..self.test.count().min(count)).collect::<Vec<_>>())?),
        }
    }

    /// All test images, one after the other.
    pub fn test_images(&self) -> Result<Vec<f32>> {
        Ok(self.test.gather(&(0..self.test.count()).collect::<Vec<_>>())?)
    }

    /// All training images, one after the other.
    pub fn train_images(&self) -> Result<Vec<f32>> {
        Ok(self.train.gather(&(0..self.train.count()).collect::<Vec<_>>())?)
    }
}

fn pixels_of_scenes(images: &Images, settings: &SceneSettings, count: usize, seed: u64, step: u64) -> Result<Vec<f32>> {
    let scenes = scenes(images, 0..images.count(), settings, count, seed, step)?;
    Ok(scenes.into_iter().flat_map(|scene| scene.pixels).collect())
}

fn images(folder: &Path, names: &[&str]) -> Result<Images> {
    let bytes = read(folder, names)?;
    read_images(&bytes).with_context(|| format!("{} of {} cannot be read", names[0], folder.display()))
}

fn labels(folder: &Path, names: &[&str], images: &Images) -> Result<Vec<u8>> {
    let bytes = read(folder, names)?;
    read_labels(&bytes, images).with_context(|| format!("{} of {} cannot be read", names[0], folder.display()))
}

/// The first of the named files that is there.
fn read(folder: &Path, names: &[&str]) -> Result<Vec<u8>> {
    let candidates = names
        .iter()
        .flat_map(|name| [format!("{name}.gz"), (*name).to_string()])
        .map(|name| folder.join(name));
    let path = candidates.into_iter().find(|path| path.exists()).with_context(|| {
        format!(
            "{} has no {}; give the folder of the IDX files",
            folder.display(),
            names[0]
        )
    })?;
    fs::read(&path).with_context(|| format!("{} cannot be read", path.display()))
}
