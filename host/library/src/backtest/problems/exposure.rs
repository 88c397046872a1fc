//! Shares of the equity that are mistyped units: caps that leverage does not let anything reach, and rates per year.

use super::Problems;
use ct_core::units::Rate;

/// Largest volatility or interest per year: whatever is larger is a mistyped unit.
const ANNUAL_MAX: f64 = 5.0;

/// Least number that was probably meant in per cent.
const PERCENT_MIN: f64 = 2.0;

impl Problems {
    /// A cap on positions, as a share of the equity.
    pub(super) fn exposure(&mut self, path: &str, cap: Rate, leverage_max: Rate) {
        self.above_zero(path, cap);
        // A leverage below 1 is a problem of its own, in which every cap would be one.
        let most = leverage_max.max(Rate::ONE);
        if cap > most {
            let called = format!("risk.margin.leverage_max, {}", leverage_max.to_fraction());
            self.mistyped(path, cap, most, &called);
        }
    }

    /// A volatility or an interest per year.
    pub(super) fn annual(&mut self, path: &str, rate: Rate) {
        let most = Rate::from_fraction(ANNUAL_MAX).unwrap_or(Rate::ONE);
        if rate > most {
            self.mistyped(path, rate, most, &format!("{ANNUAL_MAX}, which is 500 % a year"));
        }
    }

    fn mistyped(&mut self, path: &str, found: Rate, most: Rate, called: &str) {
        let found = found.to_fraction();
        let share = found / 100.0;
        let hint = if found >= PERCENT_MIN && share <= most.to_fraction() {
            format!(" (did you mean {share}?)")
        } else {
            String::new()
        };
        let told = format!("{found}, which is {} %", percent(found));
        self.add(path, &told, &format!("a share up to {called}{hint}"));
    }
}

/// Per cent with at most four decimals, so that no rounding error of the product is shown.
fn percent(share: f64) -> f64 {
    (share * 1e6).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::Settings;
    use ct_core::risk::{Group, RiskBudget};

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
                "costs.borrow.quote_annual is 10, which is 1000 %: expected a share up to 5, which is 500 % a year (did you mean 0.1?)",
                "risk.budget.volatility_max is 40, which is 4000 %: expected a share up to 5, which is 500 % a year (did you mean 0.4?)",
            ]
        );
    }
}
