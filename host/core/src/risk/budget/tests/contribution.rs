//! What each position adds.

use proptest::prelude::*;

use super::{assets, three_assets, three_of_four};
use crate::risk::{Comovement, contributions};

#[test]
fn the_published_contributions_of_three_assets() {
    // Roncalli 2013, chapter 2: weights 50, 20 and 30 % contribute 14.70, 3.33 and 2.85 % to a volatility of 20.87 %. The
    // digits are those of numpy 2.4.6, `w * (S @ w) / np.sqrt(w @ S @ w)`.
    let found = contributions(&[0.5, 0.2, 0.3], &three_assets());
    for (found, expected) in found.iter().zip([0.146_982_48, 0.033_253_74, 0.028_462_13]) {
        assert!((found - expected).abs() < 5e-9, "{found} {expected}");
    }
    let volatility: f64 = found.iter().sum();
    assert!((volatility - 0.208_698_346_902_892_32).abs() < 1e-15, "{volatility}");
}

#[test]
fn a_position_alone_contributes_its_volatility_whichever_its_side() {
    for weight in [0.5, -0.5] {
        let found = contributions(&[0.0, weight, 0.0], &three_assets());
        assert!((found[1] - 0.1).abs() < 1e-16, "{found:?}");
        assert_eq!((found[0], found[2]), (0.0, 0.0));
    }
}

#[test]
fn a_hedge_contributes_less_than_nothing() {
    // (w'Sw) = 0.09 + 2 × 0.048 × −0.5 + 0.04 × 0.25 = 0.052.
    let found = contributions(&[1.0, -0.5], &Comovement::given(&[0.3, 0.2], &[0.8]));
    assert!((found[0] - 0.066 / 0.052_f64.sqrt()).abs() < 1e-15, "{found:?}");
    assert!((found[1] + 0.014 / 0.052_f64.sqrt()).abs() < 1e-15, "{found:?}");
}

#[test]
fn what_does_not_move_contributes_nothing() {
    assert_eq!(contributions(&[0.0; 3], &three_assets()), [0.0; 3]);
    assert_eq!(contributions(&[], &Comovement::given(&[], &[])), [0.0; 0]);
    let found = contributions(&[0.0, 0.0, 0.0, 1.0], &three_of_four());
    assert_eq!(found, [0.0; 4]);
    // Long and short of the same.
    let same = Comovement::given(&[0.5, 0.5], &[1.0]);
    assert_eq!(contributions(&[1.0, -1.0], &same), [0.0; 2]);
}

#[test]
#[should_panic(expected = "2 weights of 3 instruments")]
fn weights_of_other_instruments_are_loud() {
    let _ = contributions(&[0.5, 0.5], &three_assets());
}

#[test]
fn contradicting_correlations_contribute_nothing() {
    // No three assets can all be correlated by −0.9: the variance would be negative.
    let comovement = Comovement::given(&[0.5; 3], &[-0.9; 3]);
    assert_eq!(contributions(&[1.0; 3], &comovement), [0.0; 3]);
}

#[test]
fn an_unknown_covariance_counts_as_none() {
    let unknown = Comovement::given(&[0.3, 0.2], &[]);
    let zero = Comovement::given(&[0.3, 0.2], &[0.0]);
    assert_eq!(contributions(&[0.4, 0.6], &unknown), contributions(&[0.4, 0.6], &zero));
}

proptest! {
    #[test]
    fn contributions_add_up_to_the_volatility(
        comovement in assets(6),
        weights in prop::collection::vec(-1.5_f64..1.5, 6),
    ) {
        let mut variance = 0.0;
        for (one, weight) in weights.iter().enumerate() {
            for (other, second) in weights.iter().enumerate() {
                variance += weight * second * comovement.covariance(one, other).unwrap();
            }
        }
        let sum: f64 = contributions(&weights, &comovement).iter().sum();
        prop_assert!((sum - variance.sqrt()).abs() < 1e-9, "{sum} {variance}");
    }

    #[test]
    fn larger_positions_contribute_in_proportion(
        comovement in assets(4),
        weights in prop::collection::vec(-1.5_f64..1.5, 4),
    ) {
        let twice: Vec<f64> = weights.iter().map(|weight| 2.0 * weight).collect();
        let found = contributions(&weights, &comovement);
        for (one, two) in found.iter().zip(contributions(&twice, &comovement)) {
            prop_assert!((2.0 * one - two).abs() < 1e-12, "{one} {two}");
        }
    }
}
