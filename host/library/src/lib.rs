//! An embeddable, WASM-sandboxed plugin host for trading strategies.
//!
//! The **host** owns data, costs, risk, execution and statistics. A **strategy** is a WebAssembly component that sees closed
//! bars and says what to hold; it has no files, clock, network or randomness, and cannot see a later bar.
//!
//! ```
//! use ct_host::backtest::{Backtest, Dataset, Settings};
//! use ct_host::plugin::{Arguments, Runtime, RuntimeSettings, Value, built_in};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let runtime = Runtime::new(&RuntimeSettings::default())?;
//! let file = built_in("sma-crossover").ok_or("no such strategy")?;
//! let plugin = runtime.load(file.bytes)?; // or std::fs::read("my_strategy.wasm")?
//! let arguments = Arguments::new(plugin.descriptor(), &[("fast", Value::Integer(10))])?;
//! let data = Dataset::sample()?; // or Dataset::new(…) with bars of your own
//!
//! let result = Backtest::new(&plugin, &data)
//!     .arguments(arguments)
//!     .settings(Settings::default())
//!     .run()?;
//! assert!(result.faults.is_empty());
//! println!("{} after {} fills", result.final_equity, result.fills.len());
//! # Ok(())
//! # }
//! ```
//!
//! The library prints nothing, never ends the process and has no global state. The same inputs give the same
//! [`RunResult`](backtest::RunResult), to the byte, but for its timing.
//!
//! The layers below are crates of their own, for programs that need less: `ct-core` (units to metrics, without any input or
//! output), `ct-data` (prices) and `ct-plugin` (the sandbox). They stand here under their names.
//!
//! Modules, lowest layer first; each uses only those above it in this list:
//! [`units`], [`market`], [`order`], [`costs`], [`portfolio`], [`risk`], [`engine`], [`metrics`], [`data`], [`plugin`],
//! [`backtest`], [`report`], [`config`], [`run`].

pub mod backtest;
pub mod config;
pub mod report;
pub mod run;

pub use ct_core::{costs, engine, market, metrics, order, portfolio, risk, suggestion, units};
pub use ct_data as data;
pub use ct_plugin as plugin;
