//! No stream of decisions takes an account past its limits: right after every fill that opens or enlarges a position, what the
//! limits say holds, and a breaker that has tripped lets nothing open until it is armed again.
//!
//! Positions, equity and exposure are worked out here from the fills and the prices, apart from the host's own arithmetic.

use std::collections::{BTreeMap, BTreeSet};

use ct_host::engine::Outcome;
use ct_host::order::{Fill, FillReason, MarketFill, Rule, Side};
use ct_host::risk::{BreakerAction, BreakerEventKind};
use ct_host::units::Rate;
use ct_tests::script::Script;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

/// Differences that rounding makes.
const TOLERANCE: f64 = 1e-7;

const DAY_MS: i64 = 86_400_000;

/// The account, replayed.
struct Replay<'a> {
    trial: &'a Trial,
    cash: f64,
    held: Vec<f64>,
}

impl Replay<'_> {
    /// Price at which instrument `place` counts when something fills at `fill`.
    fn price(&self, place: usize, fill: &Fill) -> f64 {
        if place == fill.instrument as usize {
            return fill.reference_price.to_f64();
        }
        let series = &self.trial.panel.series()[place];
        let row = fill.row as usize;
        let at_close =
            self.trial.setup.fills.market == MarketFill::NextClose && is_at_close(self.trial, fill);
        let now = if at_close { series.close()[row] } else { series.open()[row] };
        if now.is_nan() { series.marks()[row - 1] } else { now }
    }

    fn values(&self, fill: &Fill) -> Vec<f64> {
        let value = |(place, held): (usize, &f64)| {
            if *held == 0.0 { 0.0 } else { held * self.price(place, fill) }
        };
        self.held.iter().enumerate().map(value).collect()
    }

    fn book(&mut self, fill: &Fill) {
        let sign = if fill.side == Side::Buy { 1.0 } else { -1.0 };
        let quantity = fill.quantity.to_f64();
        self.cash -= sign * fill.price.to_f64() * quantity;
        if fill.fee_quantity.is_zero() {
            self.cash -= fill.fee.to_f64();
        }
        self.held[fill.instrument as usize] += sign * quantity - fill.fee_quantity.to_f64();
    }
}

/// Whether a fill is that of a market order at the close of its bar.
fn is_at_close(trial: &Trial, fill: &Fill) -> bool {
    let close = trial.panel.series()[fill.instrument as usize].close()[fill.row as usize];
    (fill.reference_price.to_f64() - close).abs() <= 1e-12 * close
}

/// Places of the fills that open or enlarge a position.
fn enlarging(trial: &Trial, outcome: &Outcome) -> BTreeSet<usize> {
    let mut held = vec![0_i128; trial.panel.series().len()];
    let mut enlarging = BTreeSet::new();
    for (place, fill) in outcome.fills.iter().enumerate() {
        let held = &mut held[fill.instrument as usize];
        let before = held.abs();
        *held += fill.side.sign() * fill.quantity.units() - fill.fee_quantity.units();
        if held.abs() > before {
            enlarging.insert(place);
        }
    }
    enlarging
}

/// Checks every limit after every fill that opens or enlarges a position.
fn check_exposure(trial: &Trial, outcome: &Outcome) {
    let risk = &trial.setup.risk;
    let mut replay = Replay {
        trial,
        cash: trial.setup.cash.to_f64(),
        held: vec![0.0; trial.panel.series().len()],
    };
    let enlarging = enlarging(trial, outcome);
    for (place, fill) in outcome.fills.iter().enumerate() {
        replay.book(fill);
        if !enlarging.contains(&place) {
            continue;
        }
        let values = replay.values(fill);
        let equity = replay.cash + values.iter().sum::<f64>();
        let gross: f64 = values.iter().map(|value| value.abs()).sum();
        let net = values.iter().sum::<f64>();
        let own = values[fill.instrument as usize];
        let within = |what: &str, value: f64, limit: Option<f64>| {
            if let Some(limit) = limit {
                let most = limit * equity;
                let room = TOLERANCE * (most.abs() + 1.0);
                assert!(value <= most + room, "{what}: {value} of {most} after {fill:#?}");
            }
        };
        let share = |cap: Option<Rate>| cap.map(Rate::to_fraction);
        within("gross exposure", gross, share(risk.limits.gross_exposure_max));
        let symbol = &trial.panel.series()[fill.instrument as usize].instrument().symbol;
        let position = risk.position_limits_of(symbol);
        within("position", own.abs(), share(position.equity_max));
        within("margin", gross, Some(risk.margin.leverage_max.to_fraction()));
        let held = replay.held[fill.instrument as usize].abs();
        if let Some(most) = position.units_max {
            assert!(held <= most.to_f64() + 1e-9, "{held} of {most} after {fill:#?}");
        }
        if let Some(most) = position.notional_max {
            let value = held * fill.price.max(fill.reference_price).to_f64();
            assert!(value <= most.to_f64() + 1e-6, "{value} of {most} after {fill:#?}");
        }
        // A position that makes the difference smaller may leave it above the cap.
        if net * own > 0.0 {
            within("net exposure", net.abs(), share(risk.limits.net_exposure_max));
        }
        for group in risk.groups.values() {
            let symbols = trial.panel.series().iter().map(|series| &series.instrument().symbol);
            let members = symbols.zip(&values).filter(|(symbol, _)| group.symbols.contains(symbol));
            let members: Vec<f64> = members.map(|(_, value)| value.abs()).collect();
            if group.symbols.contains(symbol) {
                within("group", members.iter().sum(), share(Some(group.exposure_max)));
            }
        }
        if let Some(most) = risk.limits.open_positions_max {
            let open = replay.held.iter().filter(|held| held.abs() > 1e-9).count();
            assert!(open <= most as usize, "{open} positions after {fill:#?}");
        }
    }
}

/// Turnover of each UTC day, up to the last fill that opened something.
fn check_turnover(trial: &Trial, outcome: &Outcome) {
    let Some(most) = trial.setup.risk.limits.turnover_per_day_max else { return };
    let mut days: BTreeMap<i64, f64> = BTreeMap::new();
    let enlarging = enlarging(trial, outcome);
    for (place, fill) in outcome.fills.iter().enumerate() {
        let row = fill.row as usize;
        let day = trial.panel.times()[row].div_euclid(DAY_MS);
        let traded = days.entry(day).or_default();
        *traded += fill.price.to_f64() * fill.quantity.to_f64();
        if enlarging.contains(&place) {
            let first = trial.panel.times().partition_point(|time| time.div_euclid(DAY_MS) < day);
            let before = first.checked_sub(outcome.first_row + 1);
            let start = before.map_or(trial.setup.cash.to_f64(), |place| outcome.equity[place]);
            let limit = most.to_fraction() * start;
            assert!(*traded <= limit * (1.0 + TOLERANCE), "{traded} of {limit} after {fill:#?}");
        }
    }
}

/// While a breaker that halts or flattens stands, nothing opens; and it trips at the first close at its level.
fn check_breakers(trial: &Trial, outcome: &Outcome) {
    let account = || outcome.breaker_events.iter().filter(|event| event.instrument.is_none());
    for event in account() {
        if event.kind == BreakerEventKind::Tripped {
            assert!(event.value >= event.limit - 1e-12, "{event:?}");
            let equity = outcome.equity[event.row - outcome.first_row];
            // The last equity is that after everything was closed.
            let is_last = event.row + 1 == trial.panel.rows();
            assert!(is_last || equity.to_bits() == event.equity.to_bits(), "{event:?}");
        }
    }
    let enlarging = enlarging(trial, outcome);
    for (place, event) in account().enumerate() {
        if event.kind != BreakerEventKind::Tripped || event.action == BreakerAction::Reduce {
            continue;
        }
        let ends = account().skip(place).find(|later| {
            let same = (later.rule, later.limit.to_bits()) == (event.rule, event.limit.to_bits());
            later.kind == BreakerEventKind::Rearmed && same
        });
        let until = ends.map_or(usize::MAX, |later| later.row);
        for fill in enlarging.iter().map(|place| &outcome.fills[*place]) {
            let row = fill.row as usize;
            if row > event.row && row <= until {
                unreachable!("{fill:#?} although {event:?} stands until row {until}");
            }
        }
        if event.action == BreakerAction::Flatten && trial.setup.costs.participation.is_none() {
            check_flat(trial, outcome, (event.row, &enlarging));
        }
    }
}

/// Everything is closed in the first row after `row` in which the instrument has a bar.
fn check_flat(trial: &Trial, outcome: &Outcome, (row, enlarging): (usize, &BTreeSet<usize>)) {
    for (place, series) in trial.panel.series().iter().enumerate() {
        let next = (row + 1..trial.panel.rows()).find(|&later| !series.open()[later].is_nan());
        let Some(next) = next else { continue };
        let held: i128 = outcome
            .fills
            .iter()
            .filter(|fill| fill.instrument as usize == place && fill.row as usize <= next)
            .map(|fill| fill.side.sign() * fill.quantity.units() - fill.fee_quantity.units())
            .sum();
        let opened_again = enlarging
            .iter()
            .map(|place| &outcome.fills[*place])
            .any(|fill| fill.row as usize == next && fill.instrument as usize == place);
        assert!(held == 0 || opened_again, "{held} of {place} held after the flatten of row {row}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(256) })]

    #[test]
    fn after_every_fill(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize, rows_between in 2..20_usize,
    ) {
        let mut trial = Trial::with_every_rule(seed, rows, instruments);
        // What carry and liquidations do to cash is checked with the books.
        trial.setup.costs.funding = None;
        trial.setup.costs.borrow = None;
        trial.setup.risk.margin.liquidation_fee_bps = Rate::ZERO;
        let script = trial.script(rows_between);
        let outcome = trial.run(Script::needs(), |_| script.clone(), 64);
        check_exposure(&trial, &outcome);
        check_turnover(&trial, &outcome);
        check_breakers(&trial, &outcome);
    }
}

/// The trials above prove little if no rule ever acts in them.
#[test]
fn the_trials_make_every_rule_act() {
    let mut counts = BTreeMap::new();
    let mut reasons = BTreeSet::new();
    for seed in 0..500 {
        let trial = Trial::with_every_rule(seed, 300, 4);
        let script = trial.script(6);
        let outcome = trial.run(Script::needs(), |_| script.clone(), 64);
        for ((rule, _), count) in outcome.refusal_counts {
            *counts.entry(rule).or_insert(0) += count;
        }
        reasons.extend(outcome.fills.iter().map(|fill| fill.reason));
    }
    for rule in [
        Rule::ShortNotAllowed,
        Rule::PositionUnits,
        Rule::PositionNotional,
        Rule::PositionEquity,
        Rule::PositionVolume,
        Rule::GrossExposure,
        Rule::NetExposure,
        Rule::GroupExposure,
        Rule::ClusterExposure,
        Rule::OpenPositions,
        Rule::OrdersPerDay,
        Rule::TurnoverPerDay,
        Rule::RiskBudget,
        Rule::NoStop,
        Rule::StopWrongSide,
        Rule::VolatilityUnknown,
        Rule::NoEdge,
        Rule::PortfolioStop,
        Rule::DailyLoss,
        Rule::WeeklyLoss,
        Rule::Drawdown,
        Rule::LosingStreak,
        Rule::CoolDown,
        Rule::Cash,
        Rule::Expired,
    ] {
        assert!(counts.contains_key(&rule), "{rule:?} never acted: {counts:?}");
    }
    for reason in [FillReason::Breaker, FillReason::Rebalance, FillReason::Liquidation] {
        assert!(reasons.contains(&reason), "no fill for {reason:?}");
    }
}
