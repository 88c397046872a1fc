//! Everything a run produced.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FaultKind;
use crate::market::Symbol;
use crate::order::{Explained, Fill, Refusal, Rule, Trade, Verdict};
use crate::portfolio::{CostTotals, GrossExposure, Ledger, Position, Posting};
use crate::risk::{BreakerEvent, DelistingAction};
use crate::units::{Money, Quantity, Timestamp};

/// What came out of a run, apart from what was [drained](super::Machine::drain); counts and sums are of the whole run. Row numbers
/// are rows of the panel.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// First row on which a fill was possible; the rows before it warmed the strategy up.
    pub first_row: usize,
    /// Equity at the close of each row from `first_row` on, in quote asset; after draining, of the rows that were not given away,
    /// and of the last row once more where positions were closed at it.
    pub equity: Vec<f64>,
    /// Every fill, in order.
    pub fills: Vec<Fill>,
    /// Every completed round trip, in the order of exits.
    pub trades: Vec<Trade>,
    /// What was refused or cut, as far as it is kept in full.
    pub refusals: Vec<Refusal>,
    /// Refusals and cuts beyond those.
    pub refusals_dropped: u64,
    /// Number of refusals and cuts of each rule, those beyond included.
    pub refusal_counts: BTreeMap<(Rule, Verdict), u64>,
    /// Breakers that tripped or were armed again, in order.
    pub breaker_events: Vec<BreakerEvent>,
    /// Instruments whose prices ended.
    pub delistings: Vec<Delisting>,
    /// Bars in which the order of events is unknown and the worse one was taken.
    pub ambiguous: Vec<AmbiguousBar>,
    /// Number of such bars; the list holds the first ones.
    pub ambiguous_total: u64,
    /// Fills beside the volume of their bars.
    pub volume_use: VolumeUse,
    /// Strategies that failed.
    pub faults: Vec<FaultReport>,
    /// Number of decisions that the strategies made.
    pub decisions: u64,
    /// The way of each decision; empty unless it was wanted.
    pub explained: Vec<Explained>,
    /// Since when the account lay idle for good; `None` where it could trade to the end.
    pub closed: Option<Closed>,
    /// Rows at whose close any position was held.
    pub rows_in_market: u64,
    /// What part of the equity was in positions.
    pub gross_exposure: GrossExposure,
    /// Σ |price × quantity| of every fill, in quote asset.
    pub traded_notional: Money,
    /// Quote asset at hand at the end.
    pub cash: Money,
    /// Positions at the end.
    pub positions: Vec<Position>,
    /// What each friction cost.
    pub costs: CostTotals,
    /// Every movement of money.
    pub ledger: Ledger,
}

/// An account that lay idle to the end of a run: nothing was held, and nothing could be opened any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed {
    /// The first row in which nothing could trade.
    pub row: usize,
    /// Why: a breaker that is armed by hand only, ruin, a halt by hand, or the failure of every strategy.
    pub rule: Rule,
}

/// What a run has put out since it was asked last, each in the order in which it happened. Row numbers are rows of the panel.
#[derive(Clone, Debug, Default)]
pub struct Drained {
    /// Row of the first value of `equity`.
    pub first_row: usize,
    /// Equity at the close of each row, in quote asset.
    pub equity: Vec<f64>,
    /// Fills.
    pub fills: Vec<Fill>,
    /// Completed round trips, in the order of exits.
    pub trades: Vec<Trade>,
    /// What was refused or cut, as far as it is kept in full.
    pub refusals: Vec<Refusal>,
    /// Refusals and cuts beyond those.
    pub refusals_dropped: u64,
    /// Breakers that tripped or were armed again.
    pub breaker_events: Vec<BreakerEvent>,
    /// Instruments whose prices ended.
    pub delistings: Vec<Delisting>,
    /// Bars in which the order of events is unknown and the worse one was taken.
    pub ambiguous: Vec<AmbiguousBar>,
    /// Strategies that failed.
    pub faults: Vec<FaultReport>,
    /// The way of each decision; empty unless it is wanted.
    pub explained: Vec<Explained>,
    /// Movements of money.
    pub postings: Vec<Posting>,
}

/// A strategy that failed; its instruments were left and stayed flat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultReport {
    /// Open time of the bar that it was taking in.
    pub time: Timestamp,
    /// Row of the period, from 0; `None` when it failed while warming up.
    pub row: Option<u64>,
    /// The instruments that it looked after.
    pub symbols: Vec<Symbol>,
    /// The kind of failure.
    pub kind: FaultKind,
    /// What happened.
    pub detail: String,
}

/// An instrument whose prices ended while others traded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delisting {
    /// Close of the bar at which it counts as delisted: there has been no price for as long as the rule says.
    pub time: Timestamp,
    /// The instrument.
    pub symbol: Symbol,
    /// End of its last bar.
    pub last_time: Timestamp,
    /// Last close, in quote asset.
    pub last_price: f64,
    /// Base asset that was held then; negative when short.
    pub quantity: Quantity,
    /// What became of it.
    pub action: DelistingAction,
}

/// What is known of the prices of an instrument some of whose bars are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Listing {
    /// End of its last bar in the rows that were run, UTC milliseconds; `None` before the first, or where none was missing yet.
    pub(super) last_ms: Option<i64>,
    /// Its prices have ended.
    pub(super) ended: bool,
}

/// A bar in which the order of events is unknown and the worse one was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AmbiguousBar {
    /// Open time of the bar.
    pub time: Timestamp,
    /// The instrument.
    pub symbol: Symbol,
}

/// Fills beside the volume of their bars. What is a large part of a bar's volume would have moved the market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VolumeUse {
    /// Largest share of a bar's volume that one fill took; `None` without a fill in a bar with volume.
    pub share_max: Option<f64>,
    /// Fills of more than a tenth of their bar's volume, those in bars without any included.
    pub fills_above_tenth: u64,
}

impl VolumeUse {
    /// Takes in a fill of `quantity` in a bar of `volume`, both in base asset. Where the volume is not known it counts for nothing.
    pub(super) fn add(&mut self, quantity: Quantity, volume: f64) {
        const TENTH: f64 = 0.1;
        if volume.is_nan() {
            return;
        }
        let quantity = quantity.to_f64();
        self.fills_above_tenth += u64::from(quantity > TENTH * volume);
        if volume > 0.0 {
            let share = quantity / volume;
            self.share_max = Some(self.share_max.map_or(share, |most| most.max(share)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of fills of these quantities in bars of these volumes.
    fn told(fills: &[(f64, f64)]) -> (Option<f64>, u64) {
        let mut volume_use = VolumeUse::default();
        for &(quantity, volume) in fills {
            volume_use.add(Quantity::from_f64(quantity).unwrap(), volume);
        }
        (volume_use.share_max, volume_use.fills_above_tenth)
    }

    #[test]
    fn the_largest_share_of_a_volume_is_told() {
        assert_eq!(told(&[]), (None, 0));
        assert_eq!(told(&[(1.0, 100.0), (2.0, 50.0), (3.0, 1_000.0)]), (Some(0.04), 0));
        // More than there was.
        assert_eq!(told(&[(1.0, 100.0), (6.0, 4.0), (2.0, 4.0)]), (Some(1.5), 2));
    }

    #[test]
    fn more_than_a_tenth_of_a_volume_is_counted() {
        assert_eq!(told(&[(10.0, 100.0)]), (Some(0.1), 0));
        assert_eq!(told(&[(10.01, 100.0), (9.99, 100.0), (11.0, 100.0)]), (Some(0.11), 2));
    }

    #[test]
    fn a_volume_that_is_not_known_counts_for_nothing() {
        assert_eq!(told(&[(5.0, f64::NAN)]), (None, 0));
        assert_eq!(told(&[(1.0, 4.0), (5.0, f64::NAN)]), (Some(0.25), 1));
    }

    #[test]
    fn a_fill_in_a_bar_without_volume_is_above_a_tenth_and_has_no_share() {
        assert_eq!(told(&[(5.0, 0.0)]), (None, 1));
        assert_eq!(told(&[(1.0, 4.0), (5.0, 0.0)]), (Some(0.25), 2));
    }
}
