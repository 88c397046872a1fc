//! The books balance to the last unit of 1e-12, and everything else that the outcome tells about money follows from the
//! fills: cash, equity, costs, round trips.
//!
//! The fills are replayed here with whole numbers, apart from the host's own arithmetic.

use std::collections::BTreeMap;

use ct_host::backtest::{Backtest, Dataset, Origin, RunResult, Settings};
use ct_host::costs::{BarVolumeImpact, CostModel, Impact, Participation, Slippage, Spread};
use ct_host::engine::{Outcome, Scope};
use ct_host::order::{Direction, Fill, FillReason, GapFill, Side};
use ct_host::portfolio::Account;
use ct_host::risk::{FixedFraction, FixedUnits, Shorting, Sizing};
use ct_host::settings::AtEnd;
use ct_host::units::unit::{Base, PerBase, Quote};
use ct_host::units::{Fixed, Money, Price, Quantity, Rate, Unit};
use ct_tests::bars::{Row, SplitMix64, panel};
use ct_tests::reactive::Reactive;
use ct_tests::records::{Placed, placed, rows_of_trades};
use ct_tests::script::{Script, go};
use ct_tests::trial::Trial;
use ct_tests::{plugins, random};
use proptest::prelude::{ProptestConfig, proptest};

/// Units of 1e-12 in one whole.
const WHOLE: i128 = 1_000_000_000_000;

/// `price × quantity`, both in units of 1e-12, to the nearest unit; halves go away from zero. The numbers of the tests are
/// far from overflow.
fn notional(price: i128, quantity: i128) -> i128 {
    let product = price * quantity;
    (product + product.signum() * WHOLE / 2) / WHOLE
}

fn float<U: Unit>(units: i128) -> f64 {
    Fixed::<U>::from_units(units).to_f64()
}

/// What is paid beside the price without friction.
fn costs_of(fill: &Fill) -> i128 {
    [fill.fee, fill.spread, fill.slippage, fill.impact].map(Money::units).iter().sum()
}

/// Cash and positions, replayed from fills.
#[derive(Debug)]
struct Replay {
    cash: i128,
    held: Vec<i128>,
}

impl Replay {
    fn new(trial: &Trial) -> Self {
        let held = vec![0; trial.panel.series().len()];
        Self { cash: trial.setup.account.cash.units(), held }
    }

    fn book(&mut self, &Placed { fill, instrument, .. }: &Placed<'_>) {
        let (price, quantity) = (fill.price.units(), fill.quantity.units());
        self.cash -= fill.side.sign() * notional(price, quantity) + fill.fee.units();
        self.held[instrument] += fill.side.sign() * quantity;
    }

    /// Equity at the close of `row`, in the order in which the host adds it up.
    fn equity(&self, trial: &Trial, row: usize) -> f64 {
        let worth = self.held.iter().zip(trial.panel.series());
        let worth = worth
            .filter(|(held, _)| **held != 0)
            .map(|(&held, series)| float::<Base>(held) * series.marks()[row]);
        worth.fold(float::<Quote>(self.cash), |sum, worth| sum + worth)
    }

    /// What is held at the last closes, in units of 1e-12.
    fn worth(&self, trial: &Trial) -> i128 {
        let worth = self.held.iter().zip(trial.panel.series()).filter(|(held, _)| **held != 0);
        let worth = worth.map(|(&held, series)| {
            notional(Price::from_f64(*series.marks().last().unwrap()).unwrap().units(), held)
        });
        worth.sum()
    }
}

/// Checks everything that the outcome tells about money.
fn check(trial: &Trial, outcome: &Outcome) {
    check_ledger(outcome);
    let fills = placed(&trial.panel, outcome);
    check_replay(trial, outcome, &fills);
    check_costs(trial, outcome, &fills);
    check_trades(trial, outcome, &fills);
    for fill in &fills {
        check_price(trial, fill);
    }
}

/// Every transaction sums to zero, and the accounts' balances are what the outcome says.
fn check_ledger(outcome: &Outcome) {
    let mut balances: BTreeMap<Account, i128> = BTreeMap::new();
    let mut transaction = 0_i128;
    let mut transactions = 0;
    for posting in outcome.ledger.postings() {
        // Every transaction moves cash first.
        if posting.account == Account::Cash {
            assert_eq!(transaction, 0, "before {posting:?}");
            transactions += 1;
        }
        transaction += posting.amount.units();
        *balances.entry(posting.account).or_default() += posting.amount.units();
    }
    assert_eq!(transaction, 0, "the last transaction");
    assert_eq!(transactions, outcome.fills.len() + 1, "one for each fill, and the starting cash");
    let balance = |account| balances.get(&account).copied().unwrap_or_default();
    assert_eq!(balance(Account::Cash), outcome.cash.units());
    for (instrument, position) in (0..).zip(&outcome.positions) {
        assert_eq!(balance(Account::Position(instrument)), position.cost.units());
        assert_eq!(position.quantity.is_zero(), position.cost.is_zero(), "{position:?}");
    }
}

/// Replays the fills: cash, positions and the equity of every row, to the last bit; and that no rule is broken on the way.
fn check_replay(trial: &Trial, outcome: &Outcome, fills: &[Placed<'_>]) {
    let mut replay = Replay::new(trial);
    let mut fills = fills.iter().peekable();
    let last_row = trial.panel.rows() - 1;
    let mut rows_in_market = 0;
    assert_eq!(outcome.equity.len(), trial.panel.rows() - outcome.first_row);
    for (row, equity) in (outcome.first_row..).zip(&outcome.equity) {
        let in_row =
            |placed: &&Placed<'_>| placed.row == row && placed.fill.reason != FillReason::EndOfRun;
        while let Some(fill) = fills.next_if(in_row) {
            replay.book(fill);
            check_rules(trial, &replay, fill);
        }
        rows_in_market += u64::from(replay.held.iter().any(|held| *held != 0));
        if row == last_row {
            fills.by_ref().for_each(|fill| replay.book(fill));
        }
        let expected = if row == last_row && trial.setup.account.at_end == AtEnd::Close {
            float::<Quote>(replay.cash)
        } else {
            replay.equity(trial, row)
        };
        assert_eq!(equity.to_bits(), expected.to_bits(), "row {row}: {equity}, not {expected}");
    }
    let rest = fills.next();
    assert!(rest.is_none(), "a fill before the first row: {rest:?}");
    assert_eq!(rows_in_market, outcome.rows_in_market);
    assert_eq!(replay.cash, outcome.cash.units());
    let held: Vec<i128> = outcome.positions.iter().map(|held| held.quantity.units()).collect();
    assert_eq!(replay.held, held);
}

/// What must hold after each fill.
fn check_rules(trial: &Trial, replay: &Replay, &Placed { fill, instrument, .. }: &Placed<'_>) {
    let held = replay.held[instrument];
    let limits = &trial.setup.risk.limits;
    assert!(fill.quantity.units() > 0 && fill.price.units() >= 0, "{fill:?}");
    if limits.shorting == Shorting::Forbidden {
        assert!(held >= 0, "{held} held after {fill:?}");
        assert!(replay.cash >= 0, "cash of {} after {fill:?}", replay.cash);
    }
    if fill.reason == FillReason::Entry {
        assert!(held * fill.side.sign() > 0, "an entry that reduces: {fill:?}");
        if let Some(position_max) = limits.position.units_max {
            assert!(held.abs() <= position_max.units(), "{held} held after {fill:?}");
        }
        if let Some(notional_max) = limits.position.notional_max {
            let worth = notional(fill.price.units(), held.abs());
            assert!(worth <= notional_max.units() + 1, "{worth} held after {fill:?}");
        }
    }
}

/// A fill needs a bar, a price without friction that the bar has seen or that is worse than all it has seen (for what rests
/// and is gapped past), and frictions and a fee that the settings name.
fn check_price(trial: &Trial, &Placed { fill, row, instrument, .. }: &Placed<'_>) {
    let series = &trial.panel.series()[instrument];
    let reference = fill.reference_price.to_f64();
    let seen = |price: f64| Price::from_f64(price).unwrap().to_f64();
    if fill.reason == FillReason::EndOfRun {
        assert_eq!(reference.to_bits(), seen(series.marks()[row]).to_bits(), "{fill:?}");
    } else {
        assert!(!series.open()[row].is_nan(), "no bar for {fill:?}");
        let (low, high) = (seen(series.low()[row]), seen(series.high()[row]));
        let rested = trial.setup.fills.gap == GapFill::Level && fill.price == fill.reference_price;
        let worse = match fill.side {
            Side::Buy => reference > high,
            Side::Sell => reference < low,
        };
        let seen = (low..=high).contains(&reference) || (rested && worse);
        assert!(seen, "{fill:?}: not from {low} to {high}");
    }
    assert_eq!(fill.quantity.units() % series.instrument().lot.units().max(1), 0, "{fill:?}: lots");
    let costs = &trial.setup.costs;
    let least =
        reference * (spread_of(costs).to_fraction() / 2.0 + slippage_of(costs).to_fraction());
    let most = least + reference * impact_of(costs).to_fraction();
    let most = most + series.instrument().tick.to_f64();
    let moved = fill.side.sign() * (fill.price.units() - fill.reference_price.units());
    let frictions = float::<PerBase>(moved);
    let (maker, taker) = (costs.fees.maker_bps, costs.fees.taker_bps);
    // What rests lies on the grid; an open that it gets instead may lie off it, and costs less than a tick more.
    let tick = series.instrument().tick.units();
    let to_tick = (fill.side.sign() * -fill.reference_price.units()).rem_euclid(tick.max(1));
    let resting = moved == to_tick && fill.fee.units() == fee(fill, maker);
    let at_market = frictions >= least * (1.0 - 1e-9)
        && frictions <= most * (1.0 + 1e-9) + 1e-11
        && fill.fee.units() == fee(fill, taker);
    match fill.reason {
        // A limit may keep a taker from paying all of the frictions.
        FillReason::Entry | FillReason::Exit | FillReason::TakeProfit => {
            let pays_taker = fill.fee.units() == fee(fill, taker);
            let at_limit = frictions >= 0.0 && frictions < least && pays_taker;
            assert!(resting || at_market || at_limit, "{fill:?}");
        }
        _ => assert!(at_market, "{fill:?}: frictions from {least} to {most}"),
    }
}

/// The whole spread; the trials know no other than a fixed one.
fn spread_of(costs: &CostModel) -> Rate {
    let Spread::Fixed(fixed) = &costs.spread else { unreachable!("{:?}", costs.spread) };
    fixed.bps
}

fn slippage_of(costs: &CostModel) -> Rate {
    let Slippage::Fixed(fixed) = &costs.slippage else { unreachable!("{:?}", costs.slippage) };
    fixed.bps
}

/// The impact of an order as large as the bar's volume.
fn impact_of(costs: &CostModel) -> Rate {
    match &costs.impact {
        Impact::BarVolume(linked) => linked.coefficient_bps,
        Impact::None => Rate::ZERO,
        Impact::SquareRoot(_) => unreachable!("{:?}", costs.impact),
    }
}

/// The fee at `rate`, rounded up to the next unit.
fn fee(fill: &Fill, rate: Rate) -> i128 {
    let rate: Quantity = Quantity::from_f64(rate.to_fraction()).unwrap();
    let product = notional(fill.price.units(), fill.quantity.units()) * rate.units();
    product / WHOLE + i128::from(product % WHOLE != 0)
}

/// Each friction is the same in the fills, in the ledger and in the totals, and profit before costs less costs is profit after
/// costs.
fn check_costs(trial: &Trial, outcome: &Outcome, fills: &[Placed<'_>]) {
    let in_ledger = |belongs: fn(Account) -> bool| outcome.ledger.balance(belongs).unwrap();
    let sum = |part: fn(&Fill) -> Money| outcome.fills.iter().map(|fill| part(fill).units()).sum();
    let costs = &outcome.costs;
    for (total, ledger, fills) in [
        (
            costs.fees,
            in_ledger(|account| matches!(account, Account::Fees(_))),
            sum(|fill| fill.fee),
        ),
        (
            costs.spread,
            in_ledger(|account| matches!(account, Account::Spread(_))),
            sum(|fill| fill.spread),
        ),
        (
            costs.slippage,
            in_ledger(|account| matches!(account, Account::Slippage(_))),
            sum(|fill| fill.slippage),
        ),
        (
            costs.impact,
            in_ledger(|account| matches!(account, Account::Impact(_))),
            sum(|fill| fill.impact),
        ),
    ] {
        assert_eq!((total.units(), ledger.units()), (fills, fills));
    }
    let mut replay = Replay::new(trial);
    let (mut gross, mut paid, mut traded) = (0, 0, 0);
    for placed in fills {
        replay.book(placed);
        let fill = placed.fill;
        let reference = notional(fill.reference_price.units(), fill.quantity.units());
        assert_eq!(reference, fill.reference_notional().unwrap().units());
        gross -= fill.side.sign() * reference;
        paid += costs_of(fill);
        traded += notional(fill.price.units(), fill.quantity.units());
    }
    let worth = replay.worth(trial);
    let net = replay.cash + worth - trial.setup.account.cash.units();
    assert_eq!(gross + worth - paid, net, "profit before costs - costs = profit after costs");
    assert_eq!(traded, outcome.traded_notional.units());
}

/// A position from flat to flat, summed up from its fills.
#[derive(Debug, Default)]
struct OpenTrade {
    held: i128,
    quantity: i128,
    gross: i128,
    net: i128,
}

impl OpenTrade {
    fn book(&mut self, fill: &Fill) {
        let (sign, quantity) = (fill.side.sign(), fill.quantity.units());
        if self.held == 0 {
            *self = Self::default();
        }
        if self.held * sign >= 0 {
            self.quantity += quantity;
        }
        self.held += sign * quantity;
        self.gross -= sign * notional(fill.reference_price.units(), quantity);
        self.net -= sign * notional(fill.price.units(), quantity) + fill.fee.units();
    }
}

/// The round trips are those that the fills make, and their profits and what is still open are all that equity has gained.
fn check_trades(trial: &Trial, outcome: &Outcome, fills: &[Placed<'_>]) {
    let mut open: BTreeMap<usize, OpenTrade> = BTreeMap::new();
    let mut realised: BTreeMap<usize, i128> = BTreeMap::new();
    let mut replay = Replay::new(trial);
    rows_of_trades(fills, &outcome.trades);
    let mut trades = outcome.trades.iter();
    for placed in fills {
        replay.book(placed);
        let fill = placed.fill;
        let position = open.entry(placed.instrument).or_default();
        position.book(fill);
        if position.held != 0 {
            continue;
        }
        let trade = trades.next().unwrap();
        let direction = if fill.side == Side::Sell { Direction::Long } else { Direction::Short };
        assert_eq!((&trade.symbol, trade.direction), (&fill.symbol, direction));
        assert_eq!((trade.quantity.units(), trade.exit_reason), (position.quantity, fill.reason));
        assert_eq!(trade.gross_pnl.units(), position.gross, "{trade:?}");
        assert_eq!(trade.net_pnl.units(), position.net, "{trade:?}");
        *realised.entry(placed.instrument).or_default() += position.gross;
    }
    assert_eq!(trades.next(), None, "a round trip without fills");
    let closed: i128 = outcome.trades.iter().map(|trade| trade.net_pnl.units()).sum();
    let started = open.values().filter(|trade| trade.held != 0);
    let started: i128 = started.map(|trade| trade.net).sum();
    let worth = replay.worth(trial);
    assert_eq!(closed + started + worth, replay.cash + worth - trial.setup.account.cash.units());
    for (instrument, gross) in realised {
        if open[&instrument].held == 0 {
            let account = Account::Realised(u32::try_from(instrument).unwrap());
            let booked = outcome.ledger.balance(|other| other == account).unwrap();
            assert_eq!(booked.units(), -gross, "gains are credits");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(160) })]

    #[test]
    fn after_scripted_decisions(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize, rows_between in 2..40_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        let script = trial.script(rows_between);
        check(&trial, &trial.run(Script::needs(), |_| script.clone(), 256));
    }

    #[test]
    fn after_decisions_that_hang_on_the_account(
        seed: u64, rows in 20..200_usize, instruments in 1..=3_usize, rows_between in 2..40_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        for scope in [Scope::Portfolio, Scope::Instrument] {
            let new = |place| trial.reactive(place, rows_between);
            check(&trial, &trial.run(Reactive::needs(scope), new, 256));
        }
    }
}

/// A trial of one instrument that moves only between its bars, with market impact.
fn trial_with_impact(prices_and_volumes: &[(f64, f64)]) -> Trial {
    let bar = |&(price, volume): &(f64, f64)| [price, price, price, price, volume];
    let rows: Vec<Row> = prices_and_volumes.iter().map(bar).collect();
    let mut setup = Settings::default().checked().unwrap();
    setup.costs.borrow = None;
    setup.costs.impact =
        Impact::BarVolume(BarVolumeImpact { coefficient_bps: Rate::from_bps(900.0).unwrap() });
    Trial { seed: 0, panel: panel(&rows), setup, first_row: 0 }
}

/// The first bar trades a single unit. Until the next one the price doubles: less would be bought now, but the rest of the
/// order has its quantity, and with it a larger impact.
#[test]
fn after_the_rest_of_an_order_has_moved_its_price() {
    let mut trial = trial_with_impact(&[(100.0, 1.0), (100.0, 1.0), (206.0, 45.0), (206.0, 45.0)]);
    trial.setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: Rate::ONE.half() });
    trial.setup.costs.participation = Some(Participation { rate: Rate::ONE });
    let outcome = trial.run(Script::needs(), |_| Script::new(vec![go(0, 1.0)]), 256);
    assert!(outcome.fills.len() > 1, "{:?}", outcome.fills);
    check(&trial, &outcome);
}

/// The second, smaller sale has less impact than one of the whole position, and so a higher price.
#[test]
fn after_a_short_position_has_grown_to_its_largest_notional() {
    let mut trial = trial_with_impact(&[(100.0, 10.0); 5]);
    trial.setup.risk.sizing = Sizing::Units(FixedUnits { units: Quantity::from_f64(5.0).unwrap() });
    trial.setup.risk.limits.shorting = Shorting::Allowed;
    trial.setup.risk.limits.position.notional_max = Some(Money::from_f64(400.0).unwrap());
    let script = Script::new(vec![go(0, -0.6), go(2, -1.0)]);
    let outcome = trial.run(Script::needs(), |_| script.clone(), 256);
    assert_eq!(outcome.fills.len(), 2);
    check(&trial, &outcome);
}

/// The summary of a result is made of the same numbers.
#[test]
fn in_the_result_of_a_plugin() {
    for seed in 0..20 {
        let mut random = SplitMix64(seed);
        let data = random::instruments(&mut random, 400, 2);
        let data = Dataset::new(data, Origin::Synthetic).unwrap();
        let settings = random::settings(&mut random);
        for plugin in plugins::all() {
            let arguments = plugins::random_arguments(plugin, &mut random);
            let backtest =
                Backtest::new(plugin, &data).settings(settings.clone()).arguments(arguments);
            check_result(&backtest.run().unwrap());
        }
    }
}

fn check_result(result: &RunResult) {
    let costs = &result.costs;
    let sum = |part: fn(&Fill) -> Money| -> i128 {
        result.fills.iter().map(|fill| part(fill).units()).sum()
    };
    assert_eq!(costs.fees.units(), sum(|fill| fill.fee));
    assert_eq!(costs.spread.units(), sum(|fill| fill.spread));
    assert_eq!(costs.slippage.units(), sum(|fill| fill.slippage));
    assert_eq!(costs.impact.units(), sum(|fill| fill.impact));
    let parts = [costs.fees, costs.spread, costs.slippage, costs.impact].map(Money::units);
    assert_eq!(costs.total.units(), parts.iter().sum::<i128>());
    assert_eq!(costs.gross_pnl.units() - costs.total.units(), costs.net_pnl.units());
    let gained = result.final_equity.units() - result.initial_cash.units();
    assert_eq!(costs.net_pnl.units(), gained);
    if result.open_positions.is_empty() {
        let net: i128 = result.trades.iter().map(|trade| trade.net_pnl.units()).sum();
        let gross: i128 = result.trades.iter().map(|trade| trade.gross_pnl.units()).sum();
        assert_eq!((gross, net), (costs.gross_pnl.units(), costs.net_pnl.units()));
    }
}
