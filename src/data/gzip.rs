//! Gzip (RFC 1952). flate2 unpacks it, but for its frame: its table for checksums alone would be 16 kB of each page's
//! WebAssembly, which no compression makes smaller.

use std::io::{BufRead, Error, ErrorKind, Read, Result};

use flate2::bufread::DeflateDecoder;

use crate::checksum::Checksum;

/// How each file begins: two bytes, and DEFLATE, the only method that there is.
const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];

/// The flags of section 2.3.1 that say what else is in a header.
const HEADER_CHECKSUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;

/// Unpacks a file of one or more members.
pub struct Gzip<'a> {
    member: DeflateDecoder<&'a [u8]>,
    checksum: Checksum,
    /// Bytes that were read of the member, modulo 2^32, as its end has them.
    length: u32,
    is_at_end: bool,
}

impl<'a> Gzip<'a> {
    /// Whether a file is packed.
    pub fn is_one(bytes: &[u8]) -> bool {
        bytes.starts_with(&MAGIC[..2])
    }

    /// Reads the header of the first member.
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        Ok(Self {
            member: DeflateDecoder::new(after_header(bytes)?),
            checksum: Checksum::default(),
            length: 0,
            is_at_end: false,
        })
    }

    /// Checks what was read against the member's end, and goes on to the next member.
    fn end_member(&mut self) -> Result<()> {
        let mut rest = *self.member.get_ref();
        let checksum = u32::from_le_bytes(take(&mut rest)?);
        let length = u32::from_le_bytes(take(&mut rest)?);
        if (checksum, length) != (self.checksum.value(), self.length) {
            return Err(Error::new(ErrorKind::InvalidData, "its checksum is another one"));
        }
        self.is_at_end = rest.is_empty();
        if !self.is_at_end {
            *self = Self::open(rest)?;
        }
        Ok(())
    }
}

impl Read for Gzip<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while !self.is_at_end && !buffer.is_empty() {
            let count = self.member.read(buffer)?;
            if count > 0 {
                self.checksum.update(&buffer[..count]);
                self.length = self.length.wrapping_add(count as u32);
                return Ok(count);
            }
            self.end_member()?;
        }
        Ok(0)
    }
}

/// What follows on a member's header.
fn after_header(mut rest: &[u8]) -> Result<&[u8]> {
    if take(&mut rest)? != MAGIC {
        return Err(Error::new(ErrorKind::InvalidData, "something that is no gzip follows"));
    }
    let [flags] = take(&mut rest)?;
    // The time of its file, and what packed it where.
    take::<6>(&mut rest)?;
    if flags & EXTRA != 0 {
        let length = u16::from_le_bytes(take(&mut rest)?);
        rest = rest.split_at_checked(length.into()).ok_or(ErrorKind::UnexpectedEof)?.1;
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            rest.skip_until(0)?;
        }
    }
    if flags & HEADER_CHECKSUM != 0 {
        take::<2>(&mut rest)?;
    }
    Ok(rest)
}

/// The next bytes.
fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N]> {
    let mut bytes = [0; N];
    rest.read_exact(&mut bytes).map(|()| bytes)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, GzBuilder};

    use super::*;

    fn packed(builder: GzBuilder, bytes: &[u8]) -> Vec<u8> {
        let mut encoder = builder.write(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(file: &[u8]) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        Gzip::open(file)?.read_to_end(&mut bytes).map(|_| bytes)
    }

    #[test]
    fn what_flate2_packs_is_unpacked_whatever_its_header_has() {
        let bytes: Vec<u8> = (0..100_000_u32).map(|at| (at.wrapping_mul(at) >> 7) as u8).collect();
        let plain = GzBuilder::new;
        for builder in [
            plain(),
            plain().filename("images.idx").mtime(1_700_000_000),
            plain().comment("of a class"),
            plain().extra("more").filename("a").comment("b"),
        ] {
            assert_eq!(unpacked(&packed(builder, &bytes)).unwrap(), bytes);
        }
        let members = [
            packed(plain(), &bytes),
            packed(plain(), &[]),
            packed(plain(), b"the end"),
        ];
        assert_eq!(unpacked(&members.concat()).unwrap(), [&bytes[..], b"the end"].concat());
    }

    #[test]
    fn a_header_with_a_checksum_is_read() {
        let mut file = packed(GzBuilder::new().filename("a"), b"a digit");
        file[3] |= HEADER_CHECKSUM;
        file.splice(12..12, [0, 0]);
        assert_eq!(unpacked(&file).unwrap(), b"a digit");
    }

    #[test]
    fn what_is_cut_or_changed_or_followed_by_something_else_is_refused() {
        let file = packed(GzBuilder::new().extra("more").filename("a"), &[7; 1000]);
        for length in 0..file.len() {
            assert!(unpacked(&file[..length]).is_err(), "{length} bytes");
        }
        // What was packed, not its name or when.
        for at in file.len() - 8..file.len() {
            let mut changed = file.clone();
            changed[at] ^= 1;
            assert!(unpacked(&changed).is_err(), "byte {at}");
        }
        assert!(unpacked(&[&file[..], &[0]].concat()).is_err());
        assert!(unpacked(&[&file[..], b"more to read"].concat()).is_err());
    }
}
