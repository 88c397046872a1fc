//! Instruments by their place in a panel.

use std::ops::{Index, IndexMut};

/// The place of an instrument in its panel, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstrumentId(u32);

impl InstrumentId {
    /// The instrument at `place`.
    ///
    /// # Panics
    /// When no panel could have so many instruments.
    pub const fn new(place: usize) -> Self {
        assert!(place < u32::MAX as usize, "the place of an instrument in a panel");
        #[expect(clippy::cast_possible_truncation, reason = "looked at a line above")]
        Self(place as u32)
    }

    /// Its place.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// Its place, as records and the ledger have it.
    pub const fn number(self) -> u32 {
        self.0
    }
}

/// One value for each instrument of a panel, in the panel's order.
///
/// What is asked for an instrument that the panel does not have is a broken invariant, and loud.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PerInstrument<T>(Vec<T>);

impl<T> PerInstrument<T> {
    /// What `make` gives for each of `count` instruments.
    pub fn new(count: usize, make: impl FnMut(InstrumentId) -> T) -> Self {
        Self((0..count).map(InstrumentId::new).map(make).collect())
    }

    /// The values.
    pub fn values(&self) -> &[T] {
        &self.0
    }

    /// The values, to change them.
    pub fn values_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

impl<T> FromIterator<T> for PerInstrument<T> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        Self(values.into_iter().collect())
    }
}

impl<T> Index<InstrumentId> for PerInstrument<T> {
    type Output = T;

    fn index(&self, id: InstrumentId) -> &T {
        let count = self.0.len();
        self.0.get(id.index()).unwrap_or_else(|| unknown(id, count))
    }
}

impl<T> IndexMut<InstrumentId> for PerInstrument<T> {
    fn index_mut(&mut self, id: InstrumentId) -> &mut T {
        let count = self.0.len();
        self.0.get_mut(id.index()).unwrap_or_else(|| unknown(id, count))
    }
}

#[cold]
fn unknown(id: InstrumentId, count: usize) -> ! {
    unreachable!("instrument {} of {count}", id.index());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "instrument 2 of 2")]
    fn an_instrument_that_is_not_there_is_a_broken_invariant() {
        let mut values = PerInstrument::new(2, InstrumentId::index);
        values[InstrumentId::new(1)] += 1;
        assert_eq!(values.values(), [0, 2]);
        let _ = values[InstrumentId::new(2)];
    }
}
