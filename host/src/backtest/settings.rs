//! The configuration of a run: money, costs, sizing, limits.

use serde::{Deserialize, Serialize};

use crate::costs::{CostModel, FeeSchedule, FixedSlippage};
use crate::engine::{AtEnd, Setup};
use crate::risk::{Limits, Sizing};
use crate::units::{Money, Quantity, Rate};

/// Everything but data, plugin and parameters that decides a result.
///
/// ```
/// use ct_host::backtest::Settings;
/// let settings = Settings::default();
/// assert_eq!(settings.cash.to_string(), "10000");
/// assert_eq!(settings.costs.fees.taker.to_fraction(), 0.001);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// Quote asset at the start.
    pub cash: Money,
    /// Frictions.
    pub costs: CostModel,
    /// How much capital a decision moves.
    pub sizing: Sizing,
    /// Limits on positions.
    pub limits: Limits,
    /// What happens to positions that are open at the end.
    pub at_end: AtEnd,
}

impl Default for Settings {
    /// 10 000 of quote asset, a fee of 10 bps, slippage of 5 bps, all equity in each decision, no short positions.
    fn default() -> Self {
        const UNIT: i128 = 1_000_000_000_000;
        let bps = |bps: f64| Rate::from_bps(bps).unwrap_or_default();
        Self {
            cash: Money::from_units(10_000 * UNIT),
            costs: CostModel {
                fees: FeeSchedule { maker: bps(10.0), taker: bps(10.0) },
                slippage: FixedSlippage { rate: bps(5.0) },
                ..CostModel::default()
            },
            sizing: Sizing::Fraction(Rate::ONE),
            limits: Limits::default(),
            at_end: AtEnd::default(),
        }
    }
}

/// A setting that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} is {found}: expected {expected}")]
pub struct SettingsError {
    name: &'static str,
    found: String,
    expected: &'static str,
}

impl Settings {
    /// The machine's part, if every setting makes sense.
    ///
    /// # Errors
    /// The first [`SettingsError`].
    pub fn checked(&self) -> Result<Setup, SettingsError> {
        let error = |name, found: String, expected| Err(SettingsError { name, found, expected });
        if self.cash <= Money::ZERO {
            return error("cash", self.cash.to_string(), "an amount above 0");
        }
        match self.sizing {
            Sizing::Fraction(fraction) if fraction.is_zero() || fraction > Rate::ONE => {
                let found = fraction.to_fraction().to_string();
                return error("fraction", found, "a share above 0 and up to 1");
            }
            Sizing::Units(quantity) if quantity <= Quantity::ZERO => {
                return error("units", quantity.to_string(), "a quantity above 0");
            }
            _ => {}
        }
        self.check_rates()?;
        if self.limits.position_max.is_some_and(|quantity| quantity <= Quantity::ZERO) {
            return error("the largest position", "0 or less".to_owned(), "a quantity above 0");
        }
        if self.limits.position_notional_max.is_some_and(|amount| amount <= Money::ZERO) {
            return error("the largest position", "0 or less".to_owned(), "an amount above 0");
        }
        Ok(Setup {
            cash: self.cash,
            costs: self.costs,
            sizing: self.sizing,
            limits: self.limits,
            at_end: self.at_end,
        })
    }

    fn check_rates(&self) -> Result<(), SettingsError> {
        const RATE_MAX: f64 = 0.25;
        let costs = &self.costs;
        for (name, rate) in [
            ("the maker fee", costs.fees.maker),
            ("the taker fee", costs.fees.taker),
            ("the spread", costs.spread.rate),
            ("slippage", costs.slippage.rate),
            ("the impact coefficient", costs.impact.coefficient),
        ] {
            if rate.to_fraction() > RATE_MAX {
                let found = format!("{} bps", rate.to_fraction() * 10_000.0);
                return Err(SettingsError { name, found, expected: "at most 2500 bps (25 %)" });
            }
        }
        if let Some(cap) = costs.participation
            && (cap.rate.is_zero() || cap.rate > Rate::ONE)
        {
            let (name, found) = ("the participation cap", cap.rate.to_fraction().to_string());
            return Err(SettingsError { name, found, expected: "a share above 0 and up to 1" });
        }
        Ok(())
    }
}
