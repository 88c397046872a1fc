//! What to fetch, and from where.

use std::fmt;
use std::sync::Arc;

use crate::SeriesKey;
use crate::source::BarSource;
use ct_core::units::Timestamp;

/// One series to bring up to date.
#[derive(Clone, Debug)]
pub struct FetchJob {
    /// The series.
    pub key: SeriesKey,
    /// The first open time that is wanted; bars before the listing are found to be none.
    pub from: Timestamp,
    /// Where to stop.
    pub to: FetchEnd,
    /// Who is asked.
    pub sources: Sources,
}

/// The first time that is not wanted any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchEnd {
    /// The last bar that has closed by the source's clock.
    Now,
    /// This time, or the last closed bar if it is still to come.
    At(Timestamp),
}

/// Who is asked for a series.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The exchange itself.
    pub exchange: SymbolSource,
    /// Files of the exchange that hold whole UTC months or days, preferred where they save requests.
    pub archive: Option<SymbolSource>,
    /// Who may be asked, in this order, for what the exchange could not give because it failed. The user allowed them.
    pub fallbacks: Vec<SymbolSource>,
}

/// A source, and what it calls the symbol.
#[derive(Clone)]
pub struct SymbolSource {
    /// The source.
    pub source: Arc<dyn BarSource>,
    /// Base and quote asset as this source is asked for them, such as `BTC/USDT`.
    pub symbol: String,
}

impl fmt::Debug for SymbolSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} of {}", self.symbol, self.source.name())
    }
}

/// How a fetch is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FetchSettings {
    /// What this computer's clock shows. It is believed until a source tells its own time.
    pub now: Timestamp,
    /// What is asked for.
    pub refresh: Refresh,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Refresh {
    /// Only what is neither held nor known not to exist.
    #[default]
    Missing,
    /// Everything in the range, to find what the exchange has revised since.
    Everything,
}
