//! Decimal numbers as price files write them, read to the nearest `f64`.

/// Largest integer up to which every integer is an exact `f64`: 2^53.
const EXACT_INTEGER_MAX: u64 = 1 << 53;

/// Digits that always fit an `u64`.
const DIGITS_MAX: usize = 19;

/// The powers of ten that are exact as `f64`.
const EXACT_POWERS_OF_TEN: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
];

/// Reads digits, or digits with a decimal point between them, at the start of `text`, and gives the value and the rest.
///
/// Only numbers whose digits form an exact `f64` integer are read. The quotient of two exact numbers is correctly
/// rounded, so it is the `f64` nearest to the text (W. D. Clinger, "How to read floating point numbers accurately",
/// 1990). All other numbers give None and are left to [`parse`].
pub(super) fn take_decimal(text: &[u8]) -> Option<(f64, &[u8])> {
    let (whole, whole_digits, rest) = take_digits(text, 0);
    let (digits, decimals, rest) = match rest.split_first() {
        Some((b'.', after_point)) => {
            let (digits, decimals, rest) = take_digits(after_point, whole);
            (digits, decimals, (decimals > 0).then_some(rest)?)
        }
        _ => (whole, 0, rest),
    };
    if whole_digits == 0 || whole_digits + decimals > DIGITS_MAX || digits > EXACT_INTEGER_MAX {
        return None;
    }
    Some((digits as f64 / EXACT_POWERS_OF_TEN.get(decimals)?, rest))
}

/// Reads digits at the start of `text` and gives the value and the rest. None without a digit or above the `i64`s.
pub(crate) fn take_integer(text: &[u8]) -> Option<(i64, &[u8])> {
    let (value, digits, rest) = take_digits(text, 0);
    if digits == 0 || digits > DIGITS_MAX {
        return None;
    }
    Some((i64::try_from(value).ok()?, rest))
}

/// Reads any decimal number, with sign or exponent; None for anything else, and for NaN and infinities.
pub(crate) fn parse(text: &[u8]) -> Option<f64> {
    fast_float2::parse(text).ok().filter(|value: &f64| value.is_finite())
}

/// Texts that stand for a missing number: what pandas, R, SQL and JavaScript write.
const MISSING: [&str; 7] = ["", "na", "n/a", "null", "none", "nil", "-"];

/// Reads any decimal number as [`parse`] does, and NaN, infinities and missing numbers too; the latter are NaN.
pub(super) fn parse_as_found(text: &[u8]) -> Option<f64> {
    let is_missing = || MISSING.iter().any(|word| text.eq_ignore_ascii_case(word.as_bytes()));
    fast_float2::parse(text).ok().or_else(|| is_missing().then_some(f64::NAN))
}

/// Continues `value` with the digits at the start of `text`; gives it with the number of digits and the rest.
/// The value is meaningless beyond [`DIGITS_MAX`] digits.
fn take_digits(text: &[u8], mut value: u64) -> (u64, usize, &[u8]) {
    let mut count = 0;
    let mut rest = text;
    while let Some((byte, next)) = rest.split_first() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        value = value.wrapping_mul(10).wrapping_add(u64::from(digit));
        count += 1;
        rest = next;
    }
    (value, count, rest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn plain_numbers_are_read_and_others_are_left() {
        for (text, expected) in [
            ("0", Some(0.0)),
            ("43221.71", Some(43221.71)),
            ("0.00000197,", Some(0.000_001_97)),
            ("18251592538769.00", Some(18_251_592_538_769.0)),
            ("9007199254740992", Some(9_007_199_254_740_992.0)),
            ("9007199254740993", None),
            ("0.00000000000000000001", None),
            ("18446744073709551616", None),
            (".5", None),
            ("5.", None),
            ("-1", None),
            ("", None),
        ] {
            assert_eq!(take_decimal(text.as_bytes()).map(|(value, _)| value), expected, "{text}");
        }
        assert_eq!(
            take_integer(b"1700000000000000000,"),
            Some((1_700_000_000_000_000_000, &b","[..]))
        );
        assert_eq!(take_integer(b"9999999999999999999"), None);
    }

    #[test]
    fn what_is_not_finite_is_no_number() {
        for text in ["nan", "inf", "-Infinity", "1e999", "", "1,5", "0x10", "null", "1.5 "] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"-1.5e-3"), Some(-0.0015));
    }

    #[test]
    fn numbers_as_found_may_be_missing_or_infinite() {
        for text in ["", "nan", "NaN", "-nan", "NULL", "None", "n/a"] {
            assert!(parse_as_found(text.as_bytes()).is_some_and(f64::is_nan), "{text}");
        }
        assert_eq!(parse_as_found(b"-Infinity"), Some(f64::NEG_INFINITY));
        assert_eq!(parse_as_found(b"-1.5e-3"), Some(-0.0015));
        for text in ["x", "1,5", "1.5 ", "nothing"] {
            assert_eq!(parse_as_found(text.as_bytes()), None, "{text}");
        }
    }

    proptest! {
        /// The standard library's parser is correctly rounded.
        #[test]
        fn every_number_is_rounded_like_the_standard_library(whole in 0_u64..=u64::MAX, digits in "[0-9]{1,12}", shift in 0_u32..64) {
            let text = format!("{}.{digits}", whole >> shift);
            let expected: f64 = text.parse().unwrap();
            prop_assert_eq!(parse(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()));
            if let Some((value, rest)) = take_decimal(text.as_bytes()) {
                prop_assert_eq!(value.to_bits(), expected.to_bits());
                prop_assert!(rest.is_empty());
            }
        }
    }
}
