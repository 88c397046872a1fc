//! Breakers: what happens when the account loses.
//!
//! Loss breakers look at equity at every close, open positions included. One that has tripped stays tripped until it is
//! armed again. Losing streaks and cool-downs look at round trips.

mod breakers;
mod closes;
mod event;
mod extremes;
mod guard;
mod level;
mod pause;
mod rearm;
mod settings;
mod standing;
#[cfg(test)]
mod tests;

pub use breakers::Breakers;
pub use closes::{Closes, Taken};
pub use event::{BreakerEvent, BreakerEventKind};
pub use pause::{Exit, Pauses};
pub use rearm::Rearm;
pub use settings::{
    BreakerAction, BreakerSettings, CoolDown, LosingStreak, LossBreaker, PauseAfter, StreakScope,
};
pub use standing::Tripped;
pub(crate) use standing::{Reduced, Standing};
