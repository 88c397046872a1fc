//! Numbers in saved records: JSON has no NaN and no infinities, so those are words. A repaired row may have had such values.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The words for values that are no numbers.
const NOT_FINITE: [(&str, f64); 3] =
    [("NaN", f64::NAN), ("inf", f64::INFINITY), ("-inf", f64::NEG_INFINITY)];

/// A value as it is written.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f64),
    Word(String),
}

impl From<f64> for Written {
    fn from(value: f64) -> Self {
        if value.is_finite() { Self::Number(value) } else { Self::Word(value.to_string()) }
    }
}

impl Written {
    fn value(&self) -> Result<f64, String> {
        match self {
            Self::Number(value) => Ok(*value),
            Self::Word(found) => {
                let known = NOT_FINITE.iter().find(|(word, _)| word == found);
                let wrong =
                    || format!("'{found}' is no value: expected a number, NaN, inf or -inf");
                known.map(|(_, value)| *value).ok_or_else(wrong)
            }
        }
    }
}

fn values<E: serde::de::Error>(written: &[Written; 5]) -> Result<[f64; 5], E> {
    let mut row = [0.0; 5];
    for (value, written) in row.iter_mut().zip(written) {
        *value = written.value().map_err(E::custom)?;
    }
    Ok(row)
}

/// For one value.
pub(crate) mod value {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Written};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature that serde calls")]
    pub(crate) fn serialize<S: Serializer>(value: &f64, serializer: S) -> Result<S::Ok, S::Error> {
        Written::from(*value).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
        Written::deserialize(deserializer)?.value().map_err(serde::de::Error::custom)
    }
}

/// For a row.
pub(crate) mod row {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Written, values};

    pub(crate) fn serialize<S: Serializer>(
        row: &[f64; 5],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        row.map(Written::from).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<[f64; 5], D::Error> {
        values(&<[Written; 5]>::deserialize(deserializer)?)
    }
}

/// For a row that may not be there.
pub(crate) mod maybe_row {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Written, values};

    #[expect(clippy::ref_option, reason = "the signature that serde calls")]
    pub(crate) fn serialize<S: Serializer>(
        row: &Option<[f64; 5]>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        row.map(|row| row.map(Written::from)).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<[f64; 5]>, D::Error> {
        let written = <Option<[Written; 5]>>::deserialize(deserializer)?;
        written.as_ref().map(values).transpose()
    }
}
