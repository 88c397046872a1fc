//! Sizes that keep the volatility of a position where it is wanted.

use super::market::{
    amount, assert_close, closes, decision, granted, money, nothing, rate, target, three_markets,
};
use crate::order::Rule;
use crate::risk::{Sizing, SizingInput, VolatilityEstimator, VolatilityTarget};

fn rule(estimator: VolatilityEstimator, window_rows: usize) -> VolatilityTarget {
    VolatilityTarget { estimator, window_rows, ..VolatilityTarget::default() }
}

/// pandas 3.1.1, with `r` the last `window_rows` rows up to the row of `np.log(P / P.shift(1))`, without NaN:
/// `np.sqrt((r ** 2).ewm(span=window_rows, adjust=True).mean().iloc[-1] * 8760)` and `r.std(ddof=1) * np.sqrt(8760)`.
#[test]
fn the_volatility_is_that_of_pandas() {
    let (all, gap) = (three_markets(&[]), three_markets(&[195, 196]));
    for (panel, row, window_rows, ewma, window) in [
        (&all, 199, 100, 9.453_245_282_181_609, 9.523_269_625_367_181),
        (&all, 199, 20, 9.276_791_951_807_128, 9.538_862_663_919_957),
        (&all, 120, 100, 9.454_295_846_644_87, 9.536_947_219_480_249),
        (&all, 60, 100, 9.508_044_829_935_92, 9.607_675_550_237_097),
        (&gap, 199, 100, 9.376_852_566_269_575, 9.487_137_794_741_44),
        (&gap, 199, 20, 8.916_305_323_409_44, 9.176_257_444_261_41),
    ] {
        for (estimator, volatility) in
            [(VolatilityEstimator::Ewma, ewma), (VolatilityEstimator::Window, window)]
        {
            let sizing = Sizing::VolatilityTarget(rule(estimator, window_rows));
            let found = granted(&sizing, &decision(panel, row));
            // Three instruments share 1 000 000.
            assert_close(found, 1_000_000.0 / 3.0 * 0.4 / volatility);
        }
    }
}

#[test]
fn a_year_has_365_days() {
    // Hours of ±1 %: a deviation of 0.01 by exponential weights, whatever they are.
    let mut price = vec![100.0];
    for place in 0..60_i32 {
        price.push(100.0 * libm::exp(if place % 2 == 0 { 0.01 } else { 0.0 }));
    }
    let panel = closes(&[&price]);
    let sizing = Sizing::VolatilityTarget(rule(VolatilityEstimator::Ewma, 50));
    let found = granted(&sizing, &decision(&panel, 60));
    assert_close(found, 1_000_000.0 * 0.4 / (0.01 * 8_760.0_f64.sqrt()));
}

#[test]
fn the_share_stays_between_floor_and_cap() {
    let panel = three_markets(&[]);
    // The volatility is 9.453 by exponential weights.
    for (annual, floor, cap, expected) in [
        (0.4, 0.1, 1.0, 0.1),
        (40.0, 0.0, 1.0, 1.0),
        (40.0, 0.0, 3.0, 3.0),
        (0.0, 0.0, 1.0, 0.0),
        // A cap below the floor wins.
        (40.0, 0.5, 0.2, 0.2),
        (0.4, 0.5, 0.2, 0.2),
    ] {
        let rule = VolatilityTarget {
            annual: rate(annual),
            floor: rate(floor),
            cap: rate(cap),
            ..VolatilityTarget::default()
        };
        let input = SizingInput { equity: money(300.0), ..decision(&panel, 199) };
        let found = Sizing::VolatilityTarget(rule).grant(&input).unwrap();
        assert_eq!(found, amount(100.0 * expected), "{annual} within {floor} and {cap}");
    }
}

#[test]
fn a_market_that_does_not_move_gets_the_cap() {
    let panel = closes(&[&[7.0; 120]]);
    for estimator in [VolatilityEstimator::Ewma, VolatilityEstimator::Window] {
        for annual in [0.0, 0.4] {
            let rule =
                VolatilityTarget { annual: rate(annual), cap: rate(0.8), ..rule(estimator, 100) };
            let found = Sizing::VolatilityTarget(rule).grant(&decision(&panel, 119)).unwrap();
            assert_eq!(found, amount(800_000.0), "{estimator:?} at {annual}");
        }
    }
}

#[test]
fn half_a_window_of_returns_is_needed() {
    let gap = three_markets(&[9]);
    for (window_rows, row, returns, needed) in [
        (100, 0, 0.0, 50.0),
        // Row 9 takes two returns away.
        (100, 51, 49.0, 50.0),
        (21, 12, 10.0, 11.0),
        (2, 10, 0.0, 2.0),
        (3, 11, 1.0, 2.0),
        (1, 199, 1.0, 2.0),
        (0, 199, 0.0, 2.0),
    ] {
        let sizing = Sizing::VolatilityTarget(rule(VolatilityEstimator::Ewma, window_rows));
        let found = sizing.grant(&decision(&gap, row)).unwrap();
        let expected = nothing(Rule::VolatilityUnknown, returns, needed);
        assert_eq!(found, expected, "{window_rows} rows up to {row}");
    }
    for (window_rows, row) in [(100, 52), (21, 13), (2, 12), (3, 12)] {
        let sizing = Sizing::VolatilityTarget(rule(VolatilityEstimator::Window, window_rows));
        assert!(granted(&sizing, &decision(&gap, row)) > 0.0, "{window_rows} rows up to {row}");
    }
}

#[test]
fn equity_below_zero_grants_nothing_and_a_short_target_the_same_as_a_long_one() {
    let panel = three_markets(&[]);
    let sizing = Sizing::VolatilityTarget(VolatilityTarget::default());
    let input = decision(&panel, 199);
    let of_debt = SizingInput { equity: money(-1.0), ..input };
    assert_eq!(sizing.grant(&of_debt).unwrap(), amount(0.0));
    let short = SizingInput { target: target(-1.0), ..input };
    assert_eq!(sizing.grant(&short).unwrap(), sizing.grant(&input).unwrap());
}
