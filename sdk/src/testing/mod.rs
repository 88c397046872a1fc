//! Unit tests of strategies, natively and without a host.
//!
//! ```
//! use ct_sdk::prelude::*;
//! use ct_sdk::testing::{Bars, Harness, check_window_invariance};
//!
//! /// Long after a close above the last one.
//! #[ct_sdk::state]
//! struct Follow {
//!     last: f64,
//! }
//!
//! impl SignalStrategy for Follow {
//!     type Params = ();
//!     const READS: Columns = Columns::CLOSE;
//!
//!     fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
//!         Ok(Self { last: f64::INFINITY })
//!     }
//!
//!     fn warm_up_rows(&self) -> u32 {
//!         1
//!     }
//!
//!     fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
//!         let rose = bar.close() > self.last;
//!         self.last = bar.close();
//!         if rose { Signal::long() } else { Signal::flat() }
//!     }
//! }
//!
//! let harness = Harness::<Signals<Follow>>::new();
//! let run = harness.run(&Bars::from_closes(&[10.0, 11.0, 12.0, 9.0]));
//! assert_eq!(run.targets(), [(1, 1.0), (3, 0.0)]);
//!
//! check_window_invariance(&harness, &Bars::random_walk(500, 1));
//! ```

mod accounts;
mod bars;
mod capture;
mod csv;
mod csv_time;
mod cuts;
mod harness;
mod invariance;
mod run;
mod simulator;
mod suggestion;

pub use accounts::AccountState;
pub use bars::Bars;
pub use capture::{Captured, LogLine, PlotPoint, capture};
pub use harness::Harness;
pub use invariance::check_window_invariance;
pub use run::{Decided, Run};
pub use simulator::Fill;

pub(crate) use capture::{log, plot};

#[cfg(test)]
mod tests;
