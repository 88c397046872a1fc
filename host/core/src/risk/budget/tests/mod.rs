//! Tests of contributions, and of the shares and weights that they ask for.

mod contribution;
mod equal_contribution;
mod largest_share;

use crate::risk::Comovement;

/// The three assets of Roncalli, Introduction to Risk Parity and Budgeting (2013), chapter 2.
fn three_assets() -> Comovement {
    Comovement::given(&[0.30, 0.20, 0.15], &[0.80, 0.50, 0.30])
}

/// The same with a fourth asset of which nothing is known.
fn three_of_four() -> Comovement {
    const NONE: f64 = f64::NAN;
    Comovement::given(&[0.30, 0.20, 0.15, NONE], &[0.80, 0.50, NONE, 0.30, NONE, NONE])
}

/// Volatilities, and correlations that any assets can have: those of factors that each has in common with the others.
fn assets(count: usize) -> impl proptest::strategy::Strategy<Value = Comovement> {
    use proptest::prelude::*;
    let volatilities = prop::collection::vec(0.05_f64..4.0, count);
    let loadings = prop::collection::vec((-0.7_f64..0.7, -0.7_f64..0.7), count);
    (volatilities, loadings).prop_map(|(volatilities, loadings)| {
        let pairs = loadings.iter().enumerate().flat_map(|(place, one)| {
            let later = loadings.iter().skip(place + 1);
            later.map(move |other| one.0 * other.0 + one.1 * other.1)
        });
        Comovement::given(&volatilities, &pairs.collect::<Vec<f64>>())
    })
}
