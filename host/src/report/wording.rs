//! Words of the report for what the result names by code, and the cleaning of words that come from a plugin.

use crate::engine::FaultKind;
use crate::order::{Direction, FillReason, Rule, Verdict};

pub(super) const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Long => "long",
        Direction::Short => "short",
    }
}

pub(super) const fn fill_reason(reason: FillReason) -> &'static str {
    match reason {
        FillReason::Entry => "entry",
        FillReason::Exit => "signal",
        FillReason::Stop => "stop",
        FillReason::TakeProfit => "take profit",
        FillReason::Ruin => "ruin",
        FillReason::Fault => "strategy failed",
        FillReason::EndOfRun => "end of run",
    }
}

pub(super) const fn rule(rule: Rule) -> &'static str {
    match rule {
        Rule::ShortNotAllowed => "short positions are not allowed",
        Rule::PositionMax => "largest position",
        Rule::NotionalMin => "minimum notional",
        Rule::QuantityMin => "minimum quantity",
        Rule::Lot => "less than one lot",
        Rule::Cash => "cash or margin",
        Rule::Ruin => "account ruined",
        Rule::Fault => "strategy failed",
        Rule::Expired => "limit order expired",
    }
}

pub(super) const fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Refused => "refused",
        Verdict::Cut => "cut",
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

/// `text` on one line and without control characters: what a plugin says must not steer a terminal.
pub fn printable(text: &str) -> String {
    let replaced = |character: char| if character.is_control() { ' ' } else { character };
    let text: String = text.chars().map(replaced).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_plugin_says_cannot_steer_a_terminal() {
        assert_eq!(printable("a\x1b[31mred\r\n  b\u{9b}0m"), "a [31mred b 0m");
    }
}
