//! A local HTTP server that speaks the public protocols of exchanges, for tests. No request leaves this machine.
//!
//! One server is one exchange with a clock of its own. It holds [`History`]s, which are the truth of a test, and answers
//! requests for bars and instruments as the exchange does: its paths, names, units, bounds, limits, orders, columns, types,
//! errors and headers. [`Behaviour`] says what goes wrong. Where the documentation of an exchange is silent, the server does
//! what loses more rows of a careless client.
//!
//! - the truth: [`Decimal`], [`Candle`], [`History`], [`Walk`], [`Listing`], [`Rules`]
//! - the protocols: [`Exchange`], one file each, and the archive of Binance
//! - the faults: [`Fault`], [`RowFault`], [`ValueFault`], [`AnswerFault`], [`DeliveryFault`]
//! - the plumbing: [`ExchangeServer`], [`Request`], [`RecordedRequest`]

mod answer;
mod archive;
mod book;
mod candle;
mod connection;
mod damage;
mod decimal;
mod delivery;
mod exchange;
mod exchanges;
mod fault;
mod history;
mod listing;
mod protocol;
mod reply;
mod request;
mod schedule;
mod server;
#[cfg(test)]
mod tests;
mod walk;

pub use candle::Candle;
pub use decimal::Decimal;
pub use exchange::Exchange;
pub use fault::{AnswerFault, Behaviour, DeliveryFault, Fault, Misbehaviour, RowFault, ValueFault};
pub use history::History;
pub use listing::{Listing, Rules};
pub use protocol::Endpoint;
pub use request::{RecordedRequest, Request};
pub use server::ExchangeServer;
pub use walk::Walk;
