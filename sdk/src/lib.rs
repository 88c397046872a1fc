//! Write trading strategies for ct-host in plain Rust.
//!
//! A strategy looks at closed bars and says what to hold. It cannot see a later bar, a clock, a
//! file or the network, so the same strategy gives the same decisions in a backtest and in live
//! trading.
//!
//! # A strategy
//!
//! ```
//! use ct_sdk::prelude::*;
//!
//! /// The parameters: doc comments become their help.
//! #[derive(Params)]
//! pub struct Settings {
//!     /// Length of the fast average, in bars.
//!     #[param(default = 20, min = 1, max = 1000)]
//!     fast: u32,
//!     /// Length of the slow average, in bars.
//!     #[param(default = 50, min = 2, max = 5000)]
//!     slow: u32,
//! }
//!
//! /// The state: the attribute makes it survive a restart and a hot swap.
//! #[ct_sdk::state]
//! pub struct Crossover {
//!     fast: Sma,
//!     slow: Sma,
//! }
//!
//! impl SignalStrategy for Crossover {
//!     type Params = Settings;
//!     const READS: Columns = Columns::CLOSE;
//!
//!     fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
//!         let Settings { fast, slow } = *settings;
//!         if fast >= slow {
//!             return Err(format!("fast ({fast}) must be shorter than slow ({slow})"));
//!         }
//!         Ok(Self { fast: Sma::new(fast)?, slow: Sma::new(slow)? })
//!     }
//!
//!     fn warm_up_rows(&self) -> u32 {
//!         self.slow.warm_up_rows()
//!     }
//!
//!     fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
//!         let (fast, slow) = (self.fast.update(bar.close()), self.slow.update(bar.close()));
//!         match fast.zip(slow) {
//!             Some((fast, slow)) if fast > slow => Signal::long(),
//!             _ => Signal::flat(),
//!         }
//!     }
//! }
//!
//! ct_sdk::export!(Signals<Crossover>);
//!
//! // Tested natively, without WebAssembly:
//! use ct_sdk::testing::{Bars, Harness};
//!
//! let harness = Harness::<Signals<Crossover>>::new().param("fast", 1).param("slow", 2);
//! let run = harness.run(&Bars::from_closes(&[10.0, 11.0, 12.0, 11.0]));
//! assert_eq!(run.targets(), [(1, 1.0), (3, 0.0)]);
//! ```
//!
//! `on_bar` is called once per closed bar. The SDK sends a decision to the host when the
//! [`Signal`] changes; it is carried out from the open of the next bar on.
//!
//! # The three kinds
//!
//! | implement | export | to look at |
//! |---|---|---|
//! | [`SignalStrategy`] | [`Signals`] | the bars of one instrument |
//! | [`AccountStrategy`] | [`WithAccount`] | the bars of one instrument and the account |
//! | [`PortfolioStrategy`] | [`Portfolio`] | all instruments at one time, the account on request |
//!
//! # The parts
//!
//! * [`Signal`]: what to hold, with stop, take-profit and limit.
//! * [`Bar`], [`Row`], [`Context`]: what a strategy sees. [`Columns`]: what it asks for.
//! * [`Params`], [`Choice`]: parameters from plain types.
//! * [`indicators`]: one cheap update per bar. [`Aggregator`]: higher intervals.
//! * [`log`], [`Bar::plot`], [`Row::plot`]: lines and points for the operator.
//! * [`testing`]: unit tests without WebAssembly.
//! * [`guest`]: how the host drives a strategy; not for authors.
//!
//! # Building a plugin
//!
//! ```toml
//! [package]
//! name = "crossover"          # what users call the plugin
//! version = "0.1.0"
//! edition = "2024"
//! description = "Long while the fast average is above the slow one"
//!
//! [lib]
//! crate-type = ["cdylib", "lib"]
//!
//! [dependencies]
//! ct-sdk = "0.1"
//! ```
//!
//! Build it with `cargo build --release --target wasm32-unknown-unknown`; the host takes the
//! resulting `.wasm` file as it is.
//!
//! # Rules that keep a strategy honest
//!
//! * Keep all state in the struct with [`#[ct_sdk::state]`](macro@state), never in a `static`: only
//!   the struct survives a restart. [`testing::check_window_invariance`] finds what does not.
//! * Check parameters against each other in `new`, and name both values in the message.
//! * Ask only for the [`Columns`] that are used: the others cost time.

extern crate self as ct_sdk;

mod account;
mod aggregator;
mod bar;
mod candle;
mod columns;
mod context;
mod decision;
mod diagnostics;
mod driver;
mod edge;
mod export;
pub mod guest;
pub mod indicators;
mod interval;
pub mod log;
pub mod params;
mod row;
mod setup;
mod signal;
mod snapshot;
mod strategy;
mod tag;
mod targets;
mod window;

#[cfg(target_arch = "wasm32")]
mod component;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

pub use account::{Account, Position};
pub use aggregator::{Aggregator, InvalidAggregation};
pub use bar::Bar;
pub use candle::Candle;
pub use columns::Columns;
pub use context::Context;
pub use ct_sdk_derive::{Choice, Params, state};
pub use decision::{Decision, LimitOrder, Progress};
pub use diagnostics::Level;
pub use driver::{Portfolio, Signals, WithAccount};
pub use interval::{Interval, InvalidInterval};
pub use params::{Argument, ArgumentError, Choice, Parameter, ParameterKind, Params, Value};
pub use row::Row;
pub use setup::{Config, Setup};
pub use signal::Signal;
pub use strategy::{AccountStrategy, PortfolioStrategy, SignalStrategy, State};
pub use targets::Targets;
pub use window::Window;

pub mod prelude {
    //! Everything a strategy usually needs, in one `use`.
    pub use crate::indicators::*;
    pub use crate::{
        AccountStrategy, Aggregator, Bar, Candle, Choice, Columns, Context, Interval, Params,
        Portfolio, PortfolioStrategy, Row, Setup, Signal, SignalStrategy, Signals, Targets,
        WithAccount, log,
    };
}

#[doc(hidden)]
pub mod expansion {
    //! What the expansions of this crate's macros name.
    #[cfg(target_arch = "wasm32")]
    pub use crate::component::{Component, Exported, bindings};
    pub use crate::params::derived;
    pub use serde;

    /// Requires on every target what a component requires of its strategy.
    pub const fn check_exported<S: crate::guest::Guest + 'static>() {}
}
