//! Risk budgets of a run.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::market::InstrumentId;
use crate::risk::Estimator;
use crate::units::Rate;

/// What [`Rate`] counts in. Less than that is what adding binary fractions leaves.
const RATE_STEP: f64 = 1e-12;

/// A new position is made smaller until its contribution to the portfolio's volatility is within its budget:
/// `wᵢ (Σw)ᵢ ÷ √(wᵀΣw) ≤ budgetᵢ × volatility_max`, with weights `w` as shares of equity and the annualised covariance `Σ`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RiskBudget {
    /// Volatility per year that the whole portfolio may have, 365 days.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 5))]
    pub volatility_max: Rate,
    /// Share of it for each symbol, 0 to 1; symbols that are not named share equally what the named ones leave of 1.
    pub budgets: BTreeMap<String, Rate>,
    /// How covariances are measured.
    pub estimator: Estimator,
}

impl Default for RiskBudget {
    fn default() -> Self {
        Self {
            volatility_max: Rate::known(0.4),
            budgets: BTreeMap::new(),
            estimator: Estimator::default(),
        }
    }
}

impl RiskBudget {
    /// The budget of an instrument of the run, a share of `volatility_max`: its own, or an equal part of what the named ones
    /// among `symbols` leave of 1. Names of symbols that are not in the run take nothing. 0 if nothing is left.
    ///
    /// # Panics
    /// When the run has no such instrument.
    pub(crate) fn budget_of(&self, symbols: &[&str], instrument: InstrumentId) -> f64 {
        let named = |symbol: &&str| self.budgets.get(*symbol).map(|budget| budget.to_fraction());
        let Some(symbol) = symbols.get(instrument.index()) else {
            unreachable!("the budget of {instrument:?} of {}", symbols.len());
        };
        named(symbol).unwrap_or_else(|| {
            let left = 1.0 - symbols.iter().filter_map(named).sum::<f64>();
            let others = symbols.iter().filter(|symbol| named(symbol).is_none()).count();
            assert!(others > 0, "{symbol} has no budget of its own, but every symbol has one");
            if left < RATE_STEP { 0.0 } else { left / others as f64 }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYMBOLS: [&str; 4] = ["BTCUSDT", "ETHUSDT", "SOLUSDT", "XRPUSDT"];

    fn assert_budgets(named: &[(&str, f64)], expected: [f64; 4]) {
        let budgets = named
            .iter()
            .map(|(symbol, budget)| ((*symbol).to_owned(), Rate::from_fraction(*budget).unwrap()));
        let settings = RiskBudget { budgets: budgets.collect(), ..RiskBudget::default() };
        for (instrument, expected) in expected.into_iter().enumerate() {
            let found = settings.budget_of(&SYMBOLS, InstrumentId::new(instrument));
            assert_eq!(found.to_bits(), expected.to_bits(), "{named:?}: {found}, not {expected}");
        }
    }

    #[test]
    fn what_named_symbols_leave_is_shared_equally() {
        for (named, expected) in [
            (&[][..], [0.25; 4]),
            (&[("BTCUSDT", 0.5)], [0.5, 0.5 / 3.0, 0.5 / 3.0, 0.5 / 3.0]),
            (&[("BTCUSDT", 0.5), ("XRPUSDT", 0.25)], [0.5, 0.125, 0.125, 0.25]),
            (&[("BTCUSDT", 0.0)], [0.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0]),
            // Not in the run: takes nothing away.
            (&[("DOGEUSDT", 0.9)], [0.25; 4]),
        ] {
            assert_budgets(named, expected);
        }
    }

    #[test]
    fn nothing_is_left_when_the_named_ones_take_all() {
        // In binary fractions 1 − (0.7 + 0.2 + 0.1) is 1.1e-16.
        let all = [("BTCUSDT", 0.7), ("ETHUSDT", 0.2), ("SOLUSDT", 0.1)];
        assert_budgets(&all, [0.7, 0.2, 0.1, 0.0]);
        assert_budgets(&[("BTCUSDT", 1.5)], [1.5, 0.0, 0.0, 0.0]);
    }

    #[test]
    #[should_panic(expected = "the budget of InstrumentId(4) of 4")]
    fn the_budget_of_an_instrument_that_is_not_there_is_loud() {
        let _ = RiskBudget::default().budget_of(&SYMBOLS, InstrumentId::new(4));
    }
}
