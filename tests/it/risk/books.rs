//! What time and margin cost is booked to the last unit of 1e-12: funding, interest, liquidations, and fees in base asset.
//!
//! Fills are taken from the run; everything else is worked out here again with whole numbers, apart from the host's own
//! arithmetic.

use ct_host::costs::{Borrow, FeeAsset, FixedSlippage, Funding, FundingPayer, Slippage};
use ct_host::engine::Outcome;
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::order::{FillReason, Side};
use ct_host::portfolio::{Account, Position, Posting};
use ct_host::risk::{FixedFraction, Margin, Shorting, Sizing};
use ct_host::settings::Settings;
use ct_host::units::unit::{Base, Quote};
use ct_host::units::{Fixed, Interval, Money, Price, Quantity, Rate};
use ct_tests::bars::{HOUR_MS, Row, SplitMix64, hourly_with_gaps, panel_of};
use ct_tests::random;
use ct_tests::records::{Placed, placed};
use ct_tests::run::run;
use ct_tests::script::Script;
use ct_tests::setup::plain_setup;
use proptest::prelude::{ProptestConfig, proptest};

use super::calendar::time;

/// Units of 1e-12 in one whole.
const WHOLE: i128 = 1_000_000_000_000;
const YEAR_HOURS: i128 = 365 * 24;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    Up,
    Down,
    Nearest,
}

/// The product of two numbers of 1e-12, none below zero.
fn product(one: i128, other: i128, round: Round) -> i128 {
    let product = one * other;
    match round {
        Round::Up => product / WHOLE + i128::from(product % WHOLE != 0),
        Round::Down => product / WHOLE,
        Round::Nearest => (product + WHOLE / 2) / WHOLE,
    }
}

fn units(rate: Rate) -> i128 {
    Quantity::from_f64(rate.to_fraction()).unwrap().units()
}

/// Cash and positions, replayed row by row, with what must have been charged on the way.
struct Replay<'a> {
    panel: &'a Panel,
    setup: &'a Settings,
    cash: i128,
    held: Vec<i128>,
    charges: Vec<Posting>,
}

impl Replay<'_> {
    fn charge(&mut self, row: usize, account: Account, amount: i128) {
        self.cash -= amount;
        if amount != 0 {
            let row = u32::try_from(row).unwrap();
            self.charges.push(Posting { row, account, amount: Money::from_units(amount) });
        }
    }

    fn book(&mut self, placed: &Placed<'_>) {
        let (fill, place) = (placed.fill, placed.instrument);
        let (price, quantity) = (fill.price.units(), fill.quantity.units());
        if fill.reason == FillReason::Liquidation {
            let value = product(price, quantity, Round::Nearest);
            let rate = units(self.setup.risk.margin.liquidation_fee_bps);
            let amount = product(value, rate, Round::Up);
            let number = u32::try_from(place).unwrap();
            self.charge(placed.row, Account::Liquidation(number), amount);
        }
        self.check_fee(placed);
        let paid = product(price, quantity, Round::Nearest);
        if fill.side == Side::Buy {
            self.cash -= paid;
            self.held[place] += quantity - fill.fee_quantity.units();
        } else {
            self.cash += paid;
            self.held[place] -= quantity;
        }
        if fill.fee_quantity.is_zero() {
            self.cash -= fill.fee.units();
        }
    }

    /// Purchases that open or enlarge a long position pay in base asset, if fees are taken so; everything else in quote asset.
    fn check_fee(&self, &Placed { fill, instrument, .. }: &Placed<'_>) {
        let fees = &self.setup.costs.fees;
        let enlarges = fill.side == Side::Buy && self.held[instrument] >= 0;
        let maker = fill.price == fill.reference_price && fees.maker_bps != fees.taker_bps;
        let rates = if maker { vec![fees.maker_bps, fees.taker_bps] } else { vec![fees.taker_bps] };
        let expected = |rate: Rate| {
            if enlarges && fees.asset == FeeAsset::Base {
                let kept = product(fill.quantity.units(), units(rate), Round::Up);
                (product(fill.reference_price.units(), kept, Round::Nearest), kept)
            } else {
                let notional = product(fill.price.units(), fill.quantity.units(), Round::Nearest);
                (product(notional, units(rate), Round::Up).max(fees.minimum.units()), 0)
            }
        };
        let found = (fill.fee.units(), fill.fee_quantity.units());
        assert!(rates.into_iter().any(|rate| expected(rate) == found), "{fill:?}");
    }

    /// Funding and interest that fall due at the close of `row`.
    fn carry(&mut self, row: usize) {
        let close_ms = self.panel.times()[row] + HOUR_MS;
        let due = |every: Interval| close_ms % every.as_ms() == 0;
        let funding = self.setup.costs.funding.filter(|rule| due(rule.every));
        let borrow = self.setup.costs.borrow.filter(|rule| due(rule.every));
        for place in 0..self.held.len() {
            let (held, number) = (self.held[place], u32::try_from(place).unwrap());
            if held == 0 {
                continue;
            }
            let mark = Price::from_f64(self.panel.series()[place].marks()[row]).unwrap().units();
            if let Some(funding) = funding {
                let pays = match funding.payer {
                    FundingPayer::Both => true,
                    FundingPayer::Long => held > 0,
                    FundingPayer::Short => held < 0,
                };
                let round = if pays { Round::Up } else { Round::Down };
                let value = product(mark, held.abs(), round);
                let amount = product(value, units(funding.rate_bps), round);
                self.charge(row, Account::Funding(number), if pays { amount } else { -amount });
            }
            if let Some(borrow) = borrow.filter(|_| held < 0) {
                let value = product(mark, held.abs(), Round::Up);
                let amount = interest(&borrow, borrow.base_annual, value);
                self.charge(row, Account::BorrowedBase(number), amount);
            }
        }
        if let Some(borrow) = borrow.filter(|_| self.cash < 0) {
            let amount = interest(&borrow, borrow.quote_annual, -self.cash);
            self.charge(row, Account::BorrowedQuote, amount);
        }
    }

    fn equity(&self, row: usize) -> f64 {
        let worth = self.held.iter().zip(self.panel.series()).filter(|(held, _)| **held != 0);
        let worth = worth
            .map(|(&held, series)| Fixed::<Base>::from_units(held).to_f64() * series.marks()[row]);
        worth.fold(Fixed::<Quote>::from_units(self.cash).to_f64(), |sum, worth| sum + worth)
    }
}

/// Interest on `value` for one booking, rounded up.
fn interest(borrow: &Borrow, annual: Rate, value: i128) -> i128 {
    let yearly = product(value, units(annual), Round::Up);
    let hours = i128::from(borrow.every.as_ms() / HOUR_MS);
    let product = yearly * hours;
    product / YEAR_HOURS + i128::from(product % YEAR_HOURS != 0)
}

fn check(panel: &Panel, setup: &Settings, outcome: &Outcome) {
    let held = vec![0; panel.series().len()];
    let cash = setup.account.cash.units();
    let mut replay = Replay { panel, setup, cash, held, charges: Vec::new() };
    let fills = placed(panel, outcome);
    let mut fills = fills.iter().peekable();
    for (row, equity) in outcome.equity.iter().enumerate() {
        while let Some(fill) = fills.next_if(|fill| fill.row == row) {
            replay.book(fill);
        }
        replay.carry(row);
        let expected = replay.equity(row);
        assert_eq!(equity.to_bits(), expected.to_bits(), "row {row}: {equity}, not {expected}");
    }
    assert_eq!(replay.cash, outcome.cash.units());
    let held: Vec<i128> = outcome.positions.iter().map(|held| held.quantity.units()).collect();
    assert_eq!(replay.held, held);
    check_ledger(outcome, &replay.charges);
}

/// The ledger holds these charges, in this order, and no others; the totals are their sums, and so are those of the trades.
fn check_ledger(outcome: &Outcome, charges: &[Posting]) {
    let booked: Vec<Posting> = outcome
        .ledger
        .postings()
        .iter()
        .filter(|posting| kind(posting.account).is_some())
        .copied()
        .collect();
    assert_eq!(booked, charges);
    let sum = |wanted: Kind| -> i128 {
        let of_kind = charges.iter().filter(|posting| kind(posting.account) == Some(wanted));
        of_kind.map(|posting| posting.amount.units()).sum()
    };
    let costs = &outcome.costs;
    for (total, wanted) in [
        (costs.funding, Kind::Funding),
        (costs.borrow, Kind::Interest),
        (costs.liquidation, Kind::Liquidation),
    ] {
        assert_eq!(total.units(), sum(wanted), "{wanted:?}");
    }
    assert_eq!(outcome.ledger.balance(|_| true).unwrap(), Money::ZERO);
    if outcome.positions.iter().all(Position::is_flat) {
        // Interest on quote asset belongs to no position.
        let of_none: i128 = charges
            .iter()
            .filter(|posting| posting.account == Account::BorrowedQuote)
            .map(|posting| posting.amount.units())
            .sum();
        let carried: i128 = outcome.trades.iter().map(|trade| trade.carry.units()).sum();
        let all: i128 = charges.iter().map(|posting| posting.amount.units()).sum();
        assert_eq!(carried, all - of_none);
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Funding,
    Interest,
    Liquidation,
}

const fn kind(account: Account) -> Option<Kind> {
    match account {
        Account::Funding(_) => Some(Kind::Funding),
        Account::BorrowedBase(_) | Account::BorrowedQuote => Some(Kind::Interest),
        Account::Liquidation(_) => Some(Kind::Liquidation),
        _ => None,
    }
}

/// Hourly bars without a gap in time: the first instrument has all of them, the others miss some.
fn market(random: &mut SplitMix64, rows: usize, instruments: usize) -> Panel {
    let bars = |place: usize, random: &mut SplitMix64| -> Bars {
        let mut price: f64 = 100.0;
        let row = |row: usize| -> Option<Row> {
            let open = price;
            let close = (open * (1.0 + 0.2 * (random.unit() - 0.5))).clamp(1.0, 1_000.0);
            let high = open.max(close) * (1.0 + 0.05 * random.unit());
            let low = open.min(close) * (1.0 - 0.05 * random.unit());
            price = close;
            let there = place == 0 || row == 0 || random.unit() < 0.95;
            there.then_some([open, high, low, close, 1_000.0])
        };
        hourly_with_gaps(&(0..rows).map(row).collect::<Vec<_>>())
    };
    let named = ["A", "B", "C"].into_iter().take(instruments).enumerate();
    panel_of(
        named.map(|(place, name)| (Instrument::unrestricted(name), bars(place, random))).collect(),
    )
}

fn setup(random: &mut SplitMix64) -> Settings {
    let bps = |bps: f64| Rate::from_bps(bps).unwrap();
    let share = |share: f64| Rate::from_fraction(share).unwrap();
    let cash = Money::from_f64(10_000.0).unwrap();
    let mut setup = plain_setup(cash, Quantity::from_f64(1.0).unwrap());
    let leverage = random.pick(&[1.0, 2.0, 5.0]);
    setup.risk.sizing = Sizing::Fraction(FixedFraction { fraction: share(leverage * 0.9) });
    setup.risk.limits.shorting = random.pick(&[Shorting::Allowed, Shorting::Forbidden]);
    setup.risk.margin = Margin {
        leverage_max: share(leverage),
        maintenance: share(random.pick(&[0.0, 0.05, 0.1])),
        liquidation_fee_bps: bps(random.pick(&[0.0, 50.0, 133.3])),
    };
    let costs = &mut setup.costs;
    costs.fees.maker_bps = bps(random.pick(&[0.0, 2.0]));
    costs.fees.taker_bps = bps(random.pick(&[0.0, 7.5]));
    costs.fees.asset = random.pick(&[FeeAsset::Quote, FeeAsset::Base]);
    if costs.fees.asset == FeeAsset::Quote {
        costs.fees.minimum = Money::from_f64(random.pick(&[0.0, 3.0])).unwrap();
    }
    costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(random.pick(&[0.0, 3.3])) });
    costs.funding = random.pick(&[None, Some("8h"), Some("1h"), Some("4h")]).map(|every| Funding {
        rate_bps: bps(random.pick(&[1.0, 7.77])),
        every: time(every),
        payer: random.pick(&[FundingPayer::Both, FundingPayer::Long, FundingPayer::Short]),
    });
    costs.borrow = random.pick(&[None, Some("1h"), Some("24h")]).map(|every| Borrow {
        base_annual: share(random.pick(&[0.1, 0.333])),
        quote_annual: share(random.pick(&[0.0, 0.25])),
        every: time(every),
    });
    setup
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn every_charge_is_booked_when_it_falls_due(
        seed: u64, rows in 20..200_usize, instruments in 1..=3_usize, rows_between in 2..40_usize,
    ) {
        let mut random = SplitMix64(seed);
        let panel = market(&mut random, rows, instruments);
        let setup = setup(&mut random);
        let decisions = random::decisions(&mut random, &panel, rows_between);
        let mut outcomes = [1, 7, 256].map(|window_rows| {
            let mut script = Script::new(decisions.clone());
            run(&panel, &setup, Script::needs(), &mut [&mut script], (0, window_rows))
        });
        check(&panel, &setup, &outcomes[0]);
        let [first, second, third] = &mut outcomes;
        ct_tests::run::assert_same(first, second, "windows of 7 rows");
        ct_tests::run::assert_same(first, third, "windows of 256 rows");
    }
}
