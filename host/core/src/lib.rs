//! The pure core of [ct-host](https://docs.rs/ct-host): money, bars, orders, costs, risk, the engine and its statistics.
//!
//! Nothing here does input or output, reads a clock or the environment, starts a thread or knows WebAssembly: the crates for
//! that are not even dependencies. A [`Strategy`](engine::Strategy) trades a [`Panel`](market::Panel) of bars through the
//! [`Machine`](engine::Machine), and what comes out is a pure function of what went in.
//!
//! Modules, lowest layer first; each uses only those above it in this list:
//! [`units`], [`market`], [`order`], [`costs`], [`portfolio`], [`risk`], [`engine`], [`metrics`]. Beside them stand
//! [`suggestion`] and [`printable`], for words.

pub mod costs;
pub mod engine;
pub mod market;
pub mod metrics;
pub mod order;
pub mod portfolio;
pub mod printable;
pub mod risk;
pub mod settings;
pub mod suggestion;
pub mod units;
