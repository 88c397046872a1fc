//! How much of a position fits.

use proptest::prelude::*;

use super::{assets, three_assets, three_of_four};
use crate::market::{InstrumentId, PerInstrument};
use crate::risk::{Comovement, contributions};

/// The share of `weight` that `instrument` may take beside the others of `weights`.
fn largest_share(
    weights: &[f64],
    instrument: usize,
    weight: f64,
    limit: f64,
    comovement: &Comovement,
) -> f64 {
    let mut weights = PerInstrument::new(weights.len(), |place| weights[place.index()]);
    let instrument = InstrumentId::new(instrument);
    weights[instrument] = weight;
    crate::risk::largest_share(&weights, instrument, limit, comovement)
}

fn assert_near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-13, "{found}, expected {expected}");
}

#[test]
fn the_shares_of_scipy() {
    // scipy 1.17.1: `brentq` (xtol 1e-15) over the share, for the contribution of numpy's matrices minus the limit.
    for (weights, instrument, weight, limit, expected) in [
        ([0.5, 0.2, 0.0], 2, 0.3, 0.02, 0.743_768_632_216_576_2),
        ([0.5, 0.2, 0.0], 2, 0.3, 0.03, 1.0),
        ([0.0, 0.0, 0.0], 0, 1.0, 0.12, 0.4),
        ([0.5, 0.2, 0.0], 2, -2.0, 0.05, 0.486_490_404_306_258_34),
        ([0.0, 0.2, -0.3], 0, 1.5, 0.1, 0.241_027_511_153_056_82),
    ] {
        let found = largest_share(&weights, instrument, weight, limit, &three_assets());
        assert_near(found, expected);
    }
}

#[test]
fn the_position_that_is_there_is_replaced() {
    let [held, empty] = [0.9, 0.0]
        .map(|present| largest_share(&[0.5, present, 0.1], 1, 0.8, 0.05, &three_assets()));
    assert_eq!(held.to_bits(), empty.to_bits());
}

#[test]
fn a_hedge_fits_until_it_is_none() {
    // Of −2 in the second asset beside 0.5 and 0.3: its contribution is 0 at −(0.5 × 0.048 + 0.3 × 0.009) ÷ 0.04 = −0.6675.
    let share = largest_share(&[0.5, 0.0, 0.3], 1, -2.0, 0.0, &three_assets());
    assert_near(share, 0.333_75);
    assert_near(largest_share(&[0.5, 0.0, 0.3], 1, -0.6, 0.0, &three_assets()), 1.0);
}

#[test]
fn no_budget_leaves_nothing_and_no_position_fits_everywhere() {
    assert_near(largest_share(&[0.5, 0.0, 0.3], 1, 0.4, 0.0, &three_assets()), 0.0);
    assert_near(largest_share(&[0.5, 0.0, 0.3], 1, 0.0, 0.0, &three_assets()), 1.0);
}

#[test]
fn what_is_unknown_is_not_cut() {
    assert_near(largest_share(&[0.5, 0.2, 0.3, 0.0], 3, 1.0, 0.01, &three_of_four()), 1.0);
    let unknown = Comovement::given(&[f64::NAN], &[]);
    assert_near(largest_share(&[0.0], 0, 1.0, 0.01, &unknown), 1.0);
}

#[test]
fn a_weight_that_is_no_finite_number_gets_nothing() {
    for weight in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_near(largest_share(&[0.5, 0.0, 0.3], 1, weight, 0.4, &three_assets()), 0.0);
        assert_near(largest_share(&[0.5, weight, 0.0], 2, 0.1, 0.4, &three_assets()), 0.0);
    }
}

#[test]
#[should_panic(expected = "may add a volatility of NaN")]
fn a_limit_that_is_no_number_is_loud() {
    let _ = largest_share(&[0.5, 0.0, 0.3], 1, 0.4, f64::NAN, &three_assets());
}

proptest! {
    #[test]
    fn the_share_is_within_the_limit_and_a_larger_one_is_not(
        comovement in assets(5),
        weights in prop::collection::vec(-1.5_f64..1.5, 5),
        weight in -3.0_f64..3.0,
        limit in 0.001_f64..1.0,
    ) {
        let share = largest_share(&weights, 2, weight, limit, &comovement);
        prop_assert!((0.0..=1.0).contains(&share));
        let contribution = |share: f64| {
            let mut weights = weights.clone();
            weights[2] = share * weight;
            contributions(&weights, &comovement)[2]
        };
        prop_assert!(contribution(share) <= limit + 1e-9);
        for larger in [0.001, 0.1, 0.5, 1.0].map(|part| share + part * (1.0 - share)) {
            if share < 1.0 {
                prop_assert!(contribution(larger) > limit - 1e-9, "{share} {larger}");
            }
        }
    }
}
