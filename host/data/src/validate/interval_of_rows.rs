//! The interval of rows in any order.

use super::rows::Rows;
use crate::{InferIntervalError, infer_interval};
use ct_core::units::Interval;

/// The interval that the times of `rows` show, as [`infer_interval`] tells it, whatever their order and however often each
/// time is there.
///
/// # Errors
/// [`InferIntervalError`] for fewer than two times, or for times on no common grid.
pub fn interval_of_rows<'a>(rows: impl Into<Rows<'a>>) -> Result<Interval, InferIntervalError> {
    let mut times = rows.into().time.to_vec();
    times.sort_unstable();
    times.dedup();
    infer_interval(&times)
}
