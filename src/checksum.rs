//! CRC-32, as gzip and our own files have it.

use crc::{CRC_32_ISO_HDLC, Crc, Digest, Table};

/// With a table of 1 kB: a larger one would be faster, and all of it in each page's WebAssembly.
static CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);

/// The CRC-32 of what it is given, piece by piece.
pub struct Checksum(Digest<'static, u32, Table<1>>);

impl Checksum {
    /// Goes on with these bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of all bytes until now.
    pub fn value(&self) -> u32 {
        self.0.clone().finalize()
    }
}

impl Default for Checksum {
    fn default() -> Self {
        Self(CRC.digest())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_check_value_is_that_of_the_catalogue() {
        let mut checksum = Checksum::default();
        checksum.update(b"1234");
        checksum.update(b"56789");
        // CRC-32/ISO-HDLC, "Catalogue of parametrised CRC algorithms".
        assert_eq!(checksum.value(), 0xcbf4_3926);
    }
}
