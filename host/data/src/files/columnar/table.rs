//! The rows of a file, gathered from batches.

use arrow_array::{Array, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};

use super::decoded::damaged;
use super::names::{self as name_types, append_names};
use super::numbers::{self, append_numbers};
use super::times::{self, ColumnFault, TimeColumn};
use crate::FileBudget;
use crate::files::columns::{Name, positions};
use crate::files::error::{FileProblem, ValuePlace, short};
use crate::files::file_format::FileFormat;
use crate::files::instruments::SeriesColumn;
use crate::files::label::Label;
use crate::files::name_column::NameColumn;
use crate::files::options::ReadOptions;
use crate::files::telling::Telling;
use crate::raw_columns::values_mut;
use ct_core::market::RawColumns;

/// The rows read so far.
#[derive(Debug)]
pub(super) struct Table<'a> {
    budget: &'a FileBudget,
    format: FileFormat,
    /// Position in the file and name of each column, in the order of a bar.
    columns: Vec<(usize, String)>,
    times: TimeColumn,
    rows: RawColumns,
    /// Columns that say what a row is of, with their positions in the file.
    names: Vec<(usize, SeriesColumn)>,
    has_dictionary: bool,
}

/// What was read of a file.
#[derive(Debug)]
pub(in crate::files) struct TableRows {
    pub(in crate::files) columns: RawColumns,
    /// What the rows are of, as the file says.
    pub(in crate::files) names: Vec<SeriesColumn>,
    pub(in crate::files) label: Label,
}

impl<'a> Table<'a> {
    /// No rows yet of a file with the columns of `schema`.
    ///
    /// # Errors
    /// Columns that are not there, or that hold no times or numbers.
    pub(super) fn new(
        format: FileFormat,
        schema: &Schema,
        options: &ReadOptions,
        budget: &'a FileBudget,
    ) -> Result<Self, FileProblem> {
        let names: Vec<Name> =
            schema.fields().iter().map(|field| Name::new(field.name().clone())).collect();
        let shown = |position: &usize| names.get(*position).map(Name::shown).unwrap_or_default();
        let columns: Vec<(usize, String)> = positions(&names, "", options)?
            .iter()
            .map(|position| (*position, shown(position)))
            .collect();
        let type_of = |position: usize| schema.field(position).data_type();
        let unlike = |(position, name): &(usize, String), expected| FileProblem::ColumnType {
            column: name.clone(),
            found: short(type_of(*position)),
            expected,
        };
        let Some((time, values)) = columns.split_first() else {
            unreachable!("every file has the time")
        };
        let times = TimeColumn::of(type_of(time.0), options.time_zone.clone());
        let times = times.ok_or_else(|| {
            let is_text = times::is_text_or_time_of_day(type_of(time.0));
            unlike(time, if is_text { times::EXPECTED_NOT_TEXT } else { times::EXPECTED_TYPES })
        })?;
        if options.time_zone.is_some() && !times.is_local() {
            return Err(FileProblem::NotLocal);
        }
        if let Some(other) = values.iter().find(|column| !numbers::is_number(type_of(column.0))) {
            return Err(unlike(other, numbers::EXPECTED_TYPES));
        }
        let column = |(position, name): (usize, &Name)| {
            let data_type = type_of(position);
            let is_other = columns.iter().all(|(taken, _)| *taken != position);
            let telling = Telling::of(name, name_types::is_text(data_type))?;
            let values = NameColumn::default();
            let column = SeriesColumn { name: name.written.clone(), telling, values };
            (is_other && name_types::is_name(data_type)).then_some((position, column))
        };
        let names: Vec<(usize, SeriesColumn)> =
            names.iter().enumerate().filter_map(column).collect();
        let has_dictionary = names
            .iter()
            .any(|(position, _)| matches!(type_of(*position), DataType::Dictionary(..)));
        let rows = RawColumns::default();
        Ok(Self { budget, format, columns, times, rows, names, has_dictionary })
    }

    /// Positions of the columns that batches must have, ascending.
    pub(super) fn projection(&self) -> Vec<usize> {
        let values = self.columns.iter().map(|(position, _)| *position);
        let names = self.names.iter().map(|(position, _)| *position);
        let mut positions: Vec<usize> = values.chain(names).collect();
        positions.sort_unstable();
        positions
    }

    /// Whether a column to be read keeps its values apart from its rows.
    pub(super) const fn needs_dictionaries(&self) -> bool {
        self.has_dictionary
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
        let projection = self.projection();
        let Some(((time, time_name), others)) = self.columns.split_first() else {
            unreachable!("every file has the time")
        };
        // Batches have the columns that were asked for alone.
        let array = |position: &usize| {
            let place = projection.partition_point(|other| other < position);
            let array = batch.columns().get(place);
            array.ok_or_else(|| damaged(self.format, &"a batch lacks columns"))
        };
        let located = |fault, name: &str| located(fault, self.format, name, rows_before);
        let times = array(time)?;
        check_nulls(times, time_name, rows_before)?;
        let read = self.times.append(times, &mut self.rows.time);
        read.map_err(|fault| located(fault, time_name))?;
        for (column, (position, name)) in values_mut(&mut self.rows).into_iter().zip(others) {
            let read = append_numbers(array(position)?, column);
            read.map_err(|error| located(ColumnFault::Type(error), name))?;
        }
        for (position, column) in &mut self.names {
            append_names(self.format, array(position)?, &mut column.values)?;
        }
        Ok(())
    }

    /// All rows of a file that says `label` of itself.
    pub(super) fn into_rows(self, label: Label) -> TableRows {
        let names = self.names.into_iter().map(|(_, column)| column).collect();
        TableRows { columns: self.rows, names, label }
    }
}

fn check_nulls(array: &ArrayRef, name: &str, rows_before: usize) -> Result<(), FileProblem> {
    if array.null_count() == 0 {
        return Ok(());
    }
    match (0..array.len()).find(|row| array.is_null(*row)) {
        None => Ok(()),
        Some(row) => Err(value(
            name,
            rows_before + row,
            "no value",
            "a time in every row: fill it in, or delete the row (missing bars are allowed)",
        )),
    }
}

fn located(fault: ColumnFault, format: FileFormat, name: &str, rows_before: usize) -> FileProblem {
    match fault {
        ColumnFault::Type(error) => damaged(format, &format!("column {name}: {error}")),
        ColumnFault::Value { row, found, expected } => {
            value(name, rows_before + row, &found.to_string(), &expected)
        }
    }
}

fn value(name: &str, row: usize, found: &str, expected: &str) -> FileProblem {
    FileProblem::Value {
        place: ValuePlace::Row { column: name.to_owned(), row: row as u64 },
        found: found.to_owned(),
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{Float64Array, Int64Array};
    use arrow_schema::Field;

    use super::*;

    #[test]
    fn times_that_are_text_or_of_day_are_refused_with_what_to_do() {
        for data_type in [
            DataType::Utf8,
            DataType::LargeUtf8,
            DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
            DataType::Time64(arrow_schema::TimeUnit::Microsecond),
        ] {
            let number = |name: &str| Field::new(name, DataType::Float64, false);
            let mut fields = vec![
                Field::new("date", DataType::Date32, false),
                Field::new("time", data_type, false),
            ];
            fields.extend(["open", "high", "low", "close", "volume"].map(number));
            let schema = Schema::new(fields);
            let budget = FileBudget::default();
            let error = Table::new(FileFormat::Parquet, &schema, &ReadOptions::default(), &budget)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with("column 'time' has values of the type "), "{error}");
            assert!(
                error.ends_with("or save the table as CSV, which is read with either"),
                "{error}"
            );
        }
    }

    #[test]
    fn columns_are_taken_by_name_wherever_they_stand() {
        let names = ["x", "vol", "y", "close", "low", "high", "open", "t", "time"];
        let fields = names.map(|name| match name {
            "t" | "time" => Field::new(name, DataType::Int64, false),
            _ => Field::new(name, DataType::Float64, false),
        });
        let schema = Schema::new(fields.to_vec());
        let budget = FileBudget::default();
        let mut table =
            Table::new(FileFormat::Parquet, &schema, &ReadOptions::default(), &budget).unwrap();
        assert_eq!(table.projection(), [1, 3, 4, 5, 6, 8]);
        let values = |value: f64| Arc::new(Float64Array::from(vec![value])) as ArrayRef;
        let time: ArrayRef = Arc::new(Int64Array::from(vec![1_704_067_200]));
        let read = [values(5.0), values(4.0), values(3.0), values(2.0), values(1.0), time];
        let schema = Arc::new(schema.project(&table.projection()).unwrap());
        table.append(&RecordBatch::try_new(schema, read.to_vec()).unwrap()).unwrap();
        let rows = table.into_rows(Label::default()).columns;
        assert_eq!(rows.time, [1_704_067_200_000]);
        let RawColumns { time: _, open, high, low, close, volume } = rows;
        assert_eq!([open, high, low, close, volume].concat(), [1.0, 2.0, 3.0, 4.0, 5.0]);
    }
}
