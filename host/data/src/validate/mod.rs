//! Checks on bars before anything is tested on them, and what can be put right.
//!
//! Read the parts in this order: `kind` names the defects, `subject` and `rows` are what is looked at, `validation` calls
//! the checks. `soundness` and `arrangement` judge rows as they stand; `table` brings them into order; `order`, `grid`,
//! `local_days`, `gaps`, `spikes`, `level_shift`, `runs`, `volume`, `swapped_volume`, `volume_is_price`, `copied_rows` and `last_bar` are one check each; `scale` and `median`
//! know what is usual, `marks` and `blocks` make them fast; `collector`, `finding` and `report` are the answer. `comparison`
//! sets two sources side by side, `repair` puts right what can be, `policy` decides what a caller gets.
//!
//! Nothing here reads a file or a clock; the same rows and settings give the same answer.

mod arrangement;
mod blocks;
mod collector;
mod comparison;
mod copied_rows;
mod finding;
mod gaps;
mod grid;
mod interval_of_rows;
mod kind;
mod last_bar;
mod level_shift;
mod local_days;
mod marks;
mod median;
mod order;
mod policy;
mod repair;
mod report;
mod rows;
mod runs;
mod scale;
mod settings;
mod soundness;
mod spikes;
mod subject;
mod swapped_volume;
mod table;
mod validation;
mod volume;
mod volume_is_price;

#[cfg(test)]
mod tests;

pub use comparison::{
    Comparison, ComparisonError, ComparisonSettings, Source, SourceCounts, compare,
};
pub use finding::{Finding, RowNumber};
pub use interval_of_rows::interval_of_rows;
pub use kind::{FindingKind, Severity};
pub(crate) use order::are_many_conflicts;
pub use policy::{Policy, RefusedData};
pub use repair::{
    Clipping, ConflictRule, GapsTooLong, OffGridRule, Repair, RepairAction, RepairSettings,
    Repaired, repair,
};
pub use report::{Count, Report};
pub use rows::{BarValues, Rows};
pub use settings::ValidationSettings;
pub use subject::Subject;
pub use validation::validate;
