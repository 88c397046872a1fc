//! Values of flags, checked as they are read. Each error is shown by clap behind the flag and the text.
//!
//! A flag that sets a key of the configuration takes range, unit, choices, meaning and default from the key's own declaration.

use std::sync::LazyLock;

use clap::builder::{PossibleValue, PossibleValuesParser};
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

use ct_host::config::{Config, shape};
use ct_host::settings::{Form, Shape};

/// A number that the key at `path` takes.
pub(crate) fn of<T: DeserializeOwned>(
    path: &'static str,
) -> impl Fn(&str) -> Result<T, String> + Clone {
    move |text| {
        let Form::Number(range) = &declared(path).form else { unreachable!("{path} is a number") };
        let number = parsed(text);
        if let Some(number) = number.clone().filter(|number| range.holds(number)) {
            return serde_json::from_value(number.into()).map_err(|error| error.to_string());
        }
        let found = number.and_then(|number| number.as_f64());
        let hint = found.map(|found| range.hint(found)).unwrap_or_default();
        Err(format!("expected {range}{hint}"))
    }
}

/// A text that the key at `path` takes, with hyphens for underscores.
pub(crate) fn one_of(path: &'static str) -> PossibleValuesParser {
    let Form::Choice(choices) = &declared(path).form else { unreachable!("{path} is a choice") };
    let possible = |name: &str, help: &'static str| {
        PossibleValue::new(flag_text(name)).help(help.trim_end_matches('.'))
    };
    choices
        .iter()
        .map(|choice| possible(&choice.name, &choice.description))
        .collect::<Vec<_>>()
        .into()
}

/// What the key at `path` means, with its default if it has one.
pub(crate) fn help(path: &'static str) -> String {
    static DEFAULTS: LazyLock<Value> =
        LazyLock::new(|| serde_json::to_value(Config::default()).unwrap_or_default());
    let default = path.split('.').try_fold(&*DEFAULTS, |value, key| value.get(key));
    match default {
        Some(Value::String(text)) => help_or(path, &flag_text(text)),
        Some(Value::Number(number)) => {
            help_or(path, &number.as_f64().unwrap_or_default().to_string())
        }
        _ => meaning(path).to_owned(),
    }
}

/// What the key at `path` means, and what holds without the flag.
pub(crate) fn help_or(path: &'static str, default: &str) -> String {
    format!("{} [default: {default}]", meaning(path))
}

fn meaning(path: &'static str) -> &'static str {
    declared(path).description.trim_end_matches('.')
}

fn declared(path: &'static str) -> &'static Shape {
    let Some(shape) = shape().find(path) else { unreachable!("{path} is a key") };
    shape
}

fn flag_text(name: &str) -> String {
    name.replace('_', "-")
}

/// `name=value`.
pub(crate) fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            Ok((name.trim().to_owned(), value.trim().to_owned()))
        }
        _ => Err("expected NAME=VALUE, such as fast=20".to_owned()),
    }
}

/// The name of an instrument.
pub(crate) fn symbol(text: &str) -> Result<String, String> {
    let sound = !text.trim().is_empty() && !text.chars().any(char::is_control);
    if sound {
        Ok(text.trim().to_owned())
    } else {
        Err("expected a name such as BTC/USDT".to_owned())
    }
}

fn parsed(text: &str) -> Option<Number> {
    let text = text.trim();
    let whole = text.parse::<u64>().ok().map(Number::from);
    whole.or_else(|| Number::from_f64(text.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use ct_host::units::{Money, Quantity, Rate};

    use super::*;

    fn told<T: DeserializeOwned>(path: &'static str, text: &str) -> Result<T, String> {
        of(path)(text)
    }

    #[test]
    fn numbers_out_of_the_range_of_their_key_are_refused() {
        for (path, expected, texts) in [
            (
                "account.cash",
                "an amount above 0",
                &["0", "-1", "NaN", "inf", "1e300", "ten", ""] as &[_],
            ),
            ("costs.fees.taker_bps", "basis points from 0 to 2500", &["-0.1", "2501", "NaN", "1%"]),
            ("risk.sizing.risk", "a share above 0 and up to 1", &["0", "1.01", "-1", "NaN"]),
            ("risk.sizing.fraction", "a share above 0 and up to 125", &["0", "-1", "NaN"]),
            ("risk.breakers.drawdown.0.loss", "a share above 0 and below 1", &["0", "1", "-0.2"]),
            ("risk.margin.leverage_max", "a multiple of the equity from 1 to 125", &["0.5", "126"]),
            ("risk.limits.gross_exposure_max", "a share above 0 and up to 1000", &["0", "1e6"]),
            ("data.days", "a whole number from 1 to 4294967295", &["0", "-3", "1.5"]),
        ] {
            for text in texts {
                let refused = told::<f64>(path, text);
                assert_eq!(refused, Err(format!("expected {expected}")), "{path}: {text}");
            }
        }
        assert!(
            told::<f64>("risk.sizing.risk", "50").unwrap_err().ends_with("(did you mean 0.5?)")
        );
        assert_eq!(
            told("risk.breakers.drawdown.0.loss", "0.2").ok(),
            Rate::from_fraction(0.2).ok()
        );
        assert_eq!(told("risk.margin.leverage_max", " 1 "), Ok(Rate::ONE));
        assert_eq!(told("costs.fees.taker_bps", "7.5"), Ok(7.5));
        assert_eq!(told("account.cash", "0.1").ok(), Money::from_f64(0.1).ok());
        assert_eq!(told("data.rules.lot", "3").ok(), Quantity::from_f64(3.0).ok());
    }

    #[test]
    fn the_meaning_of_a_flag_is_that_of_its_key() {
        assert_eq!(help("account.cash"), "Quote asset at the start [default: 10000]");
        assert_eq!(
            help("fills.market"),
            "Where market orders fill: at the next open or the next close [default: next-open]"
        );
        assert_eq!(help("data.rules.tick"), "Prices are multiples of this");
        assert!(help_or("data.rules.lot", "none").ends_with(" this [default: none]"));
    }

    #[test]
    fn assignments_are_split_at_the_first_sign() {
        let pair = |name: &str, value: &str| Ok((name.to_owned(), value.to_owned()));
        assert_eq!(assignment("fast=20"), pair("fast", "20"));
        assert_eq!(assignment(" mode = a=b"), pair("mode", "a=b"));
        assert_eq!(assignment("empty="), pair("empty", ""));
        for text in ["fast", "=20", ""] {
            assert!(assignment(text).is_err(), "{text}");
        }
    }
}
