//! An IDX file: its header, and what follows as far as it is wanted.

use std::io::Read;
use std::ops::RangeInclusive;

use crate::data::gzip::Gzip;
use crate::error::{Error, Result};

/// DEFLATE never packs better than this.
const DEFLATE_RATIO: u64 = 1032;

/// Columns of QMNIST's labels, of which the first is the class.
const QMNIST_COLUMNS: u64 = 8;

const BYTES: u8 = 0x08;
/// Types from this one on are no integers.
const FLOATS: u8 = 0x0d;

/// The types of numbers: code, name, bytes of each.
const TYPES: [(u8, &str, usize); 6] = [
    (BYTES, "bytes", 1),
    (0x09, "signed bytes", 1),
    (0x0b, "2-byte integers", 2),
    (0x0c, "4-byte integers", 4),
    (FLOATS, "4-byte floats", 4),
    (0x0e, "8-byte floats", 8),
];

/// A file whose header is read.
pub struct File<'a> {
    /// What it is to be, for messages.
    what: &'static str,
    code: u8,
    name: &'static str,
    /// Bytes of each number.
    width: usize,
    is_little_endian: bool,
    shape: Vec<u64>,
    rest: Box<dyn Read + 'a>,
    /// So many bytes the rest may have.
    lengths: RangeInclusive<u64>,
}

impl<'a> File<'a> {
    /// Reads the header of a file, raw or gzipped.
    pub fn open(bytes: &'a [u8], what: &'static str) -> Result<Self> {
        let is_packed = Gzip::is_one(bytes);
        let mut rest: Box<dyn Read + 'a> = match is_packed {
            true => Box::new(Gzip::open(bytes).map_err(|error| damaged(what, &error))?),
            false => Box::new(bytes),
        };
        let mut word = || {
            let mut word = [0; 4];
            let read = rest.read_exact(&mut word);
            read.map(|()| word).map_err(|error| damaged(what, &error))
        };
        let magic = word()?;
        let (code, dimensions, is_little_endian) = match magic {
            [0, 0, code, dimensions] => (code, dimensions, false),
            [dimensions @ 1..=4, code, 0, 0] => (code, dimensions, true),
            _ => (0, 0, false),
        };
        let Some((code, name, width)) = TYPES.into_iter().find(|&(known, ..)| known == code) else {
            return Err(Error::data(format!(
                "the {what} begins with 0x{:08x} and is no IDX file, which is the format of MNIST; choose another",
                u32::from_be_bytes(magic)
            )));
        };
        let number = match is_little_endian {
            true => u32::from_le_bytes,
            false => u32::from_be_bytes,
        };
        let shape = (0..dimensions).map(|_| Ok(u64::from(number(word()?))));
        let shape = shape.collect::<Result<Vec<_>>>()?;
        let length = bytes.len() as u64;
        let left = length.saturating_sub(4 + 4 * u64::from(dimensions));
        Ok(Self {
            what,
            code,
            name,
            width,
            is_little_endian,
            shape,
            rest,
            lengths: if is_packed {
                0..=length * DEFLATE_RATIO
            } else {
                left..=left
            },
        })
    }

    /// Images, or labels.
    pub fn count(&self) -> u64 {
        self.shape.first().copied().unwrap_or(0)
    }

    /// Bytes of each number.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height and width, where it holds images.
    pub fn image_size(&self) -> Option<[u64; 2]> {
        match self.shape[..] {
            _ if self.code != BYTES => None,
            [_, height, width] | [_, height, width, 1] | [_, 1, height, width] => Some([height, width]),
            [_, pixels] if pixels > 1 && pixels.isqrt().pow(2) == pixels => Some([pixels.isqrt(); 2]),
            _ => None,
        }
    }

    /// Numbers for each image, where it holds labels.
    pub fn label_columns(&self) -> Option<usize> {
        match self.shape[..] {
            _ if self.code >= FLOATS => None,
            [_] | [_, 1] => Some(1),
            [_, QMNIST_COLUMNS] => Some(QMNIST_COLUMNS as usize),
            _ => None,
        }
    }

    /// It holds something else than what is wanted.
    pub fn refused(&self, wanted: &str) -> Error {
        let other = match () {
            () if self.label_columns().is_some() => ", so this is a label file; choose the image file beside it",
            () if self.image_size().is_some() => ", so this is an image file; choose the label file beside it",
            () => "; choose another, or change its type and shape",
        };
        Error::data(format!(
            "the {} holds {} {:?}, and {wanted}{other}",
            self.what, self.name, self.shape
        ))
    }

    /// Whether `taken` rows of so many bytes are there, and no more than all of them. So nothing is allocated that is
    /// declared alone.
    pub fn check_length(&self, row: usize, taken: u64) -> Result<()> {
        if row as u64 * taken > *self.lengths.end() {
            return Err(Error::data(format!(
                "the {} declares {} bytes and cannot hold more than {}: it is truncated; fetch it again",
                self.what,
                self.declared(),
                self.lengths.end()
            )));
        }
        if self.declared() < *self.lengths.start() {
            return Err(self.too_long());
        }
        Ok(())
    }

    /// Reads what is next.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<()> {
        self.rest.read_exact(buffer).map_err(|error| damaged(self.what, &error))
    }

    /// Ends with its last row, unless fewer were taken.
    pub fn finish(&mut self, taken: u64) -> Result<()> {
        if taken < self.count() {
            return Ok(());
        }
        match self.rest.read(&mut [0]) {
            Ok(0) => Ok(()),
            Ok(_) => Err(self.too_long()),
            Err(error) => Err(damaged(self.what, &error)),
        }
    }

    /// The integer that a row begins with.
    pub fn integer(&self, row: &[u8]) -> i64 {
        let mut bytes = row[..self.width].to_vec();
        if self.is_little_endian {
            bytes.reverse();
        }
        let is_negative = self.code != BYTES && bytes[0] >= 0x80;
        let first = if is_negative { -1 } else { 0 };
        bytes.iter().fold(first, |value, &byte| value << 8 | i64::from(byte))
    }

    /// Bytes of all numbers. The sizes of images and labels are checked, and those of nothing else come here.
    fn declared(&self) -> u64 {
        self.shape.iter().product::<u64>() * self.width as u64
    }

    fn too_long(&self) -> Error {
        Error::data(format!(
            "the {} goes on after the {} bytes that it declares; it is damaged or not IDX: choose another",
            self.what,
            self.declared()
        ))
    }
}

fn damaged(what: &str, error: &std::io::Error) -> Error {
    Error::data(format!("the {what} is truncated or damaged ({error}); fetch it again"))
}
