//! The values that a run gives to the parameters.

use super::{Choice, Parameter, ParameterKind};
use serde::Serialize;
use std::fmt;

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Value {
    /// A whole number.
    Integer(i64),
    /// A finite number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// One of several names.
    Choice(String),
}

/// The value of the parameter with this name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Argument {
    /// Name of the parameter.
    pub name: String,
    /// Its value.
    pub value: Value,
}

impl From<i32> for Value {
    fn from(value: i32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Integer(value.into())
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Flag(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Choice(value.to_owned())
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(value) => write!(formatter, "the integer {value}"),
            // Printing an `f64` would make every plugin a fifth larger.
            Self::Number(_) => formatter.write_str("a number"),
            Self::Flag(value) => write!(formatter, "the flag {value}"),
            Self::Choice(value) => write!(formatter, "the choice `{value}`"),
        }
    }
}

impl From<&ParameterKind> for Value {
    /// The default of the parameter.
    fn from(kind: &ParameterKind) -> Self {
        match *kind {
            ParameterKind::Integer { default, .. } => Self::Integer(default),
            ParameterKind::Number { default, .. } => Self::Number(default),
            ParameterKind::Flag { default } => Self::Flag(default),
            ParameterKind::Choice { default, .. } => Self::from(default),
        }
    }
}

/// Why arguments do not fit the parameters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArgumentError(String);

impl fmt::Display for ArgumentError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for ArgumentError {}

/// Arguments that were checked against their parameters: each one is there exactly once, of its
/// type and within its range.
#[derive(Debug, Clone, Copy)]
pub struct Arguments<'a>(&'a [Argument]);

impl<'a> Arguments<'a> {
    /// Checks the arguments.
    ///
    /// # Errors
    /// When one is missing, unknown, given twice, of the wrong type or outside its range.
    pub fn checked(
        parameters: &[Parameter],
        arguments: &'a [Argument],
    ) -> Result<Self, ArgumentError> {
        for argument in arguments {
            let of_this_name = |other: &&Argument| other.name == argument.name;
            if arguments.iter().filter(of_this_name).count() > 1 {
                return Err(ArgumentError(format!("`{}` is given twice", argument.name)));
            }
            let parameter = parameters.iter().find(|parameter| parameter.name == argument.name);
            check(parameter, argument)?;
        }
        let given = Self(arguments);
        match parameters.iter().find(|parameter| given.get(parameter.name).is_none()) {
            Some(missing) => Err(ArgumentError(format!("`{}` is missing", missing.name))),
            None => Ok(given),
        }
    }

    /// Value of a whole-number parameter.
    ///
    /// # Errors
    /// When there is none that fits the type.
    pub fn integer<T: TryFrom<i64>>(&self, name: &str) -> Result<T, ArgumentError> {
        match self.get(name) {
            Some(Value::Integer(value)) => T::try_from(*value).ok(),
            _ => None,
        }
        .ok_or_else(|| self.misfit(name, "an integer of its type"))
    }

    /// Value of a number parameter.
    ///
    /// # Errors
    /// When there is none.
    pub fn number(&self, name: &str) -> Result<f64, ArgumentError> {
        match self.get(name) {
            Some(Value::Number(value)) => Ok(*value),
            _ => Err(self.misfit(name, "a number")),
        }
    }

    /// Value of a flag parameter.
    ///
    /// # Errors
    /// When there is none.
    pub fn flag(&self, name: &str) -> Result<bool, ArgumentError> {
        match self.get(name) {
            Some(Value::Flag(value)) => Ok(*value),
            _ => Err(self.misfit(name, "a flag")),
        }
    }

    /// Value of a choice parameter.
    ///
    /// # Errors
    /// When there is none of its names.
    pub fn choice<T: Choice>(&self, name: &str) -> Result<T, ArgumentError> {
        match self.get(name) {
            Some(Value::Choice(value)) => T::from_name(value),
            _ => None,
        }
        .ok_or_else(|| self.misfit(name, "one of its choices"))
    }

    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.iter().find(|argument| argument.name == name).map(|argument| &argument.value)
    }

    fn misfit(&self, name: &str, expected: &str) -> ArgumentError {
        let found = self.get(name).map_or("nothing".to_owned(), Value::to_string);
        ArgumentError(format!("`{name}` must be {expected}, found {found}"))
    }
}

fn check(parameter: Option<&Parameter>, argument: &Argument) -> Result<(), ArgumentError> {
    let Argument { name, value } = argument;
    let Some(parameter) = parameter else {
        return Err(ArgumentError(format!("there is no parameter `{name}`")));
    };
    if accepts(&parameter.kind, value) {
        return Ok(());
    }
    let expected = expectation(&parameter.kind);
    Err(ArgumentError(format!("`{name}` must be {expected}, found {value}")))
}

fn accepts(kind: &ParameterKind, value: &Value) -> bool {
    match (kind, value) {
        (ParameterKind::Integer { min, max, .. }, Value::Integer(value)) => {
            (min..=max).contains(&value)
        }
        (ParameterKind::Number { min, max, .. }, Value::Number(value)) => {
            (min..=max).contains(&value)
        }
        (ParameterKind::Flag { .. }, Value::Flag(_)) => true,
        (ParameterKind::Choice { options, .. }, Value::Choice(value)) => {
            options.contains(&value.as_str())
        }
        _ => false,
    }
}

fn expectation(kind: &ParameterKind) -> String {
    match kind {
        ParameterKind::Integer { min, max, .. } => format!("an integer from {min} to {max}"),
        ParameterKind::Number { .. } => "a number within its range".to_owned(),
        ParameterKind::Flag { .. } => "a flag".to_owned(),
        ParameterKind::Choice { options, .. } => format!("one of {}", options.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use crate::{Argument, Choice, Params, Value};

    #[derive(Choice, Clone, Copy, Debug, PartialEq)]
    enum Source {
        Close,
        TypicalPrice,
    }

    #[derive(Params, Debug, PartialEq)]
    struct Settings {
        #[param(default = 20, min = 1, max = 100)]
        length: u8,
        #[param(default = 2.0, min = 0.5, max = 4.0, step = 0.5)]
        width: f64,
        #[param(default = false)]
        short: bool,
        #[param(default = Source::Close)]
        source: Source,
    }

    fn arguments(changes: &[(&str, Value)]) -> Vec<Argument> {
        let argument = |parameter: &crate::Parameter| {
            let change = changes.iter().find(|(name, _)| *name == parameter.name);
            let value = change.map_or_else(|| Value::from(&parameter.kind), |(_, v)| v.clone());
            Argument { name: parameter.name.to_owned(), value }
        };
        Settings::parameters().iter().map(argument).collect()
    }

    #[test]
    fn defaults_and_given_values_arrive_in_their_fields() {
        assert_eq!(Settings::from_arguments(&arguments(&[])), Ok(Settings::default()));
        let changes = [
            ("length", Value::from(100)),
            ("width", Value::from(0.5)),
            ("short", Value::from(true)),
            ("source", Value::from("typical-price")),
        ];
        let expected =
            Settings { length: 100, width: 0.5, short: true, source: Source::TypicalPrice };
        assert_eq!(Settings::from_arguments(&arguments(&changes)), Ok(expected));
    }

    #[test]
    fn says_what_was_expected_and_found() {
        let cases = [
            (
                "length",
                Value::from(101),
                "`length` must be an integer from 1 to 100, found the integer 101",
            ),
            (
                "length",
                Value::from(2.0),
                "`length` must be an integer from 1 to 100, found a number",
            ),
            (
                "width",
                Value::from(f64::NAN),
                "`width` must be a number within its range, found a number",
            ),
            ("short", Value::from(1), "`short` must be a flag, found the integer 1"),
            (
                "source",
                Value::from("open"),
                "`source` must be one of close, typical-price, found the choice `open`",
            ),
        ];
        for (name, value, expected) in cases {
            let error = Settings::from_arguments(&arguments(&[(name, value)])).unwrap_err();
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn every_parameter_is_given_exactly_once() {
        let mut given = arguments(&[]);
        let first = given[0].clone();
        given.push(first);
        let error = Settings::from_arguments(&given).unwrap_err();
        assert_eq!(error.to_string(), "`length` is given twice");

        let error = Settings::from_arguments(&arguments(&[])[1..]).unwrap_err();
        assert_eq!(error.to_string(), "`length` is missing");

        given = arguments(&[]);
        given[0].name = "size".to_owned();
        let error = Settings::from_arguments(&given).unwrap_err();
        assert_eq!(error.to_string(), "there is no parameter `size`");
    }
}
