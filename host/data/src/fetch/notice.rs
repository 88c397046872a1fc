//! What a user should hear about while bars are fetched.

use std::fmt;

use crate::TimeRange;
use crate::source::SourceError;
use ct_core::units::Timestamp;

/// Something out of the ordinary. Its text is one line.
#[derive(Clone, Debug, PartialEq)]
pub enum FetchNotice {
    /// This computer's clock and the source's do not agree; the source's is taken.
    ClockDiffers {
        /// Name of the source.
        source: String,
        /// What the source's clock showed.
        server: Timestamp,
        /// What this computer's clock showed at the start.
        local: Timestamp,
    },
    /// The source's clock is years ahead of this computer's, which no clock that is set can be; this computer's is taken.
    ClockNotBelieved {
        /// Name of the source.
        source: String,
        /// What the source's clock showed.
        server: Timestamp,
        /// What this computer's clock showed at the start.
        local: Timestamp,
    },
    /// The source gave bars in two states; the one with more volume is kept.
    Contradictions {
        /// Name of the source.
        source: String,
        /// Number of bars.
        bars: usize,
        /// Open time of the first.
        first: Timestamp,
    },
    /// The source gave rows that are no bars; an exchange gave them again when asked once more.
    Unsound {
        /// Name of the source.
        source: String,
        /// Number of rows.
        rows: usize,
        /// Time of the first.
        first: Timestamp,
    },
    /// The source cannot be asked for bars this old.
    OutOfReach {
        /// Name of the source.
        source: String,
        /// What cannot be had.
        range: TimeRange,
        /// Number of bars that can.
        newest_rows: u32,
    },
    /// The source has no bars before this time.
    FirstBar {
        /// Name of the source.
        source: String,
        /// A time shortly before the first bar.
        time: Timestamp,
    },
    /// The archive did not give a file; the exchange is asked instead.
    ArchiveFailed {
        /// Why.
        error: SourceError,
    },
    /// The exchange failed, and a source that the user allowed is asked for the rest.
    Fallback {
        /// Why the exchange is not asked any more.
        error: SourceError,
        /// Name of the other source.
        next: String,
    },
    /// A source that the user allowed failed as well.
    FallbackFailed {
        /// Why.
        error: SourceError,
    },
    /// Bars were taken from another source than the exchange.
    TakenFromFallback {
        /// Name of the other source.
        source: String,
        /// Which bars.
        range: TimeRange,
    },
}

impl fmt::Display for FetchNotice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClockDiffers { source, server, local } => write!(
                formatter,
                "the clock of {source} shows {server}, this computer's showed {local}: {source} is believed; set this \
                 computer's clock"
            ),
            Self::ClockNotBelieved { source, server, local } => write!(
                formatter,
                "the clock of {source} shows {server}, this computer's showed {local}: no clock is years ahead, so this \
                 computer's is believed"
            ),
            Self::Contradictions { source, bars, first } => write!(
                formatter,
                "{source} gave {bars} bar(s) in two versions, the first at {first}: the one with more volume is kept, both \
                 are in the history"
            ),
            Self::Unsound { source, rows, first } => write!(
                formatter,
                "{source} gave {rows} row(s) that are no bars, the first at {first}: they are left out, and asked for again \
                 when the series is fetched again"
            ),
            Self::OutOfReach { source, range, newest_rows } => write!(
                formatter,
                "{source} only has its newest {newest_rows} bars of this interval, so {range} cannot be fetched: take a \
                 longer interval, another exchange, or import a file"
            ),
            Self::FirstBar { source, time } => {
                write!(formatter, "{source} has no bars before {time}")
            }
            Self::ArchiveFailed { error } => {
                write!(formatter, "{error}; the exchange is asked instead")
            }
            Self::Fallback { error, next } => {
                write!(formatter, "{error}; {next} is asked for the rest")
            }
            Self::FallbackFailed { error } => {
                write!(formatter, "{error}; it was asked in place of the exchange")
            }
            Self::TakenFromFallback { source, range } => {
                write!(formatter, "bars from {range} were taken from {source}")
            }
        }
    }
}
