//! Exchanges of [ccxt](https://docs.rs/ccxt), each behind one trait that does not depend on which one it is.
//!
//! A crate of its own because ccxt's methods are generic over the exchange: what calls them compiles them anew for each.
//! Here that is done once, and quickly: they wait for the network. ccxt reports some errors by a panic that it catches
//! itself; keeping those off the terminal is left to the caller.

mod dialect;
mod exchanges;

pub use dialect::{Dialect, ReportedAnswer};
pub use exchanges::{EXCHANGES, Entry};

pub use ccxt_base::exchange::Exchange;
pub use ccxt_base::runtime::{DECIMAL_PLACES, TICK_SIZE};
pub use ccxt_base::{ExchangeError, Value};
