//! Instruments whose prices end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Interval, Rate};

/// When an instrument counts as delisted, and what becomes of a position in it.
///
/// Nobody says so in advance, so it is the time without a bar that decides. A delisting is an event: what is on its way is
/// cancelled, and until a bar comes no decision on the instrument is carried out; all of it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DelistingRule {
    /// This long after its last bar an instrument counts as delisted, while others trade.
    pub after: Interval,
    /// What becomes of a position.
    pub action: DelistingAction,
    /// What a position that is closed loses against its last price, as a share of it.
    #[schemars(range(max = 1))]
    pub haircut: Rate,
}

/// What becomes of a position in an instrument that is delisted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DelistingAction {
    /// It is closed at the last price less the haircut; a short position at that much more.
    #[default]
    Close,
    /// It stays, marked at the last price, and can be closed once there are prices again.
    Freeze,
}

impl Default for DelistingRule {
    /// Closed after a week, at a tenth less than the last price.
    fn default() -> Self {
        Self {
            after: Interval::WEEK,
            action: DelistingAction::default(),
            haircut: Rate::known(0.1),
        }
    }
}
