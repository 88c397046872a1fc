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
