//! The loop over the rows of a window.

use std::cell::RefCell;

use crate::bindings::exports::ct::strategy::guest::{Account, Decision, Progress, Window};
use crate::honest::Honest;
use crate::{crash, flood, lie, mode};

/// What one instance remembers.
#[derive(Debug)]
struct Memory {
    honest: Honest,
    /// The row from which on the strategy misbehaves, if it does at all.
    from_row: Option<u64>,
}

thread_local! {
    static MEMORY: RefCell<Memory> =
        const { RefCell::new(Memory { honest: Honest::new(), from_row: None }) };
}

pub(crate) fn set_up(honest: Honest, from_row: Option<u64>) {
    MEMORY.set(Memory { honest, from_row });
}

/// A market order to `target` on `row` of the window.
pub(crate) fn go(row: u32, target: f64) -> Decision {
    Decision {
        row,
        instrument: 0,
        target: Some(target),
        stop: None,
        take_profit: None,
        limit: None,
        tag: None,
    }
}

pub(crate) fn answer(window: &Window, account: Option<&Account>) -> Progress {
    MEMORY.with_borrow_mut(|memory| memory.advance(window, account))
}

impl Memory {
    fn advance(&mut self, window: &Window, account: Option<&Account>) -> Progress {
        let mut decisions = Vec::new();
        for (row, &close) in (0..window.rows).zip(&window.close) {
            let absolute = window.first_row + u64::from(row);
            if self.from_row == Some(absolute) {
                flood::diagnostics(absolute);
            }
            if self.from_row.is_some_and(|from_row| absolute >= from_row) {
                crash::in_export("advance");
                if let Some(lie) = lie::answer(window, row, &decisions) {
                    return lie;
                }
            }
            let seen = if row == 0 { first_close(window, close) } else { close };
            if let Some(target) = self.honest.on_close(seen) {
                decisions.push(go(row, target));
                if account.is_some() {
                    return Progress { consumed: row + 1, decisions };
                }
            }
        }
        Progress { consumed: window.rows, decisions }
    }
}

/// The close of a window's first row; a cheat takes the last one of the window, which is still to come.
fn first_close(window: &Window, close: f64) -> f64 {
    match mode::name() {
        "peek" => window.close.last().copied().unwrap_or(close),
        _ => close,
    }
}
