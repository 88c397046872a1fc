//! What an account-reading strategy of one instrument knows besides the bar.

use crate::{Bar, Position};

/// The strategy's account at the close of the current bar.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    cash: f64,
    position: Position,
    bar: Bar<'a>,
}

impl<'a> Context<'a> {
    #[inline]
    pub(crate) fn new(cash: f64, position: Position, bar: Bar<'a>) -> Self {
        Self { cash, position, bar }
    }

    /// Quote asset that is not in positions.
    #[inline]
    pub fn cash(&self) -> f64 {
        self.cash
    }

    /// What is held of the instrument.
    #[inline]
    pub fn position(&self) -> Position {
        self.position
    }

    /// What the position is worth at the bar's close, in the quote asset; negative when short.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::CLOSE`](crate::Columns::CLOSE).
    #[inline]
    pub fn position_value(&self) -> f64 {
        self.position.value(self.bar.close())
    }

    /// Cash and position together at the bar's close, in the quote asset.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::CLOSE`](crate::Columns::CLOSE).
    #[inline]
    pub fn equity(&self) -> f64 {
        self.cash + self.position_value()
    }
}
