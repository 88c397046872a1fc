//! Turns a signal per bar into a decision per change.

use crate::signal::Exposure;
use crate::{Decision, Position, Signal};
use serde::{Deserialize, Serialize};
use std::hint::cold_path;
use std::mem;

/// The signal that was last sent for one instrument: flat without levels at the start.
///
/// A decision is sent when the target, the stop, the take-profit or the limit differs from the last
/// one, or when the signal asks to rebalance.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Edge {
    sent: Exposure,
}

/// Where a decision belongs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) row: u32,
    pub(crate) instrument: u32,
}

impl Edge {
    /// Adds the decision that `signal` makes, if it changes anything.
    ///
    /// Nearly every bar repeats a plain target: that case comes first and looks at no level. All of
    /// it is inlined, so that the signal never has to be put together in memory.
    #[inline]
    pub(crate) fn decide(&mut self, signal: Signal, place: Place, decisions: &mut Vec<Decision>) {
        let Some(exposure) = signal.exposure else {
            return;
        };
        let plain = exposure.levels.is_none() && self.sent.levels.is_none();
        if !(plain && same(exposure.target, self.sent.target)) || signal.rebalance {
            cold_path();
            self.decide_in_full(signal, exposure, place, decisions);
        }
    }

    #[inline]
    fn decide_in_full(
        &mut self,
        signal: Signal,
        exposure: Exposure,
        place: Place,
        decisions: &mut Vec<Decision>,
    ) {
        let sent = mem::replace(&mut self.sent, exposure);
        if exposure == sent && !signal.rebalance {
            return;
        }
        let levels = exposure.levels.unwrap_or_default();
        let sent_levels = sent.levels.unwrap_or_default();
        let keeps_position = !signal.rebalance
            && same(exposure.target, sent.target)
            && levels.limit == sent_levels.limit;
        decisions.push(Decision {
            row: place.row,
            instrument: place.instrument,
            target: if keeps_position { None } else { Some(exposure.target) },
            stop: levels.stop,
            take_profit: levels.take_profit,
            limit: if keeps_position { None } else { levels.limit },
            tag: signal.tag.map(|tag| tag.0),
        });
    }

    /// Forgets the last signal when the position it asked for is gone, so that the same signal can
    /// enter again. To be called before any row that follows the last decision.
    #[inline]
    pub(crate) fn forget_if_closed(&mut self, position: &Position) {
        if self.sent.target != 0.0 && position.is_idle() {
            *self = Self::default();
        }
    }
}

#[inline]
#[expect(clippy::float_cmp, reason = "a change is a change, however small")]
fn same(one: f64, other: f64) -> bool {
    one == other
}
