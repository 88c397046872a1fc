//! Sizes that do not depend on the market.

use super::market::{amount, closes, decision, money, rate, target, three_markets, units};
use crate::risk::{FixedFraction, FixedNotional, FixedUnits, Sizing, SizingInput};
use crate::units::{Money, Quantity};

fn fraction(fraction: f64) -> Sizing {
    Sizing::Fraction(FixedFraction { fraction: rate(fraction) })
}

#[test]
fn a_fraction_is_shared_by_all_instruments() {
    let (one, three) = (closes(&[&[10.0]]), three_markets(&[]));
    for (panel, share, wanted, equity, expected) in [
        (&one, 1.0, 1.0, 1_000.0, 1_000.0),
        (&one, 0.5, 1.0, 1_000.0, 500.0),
        (&one, 0.5, -0.3, 1_000.0, 150.0),
        (&one, 2.0, 1.0, 1_000.0, 2_000.0),
        (&three, 0.9, 1.0, 1_000.0, 300.0),
        // Rounded down, so that three of them never take more than there is.
        (&three, 1.0, 1.0, 1.0, 0.333_333_333_333),
        (&one, 0.5, 1.0, 0.0, 0.0),
        (&one, 0.5, 1.0, -20.0, 0.0),
    ] {
        let input =
            SizingInput { target: target(wanted), equity: money(equity), ..decision(panel, 0) };
        let found = fraction(share).grant(&input).unwrap();
        assert_eq!(found, amount(expected), "{share} of {equity} for {wanted}");
    }
}

#[test]
fn the_smallest_equity_is_not_divided() {
    let panel = three_markets(&[]);
    let input = SizingInput { equity: Money::from_units(1), ..decision(&panel, 0) };
    assert_eq!(fraction(1.0).grant(&input).unwrap(), amount(0.0));
}

#[test]
fn units_and_notional_ask_for_neither_equity_nor_prices() {
    let panel = three_markets(&[0]);
    let fixed_units = Sizing::Units(FixedUnits { units: Quantity::from_f64(0.25).unwrap() });
    let fixed_notional = Sizing::Notional(FixedNotional { notional: money(300.0) });
    for (wanted, units_expected, notional_expected) in
        [(1.0, 0.25, 300.0), (-1.0, 0.25, 300.0), (0.5, 0.125, 150.0)]
    {
        let input =
            SizingInput { target: target(wanted), equity: money(-5.0), ..decision(&panel, 0) };
        assert_eq!(fixed_units.grant(&input).unwrap(), units(units_expected), "{wanted}");
        assert_eq!(fixed_notional.grant(&input).unwrap(), amount(notional_expected), "{wanted}");
    }
}

#[test]
fn a_part_of_fixed_units_or_an_amount_is_what_it_is_written_as() {
    let panel = three_markets(&[0]);
    for (whole, wanted, expected) in [
        (3.0, 1.0 / 3.0, 1.0),
        (2_100.0, 1.0 / 7.0, 300.0),
        (2_100.0, -1.0 / 7.0, 300.0),
        (0.3, 1.0 / 3.0, 0.1),
        (1_000.0, 0.3, 300.0),
        (10.0, 1.0 / 3.0, 3.333_333_333_333_33),
        // What is granted whole keeps every digit.
        (12_345.678_901_234_567, 1.0, 12_345.678_901_234_567),
    ] {
        let input = SizingInput { target: target(wanted), ..decision(&panel, 0) };
        let whole_units = Quantity::from_f64(whole).unwrap();
        let found = Sizing::Units(FixedUnits { units: whole_units }).grant(&input).unwrap();
        assert_eq!(found, units(expected), "{wanted} of {whole}");
        let notional = Sizing::Notional(FixedNotional { notional: money(whole) });
        assert_eq!(notional.grant(&input).unwrap(), amount(expected), "{wanted} of {whole}");
    }
}
