//! What bars come from, as the fetcher sees it: something that answers one page after the other.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::TimeRange;
use ct_core::market::RawColumns;
use ct_core::units::{Interval, Timestamp};

/// A place that has bars. It answers one page at a time, waits as long as its limits want, and tries again what is worth
/// another try; which pages to ask for, and what to make of the answers, is for the fetcher.
pub trait BarSource: Send + Sync {
    /// What its bars are recorded as, such as `binance` or `binance archive`.
    fn name(&self) -> &str;

    /// What it can be asked for.
    ///
    /// # Errors
    /// [`SourceErrorKind::Interval`] when it has no bars of `interval`; the message lists those it has.
    fn limits(&self, interval: Interval) -> Result<PageLimits, SourceError>;

    /// The bars that open in the range of `request`, or as many of them as the source is willing to give.
    ///
    /// # Errors
    /// [`SourceError`], after the last try.
    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, SourceError>>;
}

/// What a source can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// Bars in one page, at most.
    pub rows_max: u32,
    /// Only this many of the newest bars can be had at all, however they are asked for; `None`: all of them.
    pub newest_rows: Option<u32>,
    /// Pages that may be asked for at the same time.
    pub concurrency: u32,
}

/// One page of bars.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Base and quote asset, such as `BTC/USDT`.
    pub symbol: String,
    /// Length of a bar.
    pub interval: Interval,
    /// The bars asked for are those that open in it. Holds no more than [`PageLimits::rows_max`] bars.
    pub range: TimeRange,
}

/// What a source answered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The rows that the source gave, by time, rows of the same time in the order they came. Nothing else is put right:
    /// there may be repeated rows, rows outside the range, and a last bar that is still open. Every value is a number.
    pub rows: RawColumns,
    /// The source's own clock when it answered, to the second; `None` when it did not tell.
    pub server_time: Option<Timestamp>,
}

/// Why there is no page.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{source_name}: {message}")]
pub struct SourceError {
    /// The source's [name](BarSource::name).
    pub source_name: String,
    /// What kind of failure it is.
    pub kind: SourceErrorKind,
    /// What was asked, what was answered, and what can be done.
    pub message: String,
}

/// Kinds of failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceErrorKind {
    /// It cannot be reached, or the connection broke.
    Unreachable,
    /// It did not answer in time.
    Timeout,
    /// It wants fewer requests, and no sooner than after this time if it said so.
    RateLimited(Option<Duration>),
    /// It says that it is out of order, or for maintenance.
    Unavailable,
    /// An archive has no such file, or not yet.
    Absent,
    /// The answer is not what it should be: cut off, no JSON, values that are no numbers, more than a limit allows.
    BadAnswer,
    /// Reading the answer did not end in time. It is not asked for again, since that would take as long again.
    Unreadable,
    /// It does not know the symbol.
    Symbol,
    /// It does not have bars of the interval.
    Interval,
    /// It refuses the request for another reason, such as the caller's country.
    Refused,
}

impl SourceErrorKind {
    /// Whether the same request may succeed later.
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Unreachable
            | Self::Timeout
            | Self::RateLimited(_)
            | Self::Unavailable
            | Self::BadAnswer => true,
            Self::Absent | Self::Unreadable | Self::Symbol | Self::Interval | Self::Refused => {
                false
            }
        }
    }
}
