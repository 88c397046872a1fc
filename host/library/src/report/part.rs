//! The parts of the report of a run, by the names that users pick them by, and a selection of them.

use ct_core::units::Timestamp;

/// A part of the report of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Part {
    /// Strategy, prices, period, account and rules
    Run,
    /// Growth of the equity
    Return,
    /// Risk and what was earned for it: Sharpe, Sortino and others
    Ratios,
    /// Against buy and hold
    Benchmark,
    /// The deepest drawdowns
    Drawdown,
    /// How daily returns are distributed
    Distribution,
    /// Days, months and years
    Periods,
    /// Time in market and turnover
    Exposure,
    /// All trades together
    Trades,
    /// Holding times and excursions
    Holding,
    /// Trades by symbol, tag and exit
    Groups,
    /// The last, the best and the worst trades
    List,
    /// Positions that are open at the end
    Open,
    /// Breakers, refusals and cuts
    Risk,
    /// The way of every decision, where it was kept
    Decisions,
    /// What the strategy said
    Messages,
    /// Hashes that name run, plugin and prices
    Identity,
    /// The equity curve
    Equity,
    /// From gross to net
    Costs,
    /// The result in short, beside buy and hold or the benchmark
    Headline,
}

impl Part {
    /// What is shown to whoever asks for nothing else, as far as there is anything in it.
    pub const USUAL: [Self; 9] = [
        Self::Run,
        Self::Groups,
        Self::Open,
        Self::Risk,
        Self::Decisions,
        Self::Messages,
        Self::Equity,
        Self::Costs,
        Self::Headline,
    ];
}

/// What of the report of a run is wanted; all of it, unless it says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selection {
    /// The parts.
    pub parts: Parts,
    /// The decisions among those that were kept; none of them without it.
    pub decisions: Option<DecisionFilter>,
}

impl Default for Selection {
    fn default() -> Self {
        Self { parts: Parts::All, decisions: Some(DecisionFilter::default()) }
    }
}

/// Parts of a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Parts {
    /// Every one.
    #[default]
    All,
    /// [`Part::USUAL`], and of what the rules did only if they did anything.
    Usual,
    /// These.
    Only(Vec<Part>),
}

/// Which decisions are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DecisionFilter {
    /// On these instruments; on all if there is none.
    pub symbols: Vec<String>,
    /// Of bars that open then or later.
    pub from: Option<Timestamp>,
    /// Of bars that open before.
    pub to: Option<Timestamp>,
}

impl DecisionFilter {
    /// Whether what happened at `time` on `symbol`, or on all instruments, is shown.
    pub(super) fn lets_through(&self, time: Timestamp, symbol: Option<&str>) -> bool {
        let is_of = |symbol: &str| self.symbols.iter().any(|wanted| wanted == symbol);
        (self.symbols.is_empty() || symbol.is_none_or(is_of))
            && self.from.is_none_or(|from| time >= from)
            && self.to.is_none_or(|to| time < to)
    }
}
