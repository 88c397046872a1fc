//! Which losses trip which breaker.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Rearm;
use crate::units::{Interval, Rate};

/// Breakers of a run. Losses are shares of the equity that they are counted from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BreakerSettings {
    /// Loss since the start of the run, or since the breaker was armed again.
    pub portfolio_stop: Option<LossBreaker>,
    /// Loss since the start of the UTC day.
    pub daily_loss: Vec<LossBreaker>,
    /// Loss since Monday, 00:00 UTC.
    pub weekly_loss: Vec<LossBreaker>,
    /// Loss since the highest equity so far, or since the breaker was armed again.
    pub drawdown: Vec<LossBreaker>,
    /// Losing trades in a row, counted for each instrument.
    pub losing_streak: Option<LosingStreak>,
    /// Cool-down after an exit, for each instrument.
    pub cool_down: Option<CoolDown>,
}

/// One level of loss and what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LossBreaker {
    /// The breaker trips at a close at which the loss is this share or more.
    #[schemars(extend("exclusiveMinimum" = 0, "exclusiveMaximum" = 1))]
    pub loss: Rate,
    /// What happens then, from the next open on.
    pub action: BreakerAction,
    /// Size of positions while `reduce` holds, as a share of what they would be.
    #[serde(default = "half")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub reduce_to: Rate,
    /// When the breaker is armed again: `manual`, `next_period` (the next day or week, for losses of a day or week), or a
    /// time such as `7d`.
    #[serde(default)]
    pub rearm: Rearm,
}

/// What a breaker does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum BreakerAction {
    /// Positions are cut to `reduce_to` at the next open, and new ones are that much smaller.
    Reduce,
    /// No order opens or enlarges a position. What is held is managed as before.
    Halt,
    /// Every position is closed at the next open, and no order opens one.
    Flatten,
}

/// Stops trading after losing trades in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LosingStreak {
    /// Losing trades in a row, after costs.
    #[schemars(range(min = 1))]
    pub losses: u32,
    /// No new position for this long, counted from the close of the bar of the exit. Without it, until it is armed again by hand.
    pub pause: Option<Interval>,
    /// Whose trades are counted, and who stops.
    #[serde(default)]
    pub scope: StreakScope,
}

/// Whose trades make a losing streak.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StreakScope {
    /// All of the strategy's, in the order of their exits; it enters nothing any more.
    #[default]
    Strategy,
    /// Those of each instrument by themselves; only that one is not entered any more.
    Instrument,
}

/// A cool-down after an exit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CoolDown {
    /// Which exits.
    pub after: PauseAfter,
    /// No new position in the instrument for this long, counted from the close of the bar of the exit.
    pub pause: Interval,
}

/// Exits that a cool-down follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PauseAfter {
    /// Exits at a stop, by a breaker or by liquidation.
    Stop,
    /// Trades that lost, after costs.
    Loss,
    /// Every exit.
    Exit,
}

impl Default for BreakerSettings {
    /// A drawdown of half the highest equity closes every position, and nothing opens one before the breaker is armed by
    /// hand.
    fn default() -> Self {
        let (action, rearm) = (BreakerAction::Flatten, Rearm::Manual);
        let level = LossBreaker { loss: half(), action, reduce_to: half(), rearm };
        Self { drawdown: vec![level], ..Self::none() }
    }
}

impl BreakerSettings {
    /// No breaker at all.
    pub const fn none() -> Self {
        Self {
            portfolio_stop: None,
            daily_loss: Vec::new(),
            weekly_loss: Vec::new(),
            drawdown: Vec::new(),
            losing_streak: None,
            cool_down: None,
        }
    }
}

const fn half() -> Rate {
    Rate::ONE.half()
}
