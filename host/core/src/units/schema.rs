//! How units look in a configuration file: their JSON Schema, and rates in basis points.
//!
//! `x-unit` says what a number counts, as in "expected basis points from 0 to 2500"; a field may say it more exactly.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::{Fixed, Interval, Rate, Timestamp, Unit};

/// Largest number of rows that a measurement may look at.
pub(crate) const ROWS_MAX: usize = 1_000_000;

impl<U: Unit> JsonSchema for Fixed<U> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Amount".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "x-unit": U::CALLED })
    }
}

impl JsonSchema for Rate {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 1000, "x-unit": "a share" })
    }
}

impl JsonSchema for Interval {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Interval".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[0-9]+[smhdw]$", "examples": ["1m", "4h", "7d"] })
    }
}

impl JsonSchema for Timestamp {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}",
            "examples": ["2024-01-31", "2024-01-31T12:00"],
        })
    }
}

/// A rate as a number of basis points, for fields whose names end in `_bps`.
pub mod bps {
    use schemars::{Schema, SchemaGenerator, json_schema};
    use serde::{Deserialize, Deserializer, Serializer};

    use super::super::Rate;

    /// # Errors
    /// Those of the serializer.
    pub fn serialize<S: Serializer>(rate: &Rate, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(rate.to_bps())
    }

    /// # Errors
    /// A number that is no rate.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Rate, D::Error> {
        Rate::from_bps(f64::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }

    /// Basis points: 0 to 2500, which is 25 %.
    pub fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "number", "minimum": 0, "maximum": 2500, "x-unit": "basis points" })
    }
}

/// A finite number above zero, such as a multiple of a volatility.
pub fn positive(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "number", "exclusiveMinimum": 0 })
}

#[cfg(test)]
mod tests {
    use serde::{Deserialize, Serialize};

    use super::*;

    #[test]
    fn basis_points_come_back_as_they_were_written() {
        #[derive(Serialize, Deserialize)]
        struct Fee {
            #[serde(with = "bps")]
            taker_bps: Rate,
        }
        for text in ["10", "7.5", "0.1", "2.75", "0"] {
            let read: Fee = serde_json::from_str(&format!("{{\"taker_bps\":{text}}}")).unwrap();
            let written = serde_json::to_value(&read).unwrap();
            assert_eq!(written["taker_bps"].as_f64().unwrap().to_string(), text);
        }
    }
}
