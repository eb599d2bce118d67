//! The IDX format of MNIST, raw or gzipped
//! (big-endian: magic 0x0803 or 0x0801, the dimensions, then bytes).

use std::io::Read;
use std::ops::RangeInclusive;

use flate2::read::MultiGzDecoder;

use crate::error::{Error, Result};

/// The most bytes of pixels that a file may hold: MNIST's 60,000 training images fit.
pub const MAX_IMAGE_BYTES: usize = 48 << 20;

/// The longest side of an image.
const MAX_SIDE: usize = 256;

/// DEFLATE never packs better than this.
const DEFLATE_RATIO: usize = 1032;

const IMAGES: u32 = 0x0803;
const LABELS: u32 = 0x0801;

/// Grey images of one size, a byte a pixel, row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    height: usize,
    width: usize,
    pixels: Vec<u8>,
}

impl Images {
    /// How many images there are.
    pub fn count(&self) -> usize {
        self.pixels.len() / (self.height * self.width)
    }

    /// Height and width.
    pub fn size(&self) -> [usize; 2] {
        [self.height, self.width]
    }

    /// The same images with a border of zeros, in the middle of a larger size.
    ///
    /// # Errors
    /// When the size is smaller than the images.
    pub fn padded(&self, [height, width]: [usize; 2]) -> Result<Self> {
        if height < self.height || width < self.width {
            return Err(Error::input(format!(
                "images of {} x {} do not fit into {height} x {width}; give a larger size",
                self.height, self.width
            )));
        }
        let mut pixels = vec![0; self.count() * height * width];
        let (top, left) = ((height - self.height) / 2, (width - self.width) / 2);
        for (index, row) in self.pixels.chunks_exact(self.width).enumerate() {
            let (image, y) = (index / self.height, index % self.height);
            let start = (image * height + top + y) * width + left;
            pixels[start..start + self.width].copy_from_slice(row);
        }
        Ok(Self { height, width, pixels })
    }

    /// The images at `indices`, values in `[0, 1]`, one after the other.
    ///
    /// # Errors
    /// When an index is not below [`count`](Self::count).
    pub fn gather(&self, indices: &[usize]) -> Result<Vec<f32>> {
        let length = self.height * self.width;
        let mut values = Vec::with_capacity(indices.len() * length);
        for &index in indices {
            let image = self.pixels.chunks_exact(length).nth(index).ok_or_else(|| {
                Error::input(format!(
                    "image {index} does not exist: there are {}, counted from 0",
                    self.count()
                ))
            })?;
            values.extend(image.iter().map(|&pixel| f32::from(pixel) / 255.0));
        }
        Ok(values)
    }

    /// The mean image, values in `[0, 1]`.
    pub fn mean(&self) -> Vec<f32> {
        let length = self.height * self.width;
        let mut sums = vec![0u64; length];
        for image in self.pixels.chunks_exact(length) {
            for (sum, &pixel) in sums.iter_mut().zip(image) {
                *sum += u64::from(pixel);
            }
        }
        let scale = 255.0 * self.count() as f64;
        sums.iter().map(|&sum| (sum as f64 / scale) as f32).collect()
    }
}

/// Reads an image file.
///
/// # Errors
/// [`InvalidData`](crate::ErrorKind::InvalidData) for a file that is truncated, too long, of
/// another type, empty, or holds more than [`MAX_IMAGE_BYTES`]. Never more than the declared size
/// is unpacked, and never more than the limit is allocated.
pub fn read_images(bytes: &[u8]) -> Result<Images> {
    let (dimensions, pixels) = read(bytes, IMAGES)?;
    Ok(Images {
        height: dimensions[1],
        width: dimensions[2],
        pixels,
    })
}

/// Reads a label file; `count` is how many images it must label.
///
/// # Errors
/// As [`read_images`], and when the number of labels differs from `count`.
pub fn read_labels(bytes: &[u8], count: usize) -> Result<Vec<u8>> {
    let (dimensions, labels) = read(bytes, LABELS)?;
    if dimensions[0] != count {
        return Err(Error::data(format!(
            "the label file has {} labels for {count} images; take the file that belongs to the images",
            dimensions[0]
        )));
    }
    Ok(labels)
}

fn read(bytes: &[u8], magic: u32) -> Result<(Vec<usize>, Vec<u8>)> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let most = bytes.len().saturating_mul(DEFLATE_RATIO);
        read_from(MultiGzDecoder::new(bytes), 0..=most, magic)
    } else {
        let header = 4 + 4 * (magic & 0xff) as usize;
        let length = bytes.len().saturating_sub(header);
        read_from(bytes, length..=length, magic)
    }
}

/// Reads from a source that holds `lengths` bytes after its header: a file never allocates what it
/// only declares.
fn read_from(mut source: impl Read, lengths: RangeInclusive<usize>, magic: u32) -> Result<(Vec<usize>, Vec<u8>)> {
    let found = read_u32(&mut source)?;
    if found != magic {
        let remedy = match (magic, found) {
            (IMAGES, LABELS) => "this is a label file; choose the image file beside it",
            (LABELS, IMAGES) => "this is an image file; choose the label file beside it",
            _ => "choose an IDX file such as train-images-idx3-ubyte.gz",
        };
        return Err(Error::data(format!(
            "the file begins with 0x{found:08x} instead of 0x{magic:08x}: {remedy}"
        )));
    }
    let rank = (magic & 0xff) as usize;
    let dimensions = (0..rank)
        .map(|_| read_u32(&mut source).map(|n| n as usize))
        .collect::<Result<Vec<_>>>()?;
    if dimensions.contains(&0) || dimensions[1..].iter().any(|&side| side > MAX_SIDE) {
        return Err(Error::data(format!(
            "the file declares the size {dimensions:?}; at least one image with sides of 1 to {MAX_SIDE} is needed"
        )));
    }
    let length = dimensions
        .iter()
        .try_fold(1usize, |product, &n| product.checked_mul(n))
        .filter(|&length| length <= MAX_IMAGE_BYTES)
        .ok_or_else(|| {
            Error::data(format!(
                "the file declares {dimensions:?}, more than {} MB; split it into smaller files",
                MAX_IMAGE_BYTES >> 20
            ))
        })?;
    if length > *lengths.end() {
        return Err(Error::data(format!(
            "the file declares {length} bytes and cannot hold more than {}: it is truncated; fetch it again",
            lengths.end()
        )));
    }
    let too_long = || {
        Error::data(format!(
            "the file goes on after the {length} bytes that it declares; it is damaged or not IDX: choose another"
        ))
    };
    if length < *lengths.start() {
        return Err(too_long());
    }
    let mut values = vec![0; length];
    source.read_exact(&mut values).map_err(damaged)?;
    if source.read(&mut [0]).map_err(damaged)? != 0 {
        return Err(too_long());
    }
    Ok((dimensions, values))
}

fn read_u32(source: &mut impl Read) -> Result<u32> {
    let mut word = [0; 4];
    source.read_exact(&mut word).map_err(damaged)?;
    Ok(u32::from_be_bytes(word))
}

fn damaged(error: std::io::Error) -> Error {
    Error::data(format!("the file is truncated or damaged ({error}); fetch it again"))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;
    use crate::ErrorKind;

    fn idx(magic: u32, dimensions: &[u32], bytes: &[u8]) -> Vec<u8> {
        let mut file = magic.to_be_bytes().to_vec();
        file.extend(dimensions.iter().flat_map(|d| d.to_be_bytes()));
        file.extend_from_slice(bytes);
        file
    }

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn refused(file: &[u8]) -> String {
        let error = read_images(file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        error.to_string()
    }

    #[test]
    fn raw_and_gzipped_files_read_alike() {
        let file = idx(IMAGES, &[2, 2, 3], &[0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6]);
        let images = read_images(&file).unwrap();
        assert_eq!((images.count(), images.size()), (2, [2, 3]));
        assert_eq!(images.gather(&[0]).unwrap(), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(read_images(&gz(&file)).unwrap(), images);
        assert!(images.gather(&[2]).is_err());
    }

    #[test]
    fn the_mean_image_is_the_mean_of_each_pixel() {
        let images = read_images(&idx(IMAGES, &[2, 1, 2], &[0, 255, 255, 255])).unwrap();
        assert_eq!(images.mean(), [0.5, 1.0]);
    }

    #[test]
    fn labels_must_be_as_many_as_images() {
        let file = idx(LABELS, &[3], &[7, 8, 9]);
        assert_eq!(read_labels(&file, 3).unwrap(), [7, 8, 9]);
        assert!(
            read_labels(&file, 4)
                .unwrap_err()
                .to_string()
                .contains("3 labels for 4 images")
        );
        assert!(refused(&file).contains("label file"));
    }

    #[test]
    fn damaged_files_are_refused() {
        let file = idx(IMAGES, &[2, 2, 2], &[9; 8]);
        for length in 0..file.len() {
            refused(&file[..length]);
        }
        let packed = gz(&file);
        for length in 0..packed.len() {
            refused(&packed[..length]);
        }
        assert!(refused(&[file, vec![0]].concat()).contains("goes on after"));
        assert!(refused(b"\x89PNG\r\n\x1a\n0000000000000000").contains("choose an IDX file"));
        refused(&idx(IMAGES, &[0, 28, 28], &[]));
        refused(&idx(IMAGES, &[1, 28, 100_000], &[]));
    }

    #[test]
    fn a_declared_size_is_not_allocated() {
        assert!(refused(&idx(IMAGES, &[u32::MAX, 255, 255], &[])).contains("MB"));
        assert!(refused(&idx(IMAGES, &[60_000, 28, 28], &[0; 16])).contains("truncated"));
        assert!(refused(&gz(&idx(IMAGES, &[60_000, 28, 28], &[]))).contains("truncated"));
    }

    #[test]
    fn a_gzip_bomb_is_unpacked_only_as_far_as_it_declares() {
        let bomb = gz(&idx(IMAGES, &[1, 2, 2], &vec![0; 200 << 20]));
        assert!(refused(&bomb).contains("goes on after the 4 bytes"));
    }
}
