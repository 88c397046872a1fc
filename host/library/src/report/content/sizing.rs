//! The sizing of a run in words.

use super::view::View;
use crate::report::number::{multiple, rate_percent, trimmed};
use ct_core::risk::{EqualRiskMethod, KellySample, Sizing, StopDistance, VolatilityEstimator};
use ct_core::units::Rate;

/// A rule by which decisions of the run are sized.
pub(super) fn words(view: &View<'_>, sizing: &Sizing) -> String {
    let instruments = view.result.data.symbols.len();
    let shared = if instruments > 1 {
        format!(", shared by {instruments} instruments")
    } else {
        String::new()
    };
    match sizing {
        Sizing::Fraction(rule) => {
            format!("{} of equity in positions{shared}", rate_percent(rule.fraction))
        }
        Sizing::Units(rule) => format!("{} of base asset in each position", rule.units),
        Sizing::Notional(rule) => {
            let amount = view.numbers.quote(rule.notional.to_f64());
            format!("{amount} {} in each position", view.of_quote_asset())
        }
        Sizing::RiskShare(rule) => {
            let risk = rate_percent(rule.risk);
            let away = format!("{} × ATR({}) away", trimmed(rule.atr_multiple), rule.atr_rows);
            match rule.distance {
                StopDistance::Stop => format!("{risk} of equity is lost at the stop"),
                StopDistance::Atr => format!("{risk} of equity is lost {away}"),
                StopDistance::StopOrAtr => {
                    format!("{risk} of equity is lost at the stop, or {away} where there is none")
                }
            }
        }
        Sizing::VolatilityTarget(rule) => {
            let estimator = match rule.estimator {
                VolatilityEstimator::Ewma => "exponential weights",
                VolatilityEstimator::Window => "equal weights",
            };
            format!(
                "volatility of {} a year ({estimator} over {} bars), {} to {} of capital{shared}",
                rate_percent(rule.annual),
                rule.window_rows,
                rate_percent(rule.floor),
                rate_percent(rule.cap)
            )
        }
        Sizing::Kelly(rule) => {
            let sample = match rule.sample {
                KellySample::Trades => "trades",
                KellySample::Returns => "returns",
            };
            format!(
                "{} × Kelly of the last {} {sample}, {} of capital{shared}; {} until there are {}",
                multiple(rule.multiple),
                rule.window,
                range(rule.floor, rule.cap),
                rate_percent(rule.fallback),
                rule.sample_min
            )
        }
        Sizing::EqualRisk(rule) => {
            let method = match rule.method {
                EqualRiskMethod::InverseVolatility => "held alone",
                EqualRiskMethod::EqualContribution => "held together",
            };
            format!(
                "{} of equity in positions of equal risk {method} over {} bars{shared}",
                rate_percent(rule.fraction),
                rule.window_rows
            )
        }
    }
}

/// From `floor` to `cap`.
fn range(floor: Rate, cap: Rate) -> String {
    if floor.is_zero() {
        format!("up to {}", rate_percent(cap))
    } else {
        format!("{} to {}", rate_percent(floor), rate_percent(cap))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::report::example;

    #[test]
    fn every_sizing_has_words() {
        for (sizing, words) in [
            (json!({"kind": "units", "units": 0.5}), "0.5 of base asset in each position"),
            (json!({"kind": "notional", "notional": 1000}), "1,000.00 USDT in each position"),
            (
                json!({"kind": "risk_share", "distance": "atr"}),
                "1 % of equity is lost 2 × ATR(14) away",
            ),
            (
                json!({"kind": "volatility_target"}),
                "volatility of 40 % a year (exponential weights over 100 bars), 0 % to 100 % of capital",
            ),
            (
                json!({"kind": "kelly"}),
                "0.5 × Kelly of the last 50 trades, up to 100 % of capital; 10 % until there are 20",
            ),
            (
                json!({"kind": "equal_risk"}),
                "100 % of equity in positions of equal risk held alone over 168 bars",
            ),
        ] {
            let sizing: Sizing = serde_json::from_value(sizing).unwrap();
            let result = example::result();
            assert_eq!(super::words(&View::new(&result), &sizing), words);
        }
    }
}
