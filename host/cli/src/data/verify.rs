//! `data verify`: whether every file is as it was written.

use serde::Serialize;

use crate::failure::Failure;
use crate::kept_prices::KeptPrices;
use crate::progress::Progress;
use crate::series_args::SeriesArgs;
use crate::terminal::{Terminal, write_json};
use ct_host::data::store::{Healed, Store, Verification};
use ct_host::data::{SeriesKey, TimeRange};
use ct_host::report::{Block, Document, Note, Section};
use ct_host::run::TaskProgress;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    series: SeriesArgs,
    /// Set damaged files aside, so that the next fetch asks for what was in them
    #[arg(long)]
    heal: bool,
    /// Write JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
}

#[derive(Debug, Serialize)]
struct Verified {
    #[serde(flatten)]
    key: SeriesKey,
    files: u64,
    bytes: u64,
    errors: Vec<String>,
    orphans: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    healed: Option<Healing>,
}

#[derive(Debug, Serialize)]
struct Healing {
    set_aside: Vec<String>,
    /// What is to be fetched again.
    lost: Vec<TimeRange>,
    rows_lost: u64,
    versions_lost: Vec<String>,
}

/// Compares every checksum, and heals what is damaged if that is wanted.
///
/// # Errors
/// [`Failure::run`] when something is damaged and was not healed.
pub(super) fn run(arguments: &Args, kept: &KeptPrices, terminal: Terminal) -> Result<(), Failure> {
    let store = &kept.store;
    let keys = arguments.series.keys(kept)?;
    let progress = Progress::bars(terminal, "verifying");
    let total = keys.len() as u64;
    let mut done = 0;
    let verifications = store.verify(&keys, &mut |_| {
        done += 1;
        progress.set(done, total);
    });
    drop(progress);
    let mut all = Vec::with_capacity(verifications.len());
    let mut damaged = 0_usize;
    for verification in verifications {
        let intact = verification.is_intact();
        let mut verified = Verified::of(verification);
        if !intact && arguments.heal {
            let healed = store.heal(&verified.key).map_err(Failure::run)?;
            verified.healed = Some(Healing::of(healed));
        }
        // Snapshots, and what only they need, stay as they are.
        let sound = intact || arguments.heal && is_intact(store, &verified.key);
        damaged += usize::from(!sound);
        all.push(verified);
    }
    if arguments.json {
        write_json(&all)?;
    } else {
        terminal.document(&document(&all))?;
    }
    match damaged {
        0 => Ok(()),
        damaged if arguments.heal => Err(Failure::run(format!(
            "{damaged} series still damaged: a snapshot cannot be healed; `ct-host data snapshot NAME --remove` forgets it"
        ))),
        damaged => Err(Failure::run(format!(
            "{damaged} series damaged: `ct-host data verify --heal` sets damaged files aside, then fetch again"
        ))),
    }
}

fn is_intact(store: &Store, key: &SeriesKey) -> bool {
    store.verify(std::slice::from_ref(key), &mut |_| ()).iter().all(Verification::is_intact)
}

impl Verified {
    fn of(verification: Verification) -> Self {
        let Verification { key, files, bytes, errors, orphans } = verification;
        Self {
            key,
            files,
            bytes,
            errors: errors.iter().map(ToString::to_string).collect(),
            orphans: orphans.iter().map(|path| path.display().to_string()).collect(),
            healed: None,
        }
    }
}

impl Healing {
    fn of(healed: Healed) -> Self {
        let Healed { set_aside, lost, rows_lost, versions_lost, .. } = healed;
        let set_aside = set_aside.iter().map(|path| path.display().to_string()).collect();
        Self { set_aside, lost, rows_lost, versions_lost }
    }
}

fn document(all: &[Verified]) -> Document {
    let sections = all.iter().map(section).collect();
    Document { title: "Verified".to_owned(), notes: Vec::new(), sections }
}

fn section(verified: &Verified) -> Section {
    let size = indicatif::HumanBytes(verified.bytes);
    let mut notes = vec![Note::plain(format!("{} file(s), {size} read", verified.files))];
    if verified.errors.is_empty() {
        notes.push(Note::plain("Every checksum is right."));
    }
    notes.extend(verified.errors.iter().map(Note::failure));
    if !verified.orphans.is_empty() {
        let count = verified.orphans.len();
        notes.push(Note::plain(format!(
            "{count} file(s) that nothing names: `ct-host data prune` removes them"
        )));
    }
    if let Some(healed) = &verified.healed {
        let lost: Vec<String> = healed.lost.iter().map(ToString::to_string).collect();
        notes.push(Note::warning(format!(
            "{} file(s) set aside; {} bars are to be fetched again: {}",
            healed.set_aside.len(),
            healed.rows_lost,
            lost.join(", ")
        )));
    }
    let blocks = notes.into_iter().map(Block::Note).collect();
    Section::detail(verified.key.to_string(), blocks)
}
