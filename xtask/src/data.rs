//! The page's default data: parts of MNIST and Fashion-MNIST, small enough to send.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use clap::{ArgGroup, Args};
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

use crate::progress;

const TO: &str = "www/data";
const CLASSES: usize = 10;
const TRAIN: usize = 10_000;
const TEST: usize = 1_000;
/// Of each class, shown as sample digits: neither trained on nor measured with.
const SAMPLES: usize = 10;
/// Garments, unless told otherwise.
const GARMENTS: usize = 500;
/// Images of Fashion-MNIST's test part.
const TEST_PART: usize = 10_000;

/// An IDX file of bytes: its dimensions, the first of which counts the items, and the items.
struct Idx {
    dimensions: Vec<u32>,
    items: Vec<u8>,
}

/// What `cargo xtask data` makes; the same originals give the same bytes.
#[derive(Args)]
#[command(group(ArgGroup::new("originals").required(true).multiple(true).args(["from", "fashion"])))]
pub struct Options {
    /// Folder with the four original `.gz` files of MNIST: makes the digits.
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// Folder with the four original `.gz` files of Fashion-MNIST: makes the garments.
    #[arg(long, value_name = "DIR")]
    fashion: Option<PathBuf>,
    /// How many garments, a tenth of them of each class: up to 10000 from the test part, more from the training
    /// part, which has 60000.
    #[arg(long, value_name = "N", default_value_t = GARMENTS, requires = "fashion")]
    garments: usize,
}

pub fn command(options: &Options) -> Result<()> {
    fs::create_dir_all(TO)?;
    if let Some(from) = &options.from {
        progress::step("Making the digits", || digits(from))?;
    }
    if let Some(from) = &options.fashion {
        progress::step("Making the garments", || garments(from, options.garments))?;
    }
    Ok(())
}

fn digits(from: &Path) -> Result<()> {
    let original = |name| original(from, name);
    let (train_images, train_labels) = (original("train-images-idx3")?, original("train-labels-idx1")?);
    let (test_images, test_labels) = (original("t10k-images-idx3")?, original("t10k-labels-idx1")?);
    // After the held-out ones.
    let samples = in_turn(&test_labels, TEST, SAMPLES)?;
    write(&train_images.pick(0..TRAIN), "train-images-idx3")?;
    write(&train_labels.pick(0..TRAIN), "train-labels-idx1")?;
    write(&test_images.pick(0..TEST), "test-images-idx3")?;
    write(&test_labels.pick(0..TEST), "test-labels-idx1")?;
    write(&test_images, "t10k-images-idx3")?;
    write(&test_labels, "t10k-labels-idx1")?;
    // The page begins with one of each class.
    for (name, count) in [("first", CLASSES), ("sample", samples.len())] {
        let samples = samples.iter().copied().take(count);
        write(&test_images.pick(samples.clone()), &format!("{name}-images-idx3"))?;
        write(&test_labels.pick(samples), &format!("{name}-labels-idx1"))?;
    }
    Ok(())
}

fn garments(from: &Path, count: usize) -> Result<()> {
    ensure!(
        count > 0 && count.is_multiple_of(CLASSES),
        "{count} garments are not as many of each of {CLASSES} classes; give a multiple of {CLASSES}"
    );
    let part = if count <= TEST_PART { "t10k" } else { "train" };
    let images = original(from, &format!("{part}-images-idx3"))?;
    let labels = original(from, &format!("{part}-labels-idx1"))?;
    let chosen = in_turn(&labels, 0, count / CLASSES)?;
    write(&images.pick(chosen.iter().copied()), "fashion-images-idx3")?;
    write(&labels.pick(chosen.iter().copied()), "fashion-labels-idx1")
}

/// The first `each` items of each class from `start` on, in the order 0 to 9, 0 to 9, ...
fn in_turn(labels: &Idx, start: usize, each: usize) -> Result<Vec<usize>> {
    let of_class = |class: usize| {
        let found = (start..labels.items.len()).filter(move |&item| usize::from(labels.items[item]) == class);
        found.take(each).collect::<Vec<_>>()
    };
    let classes: Vec<_> = (0..CLASSES).map(of_class).collect();
    let least = classes.iter().map(Vec::len).min().unwrap_or(0);
    ensure!(least == each, "a class has {least} images, not {each}; ask for fewer");
    Ok((0..each)
        .flat_map(|round| classes.iter().map(move |items| items[round]))
        .collect())
}

fn original(from: &Path, name: &str) -> Result<Idx> {
    Idx::read(&from.join(format!("{name}-ubyte.gz")))
}

fn write(part: &Idx, name: &str) -> Result<()> {
    part.write(&Path::new(TO).join(format!("{name}-ubyte.gz")))
}

impl Idx {
    fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| {
            format!(
                "cannot read {}: name the folder with the four original files",
                path.display()
            )
        })?;
        let mut bytes = Vec::new();
        GzDecoder::new(file)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot unpack {}", path.display()))?;
        ensure!(
            bytes.len() >= 4 && bytes[..3] == [0, 0, 8],
            "{} is not an IDX file of bytes",
            path.display()
        );
        let header = 4 + 4 * usize::from(bytes[3]);
        ensure!(bytes.len() >= header, "{} ends in its header", path.display());
        let (numbers, _) = bytes[4..header].as_chunks();
        let dimensions: Vec<_> = numbers.iter().map(|number| u32::from_be_bytes(*number)).collect();
        let items = bytes.split_off(header);
        let expected: usize = dimensions.iter().map(|&size| size as usize).product();
        ensure!(
            items.len() == expected,
            "{} does not hold what its header says",
            path.display()
        );
        Ok(Self { dimensions, items })
    }

    fn pick(&self, which: impl ExactSizeIterator<Item = usize>) -> Self {
        let mut dimensions = self.dimensions.clone();
        dimensions[0] = which.len() as u32;
        let size: usize = dimensions[1..].iter().map(|&size| size as usize).product();
        let items = which
            .flat_map(|item| &self.items[item * size..(item + 1) * size])
            .copied()
            .collect();
        Self { dimensions, items }
    }

    /// Without a date or a name in the gzip header: the bytes depend on the content alone.
    fn write(&self, path: &Path) -> Result<()> {
        let mut encoder = GzBuilder::new()
            .mtime(0)
            .write(File::create(path)?, Compression::best());
        encoder.write_all(&[0, 0, 8, self.dimensions.len() as u8])?;
        for size in &self.dimensions {
            encoder.write_all(&size.to_be_bytes())?;
        }
        encoder.write_all(&self.items)?;
        encoder.finish()?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_come_in_turn_and_a_missing_one_is_told() {
        let items: Vec<u8> = (0..30).map(|item| 9 - item % 10).collect();
        let labels = Idx {
            dimensions: vec![30],
            items,
        };
        let chosen = labels.pick(in_turn(&labels, 10, 2).unwrap().into_iter());
        assert_eq!(chosen.items, [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]; 2].concat());
        assert!(in_turn(&labels, 10, 3).is_err());
    }
}
