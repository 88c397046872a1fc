//! Sizes whose loss at the stop is known.

use super::market::{
    assert_close, closes, decision, granted, money, nothing, panel, price, rate, target,
    three_markets, units,
};
use crate::market::InstrumentId;
use crate::order::Rule;
use crate::risk::{MissingStop, RiskShare, Sizing, SizingInput, StopDistance};

fn sizing(distance: StopDistance, atr_rows: usize, atr_multiple: f64) -> Sizing {
    let risk = rate(0.02);
    Sizing::RiskShare(RiskShare { risk, distance, atr_rows, atr_multiple, ..RiskShare::default() })
}

fn to_stop() -> Sizing {
    sizing(StopDistance::Stop, 14, 2.0)
}

#[test]
fn what_is_lost_at_the_stop_is_the_share_of_the_equity() {
    let panel = closes(&[&[90.0, 100.0, 70.0]]);
    for (wanted, equity, stop, expected) in [
        // The example by which Tharp's rule is usually told: 2 % of 100 000, bought at 100 with a stop at 90.
        (1.0, 100_000.0, 90.0, 200.0),
        (0.5, 100_000.0, 90.0, 100.0),
        (-1.0, 100_000.0, 110.0, 200.0),
        (1.0, 100_000.0, 99.99, 200_000.0),
        // Rounded down: 2 ÷ 3.
        (1.0, 100.0, 97.0, 0.666_666_666_666),
        // A cent of equity, none, and a debt.
        (1.0, 0.01, 90.0, 0.000_02),
        (1.0, 0.0, 90.0, 0.0),
        (1.0, -100_000.0, 90.0, 0.0),
    ] {
        let input = SizingInput {
            target: target(wanted),
            equity: money(equity),
            stop: Some(price(stop)),
            ..decision(&panel, 1)
        };
        let found = to_stop().grant(&input).unwrap();
        assert_eq!(found, units(expected), "{wanted} of {equity} with a stop at {stop}");
    }
}

#[test]
fn a_stop_that_protects_from_nothing_is_refused() {
    let panel = closes(&[&[90.0, 100.0, 70.0]]);
    for (wanted, stop) in [(1.0, 100.0), (1.0, 101.0), (-1.0, 100.0), (-1.0, 99.0)] {
        for distance in [StopDistance::Stop, StopDistance::StopOrAtr] {
            let input = SizingInput {
                target: target(wanted),
                stop: Some(price(stop)),
                ..decision(&panel, 1)
            };
            let found = sizing(distance, 1, 1.0).grant(&input).unwrap();
            let expected = nothing(Rule::StopWrongSide, stop, 100.0);
            assert_eq!(found, expected, "{wanted} with a stop at {stop}");
        }
    }
}

#[test]
fn a_decision_without_a_stop_is_refused_where_it_needs_one() {
    let panel = three_markets(&[]);
    let found = to_stop().grant(&decision(&panel, 199)).unwrap();
    assert_eq!(found, nothing(Rule::NoStop, 0.0, 0.0));
}

#[test]
fn over_a_missing_bar_the_last_close_counts() {
    let gap = f64::NAN;
    let panel = closes(&[&[gap, 100.0, gap, 50.0], &[1.0; 4]]);
    let input = |row| SizingInput { stop: Some(price(80.0)), ..decision(&panel, row) };
    // 2 % of 1 000 000 over a distance of 20.
    assert_eq!(to_stop().grant(&input(2)).unwrap(), units(1_000.0));
    // Before its first bar an instrument has no close.
    assert_eq!(to_stop().grant(&input(0)).unwrap(), nothing(Rule::VolatilityUnknown, 0.0, 1.0));
}

#[test]
#[should_panic(expected = "row 2: InstrumentId(7) has no part in the capital of 0..2")]
fn an_instrument_that_is_not_there_is_loud() {
    let panel = closes(&[&[1.0; 4], &[1.0; 4]]);
    let elsewhere = SizingInput { instrument: InstrumentId::new(7), ..decision(&panel, 2) };
    let _ = to_stop().grant(&elsewhere);
}

#[test]
fn a_limit_order_is_measured_from_its_own_price() {
    let panel = closes(&[&[100.0; 4]]);
    // 2 % of 1 000 000 is 20 000. A limit beyond the close would fill at once, near the close.
    for (share, stop, limit, expected) in [
        (1.0, 80.0, Some(90.0), units(2_000.0)),
        (1.0, 80.0, Some(110.0), units(1_000.0)),
        (1.0, 80.0, None, units(1_000.0)),
        (-1.0, 120.0, Some(110.0), units(2_000.0)),
        (-1.0, 120.0, Some(90.0), units(1_000.0)),
        (1.0, 95.0, Some(90.0), nothing(Rule::StopWrongSide, 95.0, 90.0)),
        (-1.0, 105.0, Some(110.0), nothing(Rule::StopWrongSide, 105.0, 110.0)),
    ] {
        let input = SizingInput {
            target: target(share),
            stop: Some(price(stop)),
            limit: limit.map(price),
            ..decision(&panel, 3)
        };
        let found = to_stop().grant(&input).unwrap();
        assert_eq!(found, expected, "{share} with a stop at {stop}, limit {limit:?}");
    }
}

/// TA-Lib 0.8.1 (Python 0.8.2): `ATR(high, low, close, timeperiod=rows)[-1]` of the last `8 × rows + 1` bars that there are in the
/// last `8 × rows + 1` rows; then of all bars up to the row.
#[test]
fn the_distance_is_the_average_true_range_of_ta_lib() {
    let (all, gap) = (three_markets(&[]), three_markets(&[195, 196]));
    for (panel, row, rows, of_rows, of_all) in [
        (&all, 199, 1, 14.0, Some(14.0)),
        (&all, 199, 3, 13.563_510_493_888_117, Some(13.563_425_759_761_422)),
        (&all, 199, 14, 13.855_327_953_369_32, Some(13.855_491_897_416_574)),
        (&all, 150, 3, 12.871_060_277_427_995, Some(12.870_883_471_895_537)),
        (&all, 150, 14, 13.398_131_068_383_483, Some(13.398_270_387_105_22)),
        (&all, 3, 3, 17.0, Some(17.0)),
        (&all, 14, 14, 14.142_857_142_857_142, Some(14.142_857_142_857_142)),
        (&gap, 199, 3, 14.554_935_648_285_3, None),
        (&gap, 199, 14, 14.271_494_775_460_395, None),
    ] {
        let found = granted(&sizing(StopDistance::Atr, rows, 2.0), &decision(panel, row));
        assert_close(20_000.0 / (2.0 * found), of_rows);
        if let Some(of_all) = of_all {
            assert!((of_rows / of_all - 1.0).abs() < 1e-3, "row {row}, {rows} rows");
        }
    }
}

#[test]
fn the_range_is_taken_where_there_is_no_stop_or_instead_of_it() {
    // Each true range is 10: from a low of 95 to a high of 105.
    let panel = panel("1h", &[vec![Some((105.0, 95.0, 100.0)); 20]]);
    for (distance, stop, expected) in [
        (StopDistance::Atr, Some(99.0), 1_000.0),
        (StopDistance::Atr, Some(101.0), 1_000.0),
        (StopDistance::Atr, None, 1_000.0),
        (StopDistance::StopOrAtr, None, 1_000.0),
        (StopDistance::StopOrAtr, Some(99.0), 20_000.0),
        (StopDistance::Stop, Some(99.0), 20_000.0),
    ] {
        let input = SizingInput { stop: stop.map(price), ..decision(&panel, 19) };
        let found = sizing(distance, 14, 2.0).grant(&input).unwrap();
        assert_eq!(found, units(expected), "{distance:?} with a stop at {stop:?}");
    }
}

#[test]
fn a_gap_between_closes_widens_the_range() {
    let panel = panel("1h", &[vec![Some((101.0, 99.0, 100.0)), Some((121.0, 119.0, 120.0))]]);
    // From 100 to 121, not from 119.
    let found = granted(&sizing(StopDistance::Atr, 1, 1.0), &decision(&panel, 1));
    assert_close(found, 20_000.0 / 21.0);
}

#[test]
fn too_few_ranges_and_no_movement_are_refused() {
    let (moving, still) = (three_markets(&[5]), closes(&[&[10.0; 40]]));
    for (panel, row, ranges) in [
        (&moving, 0, 0.0),
        (&moving, 5, 4.0),
        (&moving, 14, 13.0),
        (&still, 13, 13.0),
        (&still, 39, 39.0),
    ] {
        let found = sizing(StopDistance::Atr, 14, 2.0).grant(&decision(panel, row)).unwrap();
        assert_eq!(found, nothing(Rule::VolatilityUnknown, ranges, 14.0), "row {row}");
    }
    assert!(granted(&sizing(StopDistance::Atr, 14, 2.0), &decision(&moving, 15)) > 0.0);
}

#[test]
fn a_decision_without_a_stop_gets_the_one_that_it_is_sized_for() {
    // Each true range is 10: from a low of 95 to a high of 105.
    let panel = panel("1h", &[vec![Some((105.0, 95.0, 100.0)); 20]]);
    let both = StopDistance::StopOrAtr;
    for (distance, missing_stop, share, multiple, (stop, limit), expected) in [
        (both, MissingStop::Place, 1.0, 2.0, (None, None), Some(80.0)),
        (both, MissingStop::Place, -0.5, 2.0, (None, None), Some(120.0)),
        (StopDistance::Atr, MissingStop::Place, 1.0, 2.0, (None, None), Some(80.0)),
        // From the price of a limit order that waits for a better one.
        (both, MissingStop::Place, 1.0, 2.0, (None, Some(90.0)), Some(70.0)),
        (both, MissingStop::Place, 1.0, 2.0, (None, Some(110.0)), Some(80.0)),
        // Its own stop stays, and no market falls below zero.
        (StopDistance::Atr, MissingStop::Place, 1.0, 2.0, (Some(99.0), None), None),
        (both, MissingStop::Place, 1.0, 10.0, (None, None), None),
        (both, MissingStop::Assume, 1.0, 2.0, (None, None), None),
        (StopDistance::Stop, MissingStop::Place, 1.0, 2.0, (None, None), None),
    ] {
        let risk = rate(0.02);
        let sizing = Sizing::RiskShare(RiskShare {
            risk,
            distance,
            atr_rows: 14,
            atr_multiple: multiple,
            missing_stop,
        });
        let (stop, limit) = (stop.map(price), limit.map(price));
        let input = SizingInput { target: target(share), stop, limit, ..decision(&panel, 19) };
        let found = sizing.placed_stop(&input);
        assert_eq!(found, expected.map(price), "{sizing:?} {share} {stop:?} {limit:?}");
    }
}
