//! Bringing positions back to their size.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{CalendarPeriod, Rate};

/// At the last close of every period, positions that have drifted from their size are brought back to what sizing grants
/// to their target then.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rebalancing {
    /// How often.
    pub every: CalendarPeriod,
    /// Drift that is left alone, as a share of the wanted size.
    #[serde(default = "quarter")]
    pub band: Rate,
}

fn quarter() -> Rate {
    Rate::ONE.half().half()
}
