//! Values of flags, checked as they are read. Each error is shown by clap behind the flag and the text.

use std::num::NonZeroU32;
use std::str::FromStr;

use ct_host::units::{Money, Price, Quantity, Rate};

pub(crate) fn money(text: &str) -> Result<Money, String> {
    Money::from_f64(positive(text)?).map_err(|error| error.to_string())
}

pub(crate) fn price(text: &str) -> Result<Price, String> {
    Price::from_f64(positive(text)?).map_err(|error| error.to_string())
}

pub(crate) fn quantity(text: &str) -> Result<Quantity, String> {
    Quantity::from_f64(positive(text)?).map_err(|error| error.to_string())
}

/// Basis points from 0 to 2500.
pub(crate) fn bps(text: &str) -> Result<Rate, String> {
    const EXPECTED: &str = "expected basis points from 0 to 2500 (1 is 0.01 %)";
    const BPS_MAX: f64 = 2_500.0;
    let bps: f64 = parsed(text).ok_or(EXPECTED)?;
    if !(0.0..=BPS_MAX).contains(&bps) {
        return Err(EXPECTED.to_owned());
    }
    Rate::from_bps(bps).map_err(|error| error.to_string())
}

/// A share above 0 and up to 1.
pub(crate) fn share(text: &str) -> Result<Rate, String> {
    const EXPECTED: &str = "expected a share above 0 and up to 1 (0.5 is 50 %)";
    let share: f64 = parsed(text).ok_or(EXPECTED)?;
    if !(share > 0.0 && share <= 1.0) {
        return Err(EXPECTED.to_owned());
    }
    Rate::from_fraction(share).map_err(|error| error.to_string())
}

/// A share above 0 and below 1.
pub(crate) fn loss(text: &str) -> Result<Rate, String> {
    match share(text) {
        Ok(share) if share < Rate::ONE => Ok(share),
        _ => Err("expected a share above 0 and below 1 (0.2 is 20 %)".to_owned()),
    }
}

/// A multiple of the equity from 1 to 125, which is the most that any exchange lends.
pub(crate) fn leverage(text: &str) -> Result<Rate, String> {
    const EXPECTED: &str = "expected a multiple of the equity from 1 to 125";
    const LEVERAGE_MAX: f64 = 125.0;
    let leverage: f64 = parsed(text).ok_or(EXPECTED)?;
    if !(1.0..=LEVERAGE_MAX).contains(&leverage) {
        return Err(EXPECTED.to_owned());
    }
    Rate::from_fraction(leverage).map_err(|error| error.to_string())
}

/// A share above 0, which may be more than all of it.
pub(crate) fn multiple(text: &str) -> Result<Rate, String> {
    let rate = positive(text)
        .and_then(|share| Rate::from_fraction(share).map_err(|error| error.to_string()))?;
    if rate.is_zero() { Err("expected a number above 0".to_owned()) } else { Ok(rate) }
}

/// A number of days of 1 or more.
pub(crate) fn days(text: &str) -> Result<NonZeroU32, String> {
    parsed(text).ok_or_else(|| "expected a whole number of days, 1 or more".to_owned())
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

fn positive(text: &str) -> Result<f64, String> {
    parsed(text)
        .filter(|value: &f64| *value > 0.0 && value.is_finite())
        .ok_or_else(|| "expected a number above 0".to_owned())
}

fn parsed<T: FromStr>(text: &str) -> Option<T> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_out_of_range_are_refused() {
        for text in ["0", "-1", "NaN", "inf", "1e300", "ten", ""] {
            assert!(money(text).is_err(), "{text}");
            assert!(quantity(text).is_err(), "{text}");
        }
        for text in ["-0.1", "2501", "NaN", "1%"] {
            assert!(bps(text).is_err(), "{text}");
        }
        for text in ["0", "1.01", "-1", "NaN"] {
            assert!(share(text).is_err(), "{text}");
        }
        for text in ["0", "1", "-0.2", "NaN"] {
            assert!(loss(text).is_err(), "{text}");
        }
        for text in ["0.5", "126", "NaN", "x"] {
            assert!(leverage(text).is_err(), "{text}");
        }
        for text in ["0", "-1", "1e-13", "1001", "inf"] {
            assert!(multiple(text).is_err(), "{text}");
        }
        assert_eq!(loss("0.2"), Rate::from_fraction(0.2).map_err(|error| error.to_string()));
        assert_eq!(leverage("1"), Ok(Rate::ONE));
        assert_eq!(multiple("1.0"), Ok(Rate::ONE));
        assert_eq!(bps("7.5"), Ok(Rate::from_bps(7.5).unwrap()));
        assert_eq!(share("1"), Ok(Rate::ONE));
        assert_eq!(money("0.1").unwrap().to_string(), "0.1");
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
