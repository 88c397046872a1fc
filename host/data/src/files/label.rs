//! What a file says about the series in it.

use ct_core::units::Interval;

/// What is known about the series in a file; nothing of it is sure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The exchange as ccxt calls it, such as `binance`.
    pub exchange: Option<String>,
    /// Base and quote asset, such as `BTC/USDT`.
    pub symbol: Option<String>,
    /// Length of a bar.
    pub interval: Option<Interval>,
    /// The hash of the bars in the data folder they came from.
    pub data_version: Option<String>,
}

impl Label {
    /// This label, and what only `other` knows.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            exchange: self.exchange.or(other.exchange),
            symbol: self.symbol.or(other.symbol),
            interval: self.interval.or(other.interval),
            data_version: self.data_version.or(other.data_version),
        }
    }
}
