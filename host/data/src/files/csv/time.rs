//! How a text writes the time: decided by its first row, then expected of every row.

use crate::files::number::take_integer;
use crate::files::unix_time::{BELIEVED_MS, UnixFault, UnixUnit};
use ct_core::units::Timestamp;

/// The way a text writes the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// Units since 1970-01-01T00:00:00Z.
    Unix(UnixUnit),
    /// ISO 8601; UTC where no offset is given.
    Iso,
}

impl TimeFormat {
    /// The way in which `cell` writes the time; None if it is no time.
    pub(super) fn of(cell: &[u8]) -> Option<Self> {
        match whole_number(cell) {
            Some(number) => UnixUnit::of_number(number).map(Self::Unix),
            None => iso_ms(cell).map(|_| Self::Iso),
        }
    }

    /// Reads a cell that is nothing but digits, UTC milliseconds; None if it is no time in this format.
    pub(super) fn integer_ms(self, number: i64) -> Option<i64> {
        match self {
            Self::Unix(unit) => unit.to_ms(number).ok(),
            Self::Iso => None,
        }
    }

    /// Reads any cell, UTC milliseconds; the error says what was expected.
    pub(super) fn parse(self, cell: &[u8]) -> Result<i64, String> {
        match self {
            Self::Unix(unit) => whole_number(cell)
                .ok_or(UnixFault::Unit(unit))
                .and_then(|number| unit.to_ms(number))
                .map_err(UnixFault::expected),
            Self::Iso => iso_ms(cell).ok_or_else(|| {
                "an ISO time from 1990 to 2099 such as 2024-01-31 23:00:00, as in the first row"
                    .to_owned()
            }),
        }
    }
}

/// A cell of digits; zeros after a decimal point are allowed, as in `1546300800.0`.
fn whole_number(cell: &[u8]) -> Option<i64> {
    let (number, rest) = take_integer(cell)?;
    let whole = match rest.split_first() {
        None => true,
        Some((b'.', decimals)) => decimals.iter().all(|byte| *byte == b'0'),
        Some(_) => false,
    };
    whole.then_some(number)
}

/// An ISO 8601 date, time or instant, also with ` UTC` at its end; UTC milliseconds.
fn iso_ms(cell: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(cell).ok()?;
    let text = text.strip_suffix(" UTC").unwrap_or(text);
    // The names of time zones stand in brackets; without an offset they would be dropped silently.
    if text.contains('[') {
        return None;
    }
    let ms = text.parse::<Timestamp>().ok()?.as_ms();
    BELIEVED_MS.contains(&ms).then_some(ms)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> Option<i64> {
        let format = TimeFormat::of(cell.as_bytes())?;
        format.parse(cell.as_bytes()).ok()
    }

    #[test]
    fn the_unit_is_told_by_the_magnitude() {
        for cell in [
            "1704067200",
            "1704067200000",
            "1704067200000000",
            "1704067200000000000",
            "1704067200.0",
            "2024-01-01",
            "2024-01-01 00:00",
            "2024-01-01 00:00:00",
            "2024-01-01T00:00:00Z",
            "2024-01-01 00:00:00 UTC",
            "2024-01-01 00:00:00+00:00",
            "2024-01-01T01:00:00.000+01:00",
        ] {
            assert_eq!(read(cell), Some(1_704_067_200_000), "{cell}");
        }
        assert_eq!(read("2024-01-01T00:00:00.250Z"), Some(1_704_067_200_250));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for cell in [
            "",
            "0",
            "20240131",
            "202401312359",
            "1.58E+12",
            "1704067200.5",
            "1704067200000001",
            "99999999999999999999",
            "-1704067200",
            "2024-13-01",
            "01/02/2024",
            "1969-12-31",
            "2024-01-01T00:00:00[Europe/Berlin]",
            "timestamp",
        ] {
            assert_eq!(read(cell), None, "{cell}");
        }
    }

    #[test]
    fn another_format_than_in_the_first_row_is_refused() {
        let milliseconds = TimeFormat::of(b"1704067200000").unwrap();
        for cell in ["1704067200", "1704067200000000", "2024-01-01"] {
            let expected = milliseconds.parse(cell.as_bytes()).unwrap_err();
            assert!(
                expected
                    .starts_with("Unix time in milliseconds from 1990 to 2099, as in the other"),
                "{expected}"
            );
        }
        assert!(TimeFormat::Iso.parse(b"1704067200000").unwrap_err().contains("ISO time"));
        assert_eq!(TimeFormat::Iso.integer_ms(1_704_067_200_000), None);
    }
}
