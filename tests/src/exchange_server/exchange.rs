//! The exchanges that a server can be.

use ct_host::units::Interval;

use super::exchanges::{
    Binance, Bitfinex, Bitstamp, Bybit, Coinbase, GATE_NEWEST_MAX, Gate, KRAKEN_NEWEST_MAX, Kraken,
    Kucoin, Mexc, Okx,
};
use super::protocol::{Protocol, QuietBars};
use super::{History, Listing, Rules};

/// An exchange that a server can be. Only spot markets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Exchange {
    Binance,
    Bitfinex,
    Bitstamp,
    Bybit,
    Coinbase,
    Gate,
    Kraken,
    Kucoin,
    Mexc,
    Okx,
}

impl Exchange {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Binance,
        Self::Bitfinex,
        Self::Bitstamp,
        Self::Bybit,
        Self::Coinbase,
        Self::Gate,
        Self::Kraken,
        Self::Kucoin,
        Self::Mexc,
        Self::Okx,
    ];

    /// Its name among clients, such as `binance`.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::Bitfinex => "bitfinex",
            Self::Bitstamp => "bitstamp",
            Self::Bybit => "bybit",
            Self::Coinbase => "coinbase",
            Self::Gate => "gate",
            Self::Kraken => "kraken",
            Self::Kucoin => "kucoin",
            Self::Mexc => "mexc",
            Self::Okx => "okx",
        }
    }

    /// The intervals that it has.
    pub fn intervals(self) -> Vec<Interval> {
        self.protocol().intervals().iter().filter_map(|(name, _)| name.parse().ok()).collect()
    }

    /// The rules of `symbol` as far as its market endpoints tell them.
    pub fn rules(self, symbol: &str) -> Rules {
        self.protocol().published(Listing::of(symbol).rules)
    }

    /// What a client gets that asks for all of `history`, had it closed: Kraken and Bitstamp fill holes, Bitfinex and
    /// Coinbase leave out bars without trades.
    #[must_use]
    pub fn served(self, history: &History) -> History {
        match self.protocol().quiet_bars() {
            QuietBars::AsTheyAre => history.clone(),
            QuietBars::Filled => history.filled(),
            QuietBars::Absent => history.clone().traded(),
        }
    }

    /// How many of the newest closed bars can be had at all; `None`: all of them.
    pub fn newest_rows(self) -> Option<usize> {
        match self {
            Self::Kraken => Some(KRAKEN_NEWEST_MAX),
            Self::Gate => usize::try_from(GATE_NEWEST_MAX).ok(),
            _ => None,
        }
    }

    pub(super) const fn protocol(self) -> &'static dyn Protocol {
        match self {
            Self::Binance => &Binance,
            Self::Bitfinex => &Bitfinex,
            Self::Bitstamp => &Bitstamp,
            Self::Bybit => &Bybit,
            Self::Coinbase => &Coinbase,
            Self::Gate => &Gate,
            Self::Kraken => &Kraken,
            Self::Kucoin => &Kucoin,
            Self::Mexc => &Mexc,
            Self::Okx => &Okx,
        }
    }
}
