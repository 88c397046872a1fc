//! Hashes of kept prices, remembered beside them.

use crate::backtest::HashMemory;
use ct_data::SeriesKey;
use ct_data::store::Store;

/// The memory of a set of series.
#[derive(Debug)]
pub(super) struct KeptHashes {
    store: Store,
    /// The first of them, beside which it is kept.
    key: Option<SeriesKey>,
}

impl KeptHashes {
    pub(super) fn new(store: &Store, keys: Vec<SeriesKey>) -> Self {
        Self { store: store.clone(), key: keys.into_iter().next() }
    }
}

impl HashMemory for KeptHashes {
    fn recall(&self, question: &str) -> Option<String> {
        self.store.recall(self.key.as_ref()?, question)
    }

    fn remember(&self, question: &str, hash: &str) {
        if let Some(key) = &self.key {
            self.store.remember(key, question, &hash);
        }
    }
}
