//! Making a damaged series readable again.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::durable::sync_folder;
use super::editor::SeriesEditor;
use super::history::HistoryRecord;
use super::layout::series_folder;
use super::lock::Lock;
use super::manifest::{Content, MANIFEST_COPY_FILE, Manifest};
use super::{Store, StoreError};
use crate::{SeriesKey, TimeRange};

/// Ending of files that were set aside.
const DAMAGED_SUFFIX: &str = ".damaged";

/// What healing a series did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Healed {
    /// Damaged files, each now with `.damaged` at the end of its name.
    pub set_aside: Vec<PathBuf>,
    /// Files that were missing.
    pub missing: Vec<PathBuf>,
    /// What is to be fetched again.
    pub lost: Vec<TimeRange>,
    /// Bars that were in it.
    pub rows_lost: u64,
    /// Superseded versions that cannot be had any more.
    pub versions_lost: Vec<String>,
}

impl Store {
    /// Compares all checksums of the series `key`, sets its damaged files aside, and makes their times missing, so that the
    /// next fetch asks for them; every loss is recorded in the history. Fetching the same bars gives the same version. When
    /// the manifest itself is damaged, the copy from the end of the last session takes its place; without one everything
    /// is to be fetched again. Snapshots stay as they are.
    ///
    /// # Errors
    /// [`StoreError::UnknownSeries`], [`StoreError::NewerFormat`], [`StoreError::Io`].
    pub fn heal(&self, key: &SeriesKey) -> Result<Healed, StoreError> {
        let folder = series_folder(self.folder(), key)?;
        if !folder.is_dir() {
            return Err(StoreError::UnknownSeries(key.clone()));
        }
        let lock = Lock::wait_for(&folder, &mut || ())?;
        let mut healed = Healed::default();
        let mut patient = Patient { folder: &folder, records: Vec::new(), healed: &mut healed };
        let mut manifest = patient.manifest(key)?;
        manifest.content = patient.content(key, &manifest.content)?;
        patient.older_versions(key, &mut manifest)?;
        manifest.history.append(&mut patient.records);
        if healed == Healed::default() {
            return Ok(healed);
        }
        manifest.write(&folder)?;
        sync_folder(&folder)?;
        let pinned = self.pinned_or_unknown(key);
        SeriesEditor::open(folder, key.clone(), Some(manifest), pinned, lock)?.finish()?;
        Ok(healed)
    }
}

/// A series that is being healed.
struct Patient<'a> {
    folder: &'a Path,
    /// What goes into the history.
    records: Vec<HistoryRecord>,
    healed: &'a mut Healed,
}

impl Patient<'_> {
    /// The manifest, or what can take its place.
    fn manifest(&mut self, key: &SeriesKey) -> Result<Manifest, StoreError> {
        let copy_file = self.folder.join(MANIFEST_COPY_FILE);
        let copy = Manifest::read_file(&copy_file, key);
        if let Err(StoreError::Damaged { .. }) = &copy {
            self.set_aside(&copy_file, None)?;
        }
        match Manifest::read(self.folder, key) {
            Ok(Some(manifest)) => return Ok(manifest),
            Ok(None) => return Err(StoreError::UnknownSeries(key.clone())),
            Err(StoreError::Damaged { file, .. }) => self.set_aside(&file, None)?,
            Err(other) => return Err(other),
        }
        Ok(copy.ok().flatten().unwrap_or_else(|| Manifest {
            key: key.clone(),
            content: Content::default(),
            history: Vec::new(),
            older_versions: Vec::new(),
        }))
    }

    /// What is left of `content`.
    fn content(&mut self, key: &SeriesKey, content: &Content) -> Result<Content, StoreError> {
        let mut coverage = content.asked();
        let mut parts = Vec::with_capacity(content.segments.len());
        for record in &content.segments {
            let opened = record.open(self.folder, key.interval);
            match opened.and_then(|part| part.segment().verify().map(|()| part)) {
                Ok(part) => parts.push(part),
                Err(error) => {
                    let file = error.damaged_file().map(Path::to_owned).ok_or(error)?;
                    let range = record.range(key.interval);
                    self.set_aside(&file, Some(range))?;
                    coverage.clear(range);
                    self.healed.lost.push(range);
                    // A number of the manifest's own, which nothing has looked at.
                    let rows_lost = self.healed.rows_lost;
                    self.healed.rows_lost = rows_lost.saturating_add(record.rows);
                }
            }
        }
        if parts.len() == content.segments.len() {
            return Ok(content.clone());
        }
        Ok(Content::new(None, &parts, &coverage))
    }

    /// Forgets the superseded versions that cannot be read.
    fn older_versions(
        &mut self,
        key: &SeriesKey,
        manifest: &mut Manifest,
    ) -> Result<(), StoreError> {
        for content in std::mem::take(&mut manifest.older_versions) {
            let opened = content.open(self.folder, key.interval);
            match opened.and_then(|parts| parts.iter().try_for_each(|part| part.segment().verify()))
            {
                Ok(()) => manifest.older_versions.push(content),
                Err(error) => {
                    let file = error.damaged_file().map(Path::to_owned).ok_or(error)?;
                    self.set_aside(&file, None)?;
                    self.healed.versions_lost.extend(content.version);
                }
            }
        }
        Ok(())
    }

    /// Gives `file` another name, if it is still there under its own, and records that `range` went with it.
    fn set_aside(&mut self, file: &Path, range: Option<TimeRange>) -> Result<(), StoreError> {
        let mut aside = file.as_os_str().to_owned();
        aside.push(DAMAGED_SUFFIX);
        let aside = PathBuf::from(aside);
        match fs::rename(file, &aside) {
            Ok(()) => self.healed.set_aside.push(aside),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                // Several parts or versions may have needed it.
                let file = file.to_owned();
                if !self.healed.set_aside.contains(&aside) && !self.healed.missing.contains(&file) {
                    self.healed.missing.push(file);
                }
            }
            Err(error) => return Err(StoreError::io("rename", file)(error)),
        }
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.records.push(HistoryRecord::Damaged { file: name, range });
        Ok(())
    }
}
