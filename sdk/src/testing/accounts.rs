//! Where the account of a test run comes from.

use super::simulator::Simulator;
use super::{Bars, Decided, Fill};
use crate::Position;

/// An account as a script gives it, for one row.
///
/// ```
/// use ct_sdk::Position;
/// use ct_sdk::testing::AccountState;
///
/// let held = Position { quantity: 2.0, average_price: 95.0, working: false };
/// let state = AccountState { cash: 810.0, positions: vec![held] };
/// assert_eq!(state.positions[0].value(100.0), 200.0);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct AccountState {
    /// Quote asset that is not in positions.
    pub cash: f64,
    /// One position for each instrument.
    pub positions: Vec<Position>,
}

/// The account over the rows of a run.
#[derive(Debug, Clone)]
pub(super) enum Accounts {
    /// The strategy does not read it.
    Unread,
    /// One state for each row; the last one stays.
    Scripted(Vec<AccountState>),
    /// What the decisions make of it.
    Simulated(Simulator),
}

impl Accounts {
    /// Lets the market trade through a row. Every row must come once, in order.
    pub(super) fn trade(&mut self, bars: &Bars, row: usize) {
        if let Self::Simulated(simulator) = self {
            simulator.trade(bars, row);
        }
    }

    /// Carries a decision out from the next row on.
    pub(super) fn decide(&mut self, decision: &Decided) {
        if let Self::Simulated(simulator) = self {
            simulator.decide(decision);
        }
    }

    /// The account at the close of the row that was traded last.
    pub(super) fn at(&self, row: usize) -> Option<AccountState> {
        match self {
            Self::Unread => None,
            Self::Scripted(states) => states.get(row).or(states.last()).cloned(),
            Self::Simulated(simulator) => Some(simulator.state()),
        }
    }

    /// Number of rows from `row` on, at most `rows_max`, over which the account stays the same.
    pub(super) fn constant_rows(&self, bars: &Bars, row: usize, rows_max: usize) -> usize {
        if matches!(self, Self::Unread) {
            return rows_max;
        }
        let mut ahead = self.clone();
        let now = self.at(row);
        let stays = |later: &usize| {
            ahead.trade(bars, *later);
            ahead.at(*later) == now
        };
        1 + (row + 1..row + rows_max).take_while(stays).count()
    }

    pub(super) fn into_fills(self) -> Vec<Fill> {
        match self {
            Self::Simulated(simulator) => simulator.into_fills(),
            Self::Unread | Self::Scripted(_) => Vec::new(),
        }
    }
}
