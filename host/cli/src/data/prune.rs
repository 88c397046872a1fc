//! `data prune`: files that nothing needs any more.

use serde::Serialize;

use crate::failure::Failure;
use crate::terminal::{Terminal, write_json};
use ct_host::data::store::{OlderVersions, PruneMode, Pruned, Store};
use ct_host::report::{Block, Document, Note, Section};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Only say what would be removed
    #[arg(long)]
    dry_run: bool,
    /// Also forget versions that revisions superseded, except those in snapshots
    #[arg(long)]
    older_versions: bool,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Removed {
    dry_run: bool,
    files: Vec<String>,
    bytes: u64,
    versions: Vec<String>,
    /// Series that another process is changing.
    busy: Vec<String>,
    errors: Vec<String>,
}

/// Removes what nothing needs.
///
/// # Errors
/// [`Failure::run`] when a snapshot or a folder cannot be read: then it is not known what is needed.
pub(super) fn run(arguments: &Args, store: &Store, terminal: Terminal) -> Result<(), Failure> {
    let mode = if arguments.dry_run { PruneMode::DryRun } else { PruneMode::Remove };
    let older = if arguments.older_versions { OlderVersions::Forget } else { OlderVersions::Keep };
    let pruned = store.prune(mode, older).map_err(Failure::run)?;
    deliver(vec![pruned], arguments.dry_run, arguments.json, terminal)
}

/// Says what was removed.
///
/// # Errors
/// As [`write_json`] and [`Terminal::document`].
pub(super) fn deliver(
    pruned: Vec<Pruned>,
    dry_run: bool,
    json: bool,
    terminal: Terminal,
) -> Result<(), Failure> {
    let removed = Removed::of(pruned, dry_run);
    if json {
        return write_json(&removed);
    }
    terminal.document(&document(&removed))
}

impl Removed {
    fn of(all: Vec<Pruned>, dry_run: bool) -> Self {
        let mut removed = Self {
            dry_run,
            files: Vec::new(),
            bytes: 0,
            versions: Vec::new(),
            busy: Vec::new(),
            errors: Vec::new(),
        };
        for pruned in all {
            removed.files.extend(pruned.files.iter().map(|path| path.display().to_string()));
            removed.bytes += pruned.bytes;
            let versions = pruned.versions.iter().map(|(key, version)| format!("{key} {version}"));
            removed.versions.extend(versions);
            removed.busy.extend(pruned.busy.iter().map(ToString::to_string));
            removed.errors.extend(pruned.errors.iter().map(ToString::to_string));
        }
        removed
    }
}

fn document(removed: &Removed) -> Document {
    let done = if removed.dry_run { "would be removed" } else { "removed" };
    let size = indicatif::HumanBytes(removed.bytes);
    let mut notes = vec![Note::plain(format!("{} file(s), {size}, {done}", removed.files.len()))];
    notes.extend(removed.files.iter().map(Note::plain));
    let forgotten = removed.versions.iter();
    notes.extend(forgotten.map(|version| Note::plain(format!("older version {done}: {version}"))));
    let busy = removed.busy.iter();
    notes.extend(busy.map(|key| Note::warning(format!("{key}: left alone, it is being changed"))));
    notes.extend(removed.errors.iter().map(Note::failure));
    let blocks = notes.into_iter().map(Block::Note).collect();
    let sections = vec![Section::detail("Files", blocks)];
    Document { title: "Removed".to_owned(), notes: Vec::new(), sections }
}
