//! Weights of risk parity.

use proptest::prelude::*;

use super::{assets, three_assets, three_of_four};
use crate::risk::{Comovement, contributions, equal_contribution_weights};

fn assert_weights(comovement: &Comovement, budgets: &[f64], expected: &[f64], tolerance: f64) {
    let found = equal_contribution_weights(comovement, budgets).unwrap();
    assert_eq!(found.len(), expected.len());
    for (weight, expected) in found.iter().zip(expected) {
        assert!((weight - expected).abs() < tolerance, "{found:?}, expected {expected}");
    }
}

#[test]
fn the_published_weights() {
    // Maillard, Roncalli, Teiletche 2010, the example of four assets: with a correlation of all, and with 0.8 and −0.5.
    let volatilities = [0.1, 0.2, 0.3, 0.4];
    for correlation in [0.0, 0.4, 0.9] {
        let constant = Comovement::given(&volatilities, &[correlation; 6]);
        assert_weights(&constant, &[1.0; 4], &[0.48, 0.24, 0.16, 0.12], 1e-12);
    }
    let pairs = Comovement::given(&volatilities, &[0.8, 0.0, 0.0, 0.0, 0.0, -0.5]);
    assert_weights(&pairs, &[1.0; 4], &[0.384, 0.192, 0.243, 0.182], 0.000_5);
    // Roncalli 2013, chapter 2: budgets of 50, 20 and 30 %, and equal ones.
    let given = [0.5, 0.2, 0.3];
    assert_weights(&three_assets(), &given, &[0.311_5, 0.219_0, 0.469_6], 0.000_05);
    assert_weights(&three_assets(), &[2.0; 3], &[0.196_9, 0.324_4, 0.478_7], 0.000_05);
}

#[test]
fn the_weights_of_newtons_method() {
    // mpmath 1.4.1 with 40 digits: damped Newton on `S x = b / x`, then divided by the sum.
    let given = [50.0, 20.0, 30.0];
    assert_weights(
        &three_assets(),
        &given,
        &[0.311_450_513_8, 0.218_997_507, 0.469_551_979_1],
        1e-10,
    );
    let pairs = Comovement::given(&[0.1, 0.2, 0.3, 0.4], &[0.8, 0.0, 0.0, 0.0, 0.0, -0.5]);
    let expected = [0.383_612_506_3, 0.191_806_253_1, 0.242_617_851_8, 0.181_963_388_8];
    assert_weights(&pairs, &[1.0; 4], &expected, 1e-9);
}

#[test]
fn one_instrument_has_all_the_weight() {
    assert_weights(&Comovement::given(&[0.7], &[]), &[3.0], &[1.0], 1e-15);
}

#[test]
fn unknown_correlations_count_as_none() {
    // Roots of the budgets over the volatilities: 1 ÷ 0.1 and 2 ÷ 0.4.
    let unknown = Comovement::given(&[0.1, 0.4], &[]);
    assert_weights(&unknown, &[1.0, 4.0], &[2.0 / 3.0, 1.0 / 3.0], 1e-15);
}

#[test]
fn nothing_else_has_weights() {
    let comovement = three_assets();
    for budgets in [
        &[][..],
        &[1.0; 2],
        &[1.0; 4],
        &[1.0, 0.0, 1.0],
        &[1.0, -1.0, 1.0],
        &[1.0, f64::NAN, 1.0],
        &[1.0, f64::INFINITY, 1.0],
    ] {
        assert_eq!(equal_contribution_weights(&comovement, budgets), None, "{budgets:?}");
    }
    assert_eq!(equal_contribution_weights(&Comovement::given(&[], &[]), &[]), None);
    // One that does not move, and one that nothing is known of.
    let still = Comovement::given(&[0.3, 0.0], &[0.0]);
    assert_eq!(equal_contribution_weights(&still, &[1.0; 2]), None);
    let unknown = three_of_four().of(&[0, 3]);
    assert_eq!(equal_contribution_weights(&unknown, &[1.0; 2]), None);
}

#[test]
fn a_perfect_hedge_has_no_weights() {
    let hedge = Comovement::given(&[0.3, 0.2], &[-1.0]);
    assert_eq!(equal_contribution_weights(&hedge, &[1.0; 2]), None);
    let contradicting = Comovement::given(&[0.3; 3], &[-0.9; 3]);
    assert_eq!(equal_contribution_weights(&contradicting, &[1.0; 3]), None);
}

#[test]
fn perfect_correlation_leaves_budgets_over_volatilities() {
    let same = Comovement::given(&[0.1, 0.2, 0.4], &[1.0; 3]);
    assert_weights(&same, &[1.0; 3], &[4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0], 1e-12);
}

#[test]
fn a_hundred_instruments_that_move_alike_are_no_trouble() {
    let volatilities: Vec<f64> = (1..=100).map(|place| 0.05 * f64::from(place)).collect();
    let comovement = Comovement::given(&volatilities, &vec![0.95; 4_950]);
    let inverse: f64 = volatilities.iter().map(|volatility| 1.0 / volatility).sum();
    let expected: Vec<f64> =
        volatilities.iter().map(|volatility| 1.0 / volatility / inverse).collect();
    assert_weights(&comovement, &[1.0; 100], &expected, 1e-12);
}

proptest! {
    /// Roncalli 2013, section 2.2.1: the weights of two assets in closed form.
    #[test]
    fn two_assets_have_the_weights_of_the_formula(
        (first, second) in (0.05_f64..2.0, 0.05_f64..2.0),
        correlation in -0.95_f64..0.95,
        budget in 0.05_f64..0.95,
    ) {
        let product = correlation * first * second;
        let shift = budget - 0.5;
        let root = (shift * shift * correlation * correlation + budget * (1.0 - budget)).sqrt();
        let numerator = shift * product - budget * second * second + first * second * root;
        let denominator =
            (1.0 - budget) * first * first - budget * second * second + 2.0 * shift * product;
        prop_assume!(denominator.abs() > 1e-3);
        let comovement = Comovement::given(&[first, second], &[correlation]);
        let found = equal_contribution_weights(&comovement, &[budget, 1.0 - budget]).unwrap();
        prop_assert!((found[0] - numerator / denominator).abs() < 1e-9, "{found:?}");
    }

    #[test]
    fn contributions_are_in_proportion_to_budgets(
        comovement in assets(8),
        budgets in prop::collection::vec(0.01_f64..1.0, 8),
    ) {
        let found = equal_contribution_weights(&comovement, &budgets).unwrap();
        prop_assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(found.iter().all(|weight| *weight > 0.0));
        let parts = contributions(&found, &comovement);
        let (volatility, whole): (f64, f64) = (parts.iter().sum(), budgets.iter().sum());
        for (part, budget) in parts.iter().zip(&budgets) {
            prop_assert!((part / volatility - budget / whole).abs() < 1e-9, "{part} {budget}");
        }
    }
}
