//! Funding and interest, and when they fall due.

use super::super::state::State;
use super::super::test_market::{Market, Prices, bps, quantity, rate, still};
use super::*;
use crate::costs::{Borrow, Funding, FundingPayer};
use crate::market::InstrumentId;

/// Funding of 0.1 % each time.
fn funding(every: &str) -> Funding {
    Funding { rate_bps: bps(10.0), every: every.parse().unwrap(), payer: FundingPayer::Both }
}

/// Interest of 0.01 % an hour: 8760 hours are a year. Debts cost twice as much.
fn borrow(every: &str) -> Borrow {
    Borrow { base_annual: rate(0.876), quote_annual: rate(1.752), every: every.parse().unwrap() }
}

/// Two bars of `interval` that open at 110 and close at 120, after one at 100.
fn market(interval: &str) -> Market {
    let bar = Some([110.0, 125.0, 105.0, 120.0]);
    Market::new(interval, &[&[still(100.0), bar, bar]])
}

fn cash(state: &State) -> String {
    state.account.cash().to_string()
}

#[test]
fn funding_inside_a_bar_is_paid_at_its_open() {
    let mut market = market("4h");
    market.setup.costs.funding = Some(funding("1h"));
    let mut state = market.holding(2.0);
    assert_eq!(cash(&state), "800");
    inside_bar(&mut state.account, &market.tape(), 1).unwrap();
    // The first three of four hours: 3 × 0.1 % of 220.
    assert_eq!(cash(&state), "799.34");
}

#[test]
fn funding_at_the_close_is_paid_at_its_mark() {
    let mut market = market("4h");
    market.setup.costs.funding = Some(funding("1h"));
    let mut state = market.holding(2.0);
    at_close(&mut state.account, &market.tape(), 1).unwrap();
    // The fourth hour: 0.1 % of 240.
    assert_eq!(cash(&state), "799.76");
}

#[test]
fn a_bar_in_which_nothing_falls_due_costs_nothing() {
    let mut market = market("1h");
    market.setup.costs.funding = Some(funding("8h"));
    let mut state = market.holding(2.0);
    for step in [inside_bar, at_close] {
        step(&mut state.account, &market.tape(), 1).unwrap();
    }
    over_gap(&mut state.account, &market.tape(), 1, 0).unwrap();
    assert_eq!(cash(&state), "800");
}

#[test]
fn what_falls_due_between_two_bars_is_paid_at_the_close_before() {
    // Four hours are missing between the rows.
    let bars: [Prices; 6] = [still(100.0), None, None, None, None, still(120.0)];
    let mut market = Market::new("1h", &[&bars]);
    market.setup.costs.funding = Some(funding("1h"));
    let mut state = market.holding(2.0);
    over_gap(&mut state.account, &market.tape(), 1, 1).unwrap();
    assert_eq!(cash(&state), "800", "before the first row of the run");
    over_gap(&mut state.account, &market.tape(), 1, 0).unwrap();
    // The hours that end after the close at 1:00 and up to the open at 5:00: 4 × 0.1 % of 200.
    assert_eq!(cash(&state), "799.2");
}

#[test]
fn short_positions_pay_interest_on_their_value() {
    let mut market = market("1h");
    market.setup.costs.borrow = Some(borrow("1h"));
    let mut state = market.holding(-2.0);
    assert_eq!(cash(&state), "1200");
    let bookings = state.account.bookings();
    at_close(&mut state.account, &market.tape(), 1).unwrap();
    // 0.01 % of 240.
    assert_eq!(cash(&state), "1199.976");
    assert_eq!(state.account.bookings(), bookings + 1, "there is no debt to pay for");
}

#[test]
fn debts_pay_interest_and_what_is_held_with_own_cash_does_not() {
    let mut market = market("1h");
    market.setup.costs.borrow = Some(borrow("1h"));
    // 1500 were bought with 1000: 0.02 % of 500.
    for (held, expected) in [(15.0, "-500.1"), (5.0, "500")] {
        let mut state = market.holding(held);
        at_close(&mut state.account, &market.tape(), 1).unwrap();
        assert_eq!(cash(&state), expected, "{held} held");
    }
}

#[test]
fn an_account_that_pays_its_last_cash_is_in_debt() {
    let mut market = market("1h");
    market.setup.costs.funding = Some(funding("1h"));
    let mut state = market.holding(10.0);
    assert!(state.account.cash().is_zero() && !state.account.is_on_margin());
    at_close(&mut state.account, &market.tape(), 1).unwrap();
    assert_eq!(cash(&state), "-1.2");
    assert!(state.account.is_on_margin());
}

#[test]
fn an_instrument_without_a_bar_counts_at_its_last_close() {
    let [first, other] = [[still(100.0), None], [still(1.0), still(1.0)]];
    let mut market = Market::new("4h", &[&first, &other]);
    market.setup.costs.funding = Some(funding("1h"));
    let mut state = market.holding(2.0);
    inside_bar(&mut state.account, &market.tape(), 1).unwrap();
    assert_eq!(cash(&state), "799.4", "3 × 0.1 % of 200");
    at_close(&mut state.account, &market.tape(), 1).unwrap();
    assert_eq!(cash(&state), "799.2");
}

#[test]
fn the_next_row_is_the_first_whose_close_reaches_what_falls_due() {
    let mut market = Market::new("1h", &[&[still(100.0); 24]]);
    let long = market.holding(2.0);
    let first = |market: &Market, state: &State, rows| next(&state.account, &market.tape(), rows);
    assert_eq!(first(&market, &long, 1..24), 24, "nothing costs anything");
    market.setup.costs.funding = Some(funding("8h"));
    // Row 7 closes at 8:00, row 15 at 16:00.
    assert_eq!(first(&market, &long, 1..24), 7);
    assert_eq!(first(&market, &long, 7..24), 7);
    assert_eq!(first(&market, &long, 8..24), 15);
    assert_eq!(first(&market, &long, 8..12), 12);
    assert_eq!(first(&market, &long, 7..7), 7);
    assert_eq!(first(&market, &market.flat(), 1..24), 24, "nothing is held");

    market.setup.costs.borrow = Some(borrow("3h"));
    assert_eq!(first(&market, &long, 1..24), 2, "the earlier of both");
    market.setup.costs.funding = None;
    assert_eq!(first(&market, &long, 1..24), 24, "nothing is borrowed");
    assert_eq!(first(&market, &market.holding(-2.0), 1..24), 2);
    assert_eq!(first(&market, &market.holding(15.0), 3..24), 5);
}

#[test]
fn what_falls_due_in_a_gap_is_found_in_the_row_after_it() {
    let mut bars: [Prices; 12] = [still(100.0); 12];
    bars[6..10].fill(None);
    let mut market = Market::new("1h", &[&bars]);
    market.setup.costs.funding = Some(funding("8h"));
    let state = market.holding(2.0);
    // Rows 0 to 5 close by 6:00; row 6 opens at 10:00.
    assert_eq!(next(&state.account, &market.tape(), 1..8), 6);
}

#[test]
fn every_position_pays_for_itself() {
    let mut market = Market::new("1h", &[&[still(100.0); 2], &[still(50.0); 2]]);
    market.setup.costs.funding = Some(funding("1h"));
    market.setup.costs.borrow = Some(borrow("1h"));
    let mut state = market.holding(2.0);
    market.trade(&mut state, (InstrumentId::new(1), -4.0), 50.0);
    assert_eq!(state.held(InstrumentId::new(1)), quantity(-4.0));
    at_close(&mut state.account, &market.tape(), 1).unwrap();
    // Funding of 0.1 % of 200 twice, and interest of 0.01 % of the 200 that are short.
    assert_eq!(cash(&state), "999.58");
}
