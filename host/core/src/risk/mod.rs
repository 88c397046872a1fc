//! Between every decision and every order: sizing, limits, breakers.
//!
//! The only maker of an [`ApprovedOrder`]; execution takes nothing else. It looks at prices up to the decision's close, and
//! never at a clock.

mod activity;
mod approval;
mod book;
mod breaker;
mod budget;
mod capital;
mod correlation;
mod delisting;
mod gate;
mod limits;
mod margin;
mod measured;
mod room;
mod settings;
mod sizing;
mod trading_state;
mod weighing;

pub(crate) use approval::UnitPrices;
pub use approval::{ApprovedOrder, Cut};
pub use book::{Answer, Book, Pending, Request};
pub(crate) use breaker::Standing;
pub use breaker::{
    BreakerAction, BreakerEvent, BreakerEventKind, BreakerSettings, Breakers, Closes, CoolDown,
    Exit, LosingStreak, LossBreaker, PauseAfter, Pauses, Rearm, StreakScope, Taken, Tripped,
};
pub(crate) use budget::largest_share;
pub use budget::{Rebalancing, RiskBudget, contributions, equal_contribution_weights};
pub use capital::CapitalShare;
pub(crate) use correlation::cluster_of;
pub use correlation::{Comovement, CorrelationLimit, Estimator};
pub use delisting::{DelistingAction, DelistingRule};
pub use gate::Gate;
pub use limits::{Limits, PositionLimits, Shorting};
pub use margin::Margin;
pub(crate) use room::Increase;
pub use settings::{Group, InstrumentRisk, RiskSettings};
pub use sizing::{
    EqualRisk, EqualRiskMethod, FixedFraction, FixedNotional, FixedUnits, Kelly, KellySample,
    MissingStop, RiskShare, Sizing, StopDistance, VolatilityEstimator, VolatilityTarget, Weights,
};
pub(crate) use sizing::{Granted, SizingInput};
pub use trading_state::TradingState;
