//! The instruments of a panel in the order of their symbols, which does not depend on the order in which they were given.

use std::sync::Arc;

use super::{InstrumentId, Symbol};

/// Which instrument comes after which.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SymbolOrder {
    instruments: Arc<[InstrumentId]>,
    /// The place of each instrument of the panel in them.
    ranks: Arc<[usize]>,
}

impl SymbolOrder {
    /// That of instruments with these symbols, in the order of the panel.
    pub(super) fn of<'s>(symbols: impl Iterator<Item = &'s Symbol>) -> Self {
        let symbols: Vec<&str> = symbols.map(|symbol| &**symbol).collect();
        let mut places: Vec<usize> = (0..symbols.len()).collect();
        places.sort_by_key(|place| symbols.get(*place));
        let mut ranked: Vec<(usize, usize)> =
            places.iter().enumerate().map(|(rank, place)| (*place, rank)).collect();
        ranked.sort_unstable();
        Self {
            instruments: places.into_iter().map(InstrumentId::new).collect(),
            ranks: ranked.into_iter().map(|(_, rank)| rank).collect(),
        }
    }

    /// The instruments.
    pub(super) fn instruments(
        &self,
    ) -> impl DoubleEndedIterator<Item = InstrumentId> + Clone + use<'_> {
        self.instruments.iter().copied()
    }

    /// Number of instruments before `instrument`.
    pub(super) fn rank(&self, instrument: InstrumentId) -> usize {
        let Some(rank) = self.ranks.get(instrument.index()) else {
            unreachable!("instrument {} of {}", instrument.index(), self.ranks.len());
        };
        *rank
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instruments_come_in_the_order_of_their_symbols_wherever_they_were_given() {
        let symbols = ["SOL", "BTC", "ETH", "ADA"].map(Symbol::from);
        let order = SymbolOrder::of(symbols.iter());
        let places: Vec<usize> = order.instruments().map(InstrumentId::index).collect();
        assert_eq!(places, [3, 1, 2, 0]);
        assert_eq!([0, 1, 2, 3].map(|place| order.rank(InstrumentId::new(place))), [3, 1, 2, 0]);
        let symbols = ["C", "A", "B"].map(Symbol::from);
        let order = SymbolOrder::of(symbols.iter());
        assert_eq!([0, 1, 2].map(|place| order.rank(InstrumentId::new(place))), [2, 0, 1]);
    }
}
