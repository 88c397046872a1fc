//! Reads Thrift's compact protocol, in which the footer and the pages of a Parquet file say what is in them.
//!
//! Stricter than the decoder that reads it afterwards: whatever that one may take in another way is a fault here.

use std::num::TryFromIntError;

/// Structures within structures, at most: Parquet's own have some ten levels.
const DEPTH_MAX: u32 = 32;

/// Bytes of a number, at most.
const NUMBER_BYTES_MAX: u32 = 10;

/// What a value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    True,
    False,
    Byte,
    Int16,
    Int32,
    Int64,
    Double,
    Binary,
    List,
    Struct,
}

/// The fields of a structure, one after the other.
#[derive(Debug, Default)]
pub(super) struct Fields {
    last: i16,
}

/// Bytes that are still to be read.
#[derive(Clone, Debug)]
pub(super) struct Thrift<'a> {
    rest: &'a [u8],
}

/// Why bytes are no Thrift.
pub(super) type Fault = &'static str;

const CUT_OFF: Fault = "its description is cut off";
const UNKNOWN: Fault = "its description has values of an unknown kind";

impl<'a> Thrift<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Number of bytes that are still to be read.
    pub(super) const fn bytes_left(&self) -> usize {
        self.rest.len()
    }

    /// The number and the kind of the next field; `None` at the end of the structure.
    pub(super) fn next(&mut self, fields: &mut Fields) -> Result<Option<(i16, Kind)>, Fault> {
        let byte = self.byte()?;
        let kind = byte & 0x0f;
        if kind == 0 {
            return Ok(None);
        }
        let number = match i16::from(byte >> 4) {
            0 => i16::try_from(self.integer()?).map_err(|_| UNKNOWN)?,
            step => fields.last.checked_add(step).ok_or(UNKNOWN)?,
        };
        fields.last = number;
        Ok(Some((number, Kind::of(kind)?)))
    }

    /// Takes a number of 32 bits, which must be what `kind` says.
    pub(super) fn int32(&mut self, kind: Kind) -> Result<i32, Fault> {
        if kind != Kind::Int32 {
            return Err(UNKNOWN);
        }
        i32::try_from(self.integer()?).map_err(|_| "its description has a number that is too large")
    }

    /// Takes the start of a list, which must be what `kind` says: the kind and the number of its values. There are no more
    /// than bytes.
    pub(super) fn list(&mut self, kind: Kind) -> Result<(Kind, usize), Fault> {
        let byte = self.byte()?;
        let length = match byte >> 4 {
            15 => self.varint()?.try_into().map_err(|_: TryFromIntError| CUT_OFF)?,
            short => usize::from(short),
        };
        // Some programs write a list of nothing as a list of no kind.
        let of = if byte == 0 { Kind::Byte } else { Kind::of(byte & 0x0f)? };
        // The decoder takes no byte for a truth value, so that a few bytes could keep it busy for days.
        let is_endless = matches!(of, Kind::True | Kind::False) && length > 0;
        if kind != Kind::List || is_endless {
            return Err(UNKNOWN);
        }
        if length > self.rest.len() {
            return Err(CUT_OFF);
        }
        Ok((of, length))
    }

    /// Takes a value without looking at it.
    pub(super) fn skip(&mut self, kind: Kind) -> Result<(), Fault> {
        self.skip_within(kind, DEPTH_MAX)
    }

    fn skip_within(&mut self, kind: Kind, depth: u32) -> Result<(), Fault> {
        let depth = depth.checked_sub(1).ok_or("its description is nested too deep")?;
        match kind {
            Kind::True | Kind::False => Ok(()),
            Kind::Byte => self.skip_bytes(1),
            Kind::Int16 | Kind::Int32 | Kind::Int64 => self.varint().map(drop),
            Kind::Double => self.skip_bytes(8),
            Kind::Binary => {
                let length = self.varint()?;
                self.skip_bytes(length)
            }
            Kind::List => {
                let (of, length) = self.list(kind)?;
                (0..length).try_for_each(|_| self.skip_within(of, depth))
            }
            Kind::Struct => {
                let mut fields = Fields::default();
                while let Some((_, kind)) = self.next(&mut fields)? {
                    self.skip_within(kind, depth)?;
                }
                Ok(())
            }
        }
    }

    fn skip_bytes(&mut self, count: u64) -> Result<(), Fault> {
        let count = usize::try_from(count).map_err(|_| CUT_OFF)?;
        self.rest = self.rest.get(count..).ok_or(CUT_OFF)?;
        Ok(())
    }

    fn byte(&mut self) -> Result<u8, Fault> {
        let (first, rest) = self.rest.split_first().ok_or(CUT_OFF)?;
        self.rest = rest;
        Ok(*first)
    }

    fn varint(&mut self) -> Result<u64, Fault> {
        let mut number = 0;
        for place in 0..NUMBER_BYTES_MAX {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << (7 * place);
            if byte & 0x80 == 0 {
                return Ok(number);
            }
        }
        Err("its description has a number that does not end")
    }

    /// A number with its sign in the lowest bit.
    fn integer(&mut self) -> Result<i64, Fault> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }
}

impl Kind {
    fn of(number: u8) -> Result<Self, Fault> {
        Ok(match number {
            1 => Self::True,
            2 => Self::False,
            3 => Self::Byte,
            4 => Self::Int16,
            5 => Self::Int32,
            6 => Self::Int64,
            7 => Self::Double,
            8 => Self::Binary,
            9 => Self::List,
            12 => Self::Struct,
            // Sets, maps and identifiers are nowhere in Parquet.
            _ => return Err(UNKNOWN),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_and_skipped() {
        // 1: 3 as 32 bits; 2: "ab"; 20: a list of two structures, each with 1: -1 as 64 bits; 21: true; the end.
        let bytes =
            [0x15, 6, 0x18, 2, b'a', b'b', 0x09, 40, 0x2c, 0x16, 1, 0, 0x16, 1, 0, 0x11, 0, 9];
        let mut thrift = Thrift::new(&bytes);
        let mut fields = Fields::default();
        assert_eq!(thrift.next(&mut fields), Ok(Some((1, Kind::Int32))));
        assert_eq!(thrift.int32(Kind::Int32), Ok(3));
        assert_eq!(thrift.next(&mut fields), Ok(Some((2, Kind::Binary))));
        thrift.skip(Kind::Binary).unwrap();
        assert_eq!(thrift.next(&mut fields), Ok(Some((20, Kind::List))));
        assert_eq!(thrift.clone().list(Kind::List), Ok((Kind::Struct, 2)));
        thrift.skip(Kind::List).unwrap();
        assert_eq!(thrift.next(&mut fields), Ok(Some((21, Kind::True))));
        assert_eq!(thrift.next(&mut fields), Ok(None));
        assert_eq!(thrift.bytes_left(), 1);
    }

    #[test]
    fn what_could_take_for_ever_or_be_taken_in_two_ways_is_a_fault() {
        let skip = |kind, bytes: &[u8]| Thrift::new(bytes).skip(kind);
        // Two thousand million truth values; more values than bytes; a text longer than the rest.
        assert_eq!(skip(Kind::List, &[0xf1, 0xff, 0xff, 0xff, 0xff, 7]), Err(UNKNOWN));
        assert_eq!(skip(Kind::List, &[0xf5, 0xff, 0xff, 3, 0, 0]), Err(CUT_OFF));
        assert_eq!(skip(Kind::Binary, &[5, b'a']), Err(CUT_OFF));
        assert!(skip(Kind::Struct, &[0x1c; 100]).unwrap_err().contains("nested too deep"));
        assert!(skip(Kind::Int32, &[0x80; 100]).unwrap_err().contains("does not end"));
        let too_large = Thrift::new(&[0x80, 0x80, 0x80, 0x80, 0x20]).int32(Kind::Int32);
        assert!(too_large.unwrap_err().contains("too large"));
        assert!(Thrift::new(&[2]).int32(Kind::Int64).is_err());
    }
}
