//! The ring that every rolling indicator stands on: the last `period` entries, overwritten in
//! turns.
//!
//! A turn is one pass over the ring. Within a turn each push overwrites one entry of the turn
//! before; with its last push a turn is complete, and the owner may then fold the entries into
//! whatever the next turn wants to find in their places.

use core::mem;

use serde::{Deserialize, Serialize};

use super::parameter::Period;

/// The last `period` entries. Before the first turn is complete the rest are `T::default()`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Ring<T> {
    period: Period,
    slots: Vec<T>,
    next: usize,
}

/// Where in its turn an entry landed, with what was in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pushed<T> {
    /// More entries of the turn follow.
    Within(T),
    /// The entry completes the turn.
    Last(T),
}

impl<T: Copy + Default> Ring<T> {
    pub(super) fn new(period: Period) -> Self {
        Self { period, slots: vec![T::default(); period.rows() as usize], next: 0 }
    }

    #[inline]
    pub(super) fn push(&mut self, entry: T) -> Pushed<T> {
        let mut older = entry;
        if let Some(slot) = self.slots.get_mut(self.next) {
            older = mem::replace(slot, entry);
            self.next += 1;
            if self.next < self.slots.len() {
                return Pushed::Within(older);
            }
        }
        self.next = 0;
        Pushed::Last(older)
    }

    /// Number of entries of the present turn; 0 right after a turn is complete.
    #[inline]
    pub(super) fn turn_rows(&self) -> usize {
        self.next
    }

    pub(super) fn period(&self) -> Period {
        self.period
    }

    /// All entries, in the order of the ring, not of time.
    pub(super) fn slots(&self) -> &[T] {
        &self.slots
    }

    /// As [`Ring::slots`]; right after a turn is complete the order is the order of time.
    pub(super) fn slots_mut(&mut self) -> &mut [T] {
        &mut self.slots
    }
}

#[cfg(test)]
mod tests {
    use super::Pushed::{Last, Within};
    use super::*;

    #[test]
    fn a_push_returns_what_it_overwrites_and_ends_turns() {
        let mut ring = Ring::<u32>::new(Period::new("period", 3).unwrap());
        let pushed: Vec<_> = (1..=7).map(|entry| ring.push(entry)).collect();
        assert_eq!(
            pushed,
            [Within(0), Within(0), Last(0), Within(1), Within(2), Last(3), Within(4)]
        );
        assert_eq!(ring.slots(), [7, 5, 6]);
        assert_eq!(ring.turn_rows(), 1);
    }

    #[test]
    fn a_ring_of_one_completes_a_turn_with_every_push() {
        let mut ring = Ring::<u32>::new(Period::new("period", 1).unwrap());
        assert_eq!(ring.push(5), Last(0));
        assert_eq!(ring.push(6), Last(5));
    }
}
