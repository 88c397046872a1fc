//! Hashes of kept prices, remembered beside them.

use crate::backtest::HashMemory;
use ct_data::SeriesKey;
use ct_data::store::Store;

/// The memory of one set of series: it is kept beside the first of them.
#[derive(Debug)]
pub(super) struct KeptHashes {
    store: Store,
    keys: Vec<SeriesKey>,
}

impl KeptHashes {
    pub(super) fn new(store: &Store, keys: Vec<SeriesKey>) -> Self {
        Self { store: store.clone(), keys }
    }
}

impl HashMemory for KeptHashes {
    fn recall(&self, question: &str) -> Option<String> {
        self.store.recall(self.keys.first()?, question)
    }

    fn remember(&self, question: &str, hash: &str) {
        if let Some(key) = self.keys.first() {
            self.store.remember(key, question, &hash);
        }
    }
}
