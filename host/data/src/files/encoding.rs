//! Text in the encodings of spreadsheets, as UTF-8: with its mark, or in UTF-16.

use std::io::{self, Cursor, Read};

const UTF_8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
const UTF_16_LITTLE_MARK: [u8; 2] = [0xff, 0xfe];
const UTF_16_BIG_MARK: [u8; 2] = [0xfe, 0xff];

/// Bytes of UTF-16 that are taken at a time.
const TAKEN_BYTES: u64 = 64 << 10;

/// The text of `input` in UTF-8, without the mark that says how it is encoded.
pub(super) fn as_utf8(mut input: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::with_capacity(UTF_8_MARK.len());
    input.by_ref().take(UTF_8_MARK.len() as u64).read_to_end(&mut start)?;
    if start == UTF_8_MARK {
        return Ok(input);
    }
    let unit: fn([u8; 2]) -> u16 = if start.starts_with(&UTF_16_LITTLE_MARK) {
        u16::from_le_bytes
    } else if start.starts_with(&UTF_16_BIG_MARK) {
        u16::from_be_bytes
    } else {
        return Ok(Box::new(Cursor::new(start).chain(input)));
    };
    let taken = start.get(UTF_16_LITTLE_MARK.len()..).unwrap_or_default().to_vec();
    Ok(Box::new(Utf16 { input, unit, taken, text: Cursor::default() }))
}

/// A text in UTF-16, as UTF-8.
struct Utf16 {
    input: Box<dyn Read + Send>,
    unit: fn([u8; 2]) -> u16,
    /// Bytes that are not read as text yet: half of a unit or of a pair.
    taken: Vec<u8>,
    text: Cursor<Vec<u8>>,
}

impl Read for Utf16 {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.text.read(buffer)?;
            if read > 0 || buffer.is_empty() || !self.fill()? {
                return Ok(read);
            }
        }
    }
}

impl Utf16 {
    /// Makes more text; false at its end.
    fn fill(&mut self) -> io::Result<bool> {
        let read = self.input.by_ref().take(TAKEN_BYTES).read_to_end(&mut self.taken)?;
        let mut units: Vec<u16> =
            self.taken.as_chunks().0.iter().map(|bytes| (self.unit)(*bytes)).collect();
        let is_high = |unit: &u16| (0xd800..0xdc00).contains(unit);
        if read > 0 && units.last().is_some_and(is_high) {
            units.pop();
        }
        self.taken.drain(..2 * units.len());
        if units.is_empty() && !self.taken.is_empty() && read == 0 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the text in UTF-16 ends inside a letter",
            ));
        }
        let letters =
            char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.text = Cursor::new(letters.collect::<String>().into_bytes());
        Ok(read > 0 || !self.text.get_ref().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: Vec<u8>) -> io::Result<String> {
        let mut text = String::new();
        as_utf8(Box::new(Cursor::new(bytes)))?.read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn every_mark_is_understood() {
        let text = "time,öpen\n1,2 😀\n".repeat(20_000);
        let units = || text.encode_utf16();
        let little = UTF_16_LITTLE_MARK.into_iter().chain(units().flat_map(u16::to_le_bytes));
        let big = UTF_16_BIG_MARK.into_iter().chain(units().flat_map(u16::to_be_bytes));
        let marked = UTF_8_MARK.into_iter().chain(text.bytes());
        for bytes in [little.collect(), big.collect(), marked.collect(), text.clone().into_bytes()]
        {
            assert!(read(bytes).unwrap() == text);
        }
        assert_eq!(read(Vec::new()).unwrap(), "");
        assert_eq!(read(b"a".to_vec()).unwrap(), "a");
        assert!(read(vec![0xff, 0xfe, 0x31]).unwrap_err().to_string().contains("inside a letter"));
    }
}
