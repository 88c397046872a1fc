//! The start of a file: where its rows begin, and what tells their layout.

use super::block::next_line;
use super::cells::Cells;
use super::layout::{Form, Layout, Target};
use super::numeric_time::{DateOrder, Evidence, is_time_of_day};
use super::preamble::{Line, Preamble};
use super::time::TimeFormat;
use super::wide_header::WideHeader;
use crate::files::columns::{self, Name};
use crate::files::error::{FileProblem, Located, shown};
use crate::files::field::Field;
use crate::files::number;
use crate::files::options::ReadOptions;
use crate::files::remark::Remark;
use crate::files::telling::Telling;
use crate::files::volume;

/// The layout of a file and where its rows start.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) layout: Layout,
    /// Bytes before the first row.
    pub(super) bytes: usize,
    /// Line of the first row, from 1.
    pub(super) line: u64,
    /// The instrument whose columns were taken, where the header says of which each is.
    pub(super) instrument: Option<String>,
    pub(super) remarks: Vec<Remark>,
}

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Names of the column that a time of day belongs to.
const DATE_NAMES: [&str; 5] = ["date", "dateutc", "day", "tradedate", "tradingday"];

impl Start {
    /// Finds the layout from the start of a file's text, which must hold the first row.
    pub(super) fn of(text: &[u8], options: &ReadOptions) -> Result<Self, Located> {
        let mut lines = Preamble::new(text)?;
        let Some(mut first) = lines.next()? else { return Err(FileProblem::Empty.into()) };
        let declared = declared_separator(first.text);
        if declared.is_some() {
            let next = lines.next()?;
            first = next.ok_or_else(|| FileProblem::NoRows.at(first.number))?;
        }
        let separator = declared.or_else(|| separator_of(first.text)).ok_or_else(|| {
            FileProblem::Separator(shown(&String::from_utf8_lossy(first.text))).at(first.number)
        })?;
        let cells = texts(first.text, separator).map_err(|problem| problem.at(first.number))?;
        let mut start = if cells.first().is_some_and(|cell| is_value(cell)) {
            let layout = without_header(&cells, separator, options);
            Self::at(&first, layout.map_err(|problem| problem.at(first.number))?)
        } else {
            below_header(&mut lines, &first, &cells, (separator, options))?
        };
        let rows = text.get(start.bytes..).unwrap_or_default();
        start.tell_date_order(rows).map_err(|problem| problem.at(start.line))?;
        Ok(start)
    }

    fn at(row: &Line<'_>, layout: Layout) -> Self {
        Self { layout, bytes: row.start, line: row.number, instrument: None, remarks: Vec::new() }
    }

    /// Looks in `rows` for a date that tells day and month apart, if the first one does not.
    fn tell_date_order(&mut self, mut rows: &[u8]) -> Result<(), FileProblem> {
        if self.layout.time.format != TimeFormat::Numeric(None) {
            return Ok(());
        }
        let mut first = None;
        let mut line_number = self.line;
        while let Some(line) = next_line(&mut rows) {
            let Ok(cells) = texts(line, self.layout.separator) else { break };
            let time = self.layout.time_text(&cells);
            let time = String::from_utf8_lossy(&time).into_owned();
            if let Some(Evidence::Order(order)) = DateOrder::of(&time) {
                self.layout.time.format = TimeFormat::Numeric(Some(order));
                self.remarks.push(Remark::DateOrder { order, time, line: line_number });
                return Ok(());
            }
            first.get_or_insert(time);
            line_number += 1;
        }
        Err(FileProblem::DayOrMonth(shown(&first.unwrap_or_default())))
    }
}

fn below_header<'a>(
    lines: &mut Preamble<'a>,
    first: &Line<'a>,
    cells: &[&[u8]],
    (separator, options): (u8, &ReadOptions),
) -> Result<Start, Located> {
    let no_rows = || FileProblem::NoRows.at(first.number);
    let mut names: Vec<Name> = cells.iter().map(|cell| name_of(cell)).collect();
    let Some(mut row) = lines.next()? else { return Err(no_rows()) };
    let mut wide = None;
    let second = texts(row.text, separator).map_err(|problem| problem.at(row.number))?;
    if WideHeader::begins(&names, &second) {
        let Some(third) = lines.next()? else { return Err(no_rows()) };
        let third_cells =
            texts(third.text, separator).map_err(|problem| problem.at(third.number))?;
        let header = WideHeader::of(names, &second, &third_cells, options);
        let header = header.map_err(|problem| problem.at(first.number))?;
        names = header.names;
        wide = Some((header.instrument, header.remarks));
        let Some(next) = lines.next()? else { return Err(no_rows()) };
        row = next;
    }
    let form =
        header_form(&names, separator, options).map_err(|problem| problem.at(first.number))?;
    let layout = with_header(names.len(), form, row.text, options);
    let mut start = Start::at(&row, layout.map_err(|problem| problem.at(row.number))?);
    if let Some((instrument, remarks)) = wide {
        start.instrument = Some(instrument);
        start.remarks = remarks;
    }
    Ok(start)
}

fn name_of(cell: &[u8]) -> Name {
    Name::new(String::from_utf8_lossy(cell).into_owned())
}

/// The separator that a line for spreadsheets names, such as `sep=;`.
fn declared_separator(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii_start().trim_ascii_end();
    let line = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\"")).unwrap_or(line);
    match line.split_at_checked(4)? {
        (name, rest) if name.eq_ignore_ascii_case(b"sep=") => match rest {
            // The end of the line was trimmed.
            [] => Some(b'\t'),
            [separator] => SEPARATORS.contains(separator).then_some(*separator),
            _ => None,
        },
        _ => None,
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

/// A number or a time: what the first cell of a header never is.
fn is_value(cell: &[u8]) -> bool {
    TimeFormat::of(cell).is_some() || number::parse(cell).is_some()
}

fn without_header(
    cells: &[&[u8]],
    separator: u8,
    options: &ReadOptions,
) -> Result<Layout, FileProblem> {
    // MetaTrader writes date and time of day into two cells.
    let is_split = cells.get(1).is_some_and(|cell| is_time_of_day(cell));
    let first = usize::from(is_split);
    let fields = options.fields();
    if cells.len() < first + fields.len() {
        return Err(FileProblem::FewColumns { found: cells.len() });
    }
    let mut targets: Vec<(usize, Target)> =
        (first..).zip(fields).map(|(cell, field)| (cell, Target::Column(*field))).collect();
    // Words behind the columns of a bar can only be names.
    let words = cells.iter().enumerate().skip(first + fields.len());
    let words = words.filter(|(_, cell)| !cell.is_empty() && !is_value(cell));
    let names = words
        .map(|(cell, _)| (cell, Name::new(format!("cell {}", cell + 1)), Some(Telling::Always)))
        .collect();
    targets.sort_by_key(|(cell, _)| *cell);
    let date = is_split.then_some(0);
    Layout::new(Form { separator, targets, names, date, local: None }, cells, options)
}

/// Why a line was taken for a header.
const HEADER_NOTE: &str =
    " (the line was taken for a header because its first cell is no number and no time)";

fn header_form(names: &[Name], separator: u8, options: &ReadOptions) -> Result<Form, FileProblem> {
    let positions = columns::positions(names, HEADER_NOTE, options)?;
    let fields = options.fields().iter().map(|field| Target::Column(*field));
    let mut targets: Vec<(usize, Target)> = positions.iter().copied().zip(fields).collect();
    let quote = volume::quote_position(names).filter(|cell| !positions.contains(cell));
    targets.extend(quote.map(|cell| (cell, Target::QuoteVolume)));
    let date =
        DATE_NAMES.iter().find_map(|date| names.iter().position(|name| name.plain == **date));
    let all = names.iter().enumerate();
    let series = all.map(|(cell, name)| (cell, Name::new(name.written.clone()), None)).collect();
    let time = targets.iter().find(|(_, target)| *target == Target::Column(Field::Time));
    let time = time.and_then(|(cell, _)| names.get(*cell));
    let local = time.filter(|name| columns::LOCAL_TIME_NAMES.contains(&name.plain.as_str()));
    let local = local.map(|name| name.written.clone());
    Ok(Form { separator, targets, names: series, date, local })
}

fn with_header(
    header_cells: usize,
    form: Form,
    row: &[u8],
    options: &ReadOptions,
) -> Result<Layout, FileProblem> {
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
    Layout::new(form, &cells, options)
}
