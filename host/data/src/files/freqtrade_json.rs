//! Reads freqtrade's candles in JSON: `[[ms, open, high, low, close, volume], …]`.

use std::cell::{Cell, RefCell};
use std::fmt;
use std::io::{self, BufReader, Read};
use std::path::Path;

use serde::Deserializer as _;
use serde::de::{Error as _, SeqAccess, Visitor};

use super::compression::PackedText;
use super::error::{FileProblem, short};
use super::file_format::FileFormat;
use super::progress::Progress;
use crate::raw_columns::push;
use crate::{FileBudget, OverBudget};
use ct_core::market::RawColumns;

const FORMAT: FileFormat = FileFormat::FreqtradeJson;

/// Bytes read at a time, and so between two calls of `progress`.
const READ_BYTES: usize = 1 << 20;

/// Reads the rows of the JSON file `path`, which is packed if its name ends in `.gz`.
pub(super) fn read_json(
    path: &Path,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<RawColumns, FileProblem> {
    read_rows(Watched { text: PackedText::open(path, budget)?, progress }, budget)
}

/// Text of which no more is read than the budget has left, and without a number or word of more than [`TOKEN_BYTES_MAX`]:
/// the JSON reader keeps each of them whole, and a small file may unpack to endless digits.
struct BoundedText<'a, R> {
    text: R,
    meter: &'a Meter<'a>,
    /// Bytes since the last separator.
    unbroken: usize,
}

/// Draws on the budget, and remembers that there was too much: the JSON reader passes on no more than a text.
struct Meter<'a> {
    budget: &'a FileBudget,
    over: Cell<Option<OverBudget>>,
}

impl Meter<'_> {
    /// What was drawn, or the text of the error for the JSON reader.
    fn noted(&self, drawn: Result<(), OverBudget>) -> Result<(), String> {
        drawn.map_err(|over| {
            self.over.set(Some(over));
            over.to_string()
        })
    }
}

/// Longest stretch without a separator. A number of a candle has some twenty bytes; reads are this long.
const TOKEN_BYTES_MAX: usize = READ_BYTES;

impl<R: Read> Read for BoundedText<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.text.read(buffer)?;
        let drawn = self.meter.budget.take_bytes(count as u64);
        self.meter.noted(drawn).map_err(io::Error::other)?;
        let read = buffer.get(..count).unwrap_or_default();
        self.unbroken = match memchr::memrchr3(b',', b'[', b']', read) {
            Some(separator) => count - separator,
            None => self.unbroken.saturating_add(count),
        };
        if self.unbroken > TOKEN_BYTES_MAX {
            let problem = "a stretch of a million bytes without a comma or bracket is no candle";
            return Err(io::Error::new(io::ErrorKind::InvalidData, problem));
        }
        Ok(count)
    }
}

fn read_rows(text: impl Read, budget: &FileBudget) -> Result<RawColumns, FileProblem> {
    let meter = Meter { budget, over: Cell::new(None) };
    let text = BoundedText { text, meter: &meter, unbroken: 0 };
    let rows = RefCell::new(RawColumns::default());
    let mut json =
        serde_json::Deserializer::from_reader(BufReader::with_capacity(READ_BYTES, text));
    let visitor = RowsVisitor { rows: &rows, meter: &meter };
    let read = json.deserialize_seq(visitor).and_then(|()| json.end());
    let rows = rows.into_inner();
    match (read, meter.over.get()) {
        (Ok(()), _) => Ok(rows),
        (Err(_), Some(over)) => Err(over.into()),
        (Err(error), None) => {
            let row = rows.time.len();
            let expected = "rows of a whole number of milliseconds and five numbers";
            let error = short(&error);
            let fault = format!("row {row}, the first being 0: {error}; expected {expected}");
            Err(FileProblem::Damaged { format: FORMAT, fault })
        }
    }
}

/// A number, or `null` where there is none: so pandas writes what is missing.
type Value = Option<f64>;

/// One row: time in milliseconds, open, high, low, close, volume.
type Row = (i64, Value, Value, Value, Value, Value);

/// Adds each row as it is read, so that the file is never in memory as a whole.
struct RowsVisitor<'a> {
    rows: &'a RefCell<RawColumns>,
    meter: &'a Meter<'a>,
}

impl<'de> Visitor<'de> for RowsVisitor<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of candles")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some((time, open, high, low, close, volume)) = list.next_element::<Row>()? {
            self.meter.noted(self.meter.budget.take_rows(1)).map_err(A::Error::custom)?;
            let values = [open, high, low, close, volume].map(|value| value.unwrap_or(f64::NAN));
            push(&mut self.rows.borrow_mut(), time, values);
        }
        Ok(())
    }
}

/// A text that tells how far its file is read.
struct Watched<'a> {
    text: PackedText,
    progress: &'a mut dyn FnMut(Progress),
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.text.read(buffer)?;
        (self.progress)(self.text.progress());
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<RawColumns, FileProblem> {
        read_rows(text.as_bytes(), &FileBudget::default())
    }

    #[test]
    fn whole_lists_of_rows_are_read() {
        let rows = read("[[1704067200000,1,2.5,0.5,2e0,0],\n [5,1,1,1,1,0.1]]").unwrap();
        assert_eq!((rows.time, rows.high), (vec![1_704_067_200_000, 5], vec![2.5, 1.0]));
        assert_eq!(rows.volume, [0.0, 0.1]);
        assert!(read("[]").unwrap().time.is_empty());
        let missing = read("[[1,2,null,2,2,1]]").unwrap();
        assert!(missing.high[0].is_nan() && missing.low == [2.0]);
    }

    #[test]
    fn a_mark_of_the_encoding_is_no_content() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        std::fs::write(&path, "\u{feff}[[5,1,1,1,1,1]]").unwrap();
        assert_eq!(read_json(&path, &FileBudget::default(), &mut |_| {}).unwrap().time, [5]);
    }

    #[test]
    fn anything_else_is_refused_with_its_row() {
        for (text, expected) in [
            ("[[1,1,1,1,1,1],[null,1,1,1,1,1]]", "row 1, the first being 0: invalid type: null"),
            ("[[1,1,1,1,1]]", "row 0"),
            ("[[1,1,1,1,1,1,1]]", "row 0"),
            ("[[1.5,1,1,1,1,1]]", "row 0"),
            ("[[1,1,1,1,1,\"1\"]]", "row 0"),
            ("[[1,1,1,1,1,1e999]]", "row 0"),
            ("[[1,1,1,1,1,1]", "row 1"),
            ("[[1,1,1,1,1,1]]x", "row 1"),
            ("{\"data\":[]}", "expected a list of candles"),
            ("", "row 0"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
