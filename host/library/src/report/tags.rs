//! Which tag a round trip was entered with.

use std::collections::BTreeMap;

use crate::backtest::RunResult;
use ct_core::order::{Direction, Side, Trade};
use ct_core::units::Timestamp;

/// The tags of the fills of a result, by what tells fills apart.
#[derive(Debug)]
pub(super) struct Tags<'a>(BTreeMap<(&'a str, Timestamp, bool), &'a str>);

impl<'a> Tags<'a> {
    /// Those of `result`.
    pub(super) fn of(result: &'a RunResult) -> Self {
        let tagged = result.fills.iter().filter_map(|fill| {
            let tag = fill.tag.as_deref()?;
            Some(((&*fill.symbol, fill.time, fill.side == Side::Buy), tag))
        });
        Self(tagged.collect())
    }

    /// True when no fill has one.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tag of the fill that began `trade`; of several in the same bar and direction, that of the last.
    pub(super) fn of_entry(&self, trade: &Trade) -> Option<&'a str> {
        let is_buy = trade.direction == Direction::Long;
        self.0.get(&(&*trade.symbol, trade.entry_time, is_buy)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;

    #[test]
    fn what_leaves_in_the_bar_of_the_entry_is_not_its_tag() {
        let mut result = example::result();
        let [entry, exit] = &mut result.fills[..] else { panic!("two fills") };
        entry.tag = Some("breakout".into());
        exit.tag = Some("too far".into());
        exit.time = entry.time;
        let found = Tags::of(&result).of_entry(&result.trades[0]);
        assert_eq!(found, Some("breakout"));
        result.fills.remove(0);
        assert_eq!(Tags::of(&result).of_entry(&result.trades[0]), None);
    }
}
