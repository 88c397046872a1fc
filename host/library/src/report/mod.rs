//! A [`RunResult`](crate::backtest::RunResult) for people and for other programs: text, Markdown, JSON and CSV.
//!
//! [`Document`] writes every number once; [`text()`] and [`markdown()`] only lay it out. Nothing here computes a
//! statistic or prints.
//!
//! ```
//! use ct_host::backtest::RunResult;
//! use ct_host::report::{Document, Layout, markdown, text};
//!
//! fn show(result: &RunResult) -> (String, String) {
//!     let document = Document::of_result(result);
//!     (text(&document, Layout::default()), markdown(&document))
//! }
//! ```

mod census;
mod chart;
mod claim;
#[cfg_attr(
    not(test),
    warn(clippy::arithmetic_side_effects, reason = "a count in a file of others may be anything")
)]
mod content;
mod csv;
mod document;
#[cfg(test)]
pub(crate) mod example;
mod grid;
mod json;
mod layout;
mod markdown;
mod measure;
mod number;
mod part;
mod tags;
mod text;
mod wording;
mod wrap;

pub(crate) use census::RESULT_BYTES_MAX;
pub use claim::CLAIM;
pub use csv::CsvTable;
pub use document::{Align, Block, Chart, Column, Document, Fact, Note, Role, Section, Table, Tone};
pub use json::{ReadResultError, read_json, write_json};
pub use layout::{Characters, Layout, Styling};
pub use markdown::markdown;
pub use number::UNDEFINED;
pub use part::{DecisionFilter, Part, Parts, Selection};
pub use text::text;
pub use wrap::wrapped;
