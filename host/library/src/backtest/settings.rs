//! The configuration of a run: money, costs, risk, fills.

use serde::{Deserialize, Serialize};

use super::problems::Problems;
use ct_core::costs::{Borrow, CostModel, FeeSchedule, FixedSlippage, Slippage};
use ct_core::engine::{AtEnd, Setup};
use ct_core::order::FillRules;
use ct_core::risk::RiskSettings;
use ct_core::units::{Money, Rate};

/// Everything but data, plugin and parameters that decides a result.
///
/// ```
/// use ct_host::backtest::Settings;
/// let settings = Settings::default();
/// assert_eq!(settings.cash.to_string(), "10000");
/// assert_eq!(settings.costs.fees.taker_bps.to_bps(), 10.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Quote asset at the start.
    pub cash: Money,
    /// Frictions.
    pub costs: CostModel,
    /// Sizing, limits and breakers.
    pub risk: RiskSettings,
    /// How orders fill.
    pub fills: FillRules,
    /// What happens to positions that are open at the end.
    pub at_end: AtEnd,
}

impl Default for Settings {
    /// 10 000 of quote asset, a fee of 10 bps, slippage of 5 bps, 10 % interest a year on what is borrowed, all equity in
    /// each decision, no short positions, and everything closed for good when half of the highest equity is lost.
    fn default() -> Self {
        const UNIT: i128 = 1_000_000_000_000;
        let bps = |bps: f64| Rate::from_bps(bps).unwrap_or_default();
        Self {
            cash: Money::from_units(10_000 * UNIT),
            costs: CostModel {
                fees: FeeSchedule {
                    maker_bps: bps(10.0),
                    taker_bps: bps(10.0),
                    ..FeeSchedule::default()
                },
                slippage: Slippage::Fixed(FixedSlippage { bps: bps(5.0) }),
                borrow: Some(Borrow::default()),
                ..CostModel::default()
            },
            risk: RiskSettings::default(),
            fills: FillRules::default(),
            at_end: AtEnd::default(),
        }
    }
}

/// A setting that makes no sense.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path} is {found}: expected {expected}")]
pub struct SettingsError {
    /// Where it is, as in a configuration file: `costs.fees.taker_bps`.
    pub path: String,
    /// What was found.
    pub found: String,
    /// What was expected.
    pub expected: String,
}

impl Settings {
    /// The machine's part, if every setting makes sense.
    ///
    /// # Errors
    /// The first [`SettingsError`].
    pub fn checked(&self) -> Result<Setup, SettingsError> {
        if let Some(error) = self.problems().into_iter().next() {
            return Err(error);
        }
        Ok(Setup {
            cash: self.cash,
            costs: self.costs.clone(),
            risk: self.risk.clone(),
            fills: self.fills,
            at_end: self.at_end,
        })
    }

    /// Every setting that makes no sense.
    pub fn problems(&self) -> Vec<SettingsError> {
        let mut problems = Problems::default();
        problems.cash(self.cash);
        problems.costs(&self.costs);
        problems.risk(&self.risk);
        problems.fills(self.fills);
        problems.found
    }
}
