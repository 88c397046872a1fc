//! Answers to `advance` that the contract does not allow.

use crate::advance::go;
use crate::bindings::exports::ct::strategy::guest::{Decision, LimitOrder, Progress, Window};
use crate::mode;

/// The lie of this mode about `row` of the window, after the honest `decisions` before it; `None` when the mode has none.
pub(crate) fn answer(window: &Window, row: u32, decisions: &[Decision]) -> Option<Progress> {
    let lies = match mode::name() {
        "consume-nothing" => return Some(Progress { consumed: 0, decisions: Vec::new() }),
        "consume-too-much" => {
            return Some(Progress { consumed: window.rows + 1, decisions: Vec::new() });
        }
        // All rows but the last, and nothing to decide: the rest would never be asked for again.
        "leave-early" => {
            return Some(Progress { consumed: row, decisions: decisions.to_vec() });
        }
        mode => decisions_of(mode, window, row)?,
    };
    // A strategy that reads its account stops here, as it must; the other one goes on to the end.
    let consumed = if mode::reads_account() { row + 1 } else { window.rows };
    let decisions = decisions.iter().cloned().chain(lies).collect();
    Some(Progress { consumed, decisions })
}

fn decisions_of(mode: &str, window: &Window, row: u32) -> Option<Vec<Decision>> {
    let honest = || go(row, 1.0);
    let one = match mode {
        "target-nan" => go(row, f64::NAN),
        "target-infinite" => go(row, f64::INFINITY),
        "target-above-one" => go(row, 1.000_000_1),
        "target-below-minus-one" => go(row, -2.0),
        "stop-zero" => Decision { stop: Some(0.0), ..honest() },
        "stop-negative" => Decision { stop: Some(-1.0), ..honest() },
        "stop-nan" => Decision { stop: Some(f64::NAN), ..honest() },
        "take-profit-infinite" => Decision { take_profit: Some(f64::INFINITY), ..honest() },
        // Larger than exact money can hold.
        "take-profit-giant" => Decision { take_profit: Some(1e300), ..honest() },
        "limit-nan" => Decision { limit: Some(limit(f64::NAN)), ..honest() },
        "limit-without-target" => Decision { target: None, limit: Some(limit(1.0)), ..honest() },
        // An instrument that belongs to another instance.
        "instrument-of-another" => Decision { instrument: 1, ..honest() },
        "instrument-giant" => Decision { instrument: u32::MAX, ..honest() },
        "row-beyond-window" => go(window.rows, 1.0),
        "row-giant" => go(u32::MAX, 1.0),
        // Longer than is kept, of characters that are more than a byte.
        "long-tag" => Decision { tag: Some("é".repeat(1 << 16)), ..honest() },
        // Larger than a call may hand over.
        "giant-tag" => Decision { tag: Some("x".repeat(24 << 20)), ..honest() },
        "decision-twice" => return Some(vec![honest(), honest()]),
        "rows-out-of-order" => return Some(vec![honest(), go(row.saturating_sub(1), 1.0)]),
        // As many as fit into the guest's memory.
        "giant-list" => return Some(vec![honest(); 200_000]),
        _ => return None,
    };
    Some(vec![one])
}

const fn limit(price: f64) -> LimitOrder {
    LimitOrder { price, expires_after_rows: 0 }
}
