//! Removing what nothing needs.

use std::fs;
use std::path::{Path, PathBuf};

use super::durable::{files_in, sync_folder};
use super::layout::{exchange_folders, series_folder, series_folders, snapshots_folder};
use super::lock::Lock;
use super::manifest::{MANIFEST_COPY_FILE, MANIFEST_FILE, Manifest};
use super::verify::orphans;
use super::{Store, StoreError, memory};
use crate::SeriesKey;
use crate::written::TEMPORARY_SUFFIX;

/// Whether files are removed or only named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PruneMode {
    /// They are only named.
    DryRun,
    /// They are removed.
    Remove,
}

/// What happens to the versions that revisions superseded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OlderVersions {
    /// They stay.
    Keep,
    /// They go, except those in snapshots.
    Forget,
}

/// What pruning removed, or would remove.
#[derive(Debug, Default)]
pub struct Pruned {
    /// Files that nothing named.
    pub files: Vec<PathBuf>,
    /// Their size.
    pub bytes: u64,
    /// Superseded versions that were forgotten.
    pub versions: Vec<(SeriesKey, String)>,
    /// Series that were left alone because somebody else is changing them.
    pub busy: Vec<SeriesKey>,
    /// What kept series from being pruned.
    pub errors: Vec<StoreError>,
}

impl Store {
    /// Removes the files that neither a series nor a kept older version nor a snapshot names: leftovers of crashes, damaged
    /// files that were set aside, versions that are forgotten. What was remembered of the bars is forgotten too; it is worked out
    /// again. Nothing is removed from a series that cannot be read.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when a snapshot cannot be read; [`StoreError::Io`] when folders cannot be listed or files
    /// not removed.
    pub fn prune(&self, mode: PruneMode, older: OlderVersions) -> Result<Pruned, StoreError> {
        // One that cannot be read may need any file.
        self.snapshots()?;
        let mut pruned = Pruned::default();
        let snapshots = snapshots_folder(self.folder());
        if snapshots.is_dir()
            && let Some(_lock) = Lock::try_take(&snapshots)?
        {
            pruned.take(temporaries(&snapshots)?, mode)?;
        }
        // Rules of symbols are written without a lock. One that is being written is lost, and asked for again.
        for folder in exchange_folders(self.folder())? {
            pruned.take(temporaries(&folder)?, mode)?;
        }
        for (key, folder) in series_folders(self.folder())? {
            match self.prune_series(&key, &folder, (mode, older), &mut pruned) {
                Ok(()) => {}
                Err(error @ StoreError::Io { .. }) => return Err(error),
                Err(error) => pruned.errors.push(error),
            }
        }
        Ok(pruned)
    }

    /// Removes the series `key`, also a damaged one; snapshots of it stay.
    ///
    /// # Errors
    /// [`StoreError::UnknownSeries`]; [`StoreError::Damaged`] when a snapshot cannot be read; [`StoreError::Io`].
    pub fn remove(&self, key: &SeriesKey) -> Result<Pruned, StoreError> {
        let folder = series_folder(self.folder(), key)?;
        let manifest = folder.join(MANIFEST_FILE);
        if !manifest.exists() {
            return Err(StoreError::UnknownSeries(key.clone()));
        }
        let _lock = Lock::wait_for(&folder, &mut || ())?;
        let snapshots = self.snapshots_of(key)?;
        let mut pruned = Pruned::default();
        let copy = folder.join(MANIFEST_COPY_FILE);
        let manifests = [manifest, copy].into_iter().filter(|file| file.exists()).collect();
        pruned.take(manifests, PruneMode::Remove)?;
        // From here on the series is gone, whatever happens to its files.
        sync_folder(&folder)?;
        pruned.take(orphans(&folder, &snapshots)?, PruneMode::Remove)?;
        // What stays of these is about versions that are gone, and harms nobody.
        let _ = memory::forget(&folder);
        Ok(pruned)
    }

    fn prune_series(
        &self,
        key: &SeriesKey,
        folder: &Path,
        (mode, older): (PruneMode, OlderVersions),
        pruned: &mut Pruned,
    ) -> Result<(), StoreError> {
        let Some(_lock) = Lock::try_take(folder)? else {
            pruned.busy.push(key.clone());
            return Ok(());
        };
        let mut manifests = self.snapshots_of(key)?;
        if let Some(mut manifest) = Manifest::read(folder, key)? {
            if older == OlderVersions::Forget && !manifest.older_versions.is_empty() {
                let gone = manifest.older_versions.drain(..).filter_map(|content| content.version);
                pruned.versions.extend(gone.map(|version| (key.clone(), version)));
                if mode == PruneMode::Remove {
                    manifest.write(folder)?;
                    sync_folder(folder)?;
                }
            }
            manifests.push(manifest);
        }
        if mode == PruneMode::Remove {
            memory::forget(folder)?;
        }
        pruned.take(orphans(folder, &manifests)?, mode)
    }
}

/// The files in `folder` that are not written to the end.
fn temporaries(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let mut files = files_in(folder)?;
    files.retain(|(name, _)| name.ends_with(TEMPORARY_SUFFIX));
    Ok(files.into_iter().map(|(name, _)| folder.join(name)).collect())
}

impl Pruned {
    /// Counts `files`, and removes them if `mode` says so.
    fn take(&mut self, files: Vec<PathBuf>, mode: PruneMode) -> Result<(), StoreError> {
        for file in files {
            let bytes = fs::metadata(&file).map(|found| found.len()).unwrap_or_default();
            if mode == PruneMode::Remove {
                fs::remove_file(&file).map_err(StoreError::io("remove", &file))?;
            }
            self.bytes += bytes;
            self.files.push(file);
        }
        Ok(())
    }
}
