//! What an operator asks of a run between two rows.

use std::ops::Range;

use super::state::State;
use super::tape::{At, FillTime, Tape};
use crate::market::InstrumentId;
use crate::order::FillReason;
use crate::risk::TradingState;
use crate::settings::Settings;
use crate::units::{Money, UnitsError};

/// What an operator asks of a run between two rows. It holds from the next row on.
#[derive(Clone, Debug)]
pub enum Command {
    /// Orders may only close positions, or make them smaller.
    Halt,
    /// As [`Halt`](Self::Halt); what is on its way is cancelled, and every position is closed at the next open.
    Flatten,
    /// No decision is carried out, and nothing rebalanced: orders that work, work on, and so do the levels that protect positions.
    /// Breakers still act.
    Freeze,
    /// Ends a halt and a freeze.
    Resume,
    /// Arms every tripped breaker, and ends the pause after every losing streak.
    Rearm,
    /// Other settings. Orders on their way keep their size, and arrive no later than new ones; each breaker whose settings have
    /// changed counts from here, and so do limits of a day that were not there before. The cash at the start stays what it was.
    Settings(Box<Settings>),
    /// Instruments that were left because their strategy had failed are traded again, by the one that takes its place: see
    /// [`Machine::swap`](super::Machine::swap).
    Reopen(Range<usize>),
}

/// Carries out `command` at the close of `row`.
pub(super) fn carry_out(
    state: &mut State,
    tape: &Tape<'_>,
    row: usize,
    command: &Command,
) -> Result<(), UnitsError> {
    match command {
        Command::Halt => halt(state, tape, row),
        Command::Flatten => {
            halt(state, tape, row);
            for instrument in tape.instruments() {
                state.orders[instrument].deferred = None;
                state.close_at_next_open(tape, At { row, instrument }, FillReason::Manual);
                let (held, orders) = (state.held(instrument), &state.orders[instrument]);
                assert!(
                    held.is_zero() || orders.is_being_closed(),
                    "row {row}: {held} is held and stays: {orders:?}"
                );
            }
        }
        Command::Freeze => state.gate.trading_state_mut().frozen = true,
        Command::Resume => *state.gate.trading_state_mut() = TradingState::default(),
        Command::Rearm => {
            let equity = state.record.equity_at(row);
            let time = tape.time(row, FillTime::Open);
            state.gate.rearm(time, tape.close_ms(row), equity);
            state.record.add_breaker_events(state.gate.drain_events());
        }
        Command::Settings(setup) => {
            let equity = Money::from_f64(state.record.equity_at(row))?;
            state.gate = state.gate.clone().under(&setup.risk, tape.panel, equity);
            state.account = state.account.clone().under(&setup.costs.fees);
            let latest = row + 1 + setup.fills.latency_bars as usize;
            for order in state.orders.values_mut().iter_mut().flat_map(|own| &mut own.in_flight) {
                // What is sent later does not arrive before it.
                order.from_row = order.from_row.min(latest);
            }
        }
        Command::Reopen(instruments) => {
            for instrument in instruments.clone().map(InstrumentId::new) {
                state.orders[instrument].closed = false;
            }
        }
    }
    Ok(())
}

fn halt(state: &mut State, tape: &Tape<'_>, row: usize) {
    state.gate.trading_state_mut().halted = true;
    for instrument in tape.instruments() {
        state.make_reduce_only(tape, At { row, instrument });
        let orders = &state.orders[instrument];
        assert!(orders.all_reduce_only(), "row {row}: an order opens after a halt: {orders:?}");
    }
}

#[cfg(test)]
mod tests;
