//! Where bars come from: price files and generated sample data.
//!
//! Nothing here checks that bars are sound or fills gaps: it hands [`RawColumns`](crate::market::RawColumns) to
//! [`Bars::new`](crate::market::Bars::new). It uses no network, and the only files it opens are those it is given.

pub mod csv;
mod interval;
mod sample;

pub use interval::{InferIntervalError, infer_interval};
pub use sample::{SampleSpec, sample};
