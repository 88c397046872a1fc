//! What the account makes of executions.

use super::super::test_data::{
    A, B, bar, book, coin, hour, money, panel, price, quantity, setup, tape, traded, with_base_fee,
};
use super::*;
use crate::costs::{FeeTier, Liquidity};
use crate::order::Direction;

/// An account with 1000 of quote asset that trades two instruments.
fn account() -> Account {
    Account::new(money(1_000.0), &FeeSchedule::default(), 2, 0).unwrap()
}

fn position(account: &Account) -> (String, String) {
    let position = account.portfolio().position(A);
    (position.quantity.to_string(), position.cost.to_string())
}

/// Half a coin that was bought 0.5 above the reference price of 100, with a fee of 0.05 in quote asset.
fn half_a_coin() -> Execution {
    let frictions = Frictions { spread: price(0.1), slippage: price(0.3), impact: price(0.1) };
    Execution {
        reference_price: price(100.0),
        frictions,
        fee: money(0.05),
        ..traded(3, Side::Buy, 0.5, 100.5)
    }
}

#[test]
fn a_buy_is_booked_with_each_friction_and_its_fee() {
    let mut account = account();
    assert!(book(&mut account, half_a_coin()).is_none());
    // 0.5 × 100.5 = 50.25, and the fee: 50.3.
    assert_eq!(account.cash(), money(949.7));
    assert_eq!(position(&account), ("0.5".into(), "50".into()));
    let costs = account.portfolio().costs();
    assert_eq!((costs.fees, costs.spread), (money(0.05), money(0.05)));
    assert_eq!((costs.slippage, costs.impact), (money(0.15), money(0.05)));
}

#[test]
fn a_sale_is_booked_at_its_price_and_realises_at_the_reference_price() {
    let mut account = account();
    book(&mut account, traded(1, Side::Buy, 2.0, 100.0));
    let slippage = Frictions { slippage: price(1.0), ..Frictions::default() };
    let sale = Execution {
        reference_price: price(110.0),
        frictions: slippage,
        fee: money(0.1),
        ..traded(2, Side::Sell, 0.5, 109.0)
    };
    book(&mut account, sale);
    // 1000 - 200 + 0.5 × 109 - 0.1. A quarter of the position is gone, and so is a quarter of its cost.
    assert_eq!(account.cash(), money(854.4));
    assert_eq!(position(&account), ("1.5".into(), "150".into()));
    assert_eq!(account.portfolio().costs().slippage, money(0.5));
}

#[test]
fn a_price_that_is_better_than_the_reference_is_a_gain() {
    let better = |side, price_paid| Execution {
        reference_price: price(100.0),
        ..traded(1, side, 1.0, price_paid)
    };
    let mut account = account();
    // Bought for 99 and sold for 101 where 100 was to be had.
    book(&mut account, better(Side::Buy, 99.0));
    assert_eq!(account.cash(), money(901.0));
    let trade = book(&mut account, better(Side::Sell, 101.0)).unwrap();
    assert_eq!(account.cash(), money(1_002.0));
    assert_eq!((trade.gross_pnl, trade.net_pnl), (money(0.0), money(2.0)));
    assert_eq!(account.portfolio().costs().slippage, money(-2.0));
}

#[test]
fn a_fee_in_base_asset_of_a_sale_is_taken_from_the_position() {
    let mut account = account();
    book(&mut account, traded(1, Side::Buy, 1.0, 100.0));
    let sale = Execution {
        fee: money(10.0),
        fee_quantity: quantity(0.1),
        ..traded(2, Side::Sell, 0.9, 100.0)
    };
    // 0.9 are sold for 90, and 0.1 that are worth 10 are the fee: nothing is left, and 10 are lost.
    let trade = book(&mut account, sale).unwrap();
    assert_eq!((account.cash(), position(&account)), (money(990.0), ("0".into(), "0".into())));
    assert_eq!((trade.gross_pnl, trade.net_pnl), (money(0.0), money(-10.0)));
    assert_eq!(account.portfolio().costs().fees, money(10.0));
}

#[test]
fn a_fill_tells_everything_of_its_execution() {
    let cause = Cause { reason: FillReason::Stop, decision: Some(4), tag: Some("late".into()) };
    let at = At { row: 3, instrument: B };
    // What trades at the close of row 3 trades when row 4 opens.
    let execution = Execution { at, time: hour(4), symbol: coin(B), cause, ..half_a_coin() };
    let (fill, notional) = execution.into_fill().unwrap();
    assert_eq!(notional, money(50.25));
    assert_eq!((fill.time, &fill.symbol), (hour(4), &coin(B)));
    assert_eq!((fill.side, fill.reason, fill.decision), (Side::Buy, FillReason::Stop, Some(4)));
    assert_eq!((fill.price, fill.reference_price), (price(100.5), price(100.0)));
    assert_eq!((fill.quantity, fill.reference_notional()), (quantity(0.5), Ok(money(50.0))));
    assert_eq!(fill.tag.as_deref(), Some("late"));
}

#[test]
fn slippage_takes_the_last_unit_of_what_is_rounded() {
    let unit = Price::from_units(1);
    let execution = Execution {
        price: Price::from_units(100_000_000_000_002),
        frictions: Frictions { spread: unit, slippage: Price::ZERO, impact: unit },
        ..traded(1, Side::Buy, 0.5, 100.0)
    };
    let (fill, notional) = execution.into_fill().unwrap();
    // Spread and impact are half a unit each, and rounded up; together the price is one unit above the reference.
    assert_eq!((fill.spread, fill.impact), (Money::from_units(1), Money::from_units(1)));
    assert_eq!(fill.slippage, Money::from_units(-1));
    assert_eq!(notional, money(50.0).plus(Money::from_units(1)).unwrap());
}

#[test]
fn a_fee_in_base_asset_is_kept_back_and_not_paid() {
    let mut account = account();
    book(&mut account, with_base_fee(traded(1, Side::Buy, 2.0, 100.0), 0.002));
    assert_eq!(account.cash(), money(800.0));
    assert_eq!(position(&account), ("1.998".into(), "199.8".into()));
    assert_eq!(account.portfolio().costs().fees, money(0.2));
    let trade = book(&mut account, traded(2, Side::Sell, 1.998, 110.0)).unwrap();
    // 1.998 × 110 = 219.78 for 199.8: 19.98, of which the fee takes 0.2.
    assert_eq!((trade.quantity, trade.gross_pnl), (quantity(1.998), money(19.98)));
    assert_eq!((trade.net_pnl, account.cash()), (money(19.78), money(1_019.78)));
}

#[test]
fn a_round_trip_gives_its_trade_and_the_prices_taken_in() {
    // Lows are one below these closes, highs one above.
    let (panel, setup) = (panel(&[&[bar(99.0), bar(100.0), bar(104.0), bar(50.0)]]), setup());
    let mut account = account();
    book(&mut account, Execution { fee: money(0.1), ..traded(1, Side::Buy, 2.0, 100.0) });
    account.take_in_prices(&tape(&panel, &setup), 3);
    let cause = Cause::of(FillReason::TakeProfit);
    let exit = Execution { fee: money(0.3), cause, ..traded(3, Side::Sell, 2.0, 103.0) };
    let prices = account.prices_of(A).unwrap();
    assert_eq!((prices.lowest, prices.highest, prices.next_row), (99.0, 105.0, 3));
    let trade = book(&mut account, exit).unwrap();
    assert_eq!((&trade.symbol, trade.bars_held), (&coin(A), 2));
    assert_eq!((trade.entry_time, trade.exit_time), (hour(1), hour(3)));
    assert_eq!((trade.direction, trade.exit_reason), (Direction::Long, FillReason::TakeProfit));
    // 206 for 200, and fees of 0.4.
    let worth = |price: f64| money(price * trade.quantity.to_f64());
    assert_eq!((worth(trade.entry_price), worth(trade.exit_price)), (money(200.0), money(206.0)));
    assert_eq!((trade.gross_pnl, trade.net_pnl), (money(6.0), money(5.6)));
    assert_eq!((trade.fees, trade.return_on_notional), (money(0.4), 5.6 / 200.0));
    assert!(!account.holds_anything());
}

#[test]
fn the_prices_of_a_round_trip_include_frictions() {
    let mut account = account();
    book(&mut account, half_a_coin());
    let slippage = Frictions { slippage: price(1.0), ..Frictions::default() };
    let exit = Execution {
        reference_price: price(110.0),
        frictions: slippage,
        ..traded(4, Side::Sell, 0.5, 109.0)
    };
    let trade = book(&mut account, exit).unwrap();
    assert_eq!((trade.entry_price, trade.exit_price), (100.5, 109.0));
    // 0.5 × 10 at the reference prices; 0.5 × 8.5 and the fee of 0.05, of the 50.25 that were paid.
    assert_eq!((trade.gross_pnl, trade.net_pnl), (money(5.0), money(4.2)));
    assert_eq!((trade.fees, trade.return_on_notional), (money(0.05), 4.2 / 50.25));
}

#[test]
fn a_liquidation_pays_a_fee_of_its_own() {
    let mut account = account();
    book(&mut account, traded(1, Side::Buy, 1.0, 100.0));
    let liquidation_fee = Rate::from_bps(50.0).unwrap();
    let cause = Cause::of(FillReason::Liquidation);
    let execution = Execution { liquidation_fee, cause, ..traded(2, Side::Sell, 1.0, 80.0) };
    let trade = book(&mut account, execution).unwrap();
    // 0.5 % of 80 is 0.4.
    assert_eq!(account.cash(), money(979.6));
    assert_eq!(account.portfolio().costs().liquidation, money(0.4));
    assert_eq!((trade.carry, trade.net_pnl), (money(0.4), money(-20.4)));
}

#[test]
fn only_a_liquidation_pays_that_fee() {
    let mut account = account();
    let liquidation_fee = Rate::from_bps(50.0).unwrap();
    book(&mut account, Execution { liquidation_fee, ..traded(1, Side::Buy, 1.0, 100.0) });
    assert_eq!(account.cash(), money(900.0));
}

#[test]
fn a_short_is_on_margin_until_it_is_closed() {
    let mut account = account();
    book(&mut account, traded(1, Side::Sell, 1.0, 100.0));
    assert_eq!(position(&account), ("-1".into(), "-100".into()));
    assert!(account.is_on_margin());
    book(&mut account, traded(2, Side::Buy, 1.0, 100.0));
    assert!(!account.is_on_margin());
}

#[test]
fn a_debt_is_on_margin_until_it_is_paid_back() {
    let mut account = account();
    book(&mut account, traded(1, Side::Buy, 10.0, 100.0));
    assert!(!account.is_on_margin(), "all the cash is spent, and no more");
    book(&mut account, traded(2, Side::Buy, 1.0, 100.0));
    assert!(account.is_on_margin());
    book(&mut account, traded(3, Side::Sell, 1.0, 100.0));
    assert!(!account.is_on_margin());
}

#[test]
fn what_is_paid_counts_as_debt_once_the_margin_is_looked_at() {
    let mut account = account();
    account.pay(1, Charge::BorrowedQuote, money(1_000.5)).unwrap();
    assert_eq!(account.cash(), money(-0.5));
    assert!(!account.is_on_margin());
    account.look_at_margin();
    assert!(account.is_on_margin());
}

#[test]
fn every_execution_and_every_charge_is_a_booking() {
    let mut account = account();
    book(&mut account, traded(1, Side::Buy, 1.0, 100.0));
    account.pay(1, Charge::Funding(A), money(-2.0)).unwrap();
    assert_eq!(account.bookings(), 2);
    assert_eq!(account.cash(), money(902.0));
}

#[test]
#[should_panic(expected = "an execution of 0")]
fn an_execution_of_nothing_is_loud() {
    let _ = book(&mut account(), traded(1, Side::Buy, 0.0, 100.0));
}

#[test]
#[should_panic(expected = "a fill of -2 turns a position of 1 around")]
fn an_execution_that_turns_a_position_is_loud() {
    let mut account = account();
    book(&mut account, traded(1, Side::Buy, 1.0, 100.0));
    let _ = book(&mut account, traded(2, Side::Sell, 2.0, 100.0));
}

#[test]
#[should_panic(expected = "but it cost 60")]
fn a_cost_of_nothing_is_loud() {
    // The one coin that was bought for 100 is the fee, but counts for 40.
    let execution = with_base_fee(traded(1, Side::Buy, 1.0, 100.0), 1.0);
    let _ = book(&mut account(), Execution { fee: money(40.0), ..execution });
}

#[test]
fn fees_follow_what_the_days_before_have_traded() {
    const DAY_MS: i64 = 86_400_000;
    let fees = |taker| {
        let (volume_min, maker_bps) = (money(100.0), Rate::ZERO);
        let tier = FeeTier { volume_min, maker_bps, taker_bps: Rate::from_bps(taker).unwrap() };
        let taker_bps = Rate::from_bps(10.0).unwrap();
        FeeSchedule { taker_bps, tiers: vec![tier], ..FeeSchedule::default() }
    };
    let rate = |account: &Account| account.fees().rate(Liquidity::Taker).to_bps().to_string();
    let mut account = Account::new(money(1_000.0), &fees(4.0), 1, 0).unwrap();
    account.start_day(|| 0);
    book(&mut account, traded(1, Side::Buy, 1.0, 100.0));
    assert_eq!(rate(&account), "10");
    account.start_day(|| DAY_MS);
    assert_eq!(rate(&account), "4");
    assert_eq!(rate(&account.under(&fees(3.0))), "3");
}

#[test]
fn the_time_is_not_asked_where_no_fee_depends_on_it() {
    account().start_day(|| panic!("the time was asked"));
}
