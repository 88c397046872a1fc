//! Quantities with a unit: exact fixed-point money, rates, UTC time and bar intervals.
//!
//! Knows nothing of markets or orders. `f64` enters and leaves through named conversions only.

mod calendar;
mod finite;
mod fixed;
mod interval;
mod rate;
mod schema;
mod timestamp;

pub use calendar::CalendarPeriod;
pub(crate) use finite::nan_when_null;
pub use finite::{finite, positive_zero};
pub use fixed::{Fixed, Money, Price, Quantity, Rounding, Unit, UnitsError, unit};
pub use interval::{Interval, IntervalError};
pub use rate::Rate;
pub(crate) use schema::ROWS_MAX;
pub use schema::{bps, positive};
pub use timestamp::{Timestamp, TimestampError};
