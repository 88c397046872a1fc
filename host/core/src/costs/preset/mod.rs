//! Published fees of exchanges, each with its source and date. An exchange's numbers are in the file of its name.

mod binance;
mod bitfinex;
mod bitstamp;
mod bybit;
mod coinbase;
mod fee_preset;
mod gate;
mod kraken;
mod kucoin;
mod mexc;
mod okx;
#[cfg(test)]
mod tests;

pub use fee_preset::{FeePreset, fee_presets};
