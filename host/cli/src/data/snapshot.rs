//! `data snapshot`: a name for what is kept now.

use super::list::short;
use crate::failure::Failure;
use crate::kept_prices::KeptPrices;
use crate::series_args::SeriesArgs;
use crate::terminal::{Terminal, write_json};
use ct_host::data::store::{Snapshot, StoreError};
use ct_host::report::{Block, Column, Document, Note, Section, Table};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the snapshot: letters, digits, dots, hyphens and underscores
    name: String,
    #[command(flatten)]
    series: SeriesArgs,
    /// Forget the snapshot; what only it kept goes with the next prune
    #[arg(long, conflicts_with_all = ["symbol", "exchange", "interval"])]
    remove: bool,
    /// Write JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
}

/// Pins the named series, or all of them.
///
/// # Errors
/// [`Failure::input`] when the name is taken or nothing is kept; [`Failure::run`] when a series is damaged.
pub(super) fn run(arguments: &Args, kept: &KeptPrices, terminal: Terminal) -> Result<(), Failure> {
    if arguments.remove {
        kept.store.remove_snapshot(&arguments.name).map_err(refused)?;
        terminal.notice(&format!("the snapshot '{}' is forgotten", arguments.name));
        return Ok(());
    }
    let keys = arguments.series.keys(kept)?;
    if keys.is_empty() {
        return Err(Failure::input(
            "nothing is kept that could be pinned: ct-host fetch gets prices",
        ));
    }
    let snapshot = kept.store.snapshot(&arguments.name, &keys).map_err(refused)?;
    if arguments.json {
        return write_json(&snapshot);
    }
    terminal.document(&document(&snapshot))
}

fn refused(error: StoreError) -> Failure {
    match error {
        StoreError::SnapshotExists(_)
        | StoreError::UnknownSnapshot(_)
        | StoreError::Name { .. } => Failure::input(error),
        _ => Failure::run(error),
    }
}

fn document(snapshot: &Snapshot) -> Document {
    let columns = vec![Column::words("Series"), Column::numbers("Bars"), Column::words("Version")];
    let rows = snapshot.series.iter().map(|series| {
        vec![series.key.to_string(), series.rows.to_string(), short(&series.version)]
    });
    let table = Table { caption: String::new(), columns, rows: rows.collect() };
    let hint = format!("`ct-host backtest --symbol … --snapshot {}` runs on it.", snapshot.name);
    let blocks = vec![Block::Table(table), Block::Note(Note::plain(hint))];
    let sections = vec![Section::detail("Pinned", blocks)];
    Document { title: format!("Snapshot {}", snapshot.name), notes: Vec::new(), sections }
}
