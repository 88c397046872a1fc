//! A series that is wanted.

use ct_core::units::{Interval, Timestamp};
use ct_data::SeriesKey;
use ct_data::fetch::FetchEnd;

/// A series that is wanted, as the user calls it.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Its exchange, as ccxt calls it.
    pub exchange: String,
    /// Also `btcusdt` or `BTC-USDT`: the exchange's list of symbols decides.
    pub symbol: String,
    /// Length of its bars.
    pub interval: Interval,
    /// First time to fetch.
    pub from: Timestamp,
    /// First time not to fetch.
    pub to: FetchEnd,
}

impl Wanted {
    /// The series when its symbol is called `symbol`.
    pub(super) fn key(&self, symbol: &str) -> SeriesKey {
        SeriesKey {
            exchange: self.exchange.clone(),
            symbol: symbol.to_owned(),
            interval: self.interval,
        }
    }
}
