//! Settings that make no sense beside others, though each is in its own range.

use std::fmt::Display;

use super::{NumberRange, Settings, SettingsError};
use crate::costs::{FeeAsset, FeeSchedule};
use crate::risk::{
    BreakerSettings, Estimator, LossBreaker, Margin, PositionLimits, Rearm, RiskSettings, Sizing,
};
use crate::units::{Money, Rate};

/// Everything that makes no sense together.
pub(super) fn problems(settings: &Settings) -> Vec<SettingsError> {
    // A leverage below 1 is a problem of its own, in which every cap would be one.
    let leverage_max = settings.risk.margin.leverage_max.max(Rate::ONE);
    let mut found = Contradictions { leverage_max, found: Vec::new() };
    found.of_fees(&settings.costs.fees);
    found.of_risk(&settings.risk);
    found.found
}

/// What was found so far.
#[derive(Debug)]
struct Contradictions {
    /// The most that a cap on positions can be.
    leverage_max: Rate,
    found: Vec<SettingsError>,
}

impl Contradictions {
    fn unless(&mut self, holds: bool, path: &str, found: impl Display, expected: impl Display) {
        if !holds {
            let (found, expected) = (found.to_string(), expected.to_string());
            self.found.push(SettingsError { path: path.to_owned(), found, expected });
        }
    }

    fn of_fees(&mut self, fees: &FeeSchedule) {
        let minimum = fees.minimum;
        let is_payable = fees.asset == FeeAsset::Quote || minimum <= Money::ZERO;
        self.unless(is_payable, "costs.fees.minimum", minimum, "0 when fees are in base asset");
        let (tiers, starting) = (fees.tiers.len(), fees.starting_tier);
        let expected = format!("one of the tiers of costs.fees.tiers, 0 to {tiers}");
        self.unless(starting <= tiers, "costs.fees.starting_tier", starting, expected);
        let volumes = fees.tiers.iter().map(|tier| tier.volume_min);
        for (place, (before, volume)) in volumes.clone().zip(volumes.skip(1)).enumerate() {
            let path = format!("costs.fees.tiers.{}.volume_min", place + 1);
            self.unless(volume > before, &path, volume, format!("a volume above {before}"));
        }
    }

    fn of_risk(&mut self, risk: &RiskSettings) {
        self.sizing("risk.sizing", &risk.sizing);
        self.position("risk.limits.position", &risk.limits.position);
        for (symbol, own) in &risk.instruments {
            let path = format!("risk.instruments.{symbol}");
            if let Some(sizing) = &own.sizing {
                self.sizing(&format!("{path}.sizing"), sizing);
            }
            self.position(&format!("{path}.position"), &own.position);
        }
        self.cap("risk.limits.gross_exposure_max", risk.limits.gross_exposure_max);
        self.cap("risk.limits.net_exposure_max", risk.limits.net_exposure_max);
        for (name, group) in &risk.groups {
            self.cap(&format!("risk.groups.{name}.exposure_max"), Some(group.exposure_max));
        }
        self.margin(&risk.margin);
        self.breakers(&risk.breakers);
        if let Some(limit) = &risk.correlation {
            self.estimator("risk.correlation.estimator", &limit.estimator);
            self.cap("risk.correlation.exposure_max", Some(limit.exposure_max));
        }
        if let Some(budget) = &risk.budget {
            self.estimator("risk.budget.estimator", &budget.estimator);
            let sum: f64 = budget.budgets.values().map(|rate| rate.to_fraction()).sum();
            let expected = "shares that sum to at most 1";
            self.unless(sum <= 1.0 + 1e-9, "risk.budget.budgets", sum, expected);
        }
    }

    fn sizing(&mut self, path: &str, sizing: &Sizing) {
        match sizing {
            Sizing::Fraction(rule) => self.cap(&format!("{path}.fraction"), Some(rule.fraction)),
            Sizing::EqualRisk(rule) => self.cap(&format!("{path}.fraction"), Some(rule.fraction)),
            Sizing::VolatilityTarget(rule) => {
                let (floor, cap) = (rule.floor, rule.cap.to_fraction());
                let expected = "a share that is not below the floor";
                self.unless(floor <= rule.cap, &format!("{path}.cap"), cap, expected);
            }
            Sizing::Kelly(rule) => {
                let (least, window) = (rule.sample_min, rule.window);
                let expected = format!("a number from 1 to {path}.window, {window}");
                self.unless(least <= window, &format!("{path}.sample_min"), least, expected);
            }
            Sizing::Units(_) | Sizing::Notional(_) | Sizing::RiskShare(_) | Sizing::Weights(_) => {}
        }
    }

    fn position(&mut self, path: &str, limits: &PositionLimits) {
        self.cap(&format!("{path}.equity_max"), limits.equity_max);
    }

    /// A cap on positions, as a share of the equity: leverage lets nothing reach one that is larger.
    fn cap(&mut self, path: &str, cap: Option<Rate>) {
        let Some(cap) = cap.filter(|cap| *cap > self.leverage_max) else { return };
        let (share, most) = (cap.to_fraction(), self.leverage_max.to_fraction());
        let found = format!("{share}, which is {} %", percent(share));
        let hint = NumberRange::share_up_to(most).hint(share);
        let expected = format!("a share up to risk.margin.leverage_max, {most}{hint}");
        self.unless(false, path, found, expected);
    }

    fn margin(&mut self, margin: &Margin) {
        let maintenance = margin.maintenance.to_fraction();
        let holds = maintenance * margin.leverage_max.to_fraction() < 1.0;
        let expected = "a share below 1 ÷ risk.margin.leverage_max: otherwise a full position is liquidated at once";
        self.unless(holds, "risk.margin.maintenance", maintenance, expected);
    }

    fn estimator(&mut self, path: &str, estimator: &Estimator) {
        let (overlap, window) = (estimator.overlap_min, estimator.window_rows);
        let expected = format!("a number from 2 to {path}.window_rows, {window}");
        self.unless(overlap <= window, &format!("{path}.overlap_min"), overlap, expected);
    }

    fn breakers(&mut self, breakers: &BreakerSettings) {
        self.levels("risk.breakers.daily_loss", &breakers.daily_loss);
        self.levels("risk.breakers.weekly_loss", &breakers.weekly_loss);
        self.levels("risk.breakers.drawdown", &breakers.drawdown);
        let stop = breakers.portfolio_stop.iter();
        let standing = stop.map(|level| ("risk.breakers.portfolio_stop".to_owned(), level));
        let drawdown = breakers.drawdown.iter().enumerate();
        let drawdown =
            drawdown.map(|(place, level)| (format!("risk.breakers.drawdown.{place}"), level));
        for (path, level) in standing.chain(drawdown) {
            let expected = "manual or a time such as 7d: this loss is not counted by day or week";
            let holds = level.rearm != Rearm::NextPeriod;
            self.unless(holds, &format!("{path}.rearm"), level.rearm, expected);
        }
    }

    fn levels(&mut self, path: &str, levels: &[LossBreaker]) {
        let losses = levels.iter().map(|level| level.loss);
        for (place, (before, loss)) in losses.clone().zip(losses.skip(1)).enumerate() {
            let expected = format!("a share above {}: levels ascend", before.to_fraction());
            let path = format!("{path}.{}.loss", place + 1);
            self.unless(loss > before, &path, loss.to_fraction(), expected);
        }
    }
}

/// Per cent with at most four decimals, so that no rounding error of the product is shown.
fn percent(share: f64) -> f64 {
    (share * 1e6).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::risk::{FixedFraction, Group, Limits, RiskBudget};

    fn rate(fraction: f64) -> Rate {
        Rate::from_fraction(fraction).unwrap()
    }

    fn told(settings: &Settings) -> Vec<String> {
        settings.problems().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn caps_that_cannot_be_reached_are_mistyped_units() {
        let mut settings = Settings::default();
        settings.risk.limits.position.equity_max = Some(rate(25.0));
        settings.risk.limits.net_exposure_max = Some(rate(1.0));
        let group = Group { symbols: Vec::new(), exposure_max: rate(1.5) };
        settings.risk.groups.insert("majors".to_owned(), group);
        assert_eq!(
            told(&settings),
            [
                "risk.limits.position.equity_max is 25, which is 2500 %: expected a share up to risk.margin.leverage_max, 1 (did you mean 0.25?)",
                "risk.groups.majors.exposure_max is 1.5, which is 150 %: expected a share up to risk.margin.leverage_max, 1",
            ]
        );
        settings.risk.limits = Limits::default();
        settings.risk.groups.clear();
        settings.risk.sizing = Sizing::Fraction(FixedFraction { fraction: rate(50.0) });
        assert_eq!(
            told(&settings),
            [
                "risk.sizing.fraction is 50, which is 5000 %: expected a share up to risk.margin.leverage_max, 1 (did you mean 0.5?)"
            ]
        );
        settings.risk.sizing = Sizing::Fraction(FixedFraction { fraction: rate(3.0) });
        settings.risk.margin.leverage_max = rate(3.0);
        settings.risk.limits.position.equity_max = Some(rate(3.0));
        assert_eq!(told(&settings), Vec::<String>::new());
    }

    #[test]
    fn rates_of_many_times_a_year_are_mistyped_units() {
        let mut settings = Settings::default();
        let budget = RiskBudget { volatility_max: rate(40.0), ..RiskBudget::default() };
        settings.risk.budget = Some(budget);
        if let Some(borrow) = &mut settings.costs.borrow {
            borrow.quote_annual = rate(10.0);
            borrow.base_annual = rate(5.0);
        }
        assert_eq!(
            told(&settings),
            [
                "costs.borrow.quote_annual is 10: expected a share from 0 to 5 (did you mean 0.1?)",
                "risk.budget.volatility_max is 40: expected a share above 0 and up to 5 (did you mean 0.4?)",
            ]
        );
    }

    #[test]
    fn numbers_that_are_none_are_out_of_every_range() {
        let mut settings = Settings::default();
        settings.costs.impact =
            crate::costs::Impact::SquareRoot(crate::costs::SquareRootImpact { y: f64::NAN });
        assert_eq!(told(&settings), ["costs.impact.y is not finite: expected a number above 0"]);
    }
}
