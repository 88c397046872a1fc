//! Random markets, settings and decisions: the same seed gives the same.

use std::num::NonZeroU32;

use ct_host::backtest::Settings;
use ct_host::costs::{
    BarVolumeImpact, CostModel, FeeSchedule, FixedSlippage, FixedSpread, Impact, Participation,
    Slippage, Spread,
};
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::order::{Action, Decision, Entry, Exposure, FillRules, GapFill, Levels, LimitFill};
use ct_host::risk::{
    BreakerSettings, FixedFraction, FixedUnits, Limits, Margin, PositionLimits, RiskSettings,
    Shorting, Sizing,
};
use ct_host::settings::{AccountSettings, AtEnd};
use ct_host::units::{Fixed, Rate, Unit};

use crate::bars::{HOUR_MS, Row, SplitMix64, hourly_with_gaps, random_walk};

/// Up to four instruments named A, B, and so on, of at most `rows` hourly bars. Bars are missing, and every instrument but the
/// first starts later or ends earlier. Some have a tick, a lot or a minimum notional.
pub fn instruments(random: &mut SplitMix64, rows: usize, count: usize) -> Vec<(Instrument, Bars)> {
    let symbols = ["A/USD", "B/USD", "C/USD", "D/USD"];
    let instrument = |(place, symbol): (usize, &str)| {
        let bars = if random.unit() < 0.8 {
            random_walk(random.next_bits(), rows, HOUR_MS)
        } else {
            violent_walk(random, rows)
        };
        let (late, early) = if place == 0 { (0, 0) } else { (rows / 3, rows / 4) };
        let start = random.below(late + 1);
        let end = bars.len() - random.below(early + 1);
        let rules = Instrument {
            tick: exact(random.pick(&[0.0, 0.01, 0.5])),
            lot: exact(random.pick(&[0.0, 0.001, 1.0])),
            quantity_min: exact(random.pick(&[0.0, 0.5, 3.0])),
            notional_min: exact(random.pick(&[0.0, 10.0, 500.0])),
            ..Instrument::unrestricted(symbol)
        };
        (rules, bars.rows(start..end))
    };
    symbols.into_iter().take(count).enumerate().map(instrument).collect()
}

/// Bars of a market that can halve or double in an hour, or between two: enough to ruin a short seller. Sometimes nothing is traded.
fn violent_walk(random: &mut SplitMix64, rows: usize) -> Bars {
    let mut price: f64 = 100.0;
    let mut row = |_| -> Option<Row> {
        let jump =
            if random.unit() < 0.15 { (1.0 + random.unit()) / (1.0 + random.unit()) } else { 1.0 };
        let open = (price * jump).clamp(1.0, 10_000.0);
        let moved = open * (1.0 + random.unit()) / (1.0 + random.unit());
        let close = moved.clamp(1.0, 10_000.0);
        let (high, low) = (open.max(close) * 1.05, open.min(close) * 0.95);
        price = close;
        let traded = random.unit() >= 0.05;
        let volume = if traded { (1_000.0 * random.unit()).floor() } else { 0.0 };
        (random.unit() < 0.98).then_some([open, high, low, close, volume])
    };
    let first = row(0).or(Some([100.0; 5]));
    let rows: Vec<Option<Row>> = std::iter::once(first).chain((1..rows).map(row)).collect();
    hourly_with_gaps(&rows)
}

/// Settings with some of the frictions and limits there are, within what [`Settings::checked`] allows.
pub fn settings(random: &mut SplitMix64) -> Settings {
    let cash = exact(random.pick(&[1_000.0, 10_000.0, 250_000.0]));
    let mut settings = Settings {
        account: AccountSettings { cash, ..AccountSettings::default() },
        costs: costs(random),
        risk: RiskSettings {
            sizing: if random.unit() < 0.6 {
                let fraction = rate(random.pick(&[0.1, 0.5, 0.95, 1.0]));
                Sizing::Fraction(FixedFraction { fraction })
            } else {
                Sizing::Units(FixedUnits { units: exact(random.pick(&[0.3, 7.0, 120.0])) })
            },
            limits: Limits {
                shorting: random.pick(&[Shorting::Forbidden, Shorting::Allowed]),
                position: PositionLimits {
                    units_max: random.pick(&[None, None, Some(5.0), Some(60.0)]).map(exact),
                    notional_max: random.pick(&[None, None, Some(400.0), Some(9_000.0)]).map(exact),
                    ..PositionLimits::default()
                },
                ..Limits::default()
            },
            // An account that is short goes on until it is worth nothing.
            margin: Margin {
                maintenance: Rate::ZERO,
                liquidation_fee_bps: Rate::ZERO,
                ..Margin::default()
            },
            breakers: BreakerSettings::none(),
            ..RiskSettings::default()
        },
        fills: FillRules {
            limit: random.pick(&[LimitFill::Touch, LimitFill::Through]),
            gap: random.pick(&[GapFill::Level, GapFill::Open]),
            ..FillRules::default()
        },
    };
    settings.account.at_end = random.pick(&[AtEnd::Mark, AtEnd::Close]);
    settings
}

fn costs(random: &mut SplitMix64) -> CostModel {
    let mut bps = |choices: &[f64]| rate(random.pick(choices) / 10_000.0);
    CostModel {
        fees: FeeSchedule {
            maker_bps: bps(&[0.0, 1.5, 10.0]),
            taker_bps: bps(&[0.0, 4.5, 60.0]),
            ..FeeSchedule::default()
        },
        spread: Spread::Fixed(FixedSpread { bps: bps(&[0.0, 3.0, 25.0]) }),
        slippage: Slippage::Fixed(FixedSlippage { bps: bps(&[0.0, 5.0, 33.3]) }),
        impact: Impact::BarVolume(BarVolumeImpact {
            coefficient_bps: bps(&[0.0, 0.0, 80.0, 900.0]),
        }),
        participation: random
            .pick(&[None, None, Some(0.02), Some(0.3), Some(1.0)])
            .map(|share| Participation { rate: rate(share) }),
        ..CostModel::default()
    }
}

/// Decisions for every instrument of `panel`, one in `rows_between` rows on average, in order.
pub fn decisions(random: &mut SplitMix64, panel: &Panel, rows_between: usize) -> Vec<Decision> {
    let mut decisions = Vec::new();
    for row in 0..panel.rows() {
        for (instrument, series) in panel.series().iter().enumerate() {
            if random.below(rows_between) == 0 {
                let mark = series.marks().get(row).copied().unwrap_or(f64::NAN);
                decisions.push(decision(random, (row, instrument), mark));
            }
        }
    }
    decisions
}

/// Any decision that the contract allows, at the place (row, instrument), with prices around `close`, some of them absurd. Stops
/// and take-profits may lie on the wrong side.
pub fn decision(
    random: &mut SplitMix64,
    (row, instrument): (usize, usize),
    close: f64,
) -> Decision {
    let close = if close.is_nan() { 100.0 } else { close };
    let mut near = |chance: f64| {
        let price = if random.unit() < 0.03 {
            random.pick(&[1e-9, 0.5 * close, 2.0 * close, 1e9])
        } else {
            close * (1.0 + 0.06 * (random.unit() - 0.5))
        };
        (random.unit() < chance).then(|| exact(price))
    };
    let levels = Levels { stop: near(0.4), take_profit: near(0.4) };
    let entry = match near(0.3) {
        Some(price) => {
            let expires_after_rows = NonZeroU32::new(random.pick(&[0, 1, 2, 9]));
            Entry::Limit { price, expires_after_rows }
        }
        None => Entry::Market,
    };
    let share = random.pick(&[0.0, 0.0, 1.0, 1.0, -1.0, 0.37, -0.62, 0.5]);
    let action = match Exposure::new(share) {
        Some(target) if random.unit() < 0.85 => Action::Move { target, entry },
        _ => Action::Keep,
    };
    let tag = random.pick(&[None, Some("tagged")]).map(Into::into);
    Decision { row, instrument, action, levels, tag }
}

impl SplitMix64 {
    /// One of `choices`, which are not empty.
    ///
    /// # Panics
    /// Without any choice.
    pub fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        match choices.get(self.below(choices.len())) {
            Some(choice) => *choice,
            None => unreachable!("no choice"),
        }
    }
}

pub(crate) fn exact<U: Unit>(value: f64) -> Fixed<U> {
    match Fixed::from_f64(value) {
        Ok(fixed) => fixed,
        Err(error) => unreachable!("test data: {error}"),
    }
}

fn rate(share: f64) -> Rate {
    match Rate::from_fraction(share) {
        Ok(rate) => rate,
        Err(error) => unreachable!("test data: {error}"),
    }
}
