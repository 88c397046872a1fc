//! Everything that risk is told about a run.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    BreakerSettings, CorrelationLimit, DelistingRule, Limits, Margin, PositionLimits, Rebalancing,
    RiskBudget, Sizing,
};
use crate::units::Rate;

/// Sizing and limits of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RiskSettings {
    /// How much capital a decision moves.
    pub sizing: Sizing,
    /// Limits on positions, exposure and orders.
    pub limits: Limits,
    /// Leverage and maintenance margin.
    pub margin: Margin,
    /// What happens when the account loses.
    pub breakers: BreakerSettings,
    /// Caps on groups of instruments, by the group's name.
    pub groups: BTreeMap<String, Group>,
    /// Cap on positions that move together.
    pub correlation: Option<CorrelationLimit>,
    /// Shares of the portfolio's volatility.
    pub budget: Option<RiskBudget>,
    /// Bringing positions back to their size.
    pub rebalancing: Option<Rebalancing>,
    /// What becomes of instruments whose prices end.
    pub delisting: DelistingRule,
    /// What differs for single instruments, by symbol.
    pub instruments: BTreeMap<String, InstrumentRisk>,
}

/// Instruments that share a cap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Symbols of the group.
    pub symbols: Vec<String>,
    /// Largest sum of the values of the group's positions, long and short, as a share of equity.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub exposure_max: Rate,
}

/// What differs for one instrument.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct InstrumentRisk {
    /// How much capital a decision moves; otherwise as for the run.
    pub sizing: Option<Sizing>,
    /// Largest position; what is not set is as for the run.
    pub position: PositionLimits,
}

impl RiskSettings {
    /// The sizing of `symbol`.
    pub fn sizing_of(&self, symbol: &str) -> &Sizing {
        let own = self.instruments.get(symbol).and_then(|own| own.sizing.as_ref());
        own.unwrap_or(&self.sizing)
    }

    /// The limits on the position in `symbol`.
    pub fn position_limits_of(&self, symbol: &str) -> PositionLimits {
        let own = self.instruments.get(symbol).map(|own| own.position).unwrap_or_default();
        own.over(self.limits.position)
    }

    /// Rows before a decision that sizing and limits look at.
    pub fn lookback_rows(&self) -> usize {
        let own = self.instruments.values().filter_map(|own| own.sizing.as_ref());
        let sizing = own.chain([&self.sizing]).map(Sizing::lookback_rows);
        let estimators = [
            self.correlation.map(|limit| limit.estimator),
            self.budget.as_ref().map(|budget| budget.estimator),
        ];
        // A measurement is made up to `refresh_rows` before the decision, and a return takes two rows.
        let measured = estimators.into_iter().flatten();
        let measured = measured.map(|estimator| {
            estimator.window_rows.saturating_add(estimator.refresh_rows).saturating_add(1)
        });
        sizing.chain(measured).max().unwrap_or_default()
    }

    /// Round trips of an instrument before a decision that sizing looks at.
    pub(crate) fn trades_lookback(&self) -> usize {
        let own = self.instruments.values().filter_map(|own| own.sizing.as_ref());
        own.chain([&self.sizing]).map(Sizing::trades_lookback).max().unwrap_or_default()
    }

    /// Whether any limit looks at what an order buys or sells when it trades.
    pub(super) fn bounds_fills(&self) -> bool {
        let position = self.limits.position;
        let own = self.instruments.values().map(|own| own.position);
        own.chain([position]).any(|limits| limits != PositionLimits::default())
            || self.limits.gross_exposure_max.is_some()
            || self.limits.net_exposure_max.is_some()
            || self.limits.open_positions_max.is_some()
            || self.limits.turnover_per_day_max.is_some()
            || !self.groups.is_empty()
            || self.correlation.is_some()
    }
}
