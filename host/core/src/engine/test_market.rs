//! A small market, and accounts in it, for the tests of the parts that look at prices.

use super::account::{Cause, Execution};
use super::orders::{EntryType, WorkingOrder};
use super::quote::Moment;
use super::state::State;
use super::tape::{At, FillTime, Tape};
use crate::costs::{CostModel, Frictions};
use crate::market::{Bars, Instrument, InstrumentId, Panel, RawColumns, Symbol};
use crate::order::{Exposure, FillReason, FillRules, Levels, Side};
use crate::portfolio::Portfolio;
use crate::risk::{
    ApprovedOrder, Book, BreakerSettings, FixedNotional, FixedUnits, Gate, Limits, Request,
    RiskSettings, Shorting, Sizing,
};
use crate::settings::{AccountSettings, Settings};
use crate::units::{Interval, Money, Price, Quantity, Rate, Timestamp};

/// The first instrument.
pub(super) const A: InstrumentId = InstrumentId::new(0);
/// The second instrument.
pub(super) const B: InstrumentId = InstrumentId::new(1);

/// Open, high, low and close of a bar; `None` where it is missing.
pub(super) type Prices = Option<[f64; 4]>;

/// Prices and settings, for tapes.
#[derive(Debug)]
pub(super) struct Market {
    pub(super) panel: Panel,
    pub(super) finer: Vec<Option<Bars>>,
    pub(super) setup: Settings,
}

impl Market {
    /// Bars of `interval` from 1970 on, and an account with 1000 that trades free of costs, short too, without breakers.
    pub(super) fn new(interval: &str, instruments: &[&[Prices]]) -> Self {
        let instruments = instruments.iter().enumerate().map(|(place, prices)| {
            (Instrument::unrestricted(&*coin(InstrumentId::new(place))), bars(interval, prices))
        });
        Self::of(instruments.collect())
    }

    /// The bars of `instruments`, with the same account.
    pub(super) fn of(instruments: Vec<(Instrument, Bars)>) -> Self {
        let limits = Limits { shorting: Shorting::Allowed, ..Limits::default() };
        let breakers = BreakerSettings::none();
        let setup = Settings {
            account: AccountSettings { cash: money(1_000.0), ..AccountSettings::default() },
            costs: CostModel::default(),
            risk: RiskSettings { limits, breakers, ..RiskSettings::default() },
            fills: FillRules::default(),
        };
        Self { panel: Panel::new(instruments).unwrap(), finer: Vec::new(), setup }
    }

    pub(super) fn tape(&self) -> Tape<'_> {
        Tape { panel: &self.panel, finer: &self.finer, setup: &self.setup }
    }

    /// An account that holds nothing.
    pub(super) fn flat(&self) -> State {
        State::new(&self.tape(), 0).unwrap()
    }

    /// An account that has bought (or sold, below zero) `quantity` of [`A`] at 100 in the first row, without costs.
    pub(super) fn holding(&self, quantity: f64) -> State {
        let mut state = self.flat();
        self.trade(&mut state, (A, quantity), 100.0);
        state
    }

    /// Buys (or sells, below zero) a quantity of an instrument at `price` in the first row, without costs.
    pub(super) fn trade(&self, state: &mut State, of: (InstrumentId, f64), price: f64) {
        self.trade_in(state, (0, 0), of, price);
    }

    /// Buys (or sells, below zero) a quantity of an instrument at `price` in a segment of a row, without costs.
    pub(super) fn trade_in(
        &self,
        state: &mut State,
        (row, segment): (usize, usize),
        (instrument, signed): (InstrumentId, f64),
        price: f64,
    ) {
        let (tape, price) = (self.tape(), Price::from_f64(price).unwrap());
        let execution = Execution {
            at: At { row, instrument },
            time: tape.time(row, FillTime::Open),
            symbol: tape.symbol(instrument).clone(),
            side: if signed > 0.0 { Side::Buy } else { Side::Sell },
            quantity: quantity(signed.abs()),
            price,
            reference_price: price,
            frictions: Frictions::default(),
            fee: Money::ZERO,
            fee_quantity: Quantity::ZERO,
            liquidation_fee: Rate::ZERO,
            cause: Cause::of(FillReason::Entry),
        };
        let moment = Moment::of_market(execution.at, FillTime::Open);
        state.execute(&tape, execution, Moment { segment, ..moment }).unwrap();
    }
}

/// Bars of `interval` from 1970 on, with a volume of 100 each.
pub(super) fn bars(interval: &str, prices: &[Prices]) -> Bars {
    bars_of_volume(interval, prices, 100.0)
}

/// Bars of `interval` from 1970 on, with this volume each.
pub(super) fn bars_of_volume(interval: &str, prices: &[Prices], volume: f64) -> Bars {
    let interval: Interval = interval.parse().unwrap();
    let mut columns = RawColumns::default();
    for (row, prices) in (0_i64..).zip(prices) {
        let Some([open, high, low, close]) = *prices else { continue };
        columns.time.push(row * interval.as_ms());
        columns.open.push(open);
        columns.high.push(high);
        columns.low.push(low);
        columns.close.push(close);
        columns.volume.push(volume);
    }
    Bars::new(interval, columns).unwrap()
}

/// What an instrument of these markets is called: `COIN0`, `COIN1` and so on.
pub(super) fn coin(instrument: InstrumentId) -> Symbol {
    format!("COIN{}", instrument.index()).as_str().into()
}

/// When a row of hours from 1970 on opens.
pub(super) fn hour(row: usize) -> Timestamp {
    Timestamp::from_ms(i64::try_from(row).unwrap() * Interval::HOUR.as_ms()).unwrap()
}

/// A bar in which the price stays where it is.
#[expect(clippy::unnecessary_wraps, reason = "a bar among others that may be missing")]
pub(super) const fn still(price: f64) -> Prices {
    Some([price; 4])
}

/// A market order of decision 7 to hold `units` of base asset; below zero, to be short of them.
pub(super) fn units_order(units: f64) -> WorkingOrder {
    let of = Sizing::Units(FixedUnits { units: quantity(units.abs()) });
    working(approved(of, units.signum()))
}

/// A market order of decision 7 to be long for `amount` of quote asset.
pub(super) fn amount_order(amount: f64) -> WorkingOrder {
    working(approved(Sizing::Notional(FixedNotional { notional: money(amount) }), 1.0))
}

/// What the gate makes of a target of an account that holds nothing.
fn approved(sizing: Sizing, target: f64) -> ApprovedOrder {
    let Market { panel, setup, .. } = Market::new("1h", &[&[still(100.0)]]);
    let settings = RiskSettings { sizing, ..setup.risk };
    let target = Exposure::new(target).unwrap();
    let request = Request { row: 0, instrument: A, target, stop: None, limit: None };
    let portfolio = Portfolio::new(setup.account.cash, 1, 0).unwrap();
    let book = Book {
        panel: &panel,
        portfolio: &portfolio,
        trades: &[],
        pending: &[],
        own: None,
        equity: 1_000.0,
        weights: 0.0,
    };
    let answer = Gate::new(&settings, &panel, setup.account.cash).approve(&request, &book).unwrap();
    answer.order.unwrap()
}

fn working(order: ApprovedOrder) -> WorkingOrder {
    WorkingOrder { order, decision: Some(7), ..WorkingOrder::closing(FillReason::Exit) }
}

pub(super) fn money(amount: f64) -> Money {
    Money::from_f64(amount).unwrap()
}

pub(super) fn quantity(quantity: f64) -> Quantity {
    Quantity::from_f64(quantity).unwrap()
}

pub(super) fn price(price: f64) -> Price {
    Price::from_f64(price).unwrap()
}

pub(super) fn bps(bps: f64) -> Rate {
    Rate::from_bps(bps).unwrap()
}

pub(super) fn rate(fraction: f64) -> Rate {
    Rate::from_fraction(fraction).unwrap()
}

/// What orders have traded so far, as `Sell 2 at 95, Stop`; what [`Market::trade`] has brought about is not among it.
pub(super) fn orders_traded(state: &State) -> Vec<String> {
    let fills = state.record.fills().iter();
    let of_orders =
        fills.filter(|fill| fill.reason != FillReason::Entry || fill.decision.is_some());
    let told = of_orders.map(|fill| {
        format!("{:?} {} at {}, {:?}", fill.side, fill.quantity, fill.price, fill.reason)
    });
    told.collect()
}

/// What rules refused or cut so far, as `Cut 7: Cash` for an order of decision 7.
pub(super) fn rules_told(state: &State) -> Vec<String> {
    let refusals = state.record.clone().drain(0, 0).refusals.into_iter();
    let told = refusals.map(|refusal| {
        let decision = refusal.decision.map_or("-".to_owned(), |number| number.to_string());
        format!("{:?} {decision}: {:?}", refusal.verdict, refusal.rule)
    });
    told.collect()
}

/// A limit order of decision 7 to hold `units` of base asset, which waits at `at_price` from row 1 on and leaves levels as they
/// are.
pub(super) fn limit_order(side: Side, at_price: f64, units: f64) -> WorkingOrder {
    let entry = EntryType::Limit { side, price: price(at_price), last_row: None };
    WorkingOrder { entry, levels: None, ..units_order(units).from(1) }
}

/// Stop and take-profit; none for a price of 0.
pub(super) fn levels_at(stop: f64, take_profit: f64) -> Levels {
    let level = |at_price: f64| (at_price > 0.0).then(|| price(at_price));
    Levels { stop: level(stop), take_profit: level(take_profit) }
}
