//! The kinds of defects and how bad each is.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth a look; the data may well be right.
    Note,
    /// What a trader must know before trusting a backtest on the data.
    Warning,
    /// A backtest on the data would be wrong.
    Error,
}

/// A kind of defect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// A time before 1970 or after 9999.
    ImpossibleTime,
    /// The whole file runs from newest to oldest.
    Descending,
    /// A row that stands neither before all later ones nor after all earlier ones.
    OutOfOrder,
    /// A row that is equal to another one in every value.
    Duplicate,
    /// A row with the time of another one, but other values.
    ConflictingDuplicate,
    /// A time that is no multiple of the interval away from most others.
    OffGrid,
    /// Bars open at one time of day of a place whose clocks change, so not one interval apart.
    LocalDays,
    /// All bars open at another time of day, or of the week, than is usual.
    ShiftedGrid,
    /// Missing bars.
    Gap,
    /// Bars are missing for so long that the instrument was probably delisted and listed again.
    LongHole,
    /// The price goes to another level from one bar to the next and stays: other units, or another asset.
    LevelShift,
    /// The series pauses and goes on at an unrelated price: another asset under the same symbol, or other units.
    TickerReuse,
    /// A price or a volume that is NaN, missing or infinite.
    NotFinite,
    /// A price of zero or less.
    NonPositivePrice,
    /// Open or close outside the range from low to high, or high below low.
    InconsistentOhlc,
    /// A volume below zero.
    NegativeVolume,
    /// A price move far beyond what is usual at the time.
    Spike,
    /// A price far from those before and after: it reverts at once.
    BadTick,
    /// The same four prices in many bars on end, though there is volume.
    StaleRun,
    /// Many bars on end without any volume.
    ZeroVolumeRun,
    /// A volume far beyond what is usual at the time.
    VolumeOutlier,
    /// Rows whose volume is in the quote asset, while the others' is in the base asset.
    SwappedVolume,
    /// Volumes that are prices, such as the VWAP.
    VolumeIsPrice,
    /// Rows that repeat the prices and volumes of earlier rows under other times.
    CopiedRows,
    /// The last bar was not closed when the data was made, as the clock tells.
    UnfinishedLastBar,
    /// The last bar has so little volume that it may not have been closed.
    ThinLastBar,
    /// Two sources have different prices for one bar.
    SourceDisagreement,
    /// One of two sources lacks a bar of a time that both cover.
    OnlyInOneSource,
}

impl FindingKind {
    /// How bad it is.
    pub const fn severity(self) -> Severity {
        match self {
            Self::ImpossibleTime
            | Self::OutOfOrder
            | Self::ConflictingDuplicate
            | Self::OffGrid
            | Self::LocalDays
            | Self::LevelShift
            | Self::TickerReuse
            | Self::NotFinite
            | Self::NonPositivePrice
            | Self::InconsistentOhlc
            | Self::NegativeVolume
            | Self::SwappedVolume
            | Self::VolumeIsPrice
            | Self::CopiedRows => Severity::Error,
            Self::Descending
            | Self::Duplicate
            | Self::ShiftedGrid
            | Self::Gap
            | Self::LongHole
            | Self::Spike
            | Self::BadTick
            | Self::StaleRun
            | Self::ZeroVolumeRun
            | Self::VolumeOutlier
            | Self::UnfinishedLastBar
            | Self::SourceDisagreement
            | Self::OnlyInOneSource => Severity::Warning,
            Self::ThinLastBar => Severity::Note,
        }
    }

    /// Whether [`repair`](super::repair()) always leaves none of it. The others need a decision about the prices themselves,
    /// such as another period or another source.
    pub const fn is_repairable(self) -> bool {
        matches!(
            self,
            Self::ImpossibleTime
                | Self::Descending
                | Self::OutOfOrder
                | Self::Duplicate
                | Self::ConflictingDuplicate
                | Self::OffGrid
                | Self::NotFinite
                | Self::NonPositivePrice
                | Self::InconsistentOhlc
                | Self::NegativeVolume
        )
    }
}

impl fmt::Display for FindingKind {
    /// The kind in words, such as `conflicting duplicate`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::ImpossibleTime => "impossible time",
            Self::Descending => "newest first",
            Self::OutOfOrder => "out of order",
            Self::Duplicate => "duplicate",
            Self::ConflictingDuplicate => "conflicting duplicate",
            Self::OffGrid => "off the time grid",
            Self::LocalDays => "local days",
            Self::ShiftedGrid => "shifted time grid",
            Self::Gap => "gap",
            Self::LongHole => "long hole",
            Self::LevelShift => "level shift",
            Self::TickerReuse => "ticker reuse",
            Self::NotFinite => "not a number",
            Self::NonPositivePrice => "price of zero or less",
            Self::InconsistentOhlc => "inconsistent prices",
            Self::NegativeVolume => "negative volume",
            Self::Spike => "spike",
            Self::BadTick => "bad tick",
            Self::StaleRun => "stale run",
            Self::ZeroVolumeRun => "run without volume",
            Self::VolumeOutlier => "volume outlier",
            Self::SwappedVolume => "swapped volume",
            Self::VolumeIsPrice => "volume is a price",
            Self::CopiedRows => "copied rows",
            Self::UnfinishedLastBar => "unfinished last bar",
            Self::ThinLastBar => "thin last bar",
            Self::SourceDisagreement => "sources disagree",
            Self::OnlyInOneSource => "in one source only",
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
