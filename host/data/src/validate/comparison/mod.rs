//! Two sources of one series, side by side.
//!
//! `outcome` is the answer; `pairing` finds the bars that both have, `differences` looks at those, `comparing` puts it
//! together.

mod comparing;
mod differences;
mod outcome;
mod pairing;

pub use comparing::compare;
pub use outcome::{Comparison, ComparisonError, ComparisonSettings, Source, SourceCounts};
