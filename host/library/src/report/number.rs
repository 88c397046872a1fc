//! How numbers are written for traders: separators of thousands, fixed decimals, units, and a dash for what is undefined.

use ct_core::metrics::{MetricRow, MetricValue};
use ct_core::units::{Money, Rate, Timestamp, positive_zero};

/// What stands for a number that does not exist.
pub const UNDEFINED: &str = "—";

/// The formats of one report. Amounts of quote asset get two decimals, or eight where the account is so small that it must
/// be kept in an asset such as bitcoin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numbers {
    quote_decimals: usize,
}

impl Numbers {
    /// The formats for an account that starts with `cash`.
    pub(super) fn for_account(cash: Money) -> Self {
        const SMALL: f64 = 100.0;
        Self { quote_decimals: if cash.to_f64() < SMALL { 8 } else { 2 } }
    }

    /// An amount of quote asset: `-1,234.50`.
    pub(super) fn quote(self, amount: f64) -> String {
        decimal(amount, self.quote_decimals)
    }

    /// A profit or loss: `+1,234.50`.
    pub(super) fn profit(self, amount: f64) -> String {
        with_plus(self.quote(amount))
    }

    /// The value of a metric in its unit.
    pub(super) fn metric(self, row: &MetricRow) -> String {
        let text = match row.value {
            MetricValue::Percent(value) => value.map(percent),
            MetricValue::Number(value) => value.map(ratio),
            MetricValue::Quote(value) => value.map(|amount| self.quote(amount)),
            MetricValue::Bps(value) => value.map(bps),
            MetricValue::Days(value) => value.map(|days| format!("{} d", decimal(days, 1))),
            MetricValue::Bars(value) => value.map(|bars| decimal(bars, 1)),
            MetricValue::DurationMs(value) => value.map(duration),
            MetricValue::Time(value) => value.map(|ms| time(Timestamp::clamped(ms))),
            MetricValue::Count(value) => value.map(count),
        };
        text.unwrap_or_else(|| UNDEFINED.to_owned())
    }
}

/// `value` with separators of thousands and so many decimals: `1,234.50`.
pub(super) fn decimal(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return UNDEFINED.to_owned();
    }
    let text = format!("{:.decimals$}", value.abs());
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let grouped = grouped(whole);
    let point = if fraction.is_empty() { "" } else { "." };
    // A loss that rounds to nothing is no loss: -0.00 would only confuse.
    let negative = value < 0.0 && text.bytes().any(|byte| (b'1'..=b'9').contains(&byte));
    let sign = if negative { "-" } else { "" };
    format!("{sign}{grouped}{point}{fraction}")
}

/// A fraction in per cent: `-12.30 %` for -0.123.
pub(super) fn percent(fraction: f64) -> String {
    let number = decimal(fraction * 100.0, 2);
    if number == UNDEFINED { number } else { format!("{number} %") }
}

/// A fraction in per cent, with its sign: `+12.30 %`.
pub(super) fn signed_percent(fraction: f64) -> String {
    with_plus(percent(fraction))
}

/// A ratio with three decimals.
pub(super) fn ratio(value: f64) -> String {
    decimal(value, 3)
}

/// A rate that a user set, in per cent, with as many decimals as it needs: `12.5 %`.
pub(super) fn rate_percent(rate: Rate) -> String {
    format!("{} %", trimmed(rate.to_fraction() * 100.0))
}

/// A rate that a user set, in basis points, with as many decimals as it needs: `7.5 bps`.
pub(super) fn rate_bps(rate: Rate) -> String {
    format!("{} bps", trimmed(rate.to_bps()))
}

/// A multiple that a user set, with as many decimals as it needs: `2.5`.
pub(super) fn multiple(rate: Rate) -> String {
    trimmed(rate.to_fraction())
}

/// A number that a user set, with as many decimals as it needs: `0.7`.
pub(super) fn trimmed(value: f64) -> String {
    const DECIMALS: f64 = 1e8;
    positive_zero((value * DECIMALS).round() / DECIMALS).to_string()
}

/// A number of basis points: `12.50 bps`.
pub(super) fn bps(value: f64) -> String {
    let number = decimal(value, 2);
    if number == UNDEFINED { number } else { format!("{number} bps") }
}

/// A number of things: `58,419`.
pub(super) fn count(value: u64) -> String {
    grouped(&value.to_string())
}

/// All of `counts` together; the largest count where that is more. A result of others may count to anything.
pub(super) fn total(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}

/// A quantity with six significant digits, without trailing zeros: `0.54`, `1,250`.
pub(super) fn quantity(value: f64) -> String {
    significant(value).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A price with at least six significant digits: `49,000.12`, `0.0000123456`.
pub(super) fn significant(value: f64) -> String {
    const DIGITS: i32 = 6;
    const DECIMALS_MAX: i32 = 12;
    if value == 0.0 || !value.is_finite() {
        return decimal(value, 2);
    }
    #[expect(clippy::cast_possible_truncation, reason = "the exponent of a finite number is small")]
    let exponent = value.abs().log10().floor() as i32;
    let decimals = (DIGITS - 1 - exponent).clamp(2, DECIMALS_MAX);
    decimal(value, usize::try_from(decimals).unwrap_or_default())
}

/// A duration in its two largest units: `3d 4h`, `45m 10s`, `250ms`.
pub(super) fn duration(ms: i64) -> String {
    const UNITS: [(i64, &str); 4] =
        [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    let sign = if ms < 0 { "-" } else { "" };
    let ms = ms.saturating_abs();
    let Some(first) = UNITS.iter().position(|(length, _)| ms >= *length) else {
        return format!("{sign}{ms}ms");
    };
    let mut rest = ms;
    let mut parts = Vec::with_capacity(2);
    for (length, suffix) in UNITS.iter().skip(first).take(2) {
        let whole = rest / length;
        rest %= length;
        if whole > 0 {
            parts.push(format!("{}{suffix}", count(whole.unsigned_abs())));
        }
    }
    format!("{sign}{}", parts.join(" "))
}

/// An instant in UTC to the minute, or to the second where it has any: `2024-01-31 12:00`.
pub(super) fn time(time: Timestamp) -> String {
    let text = time.to_string().replace('T', " ");
    let text = text.trim_end_matches('Z');
    text.strip_suffix(":00").unwrap_or(text).to_owned()
}

fn with_plus(text: String) -> String {
    let positive = text.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) && !text.starts_with('-');
    if positive { format!("+{text}") } else { text }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_separators_and_two_decimals() {
        let numbers = Numbers::for_account(Money::from_f64(10_000.0).unwrap());
        for (value, text) in [
            (0.0, "0.00"),
            (-0.001, "0.00"),
            (999.995, "1,000.00"),
            (1_234.5, "1,234.50"),
            (-1_234_567.891, "-1,234,567.89"),
            (f64::NAN, "—"),
            (f64::INFINITY, "—"),
        ] {
            assert_eq!(numbers.quote(value), text, "{value}");
        }
        assert_eq!(numbers.profit(12.0), "+12.00");
        assert_eq!(numbers.profit(-12.0), "-12.00");
        assert_eq!(numbers.profit(0.001), "0.00");
    }

    #[test]
    fn a_small_account_is_kept_in_bitcoin() {
        let numbers = Numbers::for_account(Money::from_f64(0.5).unwrap());
        assert_eq!(numbers.quote(0.000_012_34), "0.00001234");
    }

    #[test]
    fn fractions_are_shown_in_per_cent() {
        assert_eq!(percent(-0.123_456), "-12.35 %");
        assert_eq!(percent(14.123_3), "1,412.33 %");
        assert_eq!(percent(f64::NAN), "—");
        assert_eq!(signed_percent(0.05), "+5.00 %");
        assert_eq!(signed_percent(0.0), "0.00 %");
    }

    #[test]
    fn rates_are_shown_as_they_were_set() {
        let rate = |fraction| Rate::from_fraction(fraction).unwrap();
        assert_eq!(rate_percent(rate(0.125)), "12.5 %");
        assert_eq!(rate_percent(rate(1.1)), "110 %");
        assert_eq!(rate_bps(rate(0.000_75)), "7.5 bps");
        assert_eq!(multiple(rate(3.0)), "3");
        assert_eq!(trimmed(-1e-9), "0");
        assert_eq!(bps(-12.345), "-12.35 bps");
        assert_eq!(bps(f64::NAN), "—");
    }

    #[test]
    fn prices_keep_six_digits() {
        for (price, text) in [
            (49_000.123, "49,000.12"),
            (1_234.567_8, "1,234.57"),
            (12.345_678, "12.3457"),
            (0.000_012_345_678, "0.0000123457"),
            (1e-12, "0.000000000001"),
            (0.0, "0.00"),
        ] {
            assert_eq!(significant(price), text);
        }
    }

    #[test]
    fn quantities_show_their_lots() {
        for (value, text) in [(0.54, "0.54"), (1_250.0, "1,250"), (-0.1, "-0.1"), (10.0, "10")] {
            assert_eq!(quantity(value), text);
        }
    }

    #[test]
    fn durations_have_two_units() {
        for (ms, text) in [
            (0, "0ms"),
            (250, "250ms"),
            (61_000, "1m 1s"),
            (3_600_000, "1h"),
            (273_600_000, "3d 4h"),
            (211_000_000_000, "2,442d 3h"),
            (-60_000, "-1m"),
        ] {
            assert_eq!(duration(ms), text);
        }
    }

    #[test]
    fn times_are_shown_to_the_minute() {
        for (text, shown) in [
            ("2024-01-31T12:00:00Z", "2024-01-31 12:00"),
            ("2024-01-31T12:00:30Z", "2024-01-31 12:00:30"),
            ("2024-01-31T00:00:00.250Z", "2024-01-31 00:00:00.25"),
        ] {
            assert_eq!(time(text.parse().unwrap()), shown);
        }
    }

    #[test]
    fn undefined_metrics_are_a_dash() {
        let numbers = Numbers::for_account(Money::from_f64(10_000.0).unwrap());
        let row = |value| MetricRow {
            group: ct_core::metrics::MetricGroup::Trades,
            key: "key",
            name: "name",
            value,
        };
        assert_eq!(numbers.metric(&row(MetricValue::Number(None))), "—");
        assert_eq!(numbers.metric(&row(MetricValue::Bps(Some(15.0)))), "15.00 bps");
        assert_eq!(numbers.metric(&row(MetricValue::Days(Some(12.34)))), "12.3 d");
    }
}
