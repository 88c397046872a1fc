//! Rules of fills that make no sense.

use super::Problems;
use ct_core::order::FillRules;

/// Longest wait of an order, in bars.
const LATENCY_BARS_MAX: u32 = 1_000;

impl Problems {
    pub(in crate::backtest) fn fills(&mut self, fills: FillRules) {
        let bars = fills.latency_bars;
        let expected = format!("a whole number from 0 to {LATENCY_BARS_MAX}");
        self.unless(bars <= LATENCY_BARS_MAX, "fills.latency_bars", &bars, &expected);
    }
}
