//! When a tripped breaker is armed again.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::units::Interval;

/// When a tripped breaker is armed again. Written `manual`, `next_period`, or as a time such as `7d`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rearm {
    /// By hand; in a backtest never.
    #[default]
    Manual,
    /// At the start of the next day or week.
    NextPeriod,
    /// This long after the close at which it tripped.
    After(Interval),
}

/// A text that names no time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "'{0}' is no time to arm a breaker again: expected manual, next_period, or a time such as 7d"
)]
pub struct RearmError(String);

impl fmt::Display for Rearm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Manual => formatter.pad("manual"),
            Self::NextPeriod => formatter.pad("next_period"),
            Self::After(time) => time.fmt(formatter),
        }
    }
}

impl FromStr for Rearm {
    type Err = RearmError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "manual" => Ok(Self::Manual),
            "next_period" => Ok(Self::NextPeriod),
            time => time.parse().map(Self::After).map_err(|_| RearmError(text.to_owned())),
        }
    }
}

impl Serialize for Rearm {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rearm {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Rearm {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rearm".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^(manual|next_period|[0-9]+[smhdw])$",
            "examples": ["manual", "next_period", "7d"],
        })
    }
}
