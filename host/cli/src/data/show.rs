//! `data show`: one series in every detail.

use serde::Serialize;

use crate::failure::Failure;
use crate::kept_prices::KeptPrices;
use crate::series_args::SeriesArgs;
use crate::terminal::{Terminal, write_json};
use ct_host::data::store::{HistoryRecord, Series};
use ct_host::data::{SeriesKey, Span, State, TimeRange};
use ct_host::report::{Block, Column, Document, Fact, Note, Section, Table};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    series: SeriesArgs,
    /// Write JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    key: &'a SeriesKey,
    rows: u64,
    range: Option<TimeRange>,
    files: u64,
    bytes: u64,
    version: &'a str,
    coverage: &'a [Span],
    /// Times between the first and the last bar that were never asked for.
    missing: Vec<TimeRange>,
    history: &'a [HistoryRecord],
}

/// Stretches and records that are listed of one series on a terminal; JSON has all of them.
const LISTED_MAX: usize = 40;

/// Shows the series that are named.
///
/// # Errors
/// [`Failure::input`] when one is not kept, [`Failure::run`] when one cannot be read.
pub(super) fn run(arguments: &Args, kept: &KeptPrices, terminal: Terminal) -> Result<(), Failure> {
    let series = arguments.series.kept(kept)?;
    let shown: Vec<Shown<'_>> = series.iter().map(shown).collect();
    if arguments.json {
        return write_json(&shown);
    }
    let sections = shown.iter().map(section).collect();
    terminal.document(&Document { title: "Kept prices".to_owned(), notes: Vec::new(), sections })
}

fn shown(series: &Series) -> Shown<'_> {
    Shown {
        key: series.key(),
        rows: series.rows(),
        range: series.range(),
        files: series.files(),
        bytes: series.bytes(),
        version: series.version(),
        coverage: series.coverage().spans(),
        missing: series.range().map(|range| series.asked().missing(range)).unwrap_or_default(),
        history: series.history(),
    }
}

fn section(shown: &Shown<'_>) -> Section {
    let range = shown.range.map_or_else(|| "-".to_owned(), |range| range.to_string());
    let facts = vec![
        Fact::new("Bars", shown.rows.to_string()),
        Fact::new("Period", range),
        Fact::new("Files", format!("{}, {}", shown.files, indicatif::HumanBytes(shown.bytes))),
        Fact::new("Version", shown.version),
    ];
    let mut blocks = vec![Block::Properties(facts), Block::Table(coverage(shown))];
    for missing in shown.missing.iter().take(LISTED_MAX) {
        blocks.push(Block::Note(Note::warning(format!("Never asked for: {missing}"))));
    }
    for record in shown.history.iter().rev().take(LISTED_MAX) {
        // A record is made of texts and numbers, which always are JSON.
        let text = serde_json::to_string(record).unwrap_or_default();
        blocks.push(Block::Note(Note::plain(text)));
    }
    let more = shown.history.len().saturating_sub(LISTED_MAX);
    if more > 0 {
        blocks.push(Block::Note(Note::plain(format!("{more} older record(s): see --json"))));
    }
    Section::detail(shown.key.to_string(), blocks)
}

fn coverage(shown: &Shown<'_>) -> Table {
    let columns = vec![
        Column::words("From"),
        Column::words("To"),
        Column::words("State"),
        Column::words("Source"),
        Column::numbers("Bars"),
    ];
    let rows = shown.coverage.iter().rev().take(LISTED_MAX).map(|span| {
        let state = match span.state {
            State::Held => "held",
            State::Empty => "empty",
        };
        vec![
            span.range.from.to_string(),
            span.range.to.to_string(),
            state.to_owned(),
            span.source.to_string(),
            span.range.bars(shown.key.interval).to_string(),
        ]
    });
    let caption = match shown.coverage.len().saturating_sub(LISTED_MAX) {
        0 => "Newest first".to_owned(),
        more => format!("Newest first; {more} older stretches: see --json"),
    };
    Table { caption, columns, rows: rows.collect() }
}
