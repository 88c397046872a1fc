//! What a run was asked for, as its result keeps it: enough to make the run again.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::period::Period;
use super::{RunError, strategy};
use crate::config::{Config, DataConfig, StrategyConfig};
use ct_core::market::Panel;
use ct_core::units::Timestamp;

/// What a run was asked for, beside what its settings say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    /// The strategy and the parameters that were given.
    pub(super) strategy: StrategyConfig,
    /// The prices. The period is that of the bars that were there, so that it stays what it was when more arrive.
    pub(super) data: DataConfig,
}

impl Request {
    /// What `config` asks for, with the period that `panel` has of it.
    ///
    /// # Errors
    /// [`RunError::Input`] when it has nothing of the period.
    pub(super) fn of(config: &Config, panel: &Panel) -> Result<Self, RunError> {
        let (first, end) = (panel.time(0), end_of(panel));
        let (from, to) = Period::of(&config.data).within(panel)?.unwrap_or((first, end));
        let data = DataConfig {
            from: Some(from.max(first)),
            to: Some(to.min(end)),
            days: None,
            ..config.data.clone()
        };
        Ok(Self { strategy: strategy::named(&config.strategy), data })
    }

    pub(super) fn to_value(&self) -> Value {
        // Texts, numbers and times always are JSON.
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The close of the last bar.
pub(super) fn end_of(panel: &Panel) -> Timestamp {
    let last_ms = panel.time(usize::MAX).as_ms();
    Timestamp::clamped(last_ms.saturating_add(panel.interval().as_ms()))
}
