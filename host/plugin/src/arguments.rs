//! Values for the parameters of a strategy.

use std::fmt;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Descriptor, Parameter, ParameterKind, Value};
use ct_core::suggestion::suggestion;

/// A value for every parameter of a descriptor, in its order, checked against types and ranges.
#[derive(Clone, Debug, PartialEq)]
pub struct Arguments(Vec<(String, Value)>);

/// A value that a strategy does not take.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ArgumentError {
    /// No such parameter.
    #[error("'{strategy}' has no parameter '{name}'{}", Suggestion(.suggestion, .known))]
    Unknown {
        /// The strategy.
        strategy: String,
        /// The name that was given.
        name: String,
        /// The name that was probably meant.
        suggestion: Option<String>,
        /// The parameters there are.
        known: Vec<String>,
    },
    /// A value of another type, or out of range.
    #[error("parameter '{name}' is '{found}': expected {expected}")]
    Value {
        /// The parameter.
        name: String,
        /// The value that was given.
        found: String,
        /// What it must look like.
        expected: String,
    },
    /// A parameter that was given twice.
    #[error("parameter '{0}' is given twice: give it once")]
    Twice(String),
}

/// The end of the message about an unknown name.
struct Suggestion<'a>(&'a Option<String>, &'a [String]);

impl fmt::Display for Suggestion<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.1) {
            (Some(name), _) => write!(formatter, ": did you mean '{name}'?"),
            (None, []) => write!(formatter, ": it takes no parameters"),
            (None, known) => write!(formatter, ": expected one of {}", known.join(", ")),
        }
    }
}

impl Arguments {
    /// `given` values; every other parameter gets its default.
    ///
    /// # Errors
    /// The first [`ArgumentError`].
    pub fn new(descriptor: &Descriptor, given: &[(&str, Value)]) -> Result<Self, ArgumentError> {
        let mut values: Vec<(String, Option<Value>)> =
            descriptor.parameters.iter().map(|known| (known.name.clone(), None)).collect();
        for (name, value) in given {
            let parameter = find(descriptor, name)?;
            let value = converted(parameter, value.clone());
            if !parameter.admits(&value) {
                return Err(wrong_value(parameter, &display(&value)));
            }
            let place = values.iter_mut().find(|(known, _)| known == name);
            if let Some((_, slot)) = place
                && slot.replace(value).is_some()
            {
                return Err(ArgumentError::Twice((*name).to_owned()));
            }
        }
        let defaults = descriptor.parameters.iter().map(Parameter::default_value);
        let complete = values.into_iter().zip(defaults);
        Ok(Self(
            complete.map(|((name, value), default)| (name, value.unwrap_or(default))).collect(),
        ))
    }

    /// `given` names and texts, as typed on a command line.
    ///
    /// # Errors
    /// The first [`ArgumentError`].
    pub fn parse<'a>(
        descriptor: &Descriptor,
        given: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, ArgumentError> {
        let read = |(name, text): (&'a str, &'a str)| {
            let parameter = find(descriptor, name)?;
            let value = read(&parameter.kind, text).ok_or_else(|| wrong_value(parameter, text))?;
            Ok((name, value))
        };
        let values = given.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
        Self::new(descriptor, &values)
    }

    /// Names and values, in the descriptor's order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

impl Serialize for Arguments {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

fn find<'a>(descriptor: &'a Descriptor, name: &str) -> Result<&'a Parameter, ArgumentError> {
    let found = descriptor.parameters.iter().find(|parameter| parameter.name == name);
    found.ok_or_else(|| {
        let known: Vec<String> =
            descriptor.parameters.iter().map(|parameter| parameter.name.clone()).collect();
        ArgumentError::Unknown {
            strategy: descriptor.name.clone(),
            name: name.to_owned(),
            suggestion: suggestion(name, known.iter().map(String::as_str)).map(str::to_owned),
            known,
        }
    })
}

fn read(kind: &ParameterKind, text: &str) -> Option<Value> {
    match kind {
        ParameterKind::Integer { .. } => text.parse().ok().map(Value::Integer),
        ParameterKind::Number { .. } => text.parse().ok().map(Value::Number),
        ParameterKind::Flag { .. } => text.parse().ok().map(Value::Flag),
        ParameterKind::Choice { .. } => Some(Value::Choice(text.to_owned())),
    }
}

/// A whole number serves where a number is expected.
fn converted(parameter: &Parameter, value: Value) -> Value {
    match (&parameter.kind, value) {
        (ParameterKind::Number { .. }, Value::Integer(whole)) => Value::Number(whole as f64),
        (_, value) => value,
    }
}

fn display(value: &Value) -> String {
    match value {
        Value::Flag(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Number(value) => value.to_string(),
        Value::Choice(value) => value.clone(),
    }
}

fn wrong_value(parameter: &Parameter, found: &str) -> ArgumentError {
    ArgumentError::Value {
        name: parameter.name.clone(),
        found: found.to_owned(),
        expected: parameter.expectation(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_core::engine::{Columns, Scope};

    fn descriptor() -> Descriptor {
        let parameter =
            |name: &str, kind| Parameter { name: name.into(), help: String::new(), kind };
        Descriptor {
            name: "example".into(),
            version: "1.0.0".into(),
            summary: String::new(),
            columns: Columns::CLOSE,
            scope: Scope::Instrument,
            reads_account: false,
            parameters: vec![
                parameter(
                    "fast",
                    ParameterKind::Integer { default: 20, min: 1, max: 500, step: 1 },
                ),
                parameter(
                    "width",
                    ParameterKind::Number { default: 2.0, min: 0.1, max: 9.0, step: 0.1 },
                ),
                parameter("short", ParameterKind::Flag { default: false }),
                parameter(
                    "mode",
                    ParameterKind::Choice {
                        default: "a".into(),
                        options: vec!["a".into(), "b".into()],
                    },
                ),
            ],
        }
    }

    #[test]
    fn what_is_not_given_has_its_default() {
        let arguments = Arguments::parse(&descriptor(), [("width", "3"), ("mode", "b")]).unwrap();
        let json = serde_json::to_string(&arguments).unwrap();
        assert_eq!(json, r#"{"fast":20,"width":3.0,"short":false,"mode":"b"}"#);
    }

    #[test]
    fn every_mistake_has_its_message() {
        for (name, text, expected) in [
            ("fats", "3", "did you mean 'fast'?"),
            ("xyz", "3", "expected one of fast, width, short, mode"),
            ("fast", "3.5", "'3.5': expected a whole number from 1 to 500"),
            ("fast", "0", "'0': expected a whole number from 1 to 500"),
            ("width", "NaN", "'NaN': expected a number from 0.1 to 9"),
            ("short", "yes", "'yes': expected true or false"),
            ("mode", "c", "'c': expected one of a, b"),
        ] {
            let error = Arguments::parse(&descriptor(), [(name, text)]).unwrap_err().to_string();
            assert!(error.ends_with(expected), "{error}");
        }
        let twice = Arguments::parse(&descriptor(), [("fast", "3"), ("fast", "3")]).unwrap_err();
        assert_eq!(twice, ArgumentError::Twice("fast".into()));
    }
}
