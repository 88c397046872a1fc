//! Times whose date is three numbers, in the ways of `MetaTrader`, Dukascopy and spreadsheets: `2024.01.02 03:00`,
//! `02.01.2024 03:00:00.000 GMT+0100`, `1/2/2024 3:00 PM`.

use jiff::civil::{DateTime, Time, date};
use jiff::tz::Offset;
use jiff::{SignedDuration, Unit};

use crate::files::time_pattern::Written;

/// In which order a date has its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    /// `2024.01.02`.
    YearMonthDay,
    /// `02.01.2024`.
    DayMonthYear,
    /// `01/02/2024`.
    MonthDayYear,
}

/// What a date of three numbers shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Evidence {
    /// The order of its numbers.
    Order(DateOrder),
    /// Day and month may be either.
    DayOrMonth,
}

/// A cell whose date is three numbers.
struct Numbers<'a> {
    parts: [i16; 3],
    /// Digits of the first and of the last number.
    digits: [usize; 2],
    separator: u8,
    rest: &'a str,
}

impl DateOrder {
    /// The order that a cell shows by itself: a year stands first or last, points part day, month and year. `None`: it is
    /// no such date.
    pub(super) fn of(cell: &str) -> Option<Evidence> {
        let Numbers { parts, digits, separator, rest } = Numbers::of(cell)?;
        let [first, second, _] = parts;
        time_of_day(rest)?;
        match (digits, separator) {
            ([4, 1..=2], _) => Some(Evidence::Order(Self::YearMonthDay)),
            ([1..=2, 4], b'.') => Some(Evidence::Order(Self::DayMonthYear)),
            ([1..=2, 4], _) if first > 12 && second > 12 => None,
            ([1..=2, 4], _) if first > 12 => Some(Evidence::Order(Self::DayMonthYear)),
            ([1..=2, 4], _) if second > 12 => Some(Evidence::Order(Self::MonthDayYear)),
            ([1..=2, 4], _) => Some(Evidence::DayOrMonth),
            _ => None,
        }
    }

    /// The time that `cell` writes in this order.
    pub(super) fn read(self, cell: &str) -> Option<Written> {
        let Numbers { parts: [first, second, third], rest, .. } = Numbers::of(cell)?;
        let (year, month, day) = match self {
            Self::YearMonthDay => (first, second, third),
            Self::DayMonthYear => (third, second, first),
            Self::MonthDayYear => (third, first, second),
        };
        if year < 1_000 {
            return None;
        }
        let (time, offset) = time_of_day(rest)?;
        let day = jiff::civil::Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        let local: DateTime = day.ok()?.to_datetime(time);
        match offset {
            None => Some(Written::Local(local)),
            Some(offset) => {
                Some(Written::Instant(offset.to_timestamp(local).ok()?.as_millisecond()))
            }
        }
    }

    /// The order in words.
    pub(in crate::files) const fn name(self) -> &'static str {
        match self {
            Self::YearMonthDay => "year, month, day",
            Self::DayMonthYear => "day, month, year",
            Self::MonthDayYear => "month, day, year",
        }
    }
}

impl<'a> Numbers<'a> {
    fn of(cell: &'a str) -> Option<Self> {
        let (first, rest) = digits(cell)?;
        let separator = *rest.as_bytes().first().filter(|byte| b"./-".contains(byte))?;
        let after = |text: &'a str| text.strip_prefix(char::from(separator));
        let (second, rest) = digits(after(rest)?)?;
        let (third, rest) = digits(after(rest)?)?;
        let number = |text: &str| text.parse::<i16>().ok();
        let parts = [number(first)?, number(second)?, number(third)?];
        (second.len() <= 2).then_some(Self {
            parts,
            digits: [first.len(), third.len()],
            separator,
            rest,
        })
    }
}

/// The digits at the start of `text`, one to four, and the rest.
fn digits(text: &str) -> Option<(&str, &str)> {
    let count = text.bytes().take_while(u8::is_ascii_digit).count();
    (1..=4).contains(&count).then(|| text.split_at_checked(count)).flatten()
}

/// Whether `cell` is a time of day alone, such as `03:00:00`.
pub(super) fn is_time_of_day(cell: &[u8]) -> bool {
    std::str::from_utf8(cell).is_ok_and(|text| text.contains(':') && time_of_day(text).is_some())
}

/// A time of day, with its offset if there is one: what follows a date. Nothing is midnight.
fn time_of_day(text: &str) -> Option<(Time, Option<Offset>)> {
    let text = text.strip_prefix(['T', ',']).unwrap_or(text).trim();
    if text.is_empty() {
        return Some((Time::midnight(), None));
    }
    let end = text.find(|letter: char| !(letter.is_ascii_digit() || ":.".contains(letter)));
    let (clock, rest) = text.split_at_checked(end.unwrap_or(text.len()))?;
    let rest = rest.trim();
    // CryptoDataDownload once wrote `11-PM`.
    let half = rest.trim_start_matches('-').get(..2).map(str::to_ascii_uppercase);
    let half = half.filter(|half| half == "AM" || half == "PM");
    let rest = match half {
        Some(_) => rest.trim_start_matches('-').get(2..).unwrap_or_default().trim(),
        None => rest,
    };
    let mut parts = clock.split(':');
    let hour: i8 = parts.next()?.parse().ok()?;
    let minute: i8 = match parts.next() {
        Some(minute) => minute.parse().ok()?,
        // An hour alone says so with its half of the day.
        None => half.is_some().then_some(0)?,
    };
    let (second, fraction) = seconds(parts.next())?;
    let hour = match half.as_deref() {
        None => hour,
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some("AM") => hour % 12,
        Some(_) => hour % 12 + 12,
    };
    let time = Time::new(hour, minute, second, fraction).ok()?;
    let is_whole = parts.next().is_none();
    let offset = if rest.is_empty() { None } else { Some(offset(rest)?) };
    is_whole.then_some((time, offset))
}

fn seconds(text: Option<&str>) -> Option<(i8, i32)> {
    let Some(text) = text else { return Some((0, 0)) };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 9 {
        return None;
    }
    let nanoseconds =
        if fraction.is_empty() { 0 } else { format!("{fraction:0<9}").parse().ok()? };
    Some((whole.parse().ok()?, nanoseconds))
}

/// An offset such as `UTC`, `Z`, `GMT+0100` or `+01:00`.
fn offset(text: &str) -> Option<Offset> {
    let rest =
        ["UTC", "GMT", "Z"].into_iter().find_map(|name| text.strip_prefix(name)).unwrap_or(text);
    if rest.is_empty() {
        return Some(Offset::UTC);
    }
    let sign = if rest.starts_with('-') { -1 } else { 1 };
    let number: String =
        rest.strip_prefix(['+', '-'])?.chars().filter(|letter| *letter != ':').collect();
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    let (hours, minutes) = match number.len() {
        1 | 2 if all_digits => (number.as_str(), "0"),
        4 if all_digits => number.split_at_checked(2)?,
        _ => return None,
    };
    let seconds = hours.parse::<i32>().ok()? * 3_600 + minutes.parse::<i32>().ok()? * 60;
    Offset::from_seconds(sign * seconds).ok()
}

/// The day that a spreadsheet counts as `cell`, if it may be one: days since 1899-12-30, from 1990 to 2099.
pub(super) fn spreadsheet_day(cell: &[u8]) -> Option<String> {
    const FROM_1990_TO_2099: std::ops::Range<f64> = 32_874.0..73_051.0;
    let days = crate::files::number::parse(cell).filter(|days| FROM_1990_TO_2099.contains(days))?;
    let since = SignedDuration::try_from_secs_f64(days * 86_400.0).ok()?;
    let time =
        date(1899, 12, 30).at(0, 0, 0, 0).checked_add(since).ok()?.round(Unit::Minute).ok()?;
    Some(time.strftime("%Y-%m-%d %H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_three_numbers_are_read_with_their_offsets() {
        const MS: i64 = 1_704_164_400_000;
        for (cell, utc_ms) in [
            ("2024.01.02 03:00", MS),
            ("2024/1/2 3:00:00", MS),
            ("02.01.2024 03:00:00.000", MS),
            ("02.01.2024 03:00:00.000 GMT+0100", MS - 3_600_000),
            ("02.01.2024 03:00:00.000 UTC", MS),
            ("2024-01-02 03-AM", MS),
            ("2024-01-02 3:00 PM", MS + 12 * 3_600_000),
            ("2024-01-02 12-AM", MS - 3 * 3_600_000),
            ("2024.01.02", MS - 3 * 3_600_000),
            ("2024.01.02 03:00:00.250", MS + 250),
        ] {
            let Some(Evidence::Order(order)) = DateOrder::of(cell) else { panic!("{cell}") };
            let ms = match order.read(cell).unwrap() {
                Written::Instant(ms) => ms,
                Written::Local(local) => Offset::UTC.to_timestamp(local).unwrap().as_millisecond(),
            };
            assert_eq!(ms, utc_ms, "{cell}");
        }
    }

    #[test]
    fn a_number_above_twelve_tells_day_from_month() {
        for (cell, expected) in [
            ("13/01/2024", Some(Evidence::Order(DateOrder::DayMonthYear))),
            ("1/13/2024 3:00", Some(Evidence::Order(DateOrder::MonthDayYear))),
            ("1/2/2024 3:00", Some(Evidence::DayOrMonth)),
            ("01-02-2024", Some(Evidence::DayOrMonth)),
            ("13/13/2024", None),
            ("1/2/24", None),
            ("1.5", None),
            ("2024.01.02 25:00", None),
            ("2024.01.02 x", None),
            ("BTC", None),
        ] {
            assert_eq!(DateOrder::of(cell), expected, "{cell}");
        }
        assert!(is_time_of_day(b"03:00") && !is_time_of_day(b"2024") && !is_time_of_day(b"a:b"));
        assert_eq!(spreadsheet_day(b"45292.125").as_deref(), Some("2024-01-01 03:00"));
        assert_eq!(spreadsheet_day(b"1704067200"), None);
    }
}
