//! The settings of a run, and the check of all of them.

use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{AccountSettings, Shape, contradiction, out_of_range, schema_of};
use crate::costs::{Borrow, CostModel, FeeSchedule, FixedSlippage, Slippage};
use crate::order::FillRules;
use crate::risk::RiskSettings;
use crate::units::Rate;

/// Everything but data, plugin and parameters that decides a result.
///
/// ```
/// use ct_core::settings::Settings;
/// let settings = Settings::default();
/// assert_eq!(settings.account.cash.to_string(), "10000");
/// assert_eq!(settings.costs.fees.taker_bps.to_bps(), 10.0);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    /// Money.
    pub account: AccountSettings,
    /// What trading costs.
    pub costs: CostModel,
    /// Sizing, limits and breakers.
    pub risk: RiskSettings,
    /// How orders fill.
    pub fills: FillRules,
}

impl Default for Settings {
    /// 10 000 of quote asset, a fee of 10 bps, slippage of 5 bps, 10 % interest a year on what is borrowed, all equity in
    /// each decision, no short positions, and everything closed for good when half of the highest equity is lost.
    fn default() -> Self {
        let bps = |bps: f64| Rate::from_bps(bps).unwrap_or_default();
        Self {
            account: AccountSettings::default(),
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

static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::read(&schema_of::<Settings>()));

impl Settings {
    /// What settings may be, as their fields declare it.
    pub fn shape() -> &'static Shape {
        &SHAPE
    }

    /// The same, if every setting makes sense.
    ///
    /// # Errors
    /// The first [`SettingsError`].
    pub fn checked(self) -> Result<Self, SettingsError> {
        match self.problems().into_iter().next() {
            Some(error) => Err(error),
            None => Ok(self),
        }
    }

    /// Every setting that makes no sense: out of the range that its field declares, or beside the others.
    pub fn problems(&self) -> Vec<SettingsError> {
        let Ok(value) = serde_json::to_value(self) else {
            unreachable!("settings are numbers, texts, and mappings with texts as keys");
        };
        let mut problems = out_of_range::problems(Self::shape(), &value);
        let others = contradiction::problems(self);
        // A number that is wrong by itself is told once.
        let is_new = |other: &SettingsError| problems.iter().all(|one| one.path != other.path);
        let others: Vec<SettingsError> = others.into_iter().filter(is_new).collect();
        problems.extend(others);
        problems
    }
}
