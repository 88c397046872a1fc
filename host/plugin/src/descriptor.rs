//! What a plugin says about itself.

use serde::{Deserialize, Serialize};

use super::limits;
use ct_core::engine::{Columns, Scope};

/// A plugin's name, needs and parameters, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Descriptor {
    /// Name, such as `sma-crossover`.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// Columns of its windows.
    pub columns: Columns,
    /// What one instance looks at.
    pub scope: Scope,
    /// Whether it is told its account.
    pub reads_account: bool,
    /// Parameters, in the plugin's order.
    pub parameters: Vec<Parameter>,
}

/// One parameter of a strategy.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// Name, such as `fast`.
    pub name: String,
    /// What it does.
    pub help: String,
    /// Type, default and range.
    #[serde(flatten)]
    pub kind: ParameterKind,
}

/// Type, default and range of a parameter. Ranges include both ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ParameterKind {
    /// A whole number.
    Integer {
        /// Value when none is given.
        default: i64,
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
        /// Hint for searches.
        step: i64,
    },
    /// A finite number.
    Number {
        /// Value when none is given.
        default: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Hint for searches.
        step: f64,
    },
    /// Yes or no.
    Flag {
        /// Value when none is given.
        default: bool,
    },
    /// One of several words.
    Choice {
        /// Value when none is given.
        default: String,
        /// The words.
        options: Vec<String>,
    },
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A word.
    Choice(String),
}

/// What is wrong with a descriptor.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct DescriptorError(String);

impl Parameter {
    /// The value when none is given.
    pub fn default_value(&self) -> Value {
        match &self.kind {
            ParameterKind::Integer { default, .. } => Value::Integer(*default),
            ParameterKind::Number { default, .. } => Value::Number(*default),
            ParameterKind::Flag { default } => Value::Flag(*default),
            ParameterKind::Choice { default, .. } => Value::Choice(default.clone()),
        }
    }

    /// What a value must look like, such as `a whole number from 1 to 500`.
    pub fn expectation(&self) -> String {
        match &self.kind {
            ParameterKind::Integer { min, max, .. } => {
                format!("a whole number from {min} to {max}")
            }
            ParameterKind::Number { min, max, .. } => format!("a number from {min} to {max}"),
            ParameterKind::Flag { .. } => "true or false".to_owned(),
            ParameterKind::Choice { options, .. } => format!("one of {}", options.join(", ")),
        }
    }

    /// True when `value` is of this parameter's type and within its range.
    pub(crate) fn admits(&self, value: &Value) -> bool {
        match (&self.kind, value) {
            (ParameterKind::Integer { min, max, .. }, Value::Integer(value)) => {
                (min..=max).contains(&value)
            }
            (ParameterKind::Number { min, max, .. }, Value::Number(value)) => {
                value.is_finite() && (min..=max).contains(&value)
            }
            (ParameterKind::Flag { .. }, Value::Flag(_)) => true,
            (ParameterKind::Choice { options, .. }, Value::Choice(value)) => {
                options.contains(value)
            }
            _ => false,
        }
    }

    /// A search goes from one end of the range to the other in steps, and must arrive.
    fn has_sound_step(&self) -> bool {
        match self.kind {
            ParameterKind::Integer { step, .. } => step > 0,
            ParameterKind::Number { step, .. } => step.is_finite() && step > 0.0,
            ParameterKind::Flag { .. } | ParameterKind::Choice { .. } => true,
        }
    }
}

impl Descriptor {
    /// Checks names, texts, ranges and defaults.
    ///
    /// # Errors
    /// The first [`DescriptorError`].
    pub fn checked(self) -> Result<Self, DescriptorError> {
        check_name("the strategy", &self.name)?;
        check_text("the version", &self.version, limits::NAME_BYTES_MAX)?;
        check_text("the summary", &self.summary, limits::TEXT_BYTES_MAX)?;
        let count = self.parameters.len();
        if count > limits::PARAMETERS_MAX {
            return Err(DescriptorError(format!(
                "{count} parameters: expected at most {}",
                limits::PARAMETERS_MAX
            )));
        }
        for (place, parameter) in self.parameters.iter().enumerate() {
            check_name("a parameter", &parameter.name)?;
            check_text("a parameter's help", &parameter.help, limits::TEXT_BYTES_MAX)?;
            if self.parameters.iter().take(place).any(|earlier| earlier.name == parameter.name) {
                return Err(DescriptorError(format!("two parameters named '{}'", parameter.name)));
            }
            check_default(parameter)?;
        }
        Ok(self)
    }
}

fn check_name(what: &str, name: &str) -> Result<(), DescriptorError> {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let sound = !name.is_empty() && name.len() <= limits::NAME_BYTES_MAX && name.bytes().all(usual);
    if sound {
        return Ok(());
    }
    Err(DescriptorError(format!(
        "{what} is named '{}': expected 1 to {} letters, digits, '-', '_' or '.'",
        limits::cut(name, limits::NAME_BYTES_MAX).escape_debug(),
        limits::NAME_BYTES_MAX
    )))
}

fn check_text(what: &str, text: &str, bytes_max: usize) -> Result<(), DescriptorError> {
    if text.len() > bytes_max {
        let found = text.len();
        return Err(DescriptorError(format!(
            "{what} has {found} bytes: expected at most {bytes_max}"
        )));
    }
    if text.contains(char::is_control) {
        return Err(DescriptorError(format!(
            "{what} is '{}': expected no control characters",
            text.escape_debug()
        )));
    }
    Ok(())
}

fn check_default(parameter: &Parameter) -> Result<(), DescriptorError> {
    if let ParameterKind::Choice { options, .. } = &parameter.kind {
        if options.len() > limits::PARAMETERS_MAX {
            return Err(DescriptorError(format!(
                "parameter '{}' has {} options: expected at most {}",
                parameter.name,
                options.len(),
                limits::PARAMETERS_MAX
            )));
        }
        for option in options {
            check_name("an option", option)?;
        }
    }
    if !parameter.has_sound_step() {
        let name = &parameter.name;
        return Err(DescriptorError(format!("parameter '{name}' has a step that is not above 0")));
    }
    if parameter.admits(&parameter.default_value()) {
        return Ok(());
    }
    Err(DescriptorError(format!(
        "parameter '{}' has the default {:?}: expected {}",
        parameter.name,
        parameter.default_value(),
        parameter.expectation()
    )))
}
