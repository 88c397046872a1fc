//! One instrument on the way of its price through a segment: what it meets there, one thing after the other.

use super::bar::{Bar, Entered, Extremes, LimitTurn, ProtectiveExit};
use super::execution::{close, open, reduce, with_working_order};
use super::orders::WorkingOrder;
use super::price_path::{PricePath, Segment};
use super::quote::{Moment, Opportunity};
use super::state::State;
use super::tape::{At, FillTime, Point, Tape};
use crate::market::InstrumentId;
use crate::order::{FillReason, Levels, Rule, Side, Verdict};
use crate::risk::Cut;
use crate::units::{Price, Quantity, UnitsError};

/// An instrument on its way through a segment.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    at: At,
    /// Number of the segment of the row.
    segment: usize,
    path: PricePath<'a>,
    /// The place of the first piece of the path on the way through the row.
    first: usize,
    /// The piece of the path that it has come to.
    place: usize,
    stage: Stage,
}

/// What is looked at next in a piece.
#[derive(Clone, Copy, Debug)]
enum Stage {
    /// What the price meets first: the limit order, or the levels of what is held.
    Start,
    /// The limit order, after the levels.
    Limit,
    /// The levels of a position that the limit order has changed.
    Entered(Entered),
}

/// What happens next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Event {
    pub(super) act: Act,
    pub(super) when: When,
}

/// What it does to the position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// It opens or enlarges it.
    Enters,
    /// It closes it, or makes it smaller, before anything else.
    Leaves,
}

/// When it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    /// At the open of the segment, as for all instruments.
    AtOpen,
    /// Later. Of two instruments nobody knows which comes first.
    Inside,
}

/// A piece of the way of the price in one instrument.
#[derive(Clone, Copy, Debug)]
struct Piece {
    /// Its open.
    moment: Moment,
    bar: Bar,
}

impl Piece {
    const fn at(&self) -> At {
        self.moment.at
    }

    /// Whether it is the first one of its row.
    fn opens_row(&self) -> bool {
        self.moment.point == Point::Start(0)
    }
}

impl<'a> Walk<'a> {
    /// The way of `instrument` through `segment`, in which it has a bar or not.
    pub(super) fn new(
        tape: &Tape<'a>,
        segment: &Segment<'_>,
        instrument: InstrumentId,
    ) -> Option<Self> {
        let at = At { row: segment.row, instrument };
        let (path, first) = match segment.steps() {
            Some((steps, place)) => (PricePath::Whole(steps.bar(instrument, place)?), place),
            None => (tape.price_path(at)?, 0),
        };
        Some(Self { at, segment: segment.number(), path, first, place: 0, stage: Stage::Start })
    }

    pub(super) const fn instrument(&self) -> InstrumentId {
        self.at.instrument
    }

    fn piece(&self) -> Option<Piece> {
        let bar = self.path.at(self.place)?;
        let (at, time, segment) = (self.at, FillTime::Open, self.segment);
        assert!(bar.low <= bar.open && bar.open <= bar.high, "{at:?}: {bar:?}");
        let point = Point::Start(self.first + self.place);
        Some(Piece { moment: Moment { at, time, segment, point }, bar })
    }

    /// Goes to its end.
    pub(super) fn finish(&mut self, state: &mut State, tape: &Tape<'_>) -> Result<(), UnitsError> {
        while let Some(piece) = self.piece() {
            self.step(state, tape, &piece)?;
        }
        Ok(())
    }

    /// Goes as far as something trades. Gives what that is, or nothing at the end.
    pub(super) fn next_event(
        &mut self,
        state: &mut State,
        tape: &Tape<'_>,
    ) -> Result<Option<Event>, UnitsError> {
        while let Some(piece) = self.piece() {
            let event = self.event(state, tape, &piece);
            if event.is_some() {
                return Ok(event);
            }
            self.step(state, tape, &piece)?;
        }
        Ok(None)
    }

    /// Goes on as long as `may` says so of what happens next.
    pub(super) fn go_while(
        &mut self,
        state: &mut State,
        tape: &Tape<'_>,
        may: impl Fn(Event) -> bool,
    ) -> Result<(), UnitsError> {
        while let Some(event) = self.next_event(state, tape)?
            && may(event)
        {
            self.go_on(state, tape)?;
        }
        Ok(())
    }

    /// Lets happen what happens next, which something does.
    pub(super) fn go_on(&mut self, state: &mut State, tape: &Tape<'_>) -> Result<(), UnitsError> {
        let Some(piece) = self.piece() else {
            unreachable!("{:?}: nothing happens after {} pieces", self.at, self.place);
        };
        self.step(state, tape, &piece)
    }

    /// Whether nothing can happen any more.
    pub(super) fn is_over(&self) -> bool {
        self.place >= self.path.count()
    }

    /// What happens in the present stage of `piece`, if anything does.
    fn event(&self, state: &State, tape: &Tape<'_>, piece: &Piece) -> Option<Event> {
        let exit = |entered| {
            let (held, levels) = state.protected(tape, self.at.instrument);
            piece.bar.protective_exit(held, levels, entered)?.fill?;
            let gap = entered == Entered::Before && piece.bar.exit_at_open(held, levels).is_some();
            Some((Act::Leaves, gap))
        };
        let limit = || {
            let (side, price) = state.orders[self.at.instrument].limit()?;
            let takes = limit_takes(state, tape, piece);
            let fill = piece.bar.limit_fill(side, price.to_f64());
            let at_open = takes || fill?.1 == Entered::Before;
            let leaves = side.sign() * state.held(self.at.instrument).signum() < 0;
            Some((if leaves { Act::Leaves } else { Act::Enters }, at_open))
        };
        let (act, at_open) = match self.stage {
            Stage::Start if turn_of_limit(state, tape, piece) == LimitTurn::First => limit(),
            Stage::Start => exit(Entered::Before),
            Stage::Limit => limit(),
            Stage::Entered(entered) => exit(entered),
        }?;
        // Only the first piece opens when those of other instruments do.
        let when = if at_open && self.place == 0 { When::AtOpen } else { When::Inside };
        Some(Event { act, when })
    }

    /// What rests meets `piece`, in the order in which the price comes to it.
    fn step(
        &mut self,
        state: &mut State,
        tape: &Tape<'_>,
        piece: &Piece,
    ) -> Result<(), UnitsError> {
        let next = match self.stage {
            Stage::Start => {
                if self.path.has_volumes() {
                    state.orders[self.at.instrument].renew_volume();
                }
                Some(start(state, tape, piece)?)
            }
            Stage::Limit => fill_limit(state, tape, piece)?.map(Stage::Entered),
            Stage::Entered(entered) => {
                protect(state, tape, piece, entered)?;
                None
            }
        };
        self.place += usize::from(next.is_none());
        assert!(self.place <= self.path.count(), "{:?}: piece {} of the way", self.at, self.place);
        self.stage = next.unwrap_or(Stage::Start);
        Ok(())
    }
}

/// What `piece` meets first. Gives what comes after it.
fn start(state: &mut State, tape: &Tape<'_>, piece: &Piece) -> Result<Stage, UnitsError> {
    let at = piece.at();
    let turn = turn_of_limit(state, tape, piece);
    if turn == LimitTurn::First {
        let (held, levels) = state.protected(tape, at.instrument);
        let filled = fill_limit(state, tape, piece)?;
        let (now, levels_now) = state.protected(tape, at.instrument);
        let shrank = now.signum() == held.signum() && now.abs() <= held.abs();
        // What is left of a position was there before the bar; what was added to it was not.
        return Ok(Stage::Entered(match filled {
            Some(entered) if !shrank || levels != levels_now => entered,
            _ => Entered::Before,
        }));
    }
    if turn == LimitTurn::Unknown && piece.bar.extremes == Extremes::Unordered {
        state.note_ambiguous(tape, at);
    }
    protect(state, tape, piece, Entered::Before)?;
    // What turns the position goes on after its end, and the price that comes to both comes to it then.
    Ok(Stage::Limit)
}

/// Whether the limit order comes before the levels of what is held.
fn turn_of_limit(state: &State, tape: &Tape<'_>, piece: &Piece) -> LimitTurn {
    let (instrument, bar) = (piece.at().instrument, piece.bar);
    let Some(limit) = state.orders[instrument].limit() else { return LimitTurn::Last };
    let (held, levels) = state.protected(tape, instrument);
    if !limit_takes(state, tape, piece) {
        return bar.turn_of_limit(limit, held, levels);
    }
    if bar.exit_at_open(held, levels).is_some() { LimitTurn::Last } else { LimitTurn::First }
}

/// Leaves the position when the bar reaches its stop or take-profit. What a take-profit has not sold is still there to be stopped.
fn protect(
    state: &mut State,
    tape: &Tape<'_>,
    piece: &Piece,
    entered: Entered,
) -> Result<(), UnitsError> {
    let Piece { moment, bar } = *piece;
    let at = piece.at();
    let (held, levels) = state.protected(tape, at.instrument);
    let Some(ProtectiveExit { fill, ambiguous }) = bar.protective_exit(held, levels, entered)
    else {
        return Ok(());
    };
    if ambiguous {
        state.note_ambiguous(tape, at);
    }
    let Some((reason, reference)) = fill else { return Ok(()) };
    let (low, high) = (bar.low, bar.high);
    assert!(
        reason != FillReason::Stop || (low <= reference && reference <= high),
        "{at:?}: stopped at {reference} between {low} and {high}"
    );
    let taken = levels.take_profit.filter(|&level| {
        reason == FillReason::TakeProfit && takes_profit_at_once(state, tape, piece, level)
    });
    let at_open = entered == Entered::Before && bar.exit_at_open(held, levels).is_some();
    let moment = if at_open || taken.is_some() { moment } else { moment.inside() };
    let opportunity = match (reason, taken) {
        (_, Some(_)) => Opportunity::to_take(tape, moment, bar.open, bar.volume),
        (FillReason::TakeProfit, None) => Opportunity::to_make(moment, reference, bar.volume),
        _ => Opportunity::to_take(tape, moment, reference, bar.volume),
    };
    let opportunity = Opportunity { limit: taken, ..opportunity };
    let mut closing = WorkingOrder::closing(reason).from(at.row + 1);
    close(state, tape, &mut closing, &opportunity)?;
    let flat = state.held(at.instrument).is_zero();
    // What the bar could not fill of a take-profit goes on resting, and of a stop as a market order.
    if flat || reason == FillReason::Stop {
        state.orders[at.instrument].levels = Levels::default();
        go_on_after_exit(state, tape, at, (held, (!flat).then_some(closing)));
    }
    Ok(())
}

/// What becomes of the working order when a stop or take-profit has ended a position of `held`, or is still `closing` it: one
/// that turns the position goes on, any other is cancelled, and told.
fn go_on_after_exit(
    state: &mut State,
    tape: &Tape<'_>,
    at: At,
    (held, closing): (Quantity, Option<WorkingOrder>),
) {
    let orders = &mut state.orders[at.instrument];
    let before = orders.working.take();
    let direction = before.as_ref().and_then(|working| working.order.direction());
    let turns = direction.is_some_and(|direction| i128::from(direction.sign()) * held.signum() < 0);
    match before {
        // A market order that turns the position closes the rest of it first.
        Some(working) if turns && (closing.is_none() || working.turns(held)) => {
            orders.working = Some(working);
        }
        Some(working) if turns => {
            orders.working = closing;
            orders.in_flight.push_front(working);
        }
        before => {
            orders.working = closing;
            if let Some(working) = before.filter(WorkingOrder::is_untold) {
                let cut = Cut { rule: Rule::ProtectiveExit, value: 0.0, limit: 0.0 };
                state.refuse(tape, at, working.decision, (Verdict::Refused, cut));
            }
        }
    }
}

/// Whether a take-profit at `level` finds a market that is beyond it already when it comes, at the entry in the row or else
/// at the close before it: then it does not rest, and the open is all there is to get.
fn takes_profit_at_once(state: &State, tape: &Tape<'_>, piece: &Piece, level: Price) -> bool {
    let at = piece.at();
    let (orders, held) = (&state.orders[at.instrument], state.held(at.instrument));
    let before = match orders.entry_in(at.row, None, held) {
        Some(entry) => entry,
        None if orders.is_take_profit_new_in(at.row) && piece.opens_row() => tape.mark_before(at),
        None => return false,
    };
    let level = level.to_f64();
    match held.signum() {
        -1 => before <= level && piece.bar.open <= level,
        _ => before >= level && piece.bar.open >= level,
    }
}

/// Fills the limit order if `piece` reaches it. Gives when that was, if anything was filled.
fn fill_limit(
    state: &mut State,
    tape: &Tape<'_>,
    piece: &Piece,
) -> Result<Option<Entered>, UnitsError> {
    let Piece { moment, bar } = *piece;
    let at = piece.at();
    let Some((side, price)) = state.orders[at.instrument].limit() else { return Ok(None) };
    let takes = limit_takes(state, tape, piece);
    if let Some(working) = &mut state.orders[at.instrument].working {
        working.marketable_in = takes.then_some(at.row);
    }
    let (opportunity, entered) = if takes {
        (Opportunity::to_take(tape, moment, bar.open, bar.volume), Entered::Before)
    } else if let Some((reference, entered)) = bar.limit_fill(side, price.to_f64()) {
        let moment = if entered == Entered::Before { moment } else { moment.inside() };
        (Opportunity::to_make(moment, reference, bar.volume), entered)
    } else {
        return Ok(None);
    };
    let fills = state.record.fills().len();
    with_working_order(state, at.instrument, |state, order| {
        let opportunity = Opportunity { limit: Some(price), filled: order.filled, ..opportunity };
        Ok(reduce(state, tape, order, &opportunity)? || open(state, tape, order, &opportunity)?)
    })?;
    Ok((state.record.fills().len() > fills).then_some(entered))
}

/// Whether the limit order finds a market that has its price already, and has had it ever since it came: it does not rest, it
/// takes the open.
fn limit_takes(state: &State, tape: &Tape<'_>, piece: &Piece) -> bool {
    let at = piece.at();
    let orders = &state.orders[at.instrument];
    let (Some(working), Some((side, price))) = (&orders.working, orders.limit()) else {
        return false;
    };
    let has = |market: f64| match side {
        Side::Buy => market <= price.to_f64(),
        Side::Sell => market >= price.to_f64(),
    };
    // It takes from its first bar on, as long as it has taken in every bar.
    let ever_since = match working.marketable_in {
        Some(last) => last == at.row || !tape.has_bar(at.instrument, last + 1..at.row),
        None => {
            piece.opens_row()
                && !working.met_bar
                && !tape
                    .has_bar(at.instrument, working.from_row.max(tape.panel.first_row())..at.row)
                && has(tape.mark_before(at))
        }
    };
    has(piece.bar.open) && ever_since
}
