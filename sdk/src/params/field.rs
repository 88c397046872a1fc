//! The field types of a parameter struct.

use super::{Choice, ParameterKind};

/// An integer type that a parameter can have: every value fits the 64 bits of the contract.
pub trait Integer: Into<i64> + TryFrom<i64> {}

impl<T: Into<i64> + TryFrom<i64>> Integer for T {}

/// The kind of an integer parameter.
pub fn integer_kind<T: Integer>(default: T, min: T, max: T, step: i64) -> ParameterKind {
    ParameterKind::Integer { default: default.into(), min: min.into(), max: max.into(), step }
}

/// The kind of a number parameter. Without a step it is a hundredth of the range, or 1 when the
/// range has no finite length.
pub fn number_kind(default: f64, min: f64, max: f64, step: Option<f64>) -> ParameterKind {
    let hundredth = (max - min) / 100.0;
    let usual = if hundredth.is_normal() { hundredth } else { 1.0 };
    ParameterKind::Number { default, min, max, step: step.unwrap_or(usual) }
}

/// The kind of a choice parameter.
pub fn choice_kind<T: Choice>(default: &T) -> ParameterKind {
    ParameterKind::Choice { default: default.name(), options: T::OPTIONS }
}
