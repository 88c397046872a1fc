//! Limits, margin and measurements of risk that make no sense.

use super::Problems;
use ct_core::risk::{Estimator, PositionLimits, RiskSettings};
use ct_core::units::{Money, Rate};

impl Problems {
    pub(in crate::backtest) fn risk(&mut self, risk: &RiskSettings) {
        self.sizing("risk.sizing", &risk.sizing);
        let leverage_max = risk.margin.leverage_max;
        self.position("risk.limits.position", &risk.limits.position, leverage_max);
        for (symbol, own) in &risk.instruments {
            let path = format!("risk.instruments.{symbol}");
            if let Some(sizing) = &own.sizing {
                self.sizing(&format!("{path}.sizing"), sizing);
            }
            self.position(&format!("{path}.position"), &own.position, leverage_max);
        }
        for (path, cap) in [
            ("risk.limits.gross_exposure_max", risk.limits.gross_exposure_max),
            ("risk.limits.net_exposure_max", risk.limits.net_exposure_max),
        ] {
            if let Some(cap) = cap {
                self.exposure(path, cap, leverage_max);
            }
        }
        if let Some(cap) = risk.limits.turnover_per_day_max {
            self.above_zero("risk.limits.turnover_per_day_max", cap);
        }
        for (name, group) in &risk.groups {
            let path = format!("risk.groups.{name}.exposure_max");
            self.exposure(&path, group.exposure_max, leverage_max);
        }
        self.margin(risk);
        self.breakers(&risk.breakers);
        if let Some(limit) = &risk.correlation {
            self.estimator("risk.correlation.estimator", &limit.estimator);
            self.exposure("risk.correlation.exposure_max", limit.exposure_max, leverage_max);
            let (path, threshold) = ("risk.correlation.threshold", limit.threshold);
            let holds = (0.0..=1.0).contains(&threshold);
            self.unless(holds, path, &threshold, "a correlation from 0 to 1");
        }
        if let Some(budget) = &risk.budget {
            self.estimator("risk.budget.estimator", &budget.estimator);
            self.above_zero("risk.budget.volatility_max", budget.volatility_max);
            self.annual("risk.budget.volatility_max", budget.volatility_max);
            let sum: f64 = budget.budgets.values().map(|rate| rate.to_fraction()).sum();
            self.unless(
                sum <= 1.0 + 1e-9,
                "risk.budget.budgets",
                &sum,
                "shares that sum to at most 1",
            );
        }
    }

    fn margin(&mut self, risk: &RiskSettings) {
        let leverage = risk.margin.leverage_max;
        let holds = leverage >= Rate::ONE && leverage.to_fraction() <= 125.0;
        let (path, found) = ("risk.margin.leverage_max", leverage.to_fraction());
        self.unless(holds, path, &found, "a multiple from 1 to 125");
        self.friction("risk.margin.liquidation_fee_bps", risk.margin.liquidation_fee_bps);
        let maintenance = risk.margin.maintenance.to_fraction();
        let holds = maintenance * leverage.to_fraction() < 1.0;
        let expected = "a share below 1 ÷ risk.margin.leverage_max: otherwise a full position is liquidated at once";
        self.unless(holds, "risk.margin.maintenance", &maintenance, expected);
    }

    fn position(&mut self, path: &str, limits: &PositionLimits, leverage_max: Rate) {
        let at = |key: &str| format!("{path}.{key}");
        if let Some(most) = limits.units_max {
            self.unless(most.signum() > 0, &at("units_max"), &most, "a quantity above 0");
        }
        if let Some(most) = limits.notional_max {
            self.unless(most > Money::ZERO, &at("notional_max"), &most, "an amount above 0");
        }
        if let Some(most) = limits.equity_max {
            self.exposure(&at("equity_max"), most, leverage_max);
        }
        if let Some(most) = limits.volume_max {
            self.above_zero(&at("volume_max"), most);
        }
    }

    fn estimator(&mut self, path: &str, estimator: &Estimator) {
        let at = |key: &str| format!("{path}.{key}");
        self.rows(&at("window_rows"), estimator.window_rows, 3);
        self.rows(&at("refresh_rows"), estimator.refresh_rows, 1);
        let overlap = estimator.overlap_min;
        let holds = (2..=estimator.window_rows).contains(&overlap);
        let expected =
            format!("a number from 2 to {}, {}", at("window_rows"), estimator.window_rows);
        self.unless(holds, &at("overlap_min"), &overlap, &expected);
        let shrinkage = estimator.shrinkage.to_fraction();
        self.unless(shrinkage <= 1.0, &at("shrinkage"), &shrinkage, "a share up to 1");
    }
}
