//! One row: the six values of a bar, and the volume in the quote asset where there is one.

use super::cells::Cells;
use super::layout::{Layout, Slot, Target, joined};
use crate::files::error::FileProblem;
use crate::files::field::Field;
use crate::files::name_column::NameColumn;
use crate::files::number;
use ct_core::market::RawColumns;

/// Rows as a file has them.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) columns: RawColumns,
    /// Empty unless the layout has a column for it.
    pub(super) quote_volume: Vec<f64>,
    /// What the rows are of: as many columns as the layout has for it.
    pub(super) names: Vec<NameColumn>,
}

/// Reads `line` and adds its values to `rows`. After an error the columns may differ in length.
pub(super) fn read_row(line: &[u8], layout: &Layout, rows: &mut Rows) -> Result<(), FileProblem> {
    let mut cells = Cells::new(line, layout.separator);
    let mut parts = TimeParts::default();
    for slot in &layout.slots {
        cells.skip(slot.skipped)?;
        let column = match slot.target {
            Target::TimeOfDay => {
                let text = cells.next_text()?.ok_or_else(|| cell_count(line, layout))?;
                parts.time_of_day = Some(text);
                continue;
            }
            Target::Column(Field::Time) if layout.has_time_of_day => {
                let text = cells.next_text()?.ok_or_else(|| cell_count(line, layout))?;
                parts.date = Some((*slot, text));
                continue;
            }
            Target::Column(Field::Time) => {
                rows.columns.time.push(read_time(&mut cells, *slot, line, layout)?);
                continue;
            }
            Target::Column(Field::Open) => &mut rows.columns.open,
            Target::Column(Field::High) => &mut rows.columns.high,
            Target::Column(Field::Low) => &mut rows.columns.low,
            Target::Column(Field::Close) => &mut rows.columns.close,
            Target::Column(Field::Volume) => &mut rows.columns.volume,
            Target::QuoteVolume => &mut rows.quote_volume,
            Target::Name(place) => {
                let name = cells.next_text()?.ok_or_else(|| cell_count(line, layout))?;
                if let Some(names) = rows.names.get_mut(place) {
                    names.push(name);
                }
                continue;
            }
        };
        column.push(match cells.next_decimal() {
            Some(value) => value,
            None => read_number(&mut cells, *slot, line, layout)?,
        });
    }
    if let Some((slot, date)) = parts.date {
        let text = joined(date, parts.time_of_day);
        let time = layout.time.parse(&text).map_err(|expected| slot.problem(&text, expected))?;
        rows.columns.time.push(time);
    }
    let left = cells.count()?;
    let read = layout.slots.last().map_or(0, |slot| slot.cell + 1);
    if read + left == layout.cells { Ok(()) } else { Err(cell_count(line, layout)) }
}

/// A time in two cells.
#[derive(Default)]
struct TimeParts<'a> {
    date: Option<(Slot, &'a [u8])>,
    time_of_day: Option<&'a [u8]>,
}

fn read_time(
    cells: &mut Cells,
    slot: Slot,
    line: &[u8],
    layout: &Layout,
) -> Result<i64, FileProblem> {
    let ahead = cells.clone();
    if let Some(time) = cells.next_integer().and_then(|number| layout.time.integer_ms(number)) {
        return Ok(time);
    }
    *cells = ahead;
    let text = cells.next_text()?.ok_or_else(|| cell_count(line, layout))?;
    layout.time.parse(text).map_err(|expected| slot.problem(text, expected))
}

/// Reads a number that the fast way does not: with sign, exponent, spaces, quotes or many digits.
#[cold]
fn read_number(
    cells: &mut Cells,
    slot: Slot,
    line: &[u8],
    layout: &Layout,
) -> Result<f64, FileProblem> {
    let text = cells.next_text()?.ok_or_else(|| cell_count(line, layout))?;
    number::parse_as_found(text).ok_or_else(|| {
        slot.problem(text, "a number such as 1234.5, or nothing where it is missing".to_owned())
    })
}

/// The problem of a line with too many or too few cells.
fn cell_count(line: &[u8], layout: &Layout) -> FileProblem {
    match Cells::new(line, layout.separator).count() {
        Ok(found) => FileProblem::CellCount { found, expected: layout.cells, other: "first row" },
        Err(problem) => problem,
    }
}
