//! The sizing of a run in words.

use super::view::View;
use crate::report::Note;
use crate::report::number::{self, multiple, rate_percent, trimmed};
use ct_core::order::Rule;
use ct_core::risk::{
    EqualRiskMethod, KellySample, MissingStop, RiskShare, Sizing, StopDistance, VolatilityEstimator,
};
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
        Sizing::Fraction(rule) if instruments > 1 => {
            let each = number::percent(rule.fraction.to_fraction() / instruments as f64);
            let all = rate_percent(rule.fraction);
            format!("up to {each} of equity in each of {instruments} instruments, {all} in all")
        }
        Sizing::Fraction(rule) => {
            format!("up to {} of equity in a position", rate_percent(rule.fraction))
        }
        Sizing::Units(rule) => format!("{} of base asset in each position", rule.units),
        Sizing::Notional(rule) => {
            let amount = view.numbers.quote(rule.notional.to_f64());
            format!("{amount} {} in each position", view.of_quote_asset())
        }
        Sizing::RiskShare(rule) => risk_share(rule),
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
        Sizing::Weights(_) => "targets are shares of all the equity".to_owned(),
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

fn risk_share(rule: &RiskShare) -> String {
    let risk = rate_percent(rule.risk);
    let away = format!("{} × ATR({}) away", trimmed(rule.atr_multiple), rule.atr_rows);
    let placed = match rule.missing_stop {
        MissingStop::Place => "placed",
        MissingStop::Assume => "assumed",
    };
    match rule.distance {
        StopDistance::Stop => format!("{risk} of equity is lost at the stop"),
        StopDistance::Atr => {
            format!("{risk} of equity is lost {away}; a missing stop is {placed} there")
        }
        StopDistance::StopOrAtr => {
            format!("{risk} of equity is lost at the stop; a missing one is {placed} {away}")
        }
    }
}

/// Capital that no decision can reach, stops that are not there, and positions that nobody let the strategy hold.
pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let notes =
        [leverage_out_of_reach(view), assumed_stops(view), left_out_shorts(view), idle(view)];
    notes.into_iter().flatten().map(Note::warning).collect()
}

/// The rules by which the instruments of the run are sized.
fn rules<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Sizing> {
    let risk = &view.result.configuration.risk;
    view.result.data.symbols.iter().map(|symbol| risk.sizing_of(symbol))
}

fn leverage_out_of_reach(view: &View<'_>) -> Option<String> {
    let leverage = view.result.configuration.risk.margin.leverage_max;
    let most = rules(view)
        .map(Sizing::gross_max)
        .try_fold(Rate::ZERO, |most, rule| rule.map(|rule| most.max(rule)))?;
    (most < leverage && leverage > Rate::ONE).then(|| {
        format!(
            "LEVERAGE IS OUT OF REACH: {} is allowed, but sizing puts at most {} of the equity into positions. \
             Raise the sizing's fraction or cap (--fraction {}) to use it.",
            multiple(leverage),
            rate_percent(most),
            trimmed(leverage.to_fraction()),
        )
    })
}

fn assumed_stops(view: &View<'_>) -> Option<String> {
    let rule = rules(view).find_map(|sizing| match sizing {
        Sizing::RiskShare(rule) if rule.missing_stop == MissingStop::Assume => Some(rule),
        _ => None,
    })?;
    (rule.distance != StopDistance::Stop).then(|| {
        format!(
            "NO STOP IS PLACED where the strategy sets none: sizes assume one {} × ATR({}) away, and more than {} of the equity \
             can be lost. risk.sizing.missing_stop: place places it.",
            trimmed(rule.atr_multiple),
            rule.atr_rows,
            rate_percent(rule.risk),
        )
    })
}

fn left_out_shorts(view: &View<'_>) -> Option<String> {
    let counts = view.result.refusal_counts.iter();
    let cut = counts.filter(|counted| counted.rule == Rule::ShortNotAllowed);
    let cut = number::total(cut.map(|counted| counted.count));
    (cut > 0).then(|| {
        format!(
            "SHORTS WERE LEFT OUT: decisions to be short that became flat: {}. --allow-short lets the strategy go short.",
            number::count(cut)
        )
    })
}

/// Capital that a portfolio has never used, since each instrument is granted its part of it only.
fn idle(view: &View<'_>) -> Option<String> {
    const USED_MIN: f64 = 0.5;
    let activity = &view.result.metrics.activity;
    let (most, instruments) = (activity.gross_exposure_max?, view.result.data.symbols.len());
    let divided = rules(view).any(|sizing| sizing.gross_max().is_some());
    (divided && instruments > 1 && most > 0.0 && most < USED_MIN).then(|| {
        format!(
            "MOST CAPITAL LAY IDLE: never more than {} of the equity was in positions, on average {}. Each of {instruments} \
             instruments is granted its own part of the capital only.",
            number::percent(most),
            number::percent(activity.gross_exposure_average.unwrap_or_default()),
        )
    })
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
                "1 % of equity is lost 2 × ATR(14) away; a missing stop is placed there",
            ),
            (
                json!({"kind": "volatility_target"}),
                "volatility of 40 % a year (exponential weights over 100 bars), 0 % to 100 % of capital",
            ),
            (
                json!({"kind": "kelly"}),
                "0.5 × Kelly of the last 50 trades, up to 100 % of capital; 10 % until there are 20",
            ),
            (json!({"kind": "weights"}), "targets are shares of all the equity"),
            (
                json!({"kind": "equal_risk"}),
                "100 % of equity in positions of equal risk held alone over 168 bars",
            ),
        ] {
            let sizing: Sizing = serde_json::from_value(sizing).unwrap();
            let result = example::result();
            assert_eq!(super::words(&View::new(&result), &sizing), words);
        }
        // What each of several instruments is granted is said.
        let mut result = example::result();
        result.data.symbols = (0..16).map(|coin| format!("C{coin}/USDT")).collect();
        let portfolio = words(&View::new(&result), &Sizing::default());
        assert_eq!(portfolio, "up to 6.25 % of equity in each of 16 instruments, 100 % in all");
    }
}
