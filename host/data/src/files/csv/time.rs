//! How a text writes the time: decided by its first row, then expected of every row.

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;

use super::numeric_time::{DateOrder, Evidence};
use crate::LocalZone;
use crate::files::number::take_integer;
use crate::files::time_pattern::{TimePattern, Written};
use crate::files::unix_time::{BELIEVED_MS, UnixFault, UnixUnit};

/// The way a text writes the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TimeFormat {
    /// Units since 1970-01-01T00:00:00Z.
    Unix(UnixUnit),
    /// ISO 8601.
    Iso,
    /// A date of three numbers; `None` while nothing tells day and month apart.
    Numeric(Option<DateOrder>),
    /// As the user says.
    Pattern(TimePattern),
}

/// The way a text writes the time, and what times without an offset mean.
#[derive(Clone, Debug)]
pub(super) struct TimeReading {
    pub(super) format: TimeFormat,
    /// `None`: UTC.
    pub(super) zone: Option<LocalZone>,
    /// Whether the times have an offset, or `Z` or `UTC`: all of them do, or none.
    pub(super) is_instant: bool,
}

impl TimeFormat {
    /// The way in which `cell` writes the time; None if it is no time.
    pub(super) fn of(cell: &[u8]) -> Option<Self> {
        if let Some(number) = whole_number(cell) {
            return UnixUnit::of_number(number).map(Self::Unix);
        }
        let text = std::str::from_utf8(cell).ok()?;
        let is_believed = |written| believed_ms(written, None).is_ok_and(|ms| ms.is_some());
        if iso(text).is_some_and(is_believed) {
            return Some(Self::Iso);
        }
        let order = match DateOrder::of(text)? {
            Evidence::Order(order) => Some(order),
            Evidence::DayOrMonth => None,
        };
        let is_time = order.is_none_or(|order| order.read(text).is_some_and(is_believed));
        is_time.then_some(Self::Numeric(order))
    }

    /// Whether `cell` says by itself which instant it is.
    pub(super) fn is_instant(&self, cell: &[u8]) -> bool {
        match self {
            Self::Unix(_) => true,
            _ => matches!(self.written(cell), Some(Written::Instant(_))),
        }
    }

    fn written(&self, cell: &[u8]) -> Option<Written> {
        let text = std::str::from_utf8(cell).ok()?;
        match self {
            Self::Unix(_) => None,
            Self::Iso => iso(text),
            Self::Numeric(order) => (*order)?.read(text),
            Self::Pattern(pattern) => pattern.read(text),
        }
    }

    /// What is expected of a cell, for messages.
    fn expected(&self) -> String {
        match self {
            Self::Unix(unit) => UnixFault::Unit(*unit).expected(),
            Self::Iso => {
                "an ISO time from 1990 to 2099 such as 2024-01-31 23:00:00, as in the first row"
                    .to_owned()
            }
            Self::Numeric(order) => format!(
                "a date of {}, from 1990 to 2099, as in the other rows",
                order.map_or("day, month and year", DateOrder::name)
            ),
            Self::Pattern(pattern) => format!("a time from 1990 to 2099 of the format '{pattern}'"),
        }
    }
}

impl TimeReading {
    /// Reads a cell that is nothing but digits, UTC milliseconds; None if it is no time in this format.
    pub(super) fn integer_ms(&self, number: i64) -> Option<i64> {
        match self.format {
            TimeFormat::Unix(unit) => unit.to_ms(number).ok(),
            _ => None,
        }
    }

    /// Reads any cell, UTC milliseconds; the error says what was expected.
    pub(super) fn parse(&self, cell: &[u8]) -> Result<i64, String> {
        if let TimeFormat::Unix(unit) = self.format {
            return whole_number(cell)
                .ok_or(UnixFault::Unit(unit))
                .and_then(|number| unit.to_ms(number))
                .map_err(UnixFault::expected);
        }
        let written = self.format.written(cell).ok_or_else(|| self.format.expected())?;
        if matches!(written, Written::Instant(_)) != self.is_instant {
            let offset = if self.is_instant { "with" } else { "without" };
            return Err(format!(
                "a time {offset} an offset, as in the first row: write all of them in the same way, since nothing tells \
                 where those without one are from"
            ));
        }
        believed_ms(written, self.zone.as_ref())?.ok_or_else(|| self.format.expected())
    }
}

/// What is written, as UTC milliseconds; `None` if it is not from 1990 to 2099.
fn believed_ms(written: Written, zone: Option<&LocalZone>) -> Result<Option<i64>, String> {
    let ms = match (written, zone) {
        (Written::Instant(ms), _) => ms,
        (Written::Local(local), Some(zone)) => {
            zone.utc_ms(local).map_err(|fault| zone.expected(fault))?
        }
        (Written::Local(local), None) => {
            Offset::UTC.to_timestamp(local).map_or(i64::MIN, jiff::Timestamp::as_millisecond)
        }
    };
    Ok(BELIEVED_MS.contains(&ms).then_some(ms))
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

/// An ISO 8601 date, time or instant, also with ` UTC` at its end.
fn iso(text: &str) -> Option<Written> {
    let (text, is_utc) = text.strip_suffix(" UTC").map_or((text, false), |text| (text, true));
    // The names of time zones stand in brackets; without an offset they would be dropped silently.
    if text.contains('[') {
        return None;
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Written::Instant(instant.as_millisecond()));
    }
    let local = match text.parse::<DateTime>() {
        Ok(local) => local,
        Err(_) => text.parse::<Date>().ok()?.at(0, 0, 0, 0),
    };
    if is_utc {
        return Some(Written::Instant(Offset::UTC.to_timestamp(local).ok()?.as_millisecond()));
    }
    Some(Written::Local(local))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(cell: &str) -> Option<i64> {
        let format = TimeFormat::of(cell.as_bytes())?;
        let is_instant = format.is_instant(cell.as_bytes());
        TimeReading { format, zone: None, is_instant }.parse(cell.as_bytes()).ok()
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
        let of = |cell: &[u8]| {
            let format = TimeFormat::of(cell).unwrap();
            let is_instant = format.is_instant(cell);
            TimeReading { format, zone: None, is_instant }
        };
        for (first, other, expected) in [
            ("2024-01-01 00:00:00+01:00", "2024-01-01 01:00:00", "a time with an offset"),
            ("2024-01-01 00:00:00", "2024-01-01T01:00:00Z", "a time without an offset"),
        ] {
            let error = of(first.as_bytes()).parse(other.as_bytes()).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
        assert!(of(b"2024-01-01T00:00:00Z").parse(b"2024-01-01T03:00:00+02:00").is_ok());
        let milliseconds = of(b"1704067200000");
        for cell in ["1704067200", "1704067200000000", "2024-01-01"] {
            let expected = milliseconds.parse(cell.as_bytes()).unwrap_err();
            assert!(
                expected
                    .starts_with("Unix time in milliseconds from 1990 to 2099, as in the other"),
                "{expected}"
            );
        }
        assert!(of(b"2024-01-01").parse(b"1704067200000").unwrap_err().contains("ISO time"));
        assert_eq!(of(b"2024-01-01").integer_ms(1_704_067_200_000), None);
    }
}
