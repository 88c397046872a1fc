//! What a page of a Parquet file says of itself.

use super::thrift::{Fault, Fields, Kind, Thrift};

/// The header of a page, as far as it decides what the page unpacks to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PageHeader {
    /// Bytes of the page behind the header.
    pub(super) packed: u64,
    /// Bytes that it claims to unpack to.
    pub(super) unpacked: u64,
    /// Values of the dictionary, if the page is one.
    pub(super) dictionary_values: Option<u64>,
    /// Number of the encoding of its values, if it has any.
    pub(super) encoding: Option<i32>,
    /// Bytes at its start that are not packed.
    pub(super) levels: u64,
    /// False if the page is not packed although the column is.
    pub(super) is_packed: bool,
    /// Bytes of the header itself.
    pub(super) header: u64,
}

/// Numbers of fields and their values.
type Numbers = Vec<(i16, i32)>;

impl PageHeader {
    /// Reads the header at the start of `bytes`.
    ///
    /// # Errors
    /// What is wrong, as the rest of a sentence about the file.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Fault> {
        let mut thrift = Thrift::new(bytes);
        let mut header = Self { is_packed: true, ..Self::default() };
        let mut fields = Fields::default();
        let mut seen = Vec::new();
        while let Some((field, kind)) = thrift.next(&mut fields)? {
            if seen.contains(&field) {
                return Err("a page describes itself twice");
            }
            seen.push(field);
            match field {
                2 => header.unpacked = size(thrift.int32(kind)?)?,
                3 => header.packed = size(thrift.int32(kind)?)?,
                5 => header.encoding = number(&part(&mut thrift, kind, &mut true)?, 2),
                7 => {
                    let part = part(&mut thrift, kind, &mut true)?;
                    header.dictionary_values = number(&part, 1).map(size).transpose()?;
                }
                8 => {
                    let part = part(&mut thrift, kind, &mut header.is_packed)?;
                    header.encoding = number(&part, 4);
                    let levels = [5, 6].map(|field| size(number(&part, field).unwrap_or(0)));
                    let [definitions, repetitions] = levels;
                    header.levels = definitions? + repetitions?;
                }
                _ => thrift.skip(kind)?,
            }
        }
        // The decoder takes the part that fits the kind of the page.
        if seen.contains(&5) && seen.contains(&8) {
            return Err("a page describes itself twice");
        }
        header.header = (bytes.len() - thrift.bytes_left()) as u64;
        Ok(header)
    }
}

/// Takes a part of a header: its numbers, and whether field 7 says that the page is packed.
fn part(thrift: &mut Thrift<'_>, kind: Kind, is_packed: &mut bool) -> Result<Numbers, Fault> {
    if kind != Kind::Struct {
        return Err("a page does not describe itself");
    }
    let mut numbers = Numbers::new();
    let mut fields = Fields::default();
    while let Some((field, kind)) = thrift.next(&mut fields)? {
        if number(&numbers, field).is_some() {
            return Err("a page describes itself twice");
        }
        match kind {
            Kind::Int32 => numbers.push((field, thrift.int32(kind)?)),
            Kind::True | Kind::False if field == 7 => *is_packed = kind == Kind::True,
            // Numbers of another kind would be read all the same.
            Kind::Byte | Kind::Int16 | Kind::Int64 => {
                return Err("a page describes itself wrongly");
            }
            _ => thrift.skip(kind)?,
        }
    }
    Ok(numbers)
}

fn number(numbers: &Numbers, field: i16) -> Option<i32> {
    numbers.iter().find(|(known, _)| *known == field).map(|(_, number)| *number)
}

fn size(number: i32) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| "a page claims to be smaller than nothing")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_tell_sizes_values_and_encoding() {
        // 1: type 2; 2: 100; 3: 50; 7: a dictionary of 12 values, encoded as 2.
        let bytes = [0x15, 4, 0x15, 200, 1, 0x15, 100, 0x4c, 0x15, 24, 0x15, 4, 0, 0, 9, 9];
        let header = PageHeader::read(&bytes).unwrap();
        let expected = PageHeader {
            packed: 50,
            unpacked: 100,
            dictionary_values: Some(12),
            is_packed: true,
            header: 14,
            ..PageHeader::default()
        };
        assert_eq!(header, expected);
        // 8: 10 values, no nulls, 10 rows, encoded as 7, levels of 3 and 1 bytes, not packed.
        let bytes = [
            0x15, 6, 0x15, 200, 1, 0x15, 100, 0x5c, 0x15, 20, 0x15, 0, 0x15, 20, 0x15, 14, 0x15, 6,
            0x15, 2, 0x12, 0, 0,
        ];
        let header = PageHeader::read(&bytes).unwrap();
        assert_eq!((header.encoding, header.levels, header.is_packed), (Some(7), 4, false));
        assert_eq!(header.header, bytes.len() as u64);
    }

    #[test]
    fn headers_that_say_two_things_or_too_little_are_faults() {
        for (bytes, fault) in [
            (&[0x25, 200, 1, 0x05, 4, 2, 0][..], "twice"),
            (&[0x25, 1, 0], "smaller than nothing"),
            (&[0x26, 2, 0], "unknown kind"),
            (&[0x25, 200], "cut off"),
            (&[0x7c, 0x16, 2, 0, 0], "wrongly"),
            (&[0x75, 2, 0], "does not describe itself"),
        ] {
            assert!(PageHeader::read(bytes).unwrap_err().contains(fault), "{fault}");
        }
    }
}
