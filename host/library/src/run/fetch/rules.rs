//! What is known of how a symbol is traded.

use ct_core::market::Instrument;
use ct_core::units::Rate;

/// What an exchange tells of a symbol.
#[derive(Clone, Debug)]
pub(in crate::run) struct KnownRules {
    /// Its symbol, tick, lot and minima.
    pub(in crate::run) instrument: Instrument,
    /// Fee of an order that waited in the book, in the lowest tier.
    pub(in crate::run) maker_fee: Option<Rate>,
    /// Fee of an order that filled at once, likewise.
    pub(in crate::run) taker_fee: Option<Rate>,
}
