//! Small markets, executions and orders for the tests of single parts.

use super::account::{Account, Cause, Execution};
use super::orders::{EntryType, WorkingOrder};
use super::tape::{At, Tape};
use super::test_market::bars_of_volume;
pub(super) use super::test_market::{A, B, Prices, coin, hour, money, price, quantity};
use crate::costs::{CostModel, Frictions};
use crate::market::{Instrument, InstrumentId, Panel};
use crate::order::{Direction, Explained, Exposure, FillReason, FillRules, Levels, Side, Trade};
use crate::portfolio::Portfolio;
use crate::risk::{ApprovedOrder, Book, Gate, Limits, Request, RiskSettings, Shorting};
use crate::settings::{AccountSettings, Settings};
use crate::units::{Money, Quantity, Rate, Rounding};

/// Length of a row of [`panel`].
pub(super) const HOUR_MS: i64 = 3_600_000;

/// Hours from 1970 on, with a volume of 10 in every bar.
pub(super) fn panel(instruments: &[&[Prices]]) -> Panel {
    let instruments = instruments.iter().enumerate().map(|(place, prices)| {
        let symbol = coin(InstrumentId::new(place));
        (Instrument::unrestricted(&*symbol), bars_of_volume("1h", prices, 10.0))
    });
    Panel::new(instruments.collect()).unwrap()
}

/// A bar that opens and closes at `close`, one above its low and one below its high.
#[expect(clippy::unnecessary_wraps, reason = "it stands among bars that are missing")]
pub(super) fn bar(close: f64) -> Prices {
    Some([close, close + 1.0, close - 1.0, close])
}

/// 1000 of quote asset, no costs, and short positions allowed.
pub(super) fn setup() -> Settings {
    let limits = Limits { shorting: Shorting::Allowed, ..Limits::default() };
    Settings {
        account: AccountSettings { cash: money(1_000.0), ..AccountSettings::default() },
        costs: CostModel::default(),
        risk: RiskSettings { limits, ..RiskSettings::default() },
        fills: FillRules::default(),
    }
}

/// `panel` without finer bars.
pub(super) fn tape<'a>(panel: &'a Panel, setup: &'a Settings) -> Tape<'a> {
    Tape { panel, finer: &[], setup }
}

/// `quantity` of [`A`] that has traded in `row` at `price`, without frictions and fees.
pub(super) fn traded(row: usize, side: Side, amount: f64, at_price: f64) -> Execution {
    Execution {
        at: At { row, instrument: A },
        time: hour(row),
        symbol: coin(A),
        side,
        quantity: quantity(amount),
        price: price(at_price),
        reference_price: price(at_price),
        frictions: Frictions::default(),
        fee: Money::ZERO,
        fee_quantity: Quantity::ZERO,
        liquidation_fee: Rate::ZERO,
        cause: Cause::of(FillReason::Entry),
    }
}

/// Books `execution` in `account`. Gives the round trip that it completes.
pub(super) fn book(account: &mut Account, execution: Execution) -> Option<Trade> {
    let (at, liquidation_fee) = (execution.at, execution.liquidation_fee);
    let (fill, notional) = execution.into_fill().unwrap();
    account.book(at, (&fill, notional), liquidation_fee).unwrap()
}

/// `execution` with a fee of `amount` base asset, worth its reference price.
pub(super) fn with_base_fee(execution: Execution, amount: f64) -> Execution {
    let fee_quantity = quantity(amount);
    let fee = execution.reference_price.notional(fee_quantity, Rounding::Nearest).unwrap();
    Execution { fee, fee_quantity, ..execution }
}

/// What risk approves of a wish to be all long, with nothing held: an order that may open a position.
pub(super) fn opening() -> ApprovedOrder {
    approved(1.0)
}

/// The same for a wish to be all short.
pub(super) fn opening_short() -> ApprovedOrder {
    approved(-1.0)
}

fn approved(share: f64) -> ApprovedOrder {
    let (panel, setup) = (panel(&[&[bar(10.0)]]), setup());
    let portfolio = Portfolio::new(setup.account.cash, 1, 0).unwrap();
    let target = Exposure::new(share).unwrap();
    let request =
        Request { row: 0, instrument: InstrumentId::new(0), target, stop: None, limit: None };
    let book = Book {
        panel: &panel,
        portfolio: &portfolio,
        trades: &[],
        pending: &[],
        own: None,
        equity: setup.account.cash.to_f64(),
        weights: 0.0,
    };
    let answer = Gate::new(&setup.risk, &panel, setup.account.cash).approve(&request, &book);
    answer.unwrap().order.unwrap()
}

/// `order` of the decision of this number, at the market from `from_row` on.
pub(super) fn market(order: ApprovedOrder, decision: u64, from_row: usize) -> WorkingOrder {
    WorkingOrder {
        order,
        from_row,
        decision: Some(decision),
        ..WorkingOrder::closing(FillReason::Exit)
    }
}

/// The host's own order to make a position of 2 half as large.
pub(super) fn hosts_cut() -> WorkingOrder {
    let order = ApprovedOrder::reduced(quantity(2.0), quantity(1.0));
    WorkingOrder { order, ..WorkingOrder::closing(FillReason::Breaker) }
}

/// An order that may open, of the decision 7, with a limit at `at_price` from row 2 on.
pub(super) fn limit(side: Side, at_price: f64, last_row: Option<usize>) -> WorkingOrder {
    let entry = EntryType::Limit { side, price: price(at_price), last_row };
    WorkingOrder { entry, ..market(opening(), 7, 2) }
}

/// A round trip in `instrument` that earned `profit` on an entry of 100.
pub(super) fn trade(instrument: InstrumentId, profit: f64) -> Trade {
    Trade {
        symbol: coin(instrument),
        direction: Direction::Long,
        entry_time: hour(2),
        exit_time: hour(3),
        bars_held: 1,
        quantity: quantity(1.0),
        entry_price: 100.0,
        exit_price: 100.0 + profit,
        gross_pnl: money(profit),
        net_pnl: money(profit),
        fees: Money::ZERO,
        carry: Money::ZERO,
        return_on_notional: profit / 100.0,
        mae: 0.0,
        mfe: 0.0,
        exit_reason: FillReason::Exit,
    }
}

/// The way of the decision of this number.
pub(super) fn explained(decision: u64) -> Explained {
    Explained {
        decision,
        time: hour(2),
        symbol: coin(A),
        target: 1.0,
        limit: None,
        stop: None,
        take_profit: None,
        tag: None,
        equity: 1_000.0,
        held: Quantity::ZERO,
        basis: None,
        approved: None,
    }
}

pub(super) fn levels(stop: f64, take_profit: f64) -> Levels {
    Levels { stop: Some(price(stop)), take_profit: Some(price(take_profit)) }
}
