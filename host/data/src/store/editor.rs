//! Changing a series: pages are added under the series' lock, each durable when [`SeriesEditor::add`] returns.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use super::StoreError;
use super::addition::{Added, Addition, Difference, Neighbours, sound_rows};
use super::durable::sync_folder;
use super::history::{HISTORY_RECORDS_MAX, HistoryRecord, limit};
use super::lock::Lock;
use super::manifest::{Content, MANIFEST_COPY_FILE, Manifest};
use super::merge::{groups_after_page, groups_at_end};
use super::part::Part;
use super::pieces::{Piece, PieceWriter};
use super::sealed_json::write_sealed;
use super::series::{Series, exact_coverage, version_of};
use crate::{Coverage, SeriesKey, State, TimeRange};
use ct_core::market::Columns;

/// Most superseded versions that a series keeps; beyond, the oldest goes.
const OLDER_VERSIONS_MAX: usize = 32;

/// Segment files that must stay although the series itself no longer needs them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Pinned {
    /// Those that snapshots name.
    Files(BTreeSet<String>),
    /// A snapshot cannot be read, so it may be any.
    Unknown,
}

/// The only one who may change a series, until it is dropped. A crash loses at most the page that is being added.
#[derive(Debug)]
pub struct SeriesEditor {
    key: SeriesKey,
    folder: PathBuf,
    pinned: Pinned,
    state: EditState,
    /// Derived from the state when somebody wants it.
    coverage: OnceLock<Coverage>,
    /// The segment files that the manifest on the disk names; `None` when there is no manifest.
    files: Option<BTreeSet<String>>,
    /// Records for the next manifest.
    notes: Vec<HistoryRecord>,
    keeping: Keeping,
    _lock: Lock,
}

/// Whether a superseded version was kept in this session. Only the first one is: the states between the pages of a session
/// are no versions that anybody could have named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Keeping {
    NotYet,
    Done,
}

/// What the manifest on the disk says, opened.
#[derive(Clone, Debug, Default)]
struct EditState {
    parts: Vec<Part>,
    /// The stretches that sources were asked for, all of it called held.
    asked: Coverage,
    history: Vec<HistoryRecord>,
    older_versions: Vec<Content>,
    version: Option<String>,
}

impl SeriesEditor {
    /// Opens what `manifest` names in `folder`, or begins a new series there.
    pub(super) fn open(
        folder: PathBuf,
        key: SeriesKey,
        manifest: Option<Manifest>,
        pinned: Pinned,
        lock: Lock,
    ) -> Result<Self, StoreError> {
        let files = manifest.as_ref().map(Manifest::files);
        let state = match manifest {
            Some(manifest) => EditState::open(&folder, manifest)?,
            None => EditState::default(),
        };
        Ok(Self {
            key,
            folder,
            pinned,
            state,
            coverage: OnceLock::new(),
            files,
            notes: Vec::new(),
            keeping: Keeping::NotYet,
            _lock: lock,
        })
    }

    /// Which series it is.
    pub fn key(&self) -> &SeriesKey {
        &self.key
    }

    /// Which times bars cover, which are known to be empty, and which are missing. Reads all open times when it is called for
    /// the first time after a page: [`SeriesEditor::asked`] tells what is missing without that.
    pub fn coverage(&self) -> &Coverage {
        let state = &self.state;
        self.coverage.get_or_init(|| exact_coverage(&state.asked, &state.parts, self.key.interval))
    }

    /// The stretches that sources were asked for. It has the same [missing](Coverage::missing) times as
    /// [`SeriesEditor::coverage`], but calls all others held.
    pub fn asked(&self) -> &Coverage {
        &self.state.asked
    }

    /// The series as it is now, pages of this session included.
    pub fn series(&self) -> Series {
        let content = self.state.content();
        let history = self.state.history.clone();
        Series::new(self.key.clone(), self.state.parts.clone(), &content, history)
    }

    /// Takes over what a source says of a stretch of time; it is durable when this returns. Held rows that are not in the
    /// page are gone, others replace those of their time; what was lost is recorded, and the version before the first
    /// such loss of the session is kept. A page that says nothing new costs nothing.
    ///
    /// Flushes four times: segment file, folder, manifest, folder; two times when no row changes; once more for each further
    /// group of files that is merged, which is rare, and for the first revision of a session.
    ///
    /// # Errors
    /// [`StoreError::Unsound`], [`StoreError::OutsideRange`] and [`StoreError::Overlap`] when the rows are no bars of the
    /// range; [`StoreError::Damaged`] when a file that must be merged is; [`StoreError::Io`]. The cache is as it was.
    pub fn add(&mut self, addition: Addition) -> Result<Added, StoreError> {
        let page = sound_rows(&self.key, &addition)?;
        let range = addition.range;
        Neighbours::of(&self.state.parts, range).check(&self.key, &page)?;
        let Difference { added, records, .. } =
            Difference::between(self.held_in(range).iter(), &page, &addition);
        let is_known = range.is_empty() || self.is_asked(range, &addition.source);
        if is_known && !added.changes_rows() && addition.notes.is_empty() {
            return Ok(added);
        }
        let mut next = self.state.clone();
        if added.revises() {
            self.keep_version(&mut next)?;
            self.remove_copy()?;
        }
        next.asked.set(range, State::Held, &addition.source);
        next.history.extend(addition.notes.into_iter().chain(records));
        if added.changes_rows() {
            next.parts = self.replaced(range, page)?;
            next.version = None;
        }
        self.commit(next)?;
        if added.revises() {
            self.keeping = Keeping::Done;
        }
        Ok(added)
    }

    /// Records something that happened to the series. It is durable with the next page, or when the session is finished.
    pub fn note(&mut self, record: HistoryRecord) {
        self.notes.push(record);
    }

    /// Merges small files, names the version, and gives the lock back. Nothing is lost without it, but reading takes longer.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a file is; [`StoreError::Io`].
    pub fn finish(mut self) -> Result<Series, StoreError> {
        let sizes: Vec<u64> = self.state.parts.iter().map(|part| part.len() as u64).collect();
        let groups = groups_at_end(&sizes);
        let is_named = self.files.is_none() || self.state.version.is_some();
        if is_named && groups.len() == sizes.len() && self.notes.is_empty() {
            return Ok(self.series());
        }
        let mut next = self.state.clone();
        let pieces = next.parts.iter().cloned().map(Piece::Held).collect();
        next.parts = self.writer().write(pieces, &groups)?;
        if next.version.is_none() {
            verify(&next.parts)?;
            next.version = Some(version_of(self.key.interval, &next.parts));
        }
        self.commit(next)?;
        let manifest = self.state.manifest(&self.key);
        check_named(&self.key, &manifest.content);
        write_sealed(&self.folder.join(MANIFEST_COPY_FILE), &manifest)?;
        sync_folder(&self.folder)?;
        Ok(self.series())
    }

    /// The held rows that open in `range`.
    fn held_in(&self, range: TimeRange) -> Vec<Columns> {
        let start = self.state.parts.partition_point(|part| part.last_ms() < range.from.as_ms());
        let reached = |part: &&Part| part.first_ms() < range.to.as_ms();
        let rest = self.state.parts.iter().skip(start).take_while(reached);
        let inside = rest.filter_map(|part| {
            let [_, inside, _] = part.cut(range);
            inside
        });
        inside.map(|part| part.columns()).collect()
    }

    /// True when `source` was asked for all of `range`, and nobody else after it.
    fn is_asked(&self, range: TimeRange, source: &str) -> bool {
        let asked = self.state.asked.asked(range);
        matches!(asked.as_slice(), [one] if one.range == range && &*one.source == source)
    }

    /// The parts with the rows of `page` instead of those that open in `range`, written.
    fn replaced(&self, range: TimeRange, page: Columns) -> Result<Vec<Part>, StoreError> {
        let cuts: Vec<[Option<Part>; 3]> =
            self.state.parts.iter().map(|part| part.cut(range)).collect();
        let before = cuts.iter().filter_map(|[before, ..]| before.clone()).map(Piece::Held);
        let after = cuts.iter().filter_map(|[.., after]| after.clone()).map(Piece::Held);
        let new = (!page.time.is_empty()).then(|| Piece::New(page));
        let pieces: Vec<Piece> = before.chain(new).chain(after).collect();
        let sizes: Vec<u64> = pieces.iter().map(Piece::rows).collect();
        self.writer().write(pieces, &groups_after_page(&sizes))
    }

    fn writer(&self) -> PieceWriter<'_> {
        PieceWriter { folder: &self.folder, interval: self.key.interval }
    }

    /// Keeps the current version in `next`, before a revision supersedes it.
    fn keep_version(&mut self, next: &mut EditState) -> Result<(), StoreError> {
        if self.keeping == Keeping::Done {
            return Ok(());
        }
        if self.state.version.is_none() {
            verify(&self.state.parts)?;
            self.state.version = Some(version_of(self.key.interval, &self.state.parts));
        }
        let superseded = self.state.content();
        check_named(&self.key, &superseded);
        next.older_versions.push(superseded);
        let (kept, before) = (next.older_versions.len(), self.state.older_versions.len());
        assert!(kept == before + 1, "{}: {kept} older versions after {before}", self.key);
        let surplus = kept.saturating_sub(OLDER_VERSIONS_MAX);
        next.older_versions.drain(..surplus);
        let kept = next.older_versions.len();
        assert!(kept <= OLDER_VERSIONS_MAX, "{}: {kept} older versions are kept", self.key);
        Ok(())
    }

    /// Removes the manifest's copy before a revision: it must never bring rows back that were superseded.
    fn remove_copy(&self) -> Result<(), StoreError> {
        let copy = self.folder.join(MANIFEST_COPY_FILE);
        match fs::remove_file(&copy) {
            Ok(()) => sync_folder(&self.folder),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(StoreError::io("remove", &copy)(error)),
        }
    }

    /// Makes `next` the state of the series, on the disk and here.
    fn commit(&mut self, mut next: EditState) -> Result<(), StoreError> {
        next.history.extend(self.notes.iter().cloned());
        limit(&mut next.history);
        let records = next.history.len();
        assert!(records <= HISTORY_RECORDS_MAX, "{}: {records} records", self.key);
        let manifest = next.manifest(&self.key);
        let files = manifest.files();
        if !self.files.as_ref().is_some_and(|before| files.is_subset(before)) {
            // The names of new segments must be durable before a manifest names them.
            sync_folder(&self.folder)?;
        }
        manifest.write(&self.folder)?;
        sync_folder(&self.folder)?;
        self.state = next;
        self.coverage.take();
        self.notes.clear();
        if let Some(before) = self.files.replace(files) {
            self.remove_superseded(&before);
        }
        Ok(())
    }

    /// Removes segment files that the manifest named before, and that nothing names any more.
    fn remove_superseded(&self, before: &BTreeSet<String>) {
        let (Pinned::Files(pinned), Some(files)) = (&self.pinned, &self.files) else { return };
        for file in before.difference(files).filter(|file| !pinned.contains(*file)) {
            // What cannot be removed now, such as a file that another process has mapped on Windows, is pruned later.
            let _ = fs::remove_file(self.folder.join(file));
        }
    }
}

impl EditState {
    fn open(folder: &Path, manifest: Manifest) -> Result<Self, StoreError> {
        let Manifest { key, content, history, older_versions } = manifest;
        let parts = content.open(folder, key.interval)?;
        let asked = content.asked();
        Ok(Self { parts, asked, history, older_versions, version: content.version })
    }

    fn content(&self) -> Content {
        Content::new(self.version.clone(), &self.parts, &self.asked)
    }

    fn manifest(&self, key: &SeriesKey) -> Manifest {
        Manifest {
            key: key.clone(),
            content: self.content(),
            history: self.history.clone(),
            older_versions: self.older_versions.clone(),
        }
    }
}

/// Bars that others may ask for by their version have one.
fn check_named(key: &SeriesKey, content: &Content) {
    let rows = content.rows;
    assert!(content.version.is_some(), "{key}: {rows} rows have no version");
}

fn verify(parts: &[Part]) -> Result<(), StoreError> {
    parts.iter().try_for_each(|part| part.segment().verify())
}
