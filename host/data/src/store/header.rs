//! The first bytes of a segment file.

use ct_core::units::{Interval, Timestamp};

/// Length of the header. A multiple of 16, so that the archive behind it is aligned.
pub(super) const HEADER_BYTES: usize = 128;

/// First bytes of every segment file.
const MAGIC: &[u8; 8] = b"ct-bars\n";

/// The layout of header and archive.
pub(super) const SEGMENT_FORMAT: u32 = 1;

/// Bytes before the header's own checksum.
const CHECKED_BYTES: usize = HEADER_BYTES - blake3::OUT_LEN;

/// Most rows in one segment: 32 years of minutes. Its archive is far below the 2 GiB that archived offsets reach.
pub(super) const SEGMENT_ROWS_MAX: u64 = 1 << 24;

/// What a segment file says of itself.
///
/// Layout, little-endian: magic (8 bytes), format (4), zero (4), interval in ms (8), rows (8), first and last open time in
/// UTC ms (8 each), bytes of the archive (8), content hash (32), zero (8), BLAKE3 of all bytes before (32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Length of a bar.
    pub(super) interval: Interval,
    /// Number of bars.
    pub(super) rows: u64,
    /// Open time of the first bar.
    pub(super) first: Timestamp,
    /// Open time of the last bar.
    pub(super) last: Timestamp,
    /// Length of the archive behind the header.
    pub(super) archive_bytes: u64,
    /// The [content hash](super::content_hash::content_hash) of the bars.
    pub(super) content_hash: blake3::Hash,
}

/// Why bytes are no header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum HeaderError {
    /// What is wrong.
    Damaged(String),
    /// A format of a later version.
    Newer(u32),
}

impl Header {
    /// The header's bytes.
    pub(super) fn to_bytes(self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES);
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&SEGMENT_FORMAT.to_le_bytes());
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&self.interval.as_ms().to_le_bytes());
        bytes.extend_from_slice(&self.rows.to_le_bytes());
        bytes.extend_from_slice(&self.first.as_ms().to_le_bytes());
        bytes.extend_from_slice(&self.last.as_ms().to_le_bytes());
        bytes.extend_from_slice(&self.archive_bytes.to_le_bytes());
        bytes.extend_from_slice(self.content_hash.as_bytes());
        assert!(bytes.len() <= CHECKED_BYTES, "fields of {} bytes", bytes.len());
        bytes.resize(CHECKED_BYTES, 0);
        let checksum = blake3::hash(&bytes);
        bytes.extend_from_slice(checksum.as_bytes());
        assert!(bytes.len() == HEADER_BYTES, "a header of {} bytes", bytes.len());
        bytes
    }

    /// The header at the start of `file`.
    pub(super) fn read(file: &[u8]) -> Result<Self, HeaderError> {
        let damaged = |reason: &str| HeaderError::Damaged(reason.to_owned());
        let (checked, rest) = file.split_at_checked(CHECKED_BYTES).ok_or_else(|| {
            HeaderError::Damaged(format!(
                "it has {} bytes: expected {HEADER_BYTES} or more",
                file.len()
            ))
        })?;
        let mut fields = Fields(checked);
        if fields.take::<8>()? != *MAGIC {
            return Err(damaged("its first bytes are not those of a segment"));
        }
        if rest.get(..blake3::OUT_LEN) != Some(blake3::hash(checked).as_bytes().as_slice()) {
            return Err(damaged("its header does not have the checksum that it names"));
        }
        let format = u32::from_le_bytes(fields.take()?);
        if format > SEGMENT_FORMAT {
            return Err(HeaderError::Newer(format));
        }
        fields.take::<4>()?;
        let interval = Interval::from_ms(i64::from_le_bytes(fields.take()?))
            .map_err(|error| HeaderError::Damaged(error.to_string()))?;
        let rows = u64::from_le_bytes(fields.take()?);
        let [first, last] = [fields.take()?, fields.take()?].map(i64::from_le_bytes);
        let time =
            |ms| Timestamp::from_ms(ms).map_err(|error| HeaderError::Damaged(error.to_string()));
        let header = Self {
            interval,
            rows,
            first: time(first)?,
            last: time(last)?,
            archive_bytes: u64::from_le_bytes(fields.take()?),
            content_hash: blake3::Hash::from_bytes(fields.take()?),
        };
        if rows == 0 || rows > SEGMENT_ROWS_MAX {
            return Err(damaged("its number of rows is out of range"));
        }
        Ok(header)
    }
}

/// The fields that are still to be read.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const BYTES: usize>(&mut self) -> Result<[u8; BYTES], HeaderError> {
        let cut_off = || HeaderError::Damaged("its header is cut off".to_owned());
        let (field, rest) = self.0.split_first_chunk().ok_or_else(cut_off)?;
        self.0 = rest;
        Ok(*field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> Header {
        Header {
            interval: "1m".parse().unwrap(),
            rows: 3,
            first: Timestamp::clamped(60_000),
            last: Timestamp::clamped(240_000),
            archive_bytes: 192,
            content_hash: blake3::hash(b"content"),
        }
    }

    #[test]
    fn a_header_comes_back() {
        let bytes = header().to_bytes();
        assert_eq!(bytes.len(), HEADER_BYTES);
        assert_eq!(Header::read(&bytes), Ok(header()));
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let bytes = header().to_bytes();
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(matches!(Header::read(&flipped), Err(HeaderError::Damaged(_))), "bit {bit}");
        }
        for length in 0..bytes.len() {
            assert!(Header::read(&bytes[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_later_format_is_not_called_damaged() {
        let mut bytes = header().to_bytes();
        bytes[8] = 2;
        let checksum = blake3::hash(&bytes[..CHECKED_BYTES]);
        bytes[CHECKED_BYTES..].copy_from_slice(checksum.as_bytes());
        assert_eq!(Header::read(&bytes), Err(HeaderError::Newer(2)));
    }

    #[test]
    fn sizes_that_no_segment_has_are_refused() {
        for rows in [0, SEGMENT_ROWS_MAX + 1, u64::MAX] {
            assert!(Header::read(&Header { rows, ..header() }.to_bytes()).is_err(), "{rows}");
        }
    }
}
