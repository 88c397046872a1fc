//! Several instruments that trade in one segment of a row, where no price tells which of them came first.
//!
//! At the open all come at once: what leaves first, then what enters. After it, what enters comes before what leaves, so that
//! nothing is bought with money, or in room under a cap, that was perhaps not there yet; of several that enter, the symbol decides.
//! Where that has cut an order, the bar is ambiguous.

use super::price_path::Segment;
use super::state::State;
use super::tape::{At, FillTime, Tape};
use super::walk::{Act, Event, Walk, When};
use crate::market::InstrumentId;
use crate::units::{Money, UnitsError};

/// An instrument to which something happens.
#[derive(Debug)]
struct Contestant<'a> {
    walk: Walk<'a>,
    /// It has traded since the open.
    traded: bool,
    /// It has opened or enlarged a position since the open.
    entered: bool,
    /// What it had since the open depends on what others did before or after.
    in_doubt: bool,
}

/// Stops, take-profits and limits of the instruments that have any in `segment`, but for those that were `tried`.
pub(super) fn trade(
    state: &mut State,
    tape: &Tape<'_>,
    segment: &Segment<'_>,
    tried: &[InstrumentId],
) -> Result<(), UnitsError> {
    let mut contestants = Vec::new();
    for instrument in tape.instruments() {
        if state.is_idle(instrument) || tried.contains(&instrument) {
            continue;
        }
        let Some(mut walk) = Walk::new(tape, segment, instrument) else { continue };
        // Most only wait.
        if walk.next_event(state, tape)?.is_some() {
            let (traded, entered, in_doubt) = (false, false, false);
            contestants.push(Contestant { walk, traded, entered, in_doubt });
        }
    }
    match contestants.as_mut_slice() {
        [only] => only.walk.finish(state, tape),
        [] => Ok(()),
        all => {
            open(state, tape, all)?;
            go_inside(state, tape, segment.row, all)
        }
    }
}

/// What happens at the open of the segment.
fn open(state: &mut State, tape: &Tape<'_>, all: &mut [Contestant<'_>]) -> Result<(), UnitsError> {
    let at_open = |event: Event| event.when == When::AtOpen;
    for Contestant { walk, .. } in &mut *all {
        walk.go_while(state, tape, |event| at_open(event) && event.act == Act::Leaves)?;
    }
    for Contestant { walk, .. } in all {
        walk.go_while(state, tape, at_open)?;
    }
    Ok(())
}

/// What happens after the open of a segment of `row`.
fn go_inside(
    state: &mut State,
    tape: &Tape<'_>,
    row: usize,
    all: &mut [Contestant<'_>],
) -> Result<(), UnitsError> {
    let events = state.record.breaker_events().len();
    for own in &mut *all {
        own.go_while(state, tape, |event| event.act == Act::Enters)?;
    }
    turn(state, tape, row, all)?;
    for own in &mut *all {
        own.go_while(state, tape, |_| true)?;
    }
    // A pause after a loss would have kept out whoever came later.
    let pauses = state.record.breaker_events().len() > events;
    for Contestant { walk, .. } in &*all {
        assert!(walk.is_over(), "row {row}: {walk:?} has not come to its end");
    }
    let trading = all.iter().filter(|own| own.traded).count();
    for own in all {
        let others = trading - usize::from(own.traded);
        if others > 0 && (own.in_doubt || (pauses && own.entered)) {
            state.note_ambiguous(tape, At { row, instrument: own.walk.instrument() });
        }
    }
    Ok(())
}

/// Those that may leave and enter the other way, each with what it has set free itself. One that needs what another has set free
/// before is in doubt.
fn turn(
    state: &mut State,
    tape: &Tape<'_>,
    row: usize,
    all: &mut [Contestant<'_>],
) -> Result<(), UnitsError> {
    let turns = |state: &State, own: &Contestant<'_>| {
        let instrument = own.walk.instrument();
        state.orders[instrument].limit_turns(state.held(instrument))
    };
    let free =
        |state: &State, instrument| state.venue(tape).free(At { row, instrument }, FillTime::Open);
    let mut at_first: Option<Money> = None;
    for own in all {
        if !turns(state, own) {
            continue;
        }
        let before = free(state, own.walk.instrument())?;
        let of_others = before.minus(*at_first.get_or_insert(before))?;
        let entered = std::mem::take(&mut own.entered);
        own.go_while(state, tape, |_| true)?;
        own.in_doubt |= own.entered && free(state, own.walk.instrument())? < of_others;
        own.entered |= entered;
    }
    Ok(())
}

impl Contestant<'_> {
    /// Goes on as long as `may` says so of what happens next.
    fn go_while(
        &mut self,
        state: &mut State,
        tape: &Tape<'_>,
        may: impl Fn(Event) -> bool,
    ) -> Result<(), UnitsError> {
        let instrument = self.walk.instrument();
        while let Some(event) = self.walk.next_event(state, tape)?
            && may(event)
        {
            let (held, fills) = (state.held(instrument), state.record.fills().len());
            let shortages = state.record.shortages();
            self.walk.go_on(state, tape)?;
            let now = state.held(instrument);
            assert!(
                event.act == Act::Leaves || now.signum() * held.signum() >= 0,
                "{instrument:?}: {held} became {now} when something was entered"
            );
            let turned = held.signum() * now.signum() < 0;
            self.traded |= state.record.fills().len() > fills;
            self.entered |= turned || now.abs() > held.abs();
            self.in_doubt |= state.record.shortages() > shortages;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
