//! Settings that make no sense, each with its place in the configuration.

use std::fmt::Display;

use super::SettingsError;
use crate::costs::{CostModel, FeeAsset, FeeSchedule, Impact, Slippage, Spread};
use crate::risk::{
    BreakerSettings, Estimator, LossBreaker, PositionLimits, Rearm, RiskSettings, Sizing,
};
use crate::units::{Money, Rate};

/// Problems found so far.
#[derive(Debug, Default)]
pub(super) struct Problems {
    pub(super) found: Vec<SettingsError>,
}

/// Largest rate of a friction: whatever is larger is a mistyped unit.
const FRICTION_MAX: f64 = 0.25;

/// Largest number of rows that a measurement may look at.
const ROWS_MAX: usize = 1_000_000;

impl Problems {
    fn add(&mut self, path: &str, found: &dyn Display, expected: &str) {
        let (found, expected) = (found.to_string(), expected.to_owned());
        self.found.push(SettingsError { path: path.to_owned(), found, expected });
    }

    fn unless(&mut self, holds: bool, path: &str, found: &dyn Display, expected: &str) {
        if !holds {
            self.add(path, found, expected);
        }
    }

    pub(super) fn cash(&mut self, cash: Money) {
        self.unless(cash > Money::ZERO, "account.cash", &cash, "an amount above 0");
    }

    fn share(&mut self, path: &str, share: Rate) {
        let holds = !share.is_zero() && share <= Rate::ONE;
        self.unless(holds, path, &share.to_fraction(), "a share above 0 and up to 1");
    }

    fn above_zero(&mut self, path: &str, rate: Rate) {
        self.unless(!rate.is_zero(), path, &0, "a number above 0");
    }

    fn positive(&mut self, path: &str, value: f64) {
        let holds = value.is_finite() && value > 0.0;
        self.unless(holds, path, &value, "a number above 0");
    }

    fn friction(&mut self, path: &str, rate: Rate) {
        let holds = rate.to_fraction() <= FRICTION_MAX;
        self.unless(holds, path, &rate.to_bps(), "at most 2500 basis points (25 %)");
    }

    fn rows(&mut self, path: &str, rows: usize, least: usize) {
        let expected = format!("a number of rows from {least} to {ROWS_MAX}");
        self.unless((least..=ROWS_MAX).contains(&rows), path, &rows, &expected);
    }

    pub(super) fn costs(&mut self, costs: &CostModel) {
        self.fees(&costs.fees);
        match &costs.spread {
            Spread::Fixed(fixed) => self.friction("costs.spread.bps", fixed.bps),
            Spread::Volatility(linked) => {
                self.friction("costs.spread.floor_bps", linked.floor_bps);
                self.positive("costs.spread.multiple", linked.multiple);
            }
        }
        match &costs.slippage {
            Slippage::Fixed(fixed) => self.friction("costs.slippage.bps", fixed.bps),
            Slippage::Volatility(linked) => {
                self.friction("costs.slippage.floor_bps", linked.floor_bps);
                self.positive("costs.slippage.multiple", linked.multiple);
            }
            Slippage::VolumeShare(linked) => {
                self.friction("costs.slippage.floor_bps", linked.floor_bps);
            }
        }
        match &costs.impact {
            Impact::None => {}
            Impact::BarVolume(linked) => {
                self.friction("costs.impact.coefficient_bps", linked.coefficient_bps);
            }
            Impact::SquareRoot(law) => self.positive("costs.impact.y", law.y),
        }
        if let Some(noise) = costs.noise {
            let holds = noise.amplitude <= Rate::ONE;
            let found = noise.amplitude.to_fraction();
            self.unless(holds, "costs.noise.amplitude", &found, "a share up to 1");
        }
        if let Some(cap) = costs.participation {
            self.share("costs.participation.rate", cap.rate);
        }
        if let Some(funding) = costs.funding {
            self.friction("costs.funding.rate_bps", funding.rate_bps);
        }
        self.rows("costs.volatility_rows", costs.volatility_rows, 2);
    }

    fn fees(&mut self, fees: &FeeSchedule) {
        self.friction("costs.fees.maker_bps", fees.maker_bps);
        self.friction("costs.fees.taker_bps", fees.taker_bps);
        let discount = fees.discount.to_fraction();
        self.unless(discount <= 1.0, "costs.fees.discount", &discount, "a share up to 1");
        let minimum = fees.minimum;
        self.unless(minimum >= Money::ZERO, "costs.fees.minimum", &minimum, "0 or more");
        let is_payable = fees.asset == FeeAsset::Quote || minimum <= Money::ZERO;
        self.unless(is_payable, "costs.fees.minimum", &minimum, "0 when fees are in base asset");
        let tiers = fees.tiers.len();
        let expected = format!("a tier from 0 to {tiers}");
        let starting = fees.starting_tier;
        self.unless(starting <= tiers, "costs.fees.starting_tier", &starting, &expected);
        for (place, tier) in fees.tiers.iter().enumerate() {
            let path = format!("costs.fees.tiers.{place}");
            self.friction(&format!("{path}.maker_bps"), tier.maker_bps);
            self.friction(&format!("{path}.taker_bps"), tier.taker_bps);
            let before = place.checked_sub(1).and_then(|before| fees.tiers.get(before));
            let least = before.map_or(Money::ZERO, |before| before.volume_min);
            let expected = format!("a volume above {least}");
            let path = format!("{path}.volume_min");
            self.unless(tier.volume_min > least, &path, &tier.volume_min, &expected);
        }
    }

    pub(super) fn risk(&mut self, risk: &RiskSettings) {
        self.sizing("risk.sizing", &risk.sizing);
        self.position("risk.limits.position", &risk.limits.position);
        for (symbol, own) in &risk.instruments {
            let path = format!("risk.instruments.{symbol}");
            if let Some(sizing) = &own.sizing {
                self.sizing(&format!("{path}.sizing"), sizing);
            }
            self.position(&format!("{path}.position"), &own.position);
        }
        for (path, cap) in [
            ("risk.limits.gross_exposure_max", risk.limits.gross_exposure_max),
            ("risk.limits.net_exposure_max", risk.limits.net_exposure_max),
            ("risk.limits.turnover_per_day_max", risk.limits.turnover_per_day_max),
        ] {
            if let Some(cap) = cap {
                self.above_zero(path, cap);
            }
        }
        for (name, group) in &risk.groups {
            self.above_zero(&format!("risk.groups.{name}.exposure_max"), group.exposure_max);
        }
        self.margin(risk);
        self.breakers(&risk.breakers);
        if let Some(limit) = &risk.correlation {
            self.estimator("risk.correlation.estimator", &limit.estimator);
            self.above_zero("risk.correlation.exposure_max", limit.exposure_max);
            let (path, threshold) = ("risk.correlation.threshold", limit.threshold);
            let holds = (0.0..=1.0).contains(&threshold);
            self.unless(holds, path, &threshold, "a correlation from 0 to 1");
        }
        if let Some(budget) = &risk.budget {
            self.estimator("risk.budget.estimator", &budget.estimator);
            self.above_zero("risk.budget.volatility_max", budget.volatility_max);
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
        let expected =
            "a share below 1 ÷ leverage_max: otherwise a full position is liquidated at once";
        self.unless(holds, "risk.margin.maintenance", &maintenance, expected);
    }

    fn sizing(&mut self, path: &str, sizing: &Sizing) {
        let at = |key: &str| format!("{path}.{key}");
        match sizing {
            Sizing::Fraction(rule) => self.share(&at("fraction"), rule.fraction),
            Sizing::Units(rule) => {
                self.unless(
                    rule.units.signum() > 0,
                    &at("units"),
                    &rule.units,
                    "a quantity above 0",
                );
            }
            Sizing::Notional(rule) => {
                let holds = rule.notional > Money::ZERO;
                self.unless(holds, &at("notional"), &rule.notional, "an amount above 0");
            }
            Sizing::RiskShare(rule) => {
                self.share(&at("risk"), rule.risk);
                self.rows(&at("atr_rows"), rule.atr_rows, 1);
                self.positive(&at("atr_multiple"), rule.atr_multiple);
            }
            Sizing::VolatilityTarget(rule) => {
                self.above_zero(&at("annual"), rule.annual);
                self.rows(&at("window_rows"), rule.window_rows, 2);
                let (floor, cap) = (rule.floor.to_fraction(), rule.cap.to_fraction());
                self.unless(
                    floor <= cap && cap > 0.0,
                    &at("cap"),
                    &cap,
                    "a share above 0, not below the floor",
                );
            }
            Sizing::Kelly(rule) => {
                self.share(&at("multiple"), rule.multiple);
                self.rows(&at("window"), rule.window, 2);
                let expected = "a number from 1 to the window";
                let holds = (1..=rule.window).contains(&rule.sample_min);
                self.unless(holds, &at("sample_min"), &rule.sample_min, expected);
                self.above_zero(&at("cap"), rule.cap);
            }
            Sizing::EqualRisk(rule) => {
                self.share(&at("fraction"), rule.fraction);
                self.rows(&at("window_rows"), rule.window_rows, 2);
            }
        }
    }

    fn position(&mut self, path: &str, limits: &PositionLimits) {
        let at = |key: &str| format!("{path}.{key}");
        if let Some(most) = limits.units_max {
            self.unless(most.signum() > 0, &at("units_max"), &most, "a quantity above 0");
        }
        if let Some(most) = limits.notional_max {
            self.unless(most > Money::ZERO, &at("notional_max"), &most, "an amount above 0");
        }
        for (key, most) in [("equity_max", limits.equity_max), ("volume_max", limits.volume_max)] {
            if let Some(most) = most {
                self.above_zero(&at(key), most);
            }
        }
    }

    fn estimator(&mut self, path: &str, estimator: &Estimator) {
        let at = |key: &str| format!("{path}.{key}");
        self.rows(&at("window_rows"), estimator.window_rows, 3);
        self.rows(&at("refresh_rows"), estimator.refresh_rows, 1);
        let overlap = estimator.overlap_min;
        let holds = (2..=estimator.window_rows).contains(&overlap);
        self.unless(holds, &at("overlap_min"), &overlap, "a number from 2 to window_rows");
        let shrinkage = estimator.shrinkage.to_fraction();
        self.unless(shrinkage <= 1.0, &at("shrinkage"), &shrinkage, "a share up to 1");
    }

    fn breakers(&mut self, breakers: &BreakerSettings) {
        let periodic =
            [("daily_loss", &breakers.daily_loss), ("weekly_loss", &breakers.weekly_loss)];
        for (name, levels) in periodic {
            self.levels(&format!("risk.breakers.{name}"), levels);
        }
        let standing = [
            ("portfolio_stop", breakers.portfolio_stop.as_slice()),
            ("drawdown", breakers.drawdown.as_slice()),
        ];
        for (name, levels) in standing {
            let path = format!("risk.breakers.{name}");
            self.levels(&path, levels);
            for (place, level) in levels.iter().enumerate() {
                if level.rearm == Rearm::NextPeriod {
                    let expected =
                        "manual or a time such as 7d: this loss is not counted by day or week";
                    self.add(
                        &format!("{}.rearm", level_path(&path, place)),
                        &level.rearm,
                        expected,
                    );
                }
            }
        }
        if let Some(streak) = breakers.losing_streak {
            let (path, losses) = ("risk.breakers.losing_streak.losses", streak.losses);
            self.unless(losses > 0, path, &losses, "a number of trades, 1 or more");
        }
    }

    fn levels(&mut self, path: &str, levels: &[LossBreaker]) {
        let mut before = 0.0;
        for (place, level) in levels.iter().enumerate() {
            let path = level_path(path, place);
            let loss = level.loss.to_fraction();
            let holds = loss > before && loss < 1.0;
            let expected = format!("a share above {before} and below 1; levels ascend");
            self.unless(holds, &format!("{path}.loss"), &loss, &expected);
            before = loss;
            self.share(&format!("{path}.reduce_to"), level.reduce_to);
        }
    }
}

/// The path of a breaker's level; the portfolio's stop has only one.
fn level_path(path: &str, place: usize) -> String {
    if path.ends_with("portfolio_stop") { path.to_owned() } else { format!("{path}.{place}") }
}
