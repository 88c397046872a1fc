//! Which numbers a key takes.

use std::fmt;

use serde_json::{Number, Value};

use super::shape::type_name;

/// Numbers from `least` to `most`, ends included, or `above` and `below` numbers that are excluded.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberRange {
    /// What the number counts, as in "expected a share above 0".
    unit: Option<String>,
    kind: NumberKind,
    least: Option<f64>,
    above: Option<f64>,
    most: Option<f64>,
    below: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NumberKind {
    Whole,
    /// Kept exactly, as money is.
    Exact,
    Any,
}

/// Largest magnitude that exact money takes.
const EXACT_MAX: f64 = 1e17;

/// The unit of a share, which people also write in per cent.
const SHARE: &str = "a share";

/// Least number that was probably meant in per cent.
const PERCENT_MIN: f64 = 2.0;

impl NumberRange {
    pub(super) fn read(schema: &Value) -> Self {
        let number = |name: &str| schema.get(name).and_then(Value::as_f64);
        let format = schema.get("format").and_then(Value::as_str);
        let kind = match (type_name(schema), format) {
            (Some("integer"), _) => NumberKind::Whole,
            (_, Some("double")) => NumberKind::Any,
            _ => NumberKind::Exact,
        };
        let largest = match format {
            Some("uint32") => Some(f64::from(u32::MAX)),
            _ => None,
        };
        let most = number("maximum").or(largest);
        let (above, below) = (number("exclusiveMinimum"), number("exclusiveMaximum"));
        // A type and its field may both say an end: the narrower one is the one that is told.
        let least = number("minimum").filter(|least| above.is_none_or(|above| *least > above));
        let most = most.filter(|most| below.is_none_or(|below| *most < below));
        let unit = schema.get("x-unit").and_then(Value::as_str).map(str::to_owned);
        Self { unit, kind, least, above, most, below }
    }

    /// Shares from 0 to `most`.
    pub(super) fn share_up_to(most: f64) -> Self {
        let unit = Some(SHARE.to_owned());
        let (least, most) = (Some(0.0), Some(most));
        Self { unit, kind: NumberKind::Exact, least, above: None, most, below: None }
    }

    /// Whether `number` is one of these.
    pub fn holds(&self, number: &Number) -> bool {
        let Some(value) = number.as_f64().filter(|value| value.is_finite()) else { return false };
        let kind = match self.kind {
            NumberKind::Whole => number.is_i64() || number.is_u64(),
            NumberKind::Exact => value.abs() <= EXACT_MAX,
            NumberKind::Any => true,
        };
        kind && self.spans(value)
    }

    fn spans(&self, value: f64) -> bool {
        self.least.is_none_or(|least| value >= least)
            && self.above.is_none_or(|above| value > above)
            && self.most.is_none_or(|most| value <= most)
            && self.below.is_none_or(|below| value < below)
    }

    /// What was probably meant by `found`, which is none of these, as in " (did you mean 0.25?)"; empty if nothing was.
    pub fn hint(&self, found: f64) -> String {
        let is_share = self.unit.as_deref() == Some(SHARE);
        if is_share && found >= PERCENT_MIN && self.spans(found / 100.0) {
            format!(" (did you mean {}?)", found / 100.0)
        } else {
            String::new()
        }
    }
}

impl fmt::Display for NumberRange {
    /// As in "expected a whole number, 1 or more".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match (&self.unit, self.kind) {
            (Some(unit), _) => unit,
            (None, NumberKind::Whole) => "a whole number",
            (None, NumberKind::Exact | NumberKind::Any) => "a number",
        })?;
        if let (Some(least), Some(most)) = (self.least, self.most) {
            return write!(formatter, " from {least} to {most}");
        }
        if let (Some(least), None) = (self.least, self.below) {
            return write!(formatter, ", {least} or more");
        }
        let least = self.least.map(|least| format!(" from {least}"));
        let begin = least.or_else(|| self.above.map(|above| format!(" above {above}")));
        let most = self.most.map(|most| format!(" up to {most}"));
        let end = most.or_else(|| self.below.map(|below| format!(" below {below}")));
        let ends: Vec<String> = begin.into_iter().chain(end).collect();
        formatter.write_str(&ends.join(" and"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value, expected: &str, inside: &[Value], outside: &[Value]) {
        let range = NumberRange::read(schema);
        assert_eq!(range.to_string(), expected);
        let holds = |value: &Value| matches!(value, Value::Number(number) if range.holds(number));
        for value in inside {
            assert!(holds(value), "{value} as {expected}");
        }
        for value in outside {
            assert!(!holds(value), "{value} as {expected}");
        }
    }

    #[test]
    fn numbers_are_checked_and_their_range_is_told() {
        check(
            &json!({"type": "number", "minimum": 0, "maximum": 2500}),
            "a number from 0 to 2500",
            &[json!(0), json!(7.5), json!(2500)],
            &[json!(-0.1), json!(2500.1), json!("7")],
        );
        check(
            &json!({"type": ["integer", "null"], "minimum": 1, "format": "uint32"}),
            "a whole number from 1 to 4294967295",
            &[json!(1), json!(4_294_967_295_u32)],
            &[json!(0), json!(1.5), json!(2.0), json!(4_294_967_296_u64), json!(-1)],
        );
        check(
            &json!({"type": "integer", "minimum": 0, "format": "uint64"}),
            "a whole number, 0 or more",
            &[json!(u64::MAX)],
            &[json!(-1), json!(1e3)],
        );
        check(
            &json!({"type": "number", "exclusiveMinimum": 0}),
            "a number above 0",
            &[json!(1e-9)],
            &[json!(0)],
        );
        check(
            &json!({"type": "number", "minimum": 0, "maximum": 1000, "exclusiveMinimum": 0, "exclusiveMaximum": 1}),
            "a number above 0 and below 1",
            &[json!(0.5)],
            &[json!(0), json!(1)],
        );
        check(
            &json!({"type": "number", "minimum": 0, "maximum": 1, "exclusiveMinimum": 0}),
            "a number above 0 and up to 1",
            &[json!(1)],
            &[json!(0)],
        );
        check(
            &json!({"type": "number", "minimum": 0, "maximum": 2500, "x-unit": "basis points"}),
            "basis points from 0 to 2500",
            &[json!(7.5)],
            &[json!(-0.1)],
        );
        check(&json!({"type": "number"}), "a number", &[json!(-5), json!(1e17)], &[json!(2e17)]);
        let open = json!({"type": "number", "format": "double"});
        check(&open, "a number", &[json!(1e300)], &[json!(true)]);
    }

    #[test]
    fn shares_that_were_meant_in_per_cent_are_told() {
        let range = |unit: &str| {
            NumberRange::read(
                &json!({"type": "number", "exclusiveMinimum": 0, "maximum": 1, "x-unit": unit}),
            )
        };
        assert_eq!(range(SHARE).hint(25.0), " (did you mean 0.25?)");
        assert_eq!(range(SHARE).hint(1.5), "");
        assert_eq!(range(SHARE).hint(250.0), "");
        assert_eq!(range("basis points").hint(25.0), "");
    }
}
