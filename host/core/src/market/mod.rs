//! What is traded and at which prices: instruments, bars, and panels of aligned bars.
//!
//! Does no IO; what reads files or exchanges builds [`RawColumns`] and hands them to [`Bars::new`].

mod bars;
mod column;
mod finer_bars;
mod instrument;
mod instrument_id;
mod panel;
mod panel_error;
mod resample;
mod returns;
mod rows;
mod symbol;
mod symbol_order;

pub use bars::{Bars, BarsError, ClosedBar, Columns, RawColumns};
pub use column::{Column, Values};
pub use finer_bars::{FinerBars, FinerBarsError, TimedBar};
pub use instrument::Instrument;
pub use instrument_id::{InstrumentId, PerInstrument};
pub use panel::{Field, PRICE_MIN, Panel, Series};
pub use panel_error::PanelError;
pub use resample::{ResampleError, Resampled, resample};
pub(crate) use returns::{known_log_returns, log_returns, mean_and_variance};
pub use rows::Rows;
pub use symbol::Symbol;
