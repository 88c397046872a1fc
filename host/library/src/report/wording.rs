//! Words of the report for what the result names by code.

use ct_core::engine::FaultKind;
use ct_core::order::{Direction, FillReason, Rule, Side, Verdict};
use ct_core::risk::{BreakerAction, BreakerEventKind};

pub(super) const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Long => "long",
        Direction::Short => "short",
    }
}

/// What a fill did: `bought 2 at 100`.
pub(super) const fn done(side: Side) -> &'static str {
    match side {
        Side::Buy => "bought",
        Side::Sell => "sold",
    }
}

pub(super) const fn fill_reason(reason: FillReason) -> &'static str {
    match reason {
        FillReason::Entry => "entry",
        FillReason::Exit => "signal",
        FillReason::Stop => "stop",
        FillReason::TakeProfit => "take profit",
        FillReason::Breaker => "breaker",
        FillReason::Rebalance => "rebalanced",
        FillReason::Liquidation => "liquidation",
        FillReason::Ruin => "ruin",
        FillReason::Fault => "strategy failed",
        FillReason::Delisting => "delisted",
        FillReason::EndOfRun => "end of run",
        FillReason::Manual => "closed by hand",
    }
}

pub(super) const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::ShortNotAllowed => "short positions are not allowed",
        Rule::PositionUnits => "largest position in base asset",
        Rule::PositionNotional => "largest position in quote asset",
        Rule::PositionEquity => "largest share of equity in one position",
        Rule::PositionVolume => "largest share of a bar's volume in one position",
        Rule::GrossExposure => "gross exposure",
        Rule::NetExposure => "net exposure",
        Rule::GroupExposure => "exposure of a group",
        Rule::ClusterExposure => "exposure of positions that move together",
        Rule::OpenPositions => "number of positions",
        Rule::OrdersPerDay => "orders in a day",
        Rule::TurnoverPerDay => "turnover in a day",
        Rule::RiskBudget => "risk budget",
        Rule::Weights => "sum of weights",
        Rule::NoStop => "no stop to size by",
        Rule::StopWrongSide => "stop on the wrong side",
        Rule::VolatilityUnknown => "volatility unknown",
        Rule::NoEdge => "no edge",
        Rule::PortfolioStop => "loss since the start",
        Rule::DailyLoss => "loss of the day",
        Rule::WeeklyLoss => "loss of the week",
        Rule::Drawdown => "drawdown",
        Rule::LosingStreak => "losing streak",
        Rule::CoolDown => "cool-down after an exit",
        Rule::NotionalMin => "minimum notional",
        Rule::QuantityMin => "minimum quantity",
        Rule::Lot => "less than one lot",
        Rule::Cash => "cash or margin",
        Rule::ReduceOnly => "size of what was to grow no more",
        Rule::Closing => "position still being closed",
        Rule::Liquidation => "liquidated",
        Rule::Ruin => "account ruined",
        Rule::Fault => "strategy failed",
        Rule::ProtectiveExit => "stop or take-profit came first",
        Rule::Delisted => "prices have ended",
        Rule::Expired => "limit order expired",
        Rule::Halted => "halted by hand",
        Rule::Frozen => "frozen by hand",
    }
}

pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Refused => "refused",
        Verdict::Cut => "cut",
    }
}

/// What a breaker is set to do.
pub(super) const fn breaker_action(action: BreakerAction) -> &'static str {
    match action {
        BreakerAction::Reduce => "cuts positions",
        BreakerAction::Halt => "allows no new position",
        BreakerAction::Flatten => "closes everything",
    }
}

/// What a breaker that tripped did.
pub(super) const fn breaker_deed(action: BreakerAction) -> &'static str {
    match action {
        BreakerAction::Reduce => "Positions were cut at the next open.",
        BreakerAction::Halt => "No new position was allowed from then on.",
        BreakerAction::Flatten => "Every position was closed at the next open.",
    }
}

pub(super) const fn breaker_event(kind: BreakerEventKind) -> &'static str {
    match kind {
        BreakerEventKind::Tripped => "tripped",
        BreakerEventKind::Rearmed => "armed again",
    }
}

pub(super) const fn fault_kind(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Refused => "refused its parameters",
        FaultKind::Trapped => "trapped",
        FaultKind::StackOverflow => "used up its stack",
        FaultKind::OutOfMemory => "ran out of memory",
        FaultKind::OutOfTime => "ran out of time",
        FaultKind::OutOfFuel => "used up its instructions",
        FaultKind::BadOutput => "answered against the contract",
    }
}
