//! Between every decision and every order: sizing, limits, breakers.
//!
//! The only maker of an [`ApprovedOrder`]; execution takes nothing else. It looks at prices up to the decision's close, and
//! never at a clock.

mod activity;
mod approval;
mod book;
mod breaker;
mod budget;
mod correlation;
mod gate;
mod limits;
mod margin;
mod measured;
mod room;
mod settings;
mod sizing;

pub use approval::{ApprovedOrder, Cut, Opening};
pub use book::{Answer, Book, Pending, Request};
pub use breaker::{
    BreakerAction, BreakerEvent, BreakerEventKind, BreakerSettings, Breakers, Closes, CoolDown,
    Exit, LosingStreak, LossBreaker, PauseAfter, Pauses, Rearm, Reduced, Standing, StreakScope,
    Taken, Tripped,
};
pub use budget::{
    Rebalancing, RiskBudget, contributions, equal_contribution_weights, largest_share,
};
pub use correlation::{Comovement, CorrelationLimit, Estimator, cluster_of};
pub use gate::Gate;
pub use limits::{Limits, PositionLimits, Shorting};
pub use margin::Margin;
pub use room::Increase;
pub use settings::{Group, InstrumentRisk, RiskSettings};
pub use sizing::{
    EqualRisk, EqualRiskMethod, FixedFraction, FixedNotional, FixedUnits, Granted, Kelly,
    KellySample, RiskShare, Sizing, SizingInput, StopDistance, VolatilityEstimator,
    VolatilityTarget,
};
