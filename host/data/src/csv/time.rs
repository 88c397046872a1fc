//! How a file writes the time: decided by its first row, then expected of every row.

use std::fmt;

use super::number::take_integer;
use ct_core::units::Timestamp;

/// The way a file writes the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// Units since 1970-01-01T00:00:00Z.
    Unix(UnixUnit),
    /// ISO 8601; UTC where no offset is given.
    Iso,
}

/// A unit of Unix time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum UnixUnit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// What is expected of the first row, for messages.
pub(super) const EXPECTED: &str = "Unix time in seconds, milliseconds, microseconds or nanoseconds, or an ISO time \
                                   such as 2024-01-31 23:00:00, from 1990 to 2099";

/// Earliest time that is believed, 1990-01-01: with the latest it tells the units of Unix time apart, and keeps
/// dates such as 20240131 from being read as one.
const EARLIEST_MS: i64 = 631_152_000_000;
/// First time that is not believed any more, 2100-01-01.
const LATEST_MS: i64 = 4_102_444_800_000;

impl TimeFormat {
    /// The way in which `cell` writes the time; None if it is no time.
    pub(super) fn of(cell: &[u8]) -> Option<Self> {
        match whole_number(cell) {
            Some(number) => {
                UnixUnit::ALL.into_iter().find(|unit| unit.to_ms(number).is_ok()).map(Self::Unix)
            }
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
        match (self, whole_number(cell)) {
            (Self::Iso, _) => iso_ms(cell).ok_or_else(|| self.to_string()),
            (Self::Unix(_), None) => Err(self.to_string()),
            (Self::Unix(unit), Some(number)) => unit.to_ms(number).map_err(|fault| match fault {
                UnixFault::Unit => format!("{self}; convert the file to one unit"),
                UnixFault::Fraction => "a whole number of milliseconds: round the time".to_owned(),
            }),
        }
    }
}

impl fmt::Display for TimeFormat {
    /// What is expected of a cell, for messages.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iso => formatter.write_str(
                "an ISO time from 1990 to 2099 such as 2024-01-31 23:00:00, as in the first row",
            ),
            Self::Unix(unit) => {
                write!(formatter, "Unix time in {}, as in the first row", unit.name())
            }
        }
    }
}

/// Why a number is no Unix time in a unit.
enum UnixFault {
    /// Not between 1990 and 2100 in this unit.
    Unit,
    /// Not a whole millisecond.
    Fraction,
}

impl UnixUnit {
    const ALL: [Self; 4] =
        [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Nanoseconds];

    const fn name(self) -> &'static str {
        match self {
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }

    const fn to_ms(self, number: i64) -> Result<i64, UnixFault> {
        let (ms, fraction) = match self {
            Self::Seconds => (number.saturating_mul(1_000), 0),
            Self::Milliseconds => (number, 0),
            Self::Microseconds => (number / 1_000, number % 1_000),
            Self::Nanoseconds => (number / 1_000_000, number % 1_000_000),
        };
        if ms < EARLIEST_MS || ms >= LATEST_MS {
            Err(UnixFault::Unit)
        } else if fraction != 0 {
            Err(UnixFault::Fraction)
        } else {
            Ok(ms)
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
    (EARLIEST_MS..LATEST_MS).contains(&ms).then_some(ms)
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
                expected.starts_with("Unix time in milliseconds, as in the first row"),
                "{expected}"
            );
        }
        assert!(TimeFormat::Iso.parse(b"1704067200000").unwrap_err().contains("ISO time"));
        assert_eq!(TimeFormat::Iso.integer_ms(1_704_067_200_000), None);
    }
}
