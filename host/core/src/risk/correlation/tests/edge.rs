//! What is not known, and what does not move.

use super::panel::panel;
use crate::risk::{Comovement, Estimator};
use crate::units::Rate;

fn estimator(overlap_min: usize) -> Estimator {
    Estimator { overlap_min, shrinkage: Rate::ZERO, ..Estimator::default() }
}

#[test]
fn prices_that_do_not_move_have_no_volatility_and_no_correlation() {
    let moving = [10.0, 11.0, 10.0, 12.0];
    let found =
        Comovement::measure(&panel("1h", &[&moving, &[1.0; 4], &[1.0; 4]]), 3, &estimator(2));
    assert_eq!(found.volatility(1), Some(0.0));
    for other in 0..3 {
        assert_eq!(found.correlation(1, other), None, "{other}");
        assert_eq!(found.covariance(1, other), None, "{other}");
    }
}

#[test]
fn steady_growth_does_not_move_though_its_closes_are_rounded() {
    let growing = |rate: f64| -> Vec<f64> {
        (0..100).scan(17.3, |close, _| Some(std::mem::replace(close, *close * rate))).collect()
    };
    let (up, down) = (growing(1.01), growing(0.97));
    let found = Comovement::measure(&panel("1h", &[&up, &down]), 99, &estimator(2));
    assert_eq!((found.volatility(0), found.volatility(1)), (Some(0.0), Some(0.0)));
    assert_eq!(found.correlation(0, 1), None);
}

#[test]
fn the_smallest_real_movement_counts() {
    // A tick of 1e-8 at a price of 10 000.
    let mut closes = [10_000.0; 8];
    closes[3] += 1e-8;
    let found = Comovement::measure(&panel("1h", &[&closes]), 7, &estimator(2));
    assert!(found.volatility(0).unwrap() > 0.0);
    assert_eq!(found.correlation(0, 0), Some(1.0));
}

#[test]
fn perfect_correlation_is_one() {
    let closes = [10.0, 11.0, 10.0, 12.0, 9.0];
    let twice = closes.map(|close| 2.0 * close);
    let inverse = closes.map(|close| 1.0 / close);
    let found = Comovement::measure(&panel("1h", &[&closes, &twice, &inverse]), 4, &estimator(2));
    assert_eq!(found.correlation(0, 1), Some(1.0));
    let against = found.correlation(0, 2).unwrap();
    assert!((-1.0..=-1.0 + 1e-15).contains(&against), "{against}");
}

#[test]
fn shrinkage_of_everything_leaves_no_correlation_but_its_own() {
    let closes = [10.0, 11.0, 10.0, 12.0];
    for shrinkage in [1.0, 1.5] {
        let shrinkage = Rate::from_fraction(shrinkage).unwrap();
        let estimator = Estimator { shrinkage, ..estimator(2) };
        let found = Comovement::measure(&panel("1h", &[&closes, &closes]), 3, &estimator);
        assert_eq!(found.correlation(0, 1), Some(0.0));
        assert_eq!(found.correlation(1, 1), Some(1.0));
        assert_eq!(found.covariance(0, 0), found.volatility(0).map(|own| own * own));
    }
}

#[test]
fn a_missing_bar_takes_two_returns_away() {
    let whole = [10.0, 11.0, 10.0, 12.0, 11.0, 13.0];
    let mut gap = whole;
    gap[2] = f64::NAN;
    // Rows 1, 4 and 5 have returns of both; rows 2 and 3 of the first only.
    let panel = panel("1h", &[&whole, &gap]);
    let known = |overlap_min| Comovement::measure(&panel, 5, &estimator(overlap_min));
    assert!(known(3).correlation(0, 1).is_some_and(|value| (value - 1.0).abs() < 1e-15));
    assert_eq!(known(4).correlation(0, 1), None);
    assert_eq!(known(4).volatility(1), None);
    assert!(known(5).volatility(0).is_some());
    assert_eq!(known(6).volatility(0), None);
}

#[test]
fn too_few_rows_tell_nothing() {
    let closes = [10.0, 11.0, 10.0, 12.0];
    let panel = panel("1h", &[&closes, &closes]);
    for (row, overlap_min, window_rows) in [
        // Before the first return, and with one: even when no overlap is wanted.
        (0, 0, 168),
        (1, 0, 168),
        // A window without returns, and one that cannot hold the overlap.
        (3, 2, 0),
        (3, 3, 2),
    ] {
        let estimator = Estimator { window_rows, ..estimator(overlap_min) };
        let found = Comovement::measure(&panel, row, &estimator);
        assert_eq!(found.instruments(), 2, "row {row}");
        assert_eq!(found.volatility(0), None, "row {row}");
        assert_eq!(found.correlation(0, 1), None, "row {row}");
        assert_eq!(found.correlation(0, 0), None, "row {row}");
    }
    let two = Comovement::measure(&panel, 2, &estimator(0));
    assert!(two.volatility(0).is_some() && two.correlation(0, 1).is_some());
}

#[test]
fn closes_too_far_apart_for_a_number_make_no_return() {
    let far = [1e-7, 1e302, 1e302, 1.1e302, 1e302];
    let found = Comovement::measure(&panel("1h", &[&far]), 4, &estimator(2));
    let near = Comovement::measure(&panel("1h", &[&far[1..]]), 3, &estimator(2));
    assert_eq!(found, near);
}

#[test]
#[should_panic(expected = "rows 0..5: known are 0 to 3")]
fn a_row_behind_the_end_is_loud() {
    let _ = Comovement::measure(&panel("1h", &[&[10.0, 11.0, 10.0]]), 4, &estimator(2));
}

#[test]
#[should_panic(expected = "the volatility of instrument 1 of 1")]
fn the_volatility_of_an_instrument_that_is_not_there_is_loud() {
    Comovement::given(&[0.5], &[]).volatility(1);
}

#[test]
#[should_panic(expected = "the correlation of instruments 0 and 2 of 2")]
fn the_correlation_with_an_instrument_that_is_not_there_is_loud() {
    Comovement::given(&[0.5; 2], &[0.1]).correlation(0, 2);
}

#[test]
#[should_panic(expected = "instruments 0 and 1: a correlation of Some(1.5)")]
fn a_correlation_beyond_one_is_loud() {
    let _ = Comovement::given(&[0.5; 2], &[1.5]);
}
