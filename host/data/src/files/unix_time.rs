//! Times that are numbers: what they count, and which are believed.

use std::ops::Range;

/// What the number of a time counts, since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnixUnit {
    #[cfg_attr(not(feature = "arrow"), expect(dead_code, reason = "only Arrow counts days"))]
    Days,
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

/// Times that are believed, UTC milliseconds, from 1990 to 2099: they tell the units apart, and keep dates such as 20240131
/// from being read as numbers.
pub(super) const BELIEVED_MS: Range<i64> = 631_152_000_000..4_102_444_800_000;

/// What is expected of a number whose unit is not known yet, for messages.
pub(super) const EXPECTED: &str =
    "Unix time in seconds, milliseconds, microseconds or nanoseconds, from 1990 to 2099";

/// Why a number is no time in a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnixFault {
    /// Not from 1990 to 2099 in this unit.
    Unit(UnixUnit),
    /// Not a whole millisecond.
    Fraction,
}

impl UnixUnit {
    /// The unit in which `number` is a time from 1990 to 2099, unless it counts days; `None` if there is none.
    pub(crate) fn of_number(number: i64) -> Option<Self> {
        [Self::Seconds, Self::Milliseconds, Self::Microseconds, Self::Nanoseconds]
            .into_iter()
            .find(|unit| !matches!(unit.to_ms(number), Err(UnixFault::Unit(_))))
    }

    /// UTC milliseconds.
    pub(crate) const fn to_ms(self, number: i64) -> Result<i64, UnixFault> {
        let (ms, fraction) = match self {
            Self::Days => (number.saturating_mul(86_400_000), 0),
            Self::Seconds => (number.saturating_mul(1_000), 0),
            Self::Milliseconds => (number, 0),
            Self::Microseconds => (number / 1_000, number % 1_000),
            Self::Nanoseconds => (number / 1_000_000, number % 1_000_000),
        };
        if ms < BELIEVED_MS.start || ms >= BELIEVED_MS.end {
            Err(UnixFault::Unit(self))
        } else if fraction != 0 {
            Err(UnixFault::Fraction)
        } else {
            Ok(ms)
        }
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Days => "days",
            Self::Seconds => "seconds",
            Self::Milliseconds => "milliseconds",
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        }
    }
}

impl UnixFault {
    /// What was expected of the number, and what to do.
    pub(super) fn expected(self) -> String {
        match self {
            Self::Unit(unit) => format!(
                "Unix time in {} from 1990 to 2099, as in the other rows; convert the file to one unit",
                unit.name()
            ),
            Self::Fraction => "a whole number of milliseconds: round the time".to_owned(),
        }
    }
}
