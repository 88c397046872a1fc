//! What a file looks like: separator, position of each column, number of cells, way of writing the time.

use super::cells::Cells;
use super::preamble::Preamble;
use super::time::TimeFormat;
use crate::files::columns::{self, Name};
use crate::files::error::{FileProblem, Located, ValuePlace, shown};
use crate::files::field::Field;
use crate::files::instruments::{may_be_name, names_series};
use crate::files::{number, unix_time, volume};

/// How to read each row of a file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) separator: u8,
    /// The columns in the order in which a row has them.
    pub(super) slots: Vec<Slot>,
    /// Number of cells of each row.
    pub(super) cells: usize,
    pub(super) time: TimeFormat,
    /// The columns that say what a row is of.
    pub(super) names: Vec<String>,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// One of the six columns of a bar.
    Column(Field),
    /// The volume in the quote asset.
    QuoteVolume,
    /// What the row is of: the place of the column among those that say so.
    Name(usize),
}

/// Where a row has a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) target: Target,
    /// Position of the cell, from 0.
    pub(super) cell: usize,
    /// Number of cells between this and the slot before it.
    pub(super) skipped: usize,
}

impl Slot {
    /// The problem of the `text` in a row's cell.
    #[cold]
    pub(super) fn problem(self, text: &[u8], expected: String) -> FileProblem {
        // Messages know one volume: the number of the cell tells which.
        let field = match self.target {
            Target::Column(field) => field,
            Target::QuoteVolume | Target::Name(_) => Field::Volume,
        };
        let found = match text {
            [] => "an empty cell".to_owned(),
            text => shown(&String::from_utf8_lossy(text)),
        };
        FileProblem::Value {
            place: ValuePlace::Cell { field, cell: self.cell + 1 },
            found,
            expected,
        }
    }

    /// How the first row, which has these cells, writes the time.
    fn time_format(self, cells: &[&[u8]]) -> Result<TimeFormat, FileProblem> {
        let text = cells.get(self.cell).copied().unwrap_or_default();
        let expected =
            || format!("{}, or an ISO time such as 2024-01-31 23:00:00", unix_time::EXPECTED);
        TimeFormat::of(text).ok_or_else(|| self.problem(text, expected()))
    }
}

/// The layout of a file and where its rows start.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) layout: Layout,
    /// Bytes before the first row.
    pub(super) bytes: usize,
    /// Line of the first row, from 1.
    pub(super) line: u64,
}

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// The form of a file's rows, but for what its first row tells.
struct Form {
    separator: u8,
    /// The cells that are read, with their positions.
    targets: Vec<(usize, Target)>,
    /// The columns that may say what a row is of, with their positions.
    names: Vec<(usize, String)>,
}

impl Start {
    /// Finds the layout from the start of a file's text, which must hold the first row.
    pub(super) fn of(text: &[u8]) -> Result<Self, Located> {
        let mut lines = Preamble::new(text)?;
        let Some(first) = lines.next()? else { return Err(FileProblem::Empty.into()) };
        let separator = separator_of(first.text).ok_or_else(|| {
            FileProblem::Separator(shown(&String::from_utf8_lossy(first.text))).at(first.number)
        })?;
        let cells = texts(first.text, separator).map_err(|problem| problem.at(first.number))?;
        if cells.first().is_some_and(|cell| is_value(cell)) {
            let layout = without_header(&cells, separator);
            return Ok(Self {
                layout: layout.map_err(|problem| problem.at(first.number))?,
                bytes: first.start,
                line: first.number,
            });
        }
        let Some(row) = lines.next()? else { return Err(FileProblem::NoRows.at(first.number)) };
        let form = header_form(&cells, separator);
        let form = form.map_err(|problem| problem.at(first.number))?;
        let layout = with_header(cells.len(), form, row.text);
        Ok(Self {
            layout: layout.map_err(|problem| problem.at(row.number))?,
            bytes: row.start,
            line: row.number,
        })
    }
}

impl Layout {
    /// The layout of a file of `form` with the first row `cells`.
    fn new(form: Form, cells: &[&[u8]]) -> Result<Self, FileProblem> {
        let Form { separator, mut targets, mut names } = form;
        names.retain(|(cell, _)| cells.get(*cell).is_none_or(|first| may_be_name(first)));
        targets.extend((0..).zip(&names).map(|(place, (cell, _))| (*cell, Target::Name(place))));
        targets.sort_by_key(|(cell, _)| *cell);
        let mut next = 0;
        let slots = targets.into_iter().map(|(cell, target)| {
            let skipped = cell - next;
            next = cell + 1;
            Slot { target, cell, skipped }
        });
        let slots: Vec<Slot> = slots.collect();
        let time = slots.iter().find(|slot| slot.target == Target::Column(Field::Time));
        let Some(time) = time else { unreachable!("every layout has the six columns") };
        let time = time.time_format(cells)?;
        let names = names.into_iter().map(|(_, name)| name).collect();
        Ok(Self { separator, slots, cells: cells.len(), time, names })
    }
}

/// The separator that occurs most often outside quotes.
fn separator_of(line: &[u8]) -> Option<u8> {
    let count = |separator: u8| {
        let mut quoted = false;
        line.iter()
            .filter(|&&byte| {
                quoted ^= byte == b'"';
                byte == separator && !quoted
            })
            .count()
    };
    SEPARATORS
        .into_iter()
        .rev()
        .max_by_key(|separator| count(*separator))
        .filter(|best| count(*best) > 0)
}

fn texts(line: &[u8], separator: u8) -> Result<Vec<&[u8]>, FileProblem> {
    let mut cells = Cells::new(line, separator);
    let mut texts = Vec::new();
    while let Some(text) = cells.next_text()? {
        texts.push(text);
    }
    Ok(texts)
}

/// A number or an ISO time: what the first cell of a header never is.
fn is_value(cell: &[u8]) -> bool {
    TimeFormat::of(cell).is_some() || number::parse(cell).is_some()
}

fn without_header(cells: &[&[u8]], separator: u8) -> Result<Layout, FileProblem> {
    if cells.len() < Field::ALL.len() {
        return Err(FileProblem::FewColumns { found: cells.len() });
    }
    // Words behind the six columns can only be names.
    let words = cells.iter().enumerate().skip(Field::ALL.len());
    let words = words.filter(|(_, cell)| !cell.is_empty() && !is_value(cell));
    let names = words.map(|(cell, _)| (cell, format!("cell {}", cell + 1))).collect();
    Layout::new(Form { separator, targets: of_columns([0, 1, 2, 3, 4, 5]), names }, cells)
}

/// The six columns at `positions`, which are in the order of [`Field::ALL`].
fn of_columns(positions: [usize; 6]) -> Vec<(usize, Target)> {
    positions.into_iter().zip(Field::ALL.map(Target::Column)).collect()
}

/// Why a line was taken for a header.
const HEADER_NOTE: &str =
    " (the line was taken for a header because its first cell is no number and no ISO time)";

fn header_form(cells: &[&[u8]], separator: u8) -> Result<Form, FileProblem> {
    let name = |cell: &&[u8]| Name::new(String::from_utf8_lossy(cell).into_owned());
    let names: Vec<Name> = cells.iter().map(name).collect();
    let positions = columns::positions(&names, HEADER_NOTE)?;
    let mut targets = of_columns(positions);
    let quote = volume::quote_position(&names).filter(|cell| !positions.contains(cell));
    targets.extend(quote.map(|cell| (cell, Target::QuoteVolume)));
    let telling = names.iter().enumerate().filter(|(_, name)| names_series(name));
    let names = telling.map(|(cell, name)| (cell, name.written.clone())).collect();
    Ok(Form { separator, targets, names })
}

fn with_header(header_cells: usize, form: Form, row: &[u8]) -> Result<Layout, FileProblem> {
    let cells = texts(row, form.separator)?;
    // Some exporters end the rows with a separator, but not the header.
    let surplus =
        cells.len() == header_cells + 1 && cells.last().is_some_and(|cell| cell.is_empty());
    if cells.len() != header_cells && !surplus {
        return Err(FileProblem::CellCount {
            found: cells.len(),
            expected: header_cells,
            other: "header",
        });
    }
    Layout::new(form, &cells)
}
