//! Brings the rows into ascending order of time: reverses a descending file, drops repeated rows.

use std::fmt;

use super::RowLines;
use crate::files::error::{FileProblem, Located};
use crate::files::field::Field;
use crate::raw_columns::{values, values_mut};
use ct_core::market::RawColumns;
use ct_core::units::Timestamp;

/// Something that was put right and that the user should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Rows equal in every value to the row before were dropped.
    DuplicateRows {
        /// Number of rows dropped.
        count: usize,
        /// Line of the first row dropped, from 1.
        line_first: u64,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateRows { count, line_first } => {
                let rows = if *count == 1 { "row" } else { "rows" };
                write!(formatter, "{count} duplicate {rows} dropped, first at line {line_first}")
            }
        }
    }
}

/// Sorts out `columns`, and tells what was changed.
pub(super) fn put_in_order(
    columns: &mut RawColumns,
    lines: &RowLines,
) -> Result<Vec<Notice>, Located> {
    if columns.time.is_sorted_by(|earlier, later| earlier < later) {
        return Ok(Vec::new());
    }
    let direction = Direction::of(&columns.time);
    let repeated = repeated_rows(columns, direction, lines)?;
    let mut notices = Vec::new();
    if let Some(&first) = repeated.first() {
        drop_rows(columns, &repeated);
        notices
            .push(Notice::DuplicateRows { count: repeated.len(), line_first: lines.line(first) });
    }
    if direction == Direction::Descending {
        columns.time.reverse();
        for column in values_mut(columns) {
            column.reverse();
        }
    }
    Ok(notices)
}

/// The order of a file as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    fn of(times: &[i64]) -> Self {
        if times.last() < times.first() { Self::Descending } else { Self::Ascending }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Ascending => "oldest to newest",
            Self::Descending => "newest to oldest",
        }
    }
}

/// The rows that are equal to the row before; an error for rows out of order and for two versions of one bar.
fn repeated_rows(
    columns: &RawColumns,
    direction: Direction,
    lines: &RowLines,
) -> Result<Vec<usize>, Located> {
    let mut repeated = Vec::new();
    let times = &columns.time;
    for (row, (&before, &time)) in (1..).zip(times.iter().zip(times.iter().skip(1))) {
        let line_before = lines.line(row - 1);
        if time == before {
            if let Some((field, other, value)) = difference(columns, row) {
                let time = Timestamp::clamped(time);
                let problem = FileProblem::Conflict { time, field, value, other, line_before };
                return Err(problem.at(lines.line(row)));
            }
            repeated.push(row);
        } else if (time < before) != (direction == Direction::Descending) {
            let problem = FileProblem::Order {
                time: Timestamp::clamped(time),
                relation: if time < before { "earlier" } else { "later" },
                before: Timestamp::clamped(before),
                line_before,
                direction: direction.name(),
            };
            return Err(problem.at(lines.line(row)));
        }
    }
    Ok(repeated)
}

/// The first column in which `row` differs from the row before, with the values before and in the row.
fn difference(columns: &RawColumns, row: usize) -> Option<(Field, f64, f64)> {
    Field::VALUES.into_iter().zip(values(columns)).find_map(|(field, column)| {
        let (before, value) = (*column.get(row.checked_sub(1)?)?, *column.get(row)?);
        (before.to_bits() != value.to_bits()).then_some((field, before, value))
    })
}

/// Drops `rows`, which ascend, from every column.
fn drop_rows(columns: &mut RawColumns, rows: &[usize]) {
    retain_others(&mut columns.time, rows);
    for column in values_mut(columns) {
        retain_others(column, rows);
    }
}

fn retain_others<T>(values: &mut Vec<T>, dropped: &[usize]) {
    let mut dropped = dropped.iter().peekable();
    let mut row = 0;
    values.retain(|_| {
        let keep = dropped.next_if(|next| **next == row).is_none();
        row += 1;
        keep
    });
}
