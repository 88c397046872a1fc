//! Bars from an exchange's public files of whole months and days, which are faster than asking for pages.
//!
//! Read the parts in this order: `binance_archive` answers the fetcher, `archive_file` says which file holds what,
//! `client` downloads with limits and retries, `checksum` proves that a file arrived whole, `unpack` opens it without
//! trusting it, `klines` reads its rows. Nothing is written to disk, and a file whose checksum is wrong is never read.

mod archive_file;
mod binance_archive;
mod checksum;
mod client;
mod klines;
mod settings;
#[cfg(test)]
mod tests;
mod unpack;

pub use archive_file::archive_symbol;
pub use binance_archive::BinanceArchive;
pub use settings::ArchiveSettings;
