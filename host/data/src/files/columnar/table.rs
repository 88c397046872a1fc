//! The rows of a file, gathered from batches.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Schema};

use super::columns::BarColumns;
use super::decoded::damaged;
use super::numbers::{self, append_numbers};
use super::times::{self, TimeColumn, TimeFault};
use crate::FileBudget;
use crate::files::error::{FileProblem, short};
use crate::files::file_format::FileFormat;
use ct_core::market::RawColumns;

/// The rows read so far.
#[derive(Debug)]
pub(super) struct Table<'a> {
    budget: &'a FileBudget,
    format: FileFormat,
    columns: BarColumns,
    times: TimeColumn,
    rows: RawColumns,
}

impl<'a> Table<'a> {
    /// No rows yet of a file with the columns of `schema`.
    ///
    /// # Errors
    /// Columns that are not there, or that hold no times or numbers.
    pub(super) fn new(
        format: FileFormat,
        schema: &Schema,
        budget: &'a FileBudget,
    ) -> Result<Self, FileProblem> {
        let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
        let columns = BarColumns::among(&names)?;
        let mut times = None;
        for (place, (position, name)) in columns.positions().enumerate() {
            let data_type = schema.field(position).data_type();
            let (is_read, expected) = if place == 0 {
                times = TimeColumn::of(data_type);
                (times.is_some(), times::EXPECTED_TYPES)
            } else {
                (numbers::is_number(data_type), numbers::EXPECTED_TYPES)
            };
            if !is_read {
                let (column, found) = (name.to_owned(), short(data_type));
                return Err(FileProblem::ColumnType { column, found, expected });
            }
        }
        let missing = || FileProblem::Damaged { format, fault: "it has no columns".to_owned() };
        let times = times.ok_or_else(missing)?;
        Ok(Self { budget, format, times, columns, rows: RawColumns::default() })
    }

    /// Positions of the columns that batches must have, ascending.
    pub(super) fn projection(&self) -> Vec<usize> {
        self.columns.projection()
    }

    /// Number of rows so far.
    pub(super) fn len(&self) -> usize {
        self.rows.time.len()
    }

    /// Adds the rows of `batch`, which has the columns of the projection and no others.
    ///
    /// # Errors
    /// The first value that is missing or no time, with its row; more rows than are read.
    pub(super) fn append(&mut self, batch: &RecordBatch) -> Result<(), FileProblem> {
        let rows_before = self.len();
        self.budget.take_rows(batch.num_rows() as u64)?;
        let values = [
            &mut self.rows.open,
            &mut self.rows.high,
            &mut self.rows.low,
            &mut self.rows.close,
            &mut self.rows.volume,
        ];
        let mut values = values.into_iter();
        for (column, (place, name)) in self.columns.places().enumerate() {
            let array = batch.columns().get(place);
            let array = array.ok_or_else(|| damaged(self.format, &"a batch lacks columns"))?;
            check_nulls(array, name, rows_before)?;
            let read = if column == 0 {
                self.times.append(array, &mut self.rows.time)
            } else {
                values
                    .next()
                    .map_or(Ok(()), |into| append_numbers(array, into))
                    .map_err(TimeFault::Type)
            };
            read.map_err(|fault| located(fault, self.format, name, rows_before))?;
        }
        Ok(())
    }

    /// All rows.
    pub(super) fn into_rows(self) -> RawColumns {
        self.rows
    }
}

fn check_nulls(array: &ArrayRef, name: &str, rows_before: usize) -> Result<(), FileProblem> {
    if array.null_count() == 0 {
        return Ok(());
    }
    match (0..array.len()).find(|row| array.is_null(*row)) {
        None => Ok(()),
        Some(row) => Err(FileProblem::Value {
            column: name.to_owned(),
            row: (rows_before + row) as u64,
            found: "no value".to_owned(),
            expected:
                "a value in every row: fill it in, or delete the row (missing bars are allowed)"
                    .to_owned(),
        }),
    }
}

fn located(fault: TimeFault, format: FileFormat, name: &str, rows_before: usize) -> FileProblem {
    match fault {
        TimeFault::Type(error) => damaged(format, &named(&error, name)),
        TimeFault::Value { row, found, expected } => FileProblem::Value {
            column: name.to_owned(),
            row: (rows_before + row) as u64,
            found: found.to_string(),
            expected: expected.to_owned(),
        },
    }
}

fn named(error: &ArrowError, name: &str) -> String {
    format!("column '{name}': {error}")
}
