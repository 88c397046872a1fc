//! What a strategy is told once, before its first bar.

use crate::{Argument, Interval};
use serde::Serialize;

/// The instruments and the interval that a strategy runs on.
///
/// ```
/// use ct_sdk::{Interval, Setup};
///
/// let setup = Setup::new(["BTC/USDT"], Interval::HOUR);
/// assert_eq!(setup.symbol(), "BTC/USDT");
/// assert_eq!(setup.interval().milliseconds(), 3_600_000);
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Setup {
    symbols: Vec<String>,
    interval: Interval,
}

impl Setup {
    /// A set-up for these symbols, in the order of the run's instruments.
    pub fn new<S: Into<String>>(symbols: impl IntoIterator<Item = S>, interval: Interval) -> Self {
        Self { symbols: symbols.into_iter().map(Into::into).collect(), interval }
    }

    /// Symbols of all instruments, in the order of `Row::bar` and `Targets::set`.
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// Symbol of the first instrument: the only one of a strategy that looks at one instrument.
    /// Empty when there is none.
    pub fn symbol(&self) -> &str {
        self.symbols.first().map_or("", String::as_str)
    }

    /// Length of a bar.
    pub fn interval(&self) -> Interval {
        self.interval
    }
}

/// Everything that makes an instance of a strategy what it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Config {
    /// Instruments and interval.
    pub setup: Setup,
    /// Every parameter of the strategy, exactly once.
    pub arguments: Vec<Argument>,
}
