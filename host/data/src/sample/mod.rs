//! Sample bars: a made-up market, the same bytes on every machine, so that everything can be tried without a download.
//!
//! `docs/sample-data.md` compares the default sample with real prices. Only integer operations and the operations
//! that IEEE 754 rounds exactly (`+ - * /` and the square root) are used: the last bit of `exp`, `ln` and `cos`
//! differs between platforms.

mod market;
mod random;
mod regime;
mod spec;

pub use spec::{SampleSpec, sample};
