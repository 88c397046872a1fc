//! How each exchange speaks: one file for one exchange.

mod binance;
mod bitfinex;
mod bitstamp;
mod bybit;
mod coinbase;
mod gate;
mod kraken;
mod kucoin;
mod mexc;
mod okx;

pub(super) use binance::Binance;
pub(super) use bitfinex::Bitfinex;
pub(super) use bitstamp::Bitstamp;
pub(super) use bybit::Bybit;
pub(super) use coinbase::Coinbase;
pub(super) use gate::{Gate, NEWEST_MAX as GATE_NEWEST_MAX};
pub(super) use kraken::{Kraken, NEWEST_MAX as KRAKEN_NEWEST_MAX};
pub(super) use kucoin::Kucoin;
pub(super) use mexc::Mexc;
pub(super) use okx::Okx;
