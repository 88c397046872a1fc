//! The periods at whose ends positions are brought back to their size.

use std::ops::Range;

use super::machine::Machine;
use crate::units::CalendarPeriod;

impl Machine<'_> {
    /// The row after the first of `rows` that ends a period of rebalancing, or their end.
    pub(super) fn next_rebalancing(&self, rows: Range<usize>) -> usize {
        let Some(rule) = self.setup.risk.rebalancing else { return rows.end };
        // The row before `rows` belongs to the span, too, and may be the one that ends the period.
        let first = rows.start.saturating_sub(1);
        if first >= self.first_row && self.ends_period(first, rule.every) {
            return rows.start;
        }
        let period = rule.every.number(self.close_ms(first));
        let ends = self.first_known_at(rule.every.start_ms(period + 1), rows.clone());
        (ends + 1).min(rows.end)
    }

    /// Whether the close of `row` is the first in a new period.
    pub(super) fn ends_period(&self, row: usize, period: CalendarPeriod) -> bool {
        let before = match row.checked_sub(1) {
            Some(before) => self.close_ms(before),
            None => self.panel.time(row).as_ms(),
        };
        period.number(self.close_ms(row)) > period.number(before)
    }
}
