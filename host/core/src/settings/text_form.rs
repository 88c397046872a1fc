//! Texts that have to be written in a certain way: lengths of time, times, and when a breaker is armed again.

use std::fmt::Display;
use std::str::FromStr;

use schemars::{JsonSchema, SchemaGenerator};
use serde_json::Value;

use crate::risk::Rearm;
use crate::units::{Interval, Timestamp};

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextForm {
    /// A length of time, such as `4h`.
    Interval,
    /// A time, such as `2024-01-31`.
    Timestamp,
    /// When a breaker is armed again.
    Rearm,
}

/// Keys whose lengths of time are those of bars.
const BAR_KEYS: [&str; 3] = ["interval", "resample", "detail_interval"];

impl TextForm {
    const ALL: [Self; 3] = [Self::Interval, Self::Timestamp, Self::Rearm];

    /// The form whose JSON Schema has this pattern.
    pub fn of_pattern(pattern: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.pattern().as_deref() == Some(pattern))
    }

    fn pattern(self) -> Option<String> {
        let generator = &mut SchemaGenerator::default();
        let schema = match self {
            Self::Interval => Interval::json_schema(generator),
            Self::Timestamp => Timestamp::json_schema(generator),
            Self::Rearm => Rearm::json_schema(generator),
        };
        schema.get("pattern").and_then(Value::as_str).map(str::to_owned)
    }

    /// Checks the value of a key.
    ///
    /// # Errors
    /// What is wrong with `text` as value of `key`.
    pub fn check(self, text: &str, key: &str) -> Result<(), String> {
        match self {
            Self::Interval if !BAR_KEYS.contains(&key) => parsed::<Interval>(text).map_err(|_| {
                format!("'{text}' is no length of time: expected a number and a unit from 1s to 52w, such as 15m, 4h or 7d")
            }),
            Self::Interval => parsed::<Interval>(text),
            Self::Timestamp => parsed::<Timestamp>(text),
            Self::Rearm => parsed::<Rearm>(text),
        }
    }

    /// As in "expected a time such as 2024-01-31".
    pub const fn expected(self) -> &'static str {
        match self {
            Self::Interval => "a length of time such as 4h",
            Self::Timestamp => "a time such as 2024-01-31 or 2024-01-31T12:00",
            Self::Rearm => "manual, next_period, or a length of time such as 7d",
        }
    }
}

fn parsed<T: FromStr<Err: Display>>(text: &str) -> Result<(), String> {
    text.parse::<T>().map(drop).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_form_has_a_pattern_of_its_own_and_checks_texts() {
        for form in TextForm::ALL {
            assert_eq!(TextForm::of_pattern(&form.pattern().unwrap()), Some(form));
        }
        assert_eq!(TextForm::of_pattern("^a$"), None);
        for (form, sound, unsound) in [
            (TextForm::Interval, "4h", "0h"),
            (TextForm::Timestamp, "2024-01-31", "2024-13-01"),
            (TextForm::Rearm, "next_period", "0d"),
        ] {
            assert_eq!(form.check(sound, "every"), Ok(()));
            assert!(form.check(unsound, "every").unwrap_err().contains(unsound), "{unsound}");
        }
    }
}
