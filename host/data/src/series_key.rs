//! Which series of bars.

use std::fmt;

use serde::{Deserialize, Serialize};

use ct_core::units::Interval;

/// One exchange's bars of one symbol and one interval. Written as `binance BTC/USDT 1h`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct SeriesKey {
    /// The exchange as ccxt calls it, such as `binance`; with the address if another one gave the prices, as
    /// [`origin`](crate::origin) says; for imported files whatever the user calls their source.
    pub exchange: String,
    /// Base and quote asset, such as `BTC/USDT`; with the settlement asset for a contract, such as `BTC/USDT:USDT`.
    pub symbol: String,
    /// Length of a bar.
    pub interval: Interval,
}

impl fmt::Display for SeriesKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {} {}", self.exchange, self.symbol, self.interval)
    }
}
