//! What a strategy wants.

use super::Direction;
use std::num::NonZeroU32;

use crate::units::{Price, positive_zero};

/// A target exposure: a finite share from -1 (all short) over 0 (flat) to 1 (all long) of the capital that sizing
/// grants to the instrument.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Exposure(f64);

impl Exposure {
    /// Nothing held.
    pub const FLAT: Self = Self(0.0);

    /// The exposure of `share`; `None` unless it lies within -1 and 1.
    pub fn new(share: f64) -> Option<Self> {
        (-1.0..=1.0).contains(&share).then_some(Self(positive_zero(share)))
    }

    /// The share, from -1 to 1.
    pub const fn share(self) -> f64 {
        self.0
    }

    /// The direction of a position of this exposure; `None` when it is flat.
    pub fn direction(self) -> Option<Direction> {
        if self.0 > 0.0 {
            Some(Direction::Long)
        } else {
            (self.0 < 0.0).then_some(Direction::Short)
        }
    }
}

/// How a position is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    /// At the next open.
    Market,
    /// At `price` or better, once the market trades there.
    Limit {
        /// Limit price, in quote asset.
        price: Price,
        /// The order expires after resting for this many rows; `None`: it rests until it is replaced.
        expires_after_rows: Option<NonZeroU32>,
    },
}

/// What a decision does to the position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Action {
    /// Keeps what is held and every working order; only the levels change.
    Keep,
    /// Moves the position to the target.
    Move {
        /// The exposure to hold.
        target: Exposure,
        /// How to get there.
        entry: Entry,
    },
}

/// Prices at which a position is left, in quote asset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    /// Against the position.
    pub stop: Option<Price>,
    /// In favour of the position.
    pub take_profit: Option<Price>,
}

impl Levels {
    /// These levels of a position in `direction`, with the stop of `other` where that is nearer to the market.
    #[must_use]
    pub(crate) fn tightened(self, other: Self, direction: Direction) -> Self {
        let stop = match (self.stop, other.stop, direction) {
            (Some(own), Some(other), Direction::Long) => Some(own.max(other)),
            (Some(own), Some(other), Direction::Short) => Some(own.min(other)),
            (own, other, _) => own.or(other),
        };
        Self { stop, take_profit: self.take_profit }
    }
}

/// One decision of a strategy: made on the close of a row, carried out from the open of the next row on.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// Row of the run, from 0.
    pub row: usize,
    /// Place of the instrument in the panel.
    pub instrument: usize,
    /// What happens to the position.
    pub action: Action,
    /// Protective levels from the next row on.
    pub levels: Levels,
    /// The strategy's own word for it.
    pub tag: Option<Box<str>>,
}
