//! The IDX format of MNIST, raw or gzipped: two zeros, the type of the numbers, how many dimensions there are; the
//! dimensions as 4-byte integers; the numbers. It is big-endian, or else little-endian from its first four bytes on.

mod file;

use self::file::File;
use super::Images;
use crate::error::{Error, Result};

/// The most bytes of pixels that are taken: MNIST's 60,000 training images fit, and of a larger set the first ones.
pub const MAX_IMAGE_BYTES: usize = 48 << 20;

/// The most images that are taken: each batch is drawn from an order of all of them.
const MAX_COUNT: u64 = 1 << 20;

/// The longest side of an image.
const MAX_SIDE: u64 = 256;

/// Reads an image file: bytes `[count, height, width]`, which may have a dimension of 1 for their channel, or
/// `[count, pixels]` of square images.
///
/// # Errors
/// [`InvalidData`](crate::ErrorKind::InvalidData) for a file that is truncated, too long, of another type or shape, or
/// empty. Of one that holds more than [`MAX_IMAGE_BYTES`], or a million images, the first are taken, and no more is
/// looked at.
pub fn read_images(bytes: &[u8]) -> Result<Images> {
    let mut file = File::open(bytes, "image file")?;
    let size = file
        .image_size()
        .ok_or_else(|| file.refused("images are bytes [count, height, width]"))?;
    if file.count() == 0 || size.iter().any(|side| !(1..=MAX_SIDE).contains(side)) {
        let [height, width] = size;
        return Err(Error::data(format!(
            "the image file declares {} images of {height} x {width}; at least one, with sides of 1 to {MAX_SIDE}, is needed",
            file.count()
        )));
    }
    let size = size.map(|side| side as usize);
    let length = size[0] * size[1];
    let taken = file.count().min((MAX_IMAGE_BYTES / length) as u64).min(MAX_COUNT);
    file.check_length(length, taken)?;
    let mut pixels = vec![0; taken as usize * length];
    file.read(&mut pixels)?;
    file.finish(taken)?;
    Ok(Images::new(size, pixels, file.count()))
}

/// Reads the label file of images: integers `[count]` or `[count, 1]`, or QMNIST's eight for each image, of which the
/// first is the class.
///
/// # Errors
/// As [`read_images`]; when there are not as many labels as the images' own file declares; when a class is not 0 to
/// 255.
pub fn read_labels(bytes: &[u8], images: &Images) -> Result<Vec<u8>> {
    let mut file = File::open(bytes, "label file")?;
    let columns = file
        .label_columns()
        .ok_or_else(|| file.refused("labels are integers [count]"))?;
    if file.count() != images.declared() {
        return Err(Error::data(format!(
            "the label file has {} labels for {} images; take the file that belongs to the images",
            file.count(),
            images.declared()
        )));
    }
    let taken = images.count() as u64;
    let mut row = vec![0; columns * file.width()];
    file.check_length(row.len(), taken)?;
    let labels = (0..taken).map(|index| {
        file.read(&mut row)?;
        let class = file.integer(&row);
        let refused = |_| {
            Error::data(format!(
                "label {index} of the label file is {class}; classes are 0 to 255"
            ))
        };
        u8::try_from(class).map_err(refused)
    });
    let labels = labels.collect::<Result<Vec<_>>>()?;
    file.finish(taken)?;
    Ok(labels)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;
    use crate::ErrorKind;

    const IMAGES: u32 = 0x0803;
    const LABELS: u32 = 0x0801;

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

    fn message<T: std::fmt::Debug>(read: Result<T>) -> String {
        let error = read.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
        error.to_string()
    }

    fn refused(file: &[u8]) -> String {
        message(read_images(file))
    }

    /// So many images of one pixel.
    fn dots(count: u32) -> Images {
        read_images(&idx(IMAGES, &[count, 1, 1], &vec![0; count as usize])).unwrap()
    }

    #[test]
    fn raw_and_gzipped_files_read_alike() {
        let file = idx(IMAGES, &[2, 2, 3], &[0, 51, 102, 153, 204, 255, 1, 2, 3, 4, 5, 6]);
        let images = read_images(&file).unwrap();
        assert_eq!((images.count(), images.size()), (2, [2, 3]));
        assert_eq!(images.gather(&[0]).unwrap(), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
        assert_eq!(read_images(&gz(&file)).unwrap(), images);
    }

    #[test]
    fn images_are_known_by_other_shapes_too() {
        let images = read_images(&idx(IMAGES, &[2, 2, 2], &[1, 2, 3, 4, 5, 6, 7, 8])).unwrap();
        for (magic, shape) in [(0x0802, &[2, 4][..]), (0x0804, &[2, 2, 2, 1]), (0x0804, &[2, 1, 2, 2])] {
            let file = idx(magic, shape, &[1, 2, 3, 4, 5, 6, 7, 8]);
            assert_eq!(read_images(&file).unwrap(), images, "{shape:?}");
        }
        let little_endian = [
            &[3, 8, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0][..],
            &[1, 2, 3, 4, 5, 6, 7, 8],
        ]
        .concat();
        assert_eq!(read_images(&little_endian).unwrap(), images);
    }

    #[test]
    fn labels_are_integers_of_any_size() {
        let images = dots(2);
        let read = |magic, shape: &[u32], bytes: &[u8]| read_labels(&idx(magic, shape, bytes), &images);
        for (magic, shape, bytes) in [
            (0x0801, &[2][..], &[7, 255][..]),
            (0x0802, &[2, 1], &[7, 255]),
            (0x0b01, &[2], &[0, 7, 0, 255]),
            (0x0c01, &[2], &[0, 0, 0, 7, 0, 0, 0, 255]),
        ] {
            assert_eq!(read(magic, shape, bytes).unwrap(), [7, 255], "{magic:x}");
        }
        let little_endian = [1, 12, 0, 0, 2, 0, 0, 0, 7, 0, 0, 0, 255, 0, 0, 0];
        assert_eq!(read_labels(&little_endian, &images).unwrap(), [7, 255]);
        // QMNIST: class, series, writer, and so on.
        let row = |class: u32| [class, 4, 2600, 300, 0, 1, 2, 3].map(u32::to_be_bytes).concat();
        assert_eq!(read(0x0c02, &[2, 8], &[row(7), row(255)].concat()).unwrap(), [7, 255]);

        assert!(message(read(0x0b01, &[2], &[1, 0, 0, 1])).contains("label 0 of the label file is 256"));
        assert!(message(read(0x0901, &[2], &[1, 255])).contains("label 1 of the label file is -1"));
    }

    #[test]
    fn labels_must_be_as_many_as_images() {
        let file = idx(LABELS, &[3], &[7, 8, 9]);
        assert_eq!(read_labels(&file, &dots(3)).unwrap(), [7, 8, 9]);
        assert!(message(read_labels(&file, &dots(4))).contains("3 labels for 4 images"));
    }

    #[test]
    fn what_is_found_instead_is_named() {
        let labels = refused(&idx(LABELS, &[3], &[7, 8, 9]));
        assert!(
            labels.contains("bytes [3]") && labels.contains("choose the image file beside it"),
            "{labels}"
        );
        let images = message(read_labels(&idx(IMAGES, &[1, 1, 1], &[0]), &dots(1)));
        assert!(
            images.contains("bytes [1, 1, 1]") && images.contains("choose the label file beside it"),
            "{images}"
        );
        for (magic, shape, found) in [
            (0x0d03, &[1, 2, 2][..], "4-byte floats [1, 2, 2]"),
            (0x0802, &[2, 10], "bytes [2, 10]"),
            (0x0804, &[2, 3, 3, 3], "bytes [2, 3, 3, 3]"),
            (0x0800, &[], "bytes []"),
        ] {
            let file = idx(magic, shape, &[0; 64]);
            assert!(refused(&file).contains(found), "{}", refused(&file));
            let labels = message(read_labels(&file, &dots(1)));
            assert!(labels.contains(found), "{labels}");
        }
    }

    #[test]
    fn of_a_large_set_the_first_images_are_taken_with_their_labels() {
        let most = MAX_IMAGE_BYTES / (256 * 256);
        let count = most as u32 + 2;
        let file = idx(IMAGES, &[count, 256, 256], &vec![9; count as usize * 256 * 256]);
        // All of it, gzipped, or as much of it as is needed.
        for file in [&file[..], &gz(&file), &file[..MAX_IMAGE_BYTES + 16]] {
            let images = read_images(file).unwrap();
            assert_eq!((images.count(), images.declared()), (most, u64::from(count)));
            let labels = idx(LABELS, &[count], &vec![1; count as usize]);
            assert_eq!(read_labels(&labels, &images).unwrap(), vec![1; most]);
            let fewer = idx(LABELS, &[most as u32], &vec![1; most]);
            assert!(message(read_labels(&fewer, &images)).contains(&format!("{most} labels for {count} images")));
        }
        assert!(refused(&file[..MAX_IMAGE_BYTES]).contains("truncated"));
        assert!(refused(&[file, vec![0]].concat()).contains("goes on after"));
        assert_eq!(dots(MAX_COUNT as u32 + 1).count() as u64, MAX_COUNT);
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
        assert!(refused(b"\x89PNG\r\n\x1a\n0000000000000000").contains("0x89504e47 and is no IDX file"));
        refused(&idx(IMAGES, &[0, 28, 28], &[]));
        refused(&idx(IMAGES, &[1, 28, 100_000], &[]));
        let labels = idx(0x0c01, &[2], &[0, 0, 0, 7, 0, 0, 0, 8]);
        for length in 0..labels.len() {
            message(read_labels(&labels[..length], &dots(2)));
        }
        assert!(message(read_labels(&[labels, vec![0]].concat(), &dots(2))).contains("goes on after the 8 bytes"));
    }

    #[test]
    fn a_declared_size_is_not_allocated() {
        for file in [
            idx(IMAGES, &[u32::MAX, 255, 255], &[]),
            idx(IMAGES, &[60_000, 28, 28], &[0; 16]),
            gz(&idx(IMAGES, &[60_000, 28, 28], &[])),
            idx(0x0802, &[u32::MAX, 65_536], &[]),
        ] {
            assert!(refused(&file).contains("truncated"));
        }
    }

    #[test]
    fn a_gzip_bomb_is_unpacked_only_as_far_as_it_declares() {
        let bomb = gz(&idx(IMAGES, &[1, 2, 2], &vec![0; 200 << 20]));
        assert!(refused(&bomb).contains("goes on after the 4 bytes"));
    }
}
