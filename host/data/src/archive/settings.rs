//! How an archive is asked.

use std::time::Duration;

/// Where an archive is, and how patiently it is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArchiveSettings {
    /// Scheme and host, such as `https://data.binance.vision`; a path may follow.
    pub base_url: String,
    /// How long to wait for a connection, and for each further part of an answer.
    pub timeout: Duration,
    /// How often a request that failed for a passing reason is sent again.
    pub retries: u32,
    /// The first delay before a request is sent again; each further one is twice as long, with some chance in it.
    pub retry_delay: Duration,
}

impl Default for ArchiveSettings {
    fn default() -> Self {
        Self {
            base_url: "https://data.binance.vision".to_owned(),
            timeout: Duration::from_secs(30),
            retries: 5,
            retry_delay: Duration::from_secs(1),
        }
    }
}
