//! `data list`: what is kept.

use serde::Serialize;

use crate::failure::Failure;
use crate::terminal::{Terminal, write_json};
use ct_host::data::store::{Snapshot, Store};
use ct_host::data::{SeriesKey, TimeRange};
use ct_host::report::{Block, Column, Document, Note, Section, Table};
use ct_host::units::Timestamp;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// One series of the list.
#[derive(Debug, Serialize)]
struct Listed {
    #[serde(flatten)]
    key: SeriesKey,
    rows: u64,
    range: Option<TimeRange>,
    files: u64,
    bytes: u64,
    version: String,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Debug, Serialize)]
struct Listing {
    folder: String,
    series: Vec<Listed>,
    snapshots: Vec<Snapshot>,
}

/// Lists the series and snapshots.
///
/// # Errors
/// [`Failure::run`] when the data folder cannot be read.
pub(super) fn run(arguments: &Args, store: &Store, terminal: Terminal) -> Result<(), Failure> {
    let keys = store.keys().map_err(Failure::run)?;
    let listing = Listing {
        folder: store.folder().display().to_string(),
        series: keys.into_iter().map(|key| listed(key, store)).collect(),
        snapshots: store.snapshots().map_err(Failure::run)?,
    };
    if arguments.json {
        return write_json(&listing);
    }
    terminal.document(&document(&listing))
}

fn listed(key: SeriesKey, store: &Store) -> Listed {
    let mut listed = Listed {
        key,
        rows: 0,
        range: None,
        files: 0,
        bytes: 0,
        version: String::new(),
        error: None,
    };
    match store.series(&listed.key) {
        Ok(Some(series)) => {
            listed.rows = series.rows();
            listed.range = series.range();
            listed.files = series.files();
            listed.bytes = series.bytes();
            series.version().clone_into(&mut listed.version);
        }
        Ok(None) => {}
        Err(error) => listed.error = Some(error.to_string()),
    }
    listed
}

fn document(listing: &Listing) -> Document {
    let mut sections = vec![series(listing)];
    if !listing.snapshots.is_empty() {
        sections.push(snapshots(listing));
    }
    Document { title: format!("Prices in {}", listing.folder), notes: Vec::new(), sections }
}

fn series(listing: &Listing) -> Section {
    if listing.series.is_empty() {
        let hint = "Nothing is kept yet: `ct-host fetch --symbol BTC/USDT --days 90` gets some.";
        return Section::detail("Series", vec![Block::Note(Note::plain(hint))]);
    }
    let columns = vec![
        Column::words("Series"),
        Column::numbers("Bars"),
        Column::numbers("From"),
        Column::numbers("To"),
        Column::numbers("Size"),
        Column::words("Version"),
    ];
    let row = |listed: &Listed| {
        let range = |end: fn(&TimeRange) -> String| {
            listed.range.as_ref().map_or_else(|| "-".to_owned(), end)
        };
        vec![
            listed.key.to_string(),
            listed.rows.to_string(),
            range(|range| minute(range.from)),
            range(|range| minute(range.to)),
            indicatif::HumanBytes(listed.bytes).to_string(),
            short(&listed.version),
        ]
    };
    let rows = listing.series.iter().map(row).collect();
    let mut blocks = vec![Block::Table(Table { caption: String::new(), columns, rows })];
    let errors = listing.series.iter().filter_map(|listed| {
        let error = listed.error.as_ref()?;
        Some(Block::Note(Note::failure(format!("{}: {error}", listed.key))))
    });
    blocks.extend(errors);
    Section::detail("Series", blocks)
}

/// A time without its seconds, where there are none.
fn minute(time: Timestamp) -> String {
    let text = time.to_string();
    text.strip_suffix(":00Z").map_or_else(|| text.clone(), |minute| format!("{minute}Z"))
}

fn snapshots(listing: &Listing) -> Section {
    let columns = vec![
        Column::words("Snapshot"),
        Column::words("Series"),
        Column::numbers("Bars"),
        Column::words("Version"),
    ];
    let rows = listing.snapshots.iter().flat_map(|snapshot| {
        snapshot.series.iter().map(|series| {
            vec![
                snapshot.name.clone(),
                series.key.to_string(),
                series.rows.to_string(),
                short(&series.version),
            ]
        })
    });
    let table = Table { caption: String::new(), columns, rows: rows.collect() };
    Section::detail("Snapshots", vec![Block::Table(table)])
}

/// The beginning of a version: enough to tell two apart.
pub(super) fn short(version: &str) -> String {
    const CHARS: usize = 12;
    version.chars().take(CHARS).collect()
}
