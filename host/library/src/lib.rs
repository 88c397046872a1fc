//! An embeddable, WASM-sandboxed plugin host for trading strategies.
//!
//! The **host** owns data, costs, risk, execution and statistics. A **strategy** is a WebAssembly component that sees closed
//! bars and says what to hold; it has no files, clock, network or randomness, and cannot see a later bar.
//!
//! A configuration leads to a result with [`run`]:
//!
//! ```
//! use ct_host::config::{Layer, Resolver};
//! use ct_host::run::{Ports, Run, RunError};
//! use ct_host::units::Timestamp;
//!
//! # fn main() -> Result<(), RunError> {
//! let file = "strategy: { name: sma-crossover }\naccount: { cash: 500 }"; // or std::fs::read_to_string("ct-host.yaml")?
//! let effective = Resolver::new().layer(Layer::from_yaml(file, "ct-host.yaml")?).resolve()?;
//! let now: Timestamp = "2026-01-31".parse().map_err(RunError::input)?; // or a clock of your own
//!
//! let result = Run::new(effective, &Ports::silent(&now)).result()?;
//! assert!(result.faults.is_empty());
//! println!("{} after {} fills", result.final_equity, result.fills.len());
//! # Ok(())
//! # }
//! ```
//!
//! Bars in memory need no configuration, only a [`backtest`]:
//!
//! ```
//! use ct_host::backtest::{Backtest, Dataset, Origin, Settings};
//! use ct_host::market::{Bars, Instrument, RawColumns};
//! use ct_host::plugin::{Arguments, Runtime, RuntimeSettings, Value, built_in};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let time: Vec<i64> = (0..500).map(|hour| 1_704_067_200_000 + hour * 3_600_000).collect();
//! # let price: Vec<f64> = (0..500).map(|hour| 100.0 + f64::from(hour % 70)).collect();
//! # let (open, high, low, close, volume) = (price.clone(), price.clone(), price.clone(), price.clone(), price);
//! let bars = Bars::new("1h".parse()?, RawColumns { time, open, high, low, close, volume })?;
//! let data = Dataset::new(vec![(Instrument::unrestricted("BTC/USDT"), bars)], Origin::Market)?;
//! let runtime = Runtime::new(&RuntimeSettings::default())?;
//! let file = built_in("sma-crossover").ok_or("no such strategy")?;
//! let plugin = runtime.load(file.bytes)?; // or std::fs::read("my_strategy.wasm")?
//! let arguments = Arguments::new(plugin.descriptor(), &[("fast", Value::Integer(10))])?;
//!
//! let result = Backtest::new(&plugin, &data)
//!     .arguments(arguments)
//!     .settings(Settings::default())
//!     .run()?;
//! assert_eq!(result.data.rows, 500);
//! # Ok(())
//! # }
//! ```
//!
//! What is loaded once runs with as many sets of parameters as are wanted:
//!
//! ```
//! # use ct_host::config::Resolver;
//! use ct_host::plugin::{Arguments, Value};
//! use ct_host::run::{Ports, Run, RunError};
//!
//! # fn main() -> Result<(), RunError> {
//! # let now = ct_host::units::Timestamp::clamped(0);
//! # let effective = Resolver::new().resolve()?;
//! let prepared = Run::new(effective, &Ports::silent(&now)).prepare()?;
//! for fast in [5, 10, 20] {
//!     let given = [("fast", Value::Integer(fast))];
//!     let arguments = Arguments::new(prepared.plugin().descriptor(), &given).map_err(RunError::input)?;
//!     let result = prepared.backtest_with(arguments)?.run()?;
//!     println!("{fast}: {}", result.final_equity);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! The library prints nothing, never ends the process, reads no environment and no clock, and has no global state. The same
//! inputs give the same [`RunResult`](backtest::RunResult), to the byte, but for its timing.
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

pub use ct_core::{
    costs, engine, market, metrics, order, portfolio, printable, risk, settings, suggestion, units,
};
pub use ct_data as data;
pub use ct_plugin as plugin;
