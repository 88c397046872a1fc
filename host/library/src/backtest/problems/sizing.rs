//! Sizing that makes no sense.

use super::Problems;
use ct_core::risk::Sizing;
use ct_core::units::Money;

impl Problems {
    pub(super) fn sizing(&mut self, path: &str, sizing: &Sizing) {
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
                self.annual(&at("annual"), rule.annual);
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
                let expected = format!("a number from 1 to {}, {}", at("window"), rule.window);
                let holds = (1..=rule.window).contains(&rule.sample_min);
                self.unless(holds, &at("sample_min"), &rule.sample_min, &expected);
                self.above_zero(&at("cap"), rule.cap);
            }
            Sizing::EqualRisk(rule) => {
                self.share(&at("fraction"), rule.fraction);
                self.rows(&at("window_rows"), rule.window_rows, 2);
            }
        }
    }
}
