//! One row: the six values of a bar.

use super::cells::Cells;
use super::error::shown;
use super::layout::{Layout, Slot};
use super::{CsvProblem, Field, number};
use crate::market::RawColumns;

/// Reads `line` and adds its values to `columns`. After an error the columns may differ in length.
pub(super) fn read_row(
    line: &[u8],
    layout: &Layout,
    columns: &mut RawColumns,
) -> Result<(), CsvProblem> {
    let mut cells = Cells::new(line, layout.separator);
    for slot in &layout.slots {
        cells.skip(slot.skipped)?;
        let column = match slot.field {
            Field::Time => {
                columns.time.push(read_time(&mut cells, *slot, line, layout)?);
                continue;
            }
            Field::Open => &mut columns.open,
            Field::High => &mut columns.high,
            Field::Low => &mut columns.low,
            Field::Close => &mut columns.close,
            Field::Volume => &mut columns.volume,
        };
        column.push(match cells.next_decimal() {
            Some(value) => value,
            None => read_number(&mut cells, *slot, line, layout)?,
        });
    }
    let left = cells.count()?;
    let read = layout.slots.last().map_or(0, |slot| slot.cell + 1);
    if read + left == layout.cells { Ok(()) } else { Err(cell_count(line, layout)) }
}

fn read_time(
    cells: &mut Cells,
    slot: Slot,
    line: &[u8],
    layout: &Layout,
) -> Result<i64, CsvProblem> {
    let ahead = cells.clone();
    if let Some(time) = cells.next_integer().and_then(|number| layout.time.integer_ms(number)) {
        return Ok(time);
    }
    *cells = ahead;
    let text = cells.next_text()?.ok_or_else(|| cell_count(line, layout))?;
    layout.time.parse(text).map_err(|expected| cell(slot, text, expected))
}

/// Reads a number that the fast way does not: with sign, exponent, spaces, quotes or many digits.
#[cold]
fn read_number(
    cells: &mut Cells,
    slot: Slot,
    line: &[u8],
    layout: &Layout,
) -> Result<f64, CsvProblem> {
    let text = cells.next_text()?.ok_or_else(|| cell_count(line, layout))?;
    let Some(value) = number::parse(text) else {
        let expected = "a finite decimal number such as 1234.5; correct the value, or delete the row \
                        (missing bars are allowed)";
        return Err(cell(slot, text, expected.to_owned()));
    };
    if slot.field == Field::Volume && value < 0.0 {
        let expected = "a volume of 0 or more; correct the value, or delete the row";
        return Err(cell(slot, text, expected.to_owned()));
    }
    Ok(value)
}

fn cell(slot: Slot, text: &[u8], expected: String) -> CsvProblem {
    CsvProblem::Cell { field: slot.field, cell: slot.cell + 1, text: shown(text), expected }
}

/// The problem of a line with too many or too few cells.
fn cell_count(line: &[u8], layout: &Layout) -> CsvProblem {
    match Cells::new(line, layout.separator).count() {
        Ok(found) => CsvProblem::CellCount { found, expected: layout.cells, other: "first row" },
        Err(problem) => problem,
    }
}
