//! How exchanges are talked to.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::time::Duration;

/// How exchanges are talked to. The defaults suit a home connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeSettings {
    /// Where requests go instead, by exchange: scheme and host, such as `http://127.0.0.1:8080`, and a path if need be.
    pub base_urls: BTreeMap<String, String>,
    /// Requests per second to each exchange; `None`: what each of them is known to grant.
    pub requests_per_second: Option<NonZeroU32>,
    /// How long one request may take, its answer included.
    pub timeout: Duration,
    /// How many times a request that failed is made again.
    pub retries: u32,
    /// The first delay before a request is made again; each further one is twice as long, with some chance in it.
    pub retry_delay: Duration,
    /// The longest that an exchange may make us wait; more than that is an error.
    pub wait_max: Duration,
    /// The data folder, where the rules of symbols are kept; `None`: nowhere.
    pub data_folder: Option<PathBuf>,
}

impl Default for ExchangeSettings {
    fn default() -> Self {
        Self {
            base_urls: BTreeMap::new(),
            requests_per_second: None,
            timeout: Duration::from_secs(30),
            retries: 6,
            retry_delay: Duration::from_millis(500),
            wait_max: Duration::from_mins(5),
            data_folder: None,
        }
    }
}
