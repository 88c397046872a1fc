//! A [`RunResult`](crate::backtest::RunResult) for people and for other programs: text, Markdown, JSON and CSV.
//!
//! [`Document`] writes every number once; [`text()`] and [`markdown()`] only lay it out. Nothing here computes a
//! statistic or prints.
//!
//! ```
//! use ct_host::backtest::RunResult;
//! use ct_host::report::{Document, Styling, markdown, text};
//!
//! fn show(result: &RunResult) -> (String, String) {
//!     let document = Document::of_result(result);
//!     (text(&document, Styling::Plain), markdown(&document))
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
mod json;
mod markdown;
mod measure;
mod number;
mod text;
mod wording;

pub(crate) use census::RESULT_BYTES_MAX;
pub use claim::CLAIM;
pub use csv::CsvTable;
pub use document::{Align, Block, Column, Document, Fact, Note, Role, Section, Table, Tone};
pub use json::{ReadResultError, read_json, write_json};
pub use markdown::markdown;
pub use number::UNDEFINED;
pub use text::{Styling, text};
