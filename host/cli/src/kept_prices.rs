//! The prices that are kept, and what those of an exchange are kept as.

use ct_host::config::AccessConfig;
use ct_host::data::store::Store;
use ct_host::run::kept_as;

/// The prices that are kept, as a configuration reaches them.
#[derive(Debug)]
pub(super) struct KeptPrices {
    pub(super) store: Store,
    pub(super) access: AccessConfig,
}

impl KeptPrices {
    pub(super) const fn new(store: Store, access: AccessConfig) -> Self {
        Self { store, access }
    }

    /// What prices of `exchange` are kept as: its name, with the address if the configuration has it reached elsewhere.
    pub(super) fn name_of(&self, exchange: &str) -> String {
        kept_as(&self.access, exchange)
    }
}
