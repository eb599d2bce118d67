//! The page's default data: a part of MNIST, small enough to send.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::Path;

use anyhow::{Context, Result, ensure};
use flate2::read::GzDecoder;
use flate2::{Compression, GzBuilder};

use crate::progress;

const TO: &str = "www/data";
const CLASSES: usize = 10;
const TRAIN: usize = 10_000;
const TEST: usize = 1_000;
/// Of each class, shown as sample digits: neither trained on nor measured with.
const SAMPLES: usize = 10;

/// An IDX file of bytes: its dimensions, the first of which counts the items, and the items.
struct Idx {
    dimensions: Vec<u32>,
    items: Vec<u8>,
}

/// `cargo xtask data`: the same files from the same originals, byte by byte.
pub fn command(from: &Path) -> Result<()> {
    progress::step("Making the default data", || {
        let original = |name: &str| Idx::read(&from.join(format!("{name}-ubyte.gz")));
        let (train_images, train_labels) = (original("train-images-idx3")?, original("train-labels-idx1")?);
        let (test_images, test_labels) = (original("t10k-images-idx3")?, original("t10k-labels-idx1")?);
        let samples = samples(&test_labels)?;

        let write = |part: &Idx, name: &str| part.write(&Path::new(TO).join(format!("{name}-ubyte.gz")));
        fs::create_dir_all(TO)?;
        write(&train_images.pick(0..TRAIN), "train-images-idx3")?;
        write(&train_labels.pick(0..TRAIN), "train-labels-idx1")?;
        write(&test_images.pick(0..TEST), "test-images-idx3")?;
        write(&test_labels.pick(0..TEST), "test-labels-idx1")?;
        write(&test_images.pick(samples.iter().copied()), "sample-images-idx3")?;
        write(&test_labels.pick(samples.iter().copied()), "sample-labels-idx1")
    })
}

/// Test digits after the held-out ones, in the order 0 to 9, 0 to 9, ...
fn samples(labels: &Idx) -> Result<Vec<usize>> {
    let of_class = |class: usize| {
        let found = (TEST..labels.items.len()).filter(move |&item| usize::from(labels.items[item]) == class);
        found.take(SAMPLES).collect::<Vec<_>>()
    };
    let classes: Vec<_> = (0..CLASSES).map(of_class).collect();
    ensure!(
        classes.iter().all(|items| items.len() == SAMPLES),
        "a class has fewer than {SAMPLES} digits"
    );
    Ok((0..SAMPLES)
        .flat_map(|round| classes.iter().map(move |items| items[round]))
        .collect())
}

impl Idx {
    fn read(path: &Path) -> Result<Self> {
        let file = File::open(path).with_context(|| {
            format!(
                "cannot read {}: name the folder with the original MNIST files with --from",
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
