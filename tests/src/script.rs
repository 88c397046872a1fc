//! Strategies that do what a test has written down.

use ct_host::engine::{
    AccountView, Columns, FaultKind, Needs, SavedState, Scope, Strategy, StrategyFault, Window,
};
use ct_host::order::{Action, Decision, Entry, Exposure, Levels};
use ct_host::units::Price;

/// A strategy that makes prepared decisions, whatever the prices are.
#[derive(Clone, Debug)]
pub struct Script {
    decisions: Vec<Decision>,
    fails_at: Option<(usize, Failure)>,
}

/// How a script fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The call ends with a fault of this kind.
    Fault(FaultKind),
    /// It decides on a row that it has not been given.
    UnknownRow,
    /// It decides for an instrument that it does not look after.
    UnknownInstrument,
    /// It decides twice for one instrument in one row.
    Twice,
    /// It takes in nothing.
    Idle,
    /// It takes in more than it has been given.
    Greedy,
}

impl Failure {
    /// Every way to fail.
    pub const ALL: [Self; 12] = [
        Self::Fault(FaultKind::Refused),
        Self::Fault(FaultKind::Trapped),
        Self::Fault(FaultKind::StackOverflow),
        Self::Fault(FaultKind::OutOfMemory),
        Self::Fault(FaultKind::OutOfTime),
        Self::Fault(FaultKind::OutOfFuel),
        Self::Fault(FaultKind::BadOutput),
        Self::UnknownRow,
        Self::UnknownInstrument,
        Self::Twice,
        Self::Idle,
        Self::Greedy,
    ];

    /// What it answers to a window of `rows` with a `row` at which it fails. Its last words ask for all that there is.
    fn answer(
        self,
        row: usize,
        rows: usize,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        decisions.push(go(row, 1.0));
        match self {
            Self::Fault(kind) => {
                return Err(StrategyFault { kind, detail: "written down".to_owned() });
            }
            Self::UnknownRow => decisions.push(go(row + rows, 1.0)),
            Self::UnknownInstrument => decisions.push(go(row, 1.0).of(1_000)),
            Self::Twice => decisions.push(go(row, -1.0)),
            Self::Idle => return Ok(0),
            Self::Greedy => return Ok(rows + 1),
        }
        Ok(rows)
    }
}

impl Script {
    /// The strategy that makes `decisions`, which are sorted by row and instrument.
    pub fn new(decisions: Vec<Decision>) -> Self {
        Self { decisions, fails_at: None }
    }

    /// The same, failing when it takes in `row`.
    #[must_use]
    pub fn failing_at(self, row: usize, failure: Failure) -> Self {
        Self { fails_at: Some((row, failure)), ..self }
    }

    /// What of it is about the instrument at `place`, for a strategy of that instrument alone.
    #[must_use]
    pub fn of_instrument(mut self, place: usize) -> Self {
        self.decisions.retain(|decision| decision.instrument == place);
        for decision in &mut self.decisions {
            decision.instrument = 0;
        }
        self
    }

    /// The same without limit orders.
    #[must_use]
    pub fn at_market(mut self) -> Self {
        for decision in &mut self.decisions {
            if let Action::Move { entry, .. } = &mut decision.action {
                *entry = Entry::Market;
            }
        }
        self
    }

    /// Everything such a strategy needs: the closes of all instruments.
    pub const fn needs() -> Needs {
        Needs {
            columns: Columns::CLOSE,
            scope: Scope::Portfolio,
            reads_account: false,
            warm_up_rows: 0,
            settled_rows: 0,
        }
    }
}

impl Strategy for Script {
    fn advance(
        &mut self,
        window: &Window<'_>,
        _account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let rows = window.first_row..window.first_row + window.rows;
        if let Some((row, failure)) = self.fails_at
            && rows.contains(&row)
        {
            return failure.answer(row, window.rows, decisions);
        }
        let due = self.decisions.iter().filter(|decision| rows.contains(&decision.row));
        decisions.extend(due.cloned());
        Ok(window.rows)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        // It remembers nothing.
        Ok(Some(SavedState::default()))
    }

    fn load(&mut self, _state: &SavedState) -> Result<(), StrategyFault> {
        Ok(())
    }
}

/// On the close of `row`, move the first instrument to `target` at the next open.
///
/// # Panics
/// When the target is not within -1 and 1.
pub fn go(row: usize, target: f64) -> Decision {
    let Some(target) = Exposure::new(target) else { unreachable!("test data: target {target}") };
    Decision {
        row,
        instrument: 0,
        action: Action::Move { target, entry: Entry::Market },
        levels: Levels::default(),
        tag: None,
    }
}

/// Small changes to a decision, for tables.
pub trait DecisionExt {
    /// For another instrument.
    #[must_use]
    fn of(self, instrument: usize) -> Self;
    /// With a stop.
    #[must_use]
    fn stop(self, price: f64) -> Self;
    /// With a take-profit.
    #[must_use]
    fn take_profit(self, price: f64) -> Self;
    /// With a limit order that rests for `rows` rows; 0: until it is replaced.
    #[must_use]
    fn limit(self, price: f64, rows: u32) -> Self;
    /// Only the levels; what is held stays.
    #[must_use]
    fn levels_only(self) -> Self;
}

impl DecisionExt for Decision {
    fn of(self, instrument: usize) -> Self {
        Self { instrument, ..self }
    }

    fn stop(mut self, price: f64) -> Self {
        self.levels.stop = Some(fixed(price));
        self
    }

    fn take_profit(mut self, price: f64) -> Self {
        self.levels.take_profit = Some(fixed(price));
        self
    }

    fn limit(mut self, price: f64, rows: u32) -> Self {
        if let Action::Move { entry, .. } = &mut self.action {
            let expires_after_rows = std::num::NonZeroU32::new(rows);
            *entry = Entry::Limit { price: fixed(price), expires_after_rows };
        }
        self
    }

    fn levels_only(self) -> Self {
        Self { action: Action::Keep, ..self }
    }
}

fn fixed(price: f64) -> Price {
    match Price::from_f64(price) {
        Ok(price) => price,
        Err(error) => unreachable!("test data: {error}"),
    }
}
