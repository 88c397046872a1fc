//! How exchanges are reached, where prices are kept, and what price files may take.

use std::collections::BTreeMap;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How exchanges are reached, where prices are kept, and what price files may take. Nothing here changes a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AccessConfig {
    /// Folder in which prices are kept; the user's data folder if there is none.
    #[schemars(extend("x-own-only" = "what is kept there is taken for the prices of exchanges"))]
    pub folder: Option<PathBuf>,
    /// Ask no exchange: only what is kept.
    pub offline: bool,
    /// The prices that this snapshot pins.
    pub snapshot: Option<String>,
    /// Exchanges that may answer for one that fails, in this order.
    pub fallback: Vec<String>,
    /// Take long histories from the exchange's public archive.
    pub archive: bool,
    /// Requests per second to each exchange; within each exchange's limit if not given.
    pub requests_per_second: Option<NonZeroU32>,
    /// How long to wait for one answer, in seconds.
    pub timeout_seconds: Option<NonZeroU32>,
    /// How often a request that failed is made again.
    pub retries: Option<u32>,
    /// Other addresses of exchanges, such as a proxy; Binance's archive is called binance-archive.
    #[schemars(extend("x-own-only" = "what comes from there is taken for the prices of the exchange"))]
    pub base_urls: BTreeMap<String, String>,
    /// Bytes that all price files of a run may unpack to; 256 for each byte that they weigh, from 512 MiB to 32 GiB, if there
    /// is none.
    pub file_bytes_max: Option<NonZeroU64>,
    /// Rows that all price files of a run may hold; 4 for each byte that they weigh, from 5 to 200 million, if there is none.
    pub file_rows_max: Option<NonZeroU64>,
}

impl Default for AccessConfig {
    fn default() -> Self {
        Self {
            folder: None,
            offline: false,
            snapshot: None,
            fallback: Vec::new(),
            archive: true,
            requests_per_second: None,
            timeout_seconds: None,
            retries: None,
            base_urls: BTreeMap::new(),
            file_bytes_max: None,
            file_rows_max: None,
        }
    }
}
