//! What a rule measured and what it allows, each rule in its own unit.

use super::number::{self, Numbers};
use crate::report::UNDEFINED;
use ct_core::order::Rule;

/// The unit in which a rule measures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Measure {
    /// A fraction, shown in per cent.
    Percent,
    /// A plain ratio.
    Ratio,
    /// Base asset.
    Base,
    /// Quote asset.
    Quote,
    /// Quote asset per base asset.
    Price,
    /// A number of things.
    Count,
    /// Hours.
    Hours,
    /// Nothing: the rule knows no more and no less.
    Nothing,
}

impl Measure {
    const fn of(rule: Rule) -> Self {
        match rule {
            Rule::ShortNotAllowed
            | Rule::PositionEquity
            | Rule::GrossExposure
            | Rule::NetExposure
            | Rule::GroupExposure
            | Rule::ClusterExposure
            | Rule::RiskBudget
            | Rule::Weights
            | Rule::PortfolioStop
            | Rule::DailyLoss
            | Rule::WeeklyLoss
            | Rule::Drawdown => Self::Percent,
            Rule::TurnoverPerDay | Rule::NoEdge => Self::Ratio,
            Rule::PositionUnits
            | Rule::PositionVolume
            | Rule::QuantityMin
            | Rule::Lot
            | Rule::ReduceOnly
            | Rule::Closing
            | Rule::Cash => Self::Base,
            Rule::PositionNotional | Rule::NotionalMin => Self::Quote,
            Rule::StopWrongSide => Self::Price,
            Rule::OpenPositions
            | Rule::OrdersPerDay
            | Rule::VolatilityUnknown
            | Rule::LosingStreak => Self::Count,
            Rule::CoolDown => Self::Hours,
            Rule::NoStop
            | Rule::Liquidation
            | Rule::Ruin
            | Rule::Fault
            | Rule::ProtectiveExit
            | Rule::Delisted
            | Rule::Expired
            | Rule::Halted
            | Rule::Frozen => Self::Nothing,
        }
    }
}

/// `value` in the unit of `rule`.
pub(super) fn measured(numbers: Numbers, rule: Rule, value: Option<f64>) -> String {
    let Some(value) = value else { return UNDEFINED.to_owned() };
    match Measure::of(rule) {
        Measure::Percent => number::percent(value),
        Measure::Ratio => number::ratio(value),
        Measure::Base => number::quantity(value),
        Measure::Quote => numbers.quote(value),
        Measure::Price => number::significant(value),
        Measure::Count => number::decimal(value, 0),
        Measure::Hours => format!("{} h", number::decimal(value, 1)),
        Measure::Nothing => UNDEFINED.to_owned(),
    }
}

/// How `value` lies to `limit`: `125.00 % > 100.00 %`. Nothing for rules that do not measure.
pub(super) fn comparison(
    numbers: Numbers,
    rule: Rule,
    value: Option<f64>,
    limit: Option<f64>,
) -> Option<String> {
    if Measure::of(rule) == Measure::Nothing {
        return None;
    }
    if let (Rule::VolatilityUnknown, Some(value), Some(limit)) = (rule, value, limit) {
        return Some(format!("{value:.0} of {limit:.0} bars"));
    }
    let sign = match (value?.partial_cmp(&limit?))? {
        std::cmp::Ordering::Less => "<",
        std::cmp::Ordering::Equal => "=",
        std::cmp::Ordering::Greater => ">",
    };
    let shown = (measured(numbers, rule, value), measured(numbers, rule, limit));
    let (value, limit) = match (value, limit) {
        (Some(value), Some(limit)) if sign != "=" && shown.0 == shown.1 => {
            let scale = if Measure::of(rule) == Measure::Percent { 100.0 } else { 1.0 };
            told_apart(value * scale, limit * scale, if scale > 1.0 { " %" } else { "" })
        }
        _ => shown,
    };
    Some(format!("{value} {sign} {limit}"))
}

/// Two numbers with the fewest decimals that tell them apart, twelve at most.
fn told_apart(value: f64, limit: f64, unit: &str) -> (String, String) {
    const DECIMALS_MAX: usize = 12;
    let write =
        |number: f64, decimals: usize| format!("{}{unit}", number::decimal(number, decimals));
    let decimals =
        (2..DECIMALS_MAX).find(|&decimals| write(value, decimals) != write(limit, decimals));
    let decimals = decimals.unwrap_or(DECIMALS_MAX);
    (write(value, decimals), write(limit, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_core::units::Money;

    #[test]
    fn every_rule_has_its_unit() {
        let numbers = Numbers::for_account(Money::from_f64(10_000.0).unwrap());
        for (rule, value, limit, text) in [
            (Rule::GrossExposure, 1.25, 1.0, "125.00 % > 100.00 %"),
            (Rule::PositionUnits, 2.5, 1.0, "2.5 > 1"),
            (Rule::NotionalMin, 4.0, 10.0, "4.00 < 10.00"),
            (Rule::Lot, 0.0004, 0.001, "0.0004 < 0.001"),
            (Rule::OpenPositions, 6.0, 5.0, "6 > 5"),
            (Rule::TurnoverPerDay, 3.5, 3.0, "3.500 > 3.000"),
            (Rule::StopWrongSide, 101.0, 101.0, "101.000 = 101.000"),
            (Rule::VolatilityUnknown, 49.0, 84.0, "49 of 84 bars"),
            (Rule::CoolDown, 3.5, 24.0, "3.5 h < 24.0 h"),
            (Rule::Drawdown, 0.52, 0.5, "52.00 % > 50.00 %"),
        ] {
            let shown = comparison(numbers, rule, Some(value), Some(limit));
            assert_eq!(shown.as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_number_is_not_compared() {
        let numbers = Numbers::for_account(Money::from_f64(10_000.0).unwrap());
        assert_eq!(comparison(numbers, Rule::Expired, Some(0.0), Some(0.0)), None);
        assert_eq!(comparison(numbers, Rule::GrossExposure, None, Some(1.0)), None);
        assert_eq!(measured(numbers, Rule::GrossExposure, None), "—");
        assert_eq!(measured(numbers, Rule::NoStop, Some(0.0)), "—");
    }

    #[test]
    fn numbers_that_round_alike_are_told_apart() {
        let numbers = Numbers::for_account(Money::from_f64(10_000.0).unwrap());
        let shown =
            |rule, value, limit| comparison(numbers, rule, Some(value), Some(limit)).unwrap();
        assert_eq!(shown(Rule::Drawdown, 0.080_000_12, 0.08), "8.00001 % > 8.00000 %");
        assert_eq!(shown(Rule::NotionalMin, 4.999, 5.0), "4.999 < 5.000");
        assert_eq!(shown(Rule::Drawdown, 0.08, 0.08), "8.00 % = 8.00 %");
    }
}
