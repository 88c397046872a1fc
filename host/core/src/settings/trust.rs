//! Whose word a setting needs: the rest may stand in a file that nobody named.

use serde_json::Value;

/// Whether a file may say a value that nobody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Any file may.
    Anyone,
    /// If it is a path to somewhere in the folder that the file is in, for this reason.
    Inside(String),
    /// Only the user may, for this reason.
    Own(String),
}

impl Trust {
    /// As the field says by the attribute `x-own-only` or `x-inside-only`, with the reason.
    pub(super) fn read(schema: &Value) -> Self {
        let reason = |name: &str| schema.get(name).and_then(Value::as_str).map(str::to_owned);
        let inside = || reason("x-inside-only").map_or(Self::Anyone, Self::Inside);
        reason("x-own-only").map_or_else(inside, Self::Own)
    }

    /// What a description says of it; `None` if any file may say it.
    pub fn note(&self) -> Option<String> {
        match self {
            Self::Anyone => None,
            Self::Inside(reason) => Some(format!(
                "In a file that is found and not named: within its folder, since {reason}."
            )),
            Self::Own(reason) => Some(format!(
                "Not in a file that is found and not named, since {reason}: in your own configuration."
            )),
        }
    }
}
