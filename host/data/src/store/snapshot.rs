//! Named states of series that stay readable whatever happens to the series.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::durable::{files_in, make_folder, sync_folder};
use super::editor::Pinned;
use super::layout::{series_folder, snapshots_folder};
use super::lock::Lock;
use super::manifest::Manifest;
use super::sealed_json::{read_sealed, write_sealed};
use super::series::Series;
use super::{Store, StoreError};
use crate::written::TEMPORARY_SUFFIX;
use crate::{SeriesKey, TimeRange};

/// Longest name of a snapshot.
const NAME_LENGTH_MAX: usize = 64;

/// What stands around the name in the file's name: names of devices are no names with it.
const FILE_PREFIX: &str = "snapshot-";
const FILE_SUFFIX: &str = ".json";

/// A named state of some series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// Its name.
    pub name: String,
    /// What is in it, sorted by key.
    pub series: Vec<SnapshotSeries>,
}

/// A series as a snapshot keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SnapshotSeries {
    /// Which series.
    #[serde(flatten)]
    pub key: SeriesKey,
    /// The hash of its interval and bars.
    pub version: String,
    /// Number of bars.
    pub rows: u64,
    /// From the open time of the first bar to the close of the last one; `None` without any bar.
    pub range: Option<TimeRange>,
}

/// A snapshot on the disk.
#[derive(Debug, Serialize, Deserialize)]
struct SnapshotFile {
    name: String,
    series: Vec<Manifest>,
}

impl Store {
    /// Keeps the series `keys` as they are now under `name`, after all their checksums were compared. Waits for writers of
    /// these series. The bars are not copied: what is kept is that they stay.
    ///
    /// # Errors
    /// [`StoreError::SnapshotExists`], [`StoreError::Name`], [`StoreError::UnknownSeries`]; [`StoreError::Damaged`] and
    /// [`StoreError::Missing`] name the file; [`StoreError::Io`].
    pub fn snapshot(&self, name: &str, keys: &[SeriesKey]) -> Result<Snapshot, StoreError> {
        let path = self.snapshot_path(name)?;
        let folder = snapshots_folder(self.folder());
        make_folder(&folder)?;
        let _lock = Lock::wait_for(&folder, &mut || ())?;
        if path.exists() {
            return Err(StoreError::SnapshotExists(name.to_owned()));
        }
        // In one order, so that two snapshots never wait for each other.
        let keys: BTreeSet<&SeriesKey> = keys.iter().collect();
        let mut locks = Vec::with_capacity(keys.len());
        let mut series = Vec::with_capacity(keys.len());
        for key in keys {
            let (manifest, lock) = self.locked_manifest(key)?;
            series.push(manifest);
            locks.push(lock);
        }
        let file = SnapshotFile::new(name, series);
        write_sealed(&path, &file)?;
        sync_folder(&folder)?;
        Ok(file.into_snapshot())
    }

    /// All snapshots, sorted by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] names the first file that cannot be read; [`StoreError::Io`].
    pub fn snapshots(&self) -> Result<Vec<Snapshot>, StoreError> {
        Ok(self.snapshot_files()?.into_iter().map(SnapshotFile::into_snapshot).collect())
    }

    /// Forgets the snapshot `name`, also a damaged one. What only it kept goes when the store is pruned.
    ///
    /// # Errors
    /// [`StoreError::UnknownSnapshot`], [`StoreError::Name`], [`StoreError::Io`].
    pub fn remove_snapshot(&self, name: &str) -> Result<(), StoreError> {
        let path = self.snapshot_path(name)?;
        if !path.exists() {
            return Err(StoreError::UnknownSnapshot(name.to_owned()));
        }
        let folder = snapshots_folder(self.folder());
        let _lock = Lock::wait_for(&folder, &mut || ())?;
        fs::remove_file(&path).map_err(StoreError::io("remove", &path))?;
        sync_folder(&folder)
    }

    /// The series `key` as the snapshot `name` keeps it; `None` when it is not in it.
    ///
    /// # Errors
    /// [`StoreError::UnknownSnapshot`], [`StoreError::Name`]; [`StoreError::Damaged`] and [`StoreError::Missing`] name the
    /// file; [`StoreError::Io`].
    pub fn series_of_snapshot(
        &self,
        name: &str,
        key: &SeriesKey,
    ) -> Result<Option<Series>, StoreError> {
        let file: SnapshotFile = read_sealed(&self.snapshot_path(name)?)?
            .ok_or_else(|| StoreError::UnknownSnapshot(name.to_owned()))?;
        let Some(manifest) = file.series.into_iter().find(|manifest| manifest.key == *key) else {
            return Ok(None);
        };
        Series::open(&series_folder(self.folder(), key)?, manifest).map(Some)
    }

    /// What the snapshots keep of the series `key`.
    pub(super) fn snapshots_of(&self, key: &SeriesKey) -> Result<Vec<Manifest>, StoreError> {
        let manifests = self.snapshot_files()?.into_iter().flat_map(|file| file.series);
        Ok(manifests.filter(|manifest| manifest.key == *key).collect())
    }

    /// The segment files of the series `key` that snapshots need.
    pub(super) fn pinned(&self, key: &SeriesKey) -> Result<BTreeSet<String>, StoreError> {
        Ok(self.snapshots_of(key)?.iter().flat_map(Manifest::files).collect())
    }

    /// The same, when nothing is to be removed that an unreadable snapshot may need.
    pub(super) fn pinned_or_unknown(&self, key: &SeriesKey) -> Pinned {
        self.pinned(key).map_or(Pinned::Unknown, Pinned::Files)
    }

    /// The manifest of `key` with its version, all of its files compared with their checksums, and the lock that keeps it.
    fn locked_manifest(&self, key: &SeriesKey) -> Result<(Manifest, Lock), StoreError> {
        let unknown = || StoreError::UnknownSeries(key.clone());
        let folder = series_folder(self.folder(), key)?;
        if !folder.is_dir() {
            return Err(unknown());
        }
        let lock = Lock::wait_for(&folder, &mut || ())?;
        let mut manifest = Manifest::read(&folder, key)?.ok_or_else(unknown)?;
        manifest.older_versions.clear();
        let series = Series::open(&folder, manifest.clone())?;
        series.verify()?;
        manifest.content.version = Some(series.version().to_owned());
        Ok((manifest, lock))
    }

    fn snapshot_files(&self) -> Result<Vec<SnapshotFile>, StoreError> {
        let folder = snapshots_folder(self.folder());
        let mut files = Vec::new();
        for (name, _) in files_in(&folder)? {
            if name.starts_with(FILE_PREFIX) && !name.ends_with(TEMPORARY_SUFFIX) {
                // One that was removed since the folder was listed is none.
                files.extend(read_sealed::<SnapshotFile>(&folder.join(name))?);
            }
        }
        files.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(files)
    }

    fn snapshot_path(&self, name: &str) -> Result<PathBuf, StoreError> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if !(1..=NAME_LENGTH_MAX).contains(&name.len()) || !name.bytes().all(allowed) {
            return Err(StoreError::Name {
                what: "a snapshot called",
                name: name.chars().take(NAME_LENGTH_MAX).collect(),
                expected: "1 to 64 letters, digits, dots, underscores and hyphens",
            });
        }
        let file = format!("{FILE_PREFIX}{name}{FILE_SUFFIX}");
        Ok(snapshots_folder(self.folder()).join(file))
    }
}

impl SnapshotFile {
    /// The snapshot of series that have their versions.
    fn new(name: &str, series: Vec<Manifest>) -> Self {
        let unnamed = series.iter().find(|manifest| manifest.content.version.is_none());
        assert!(unnamed.is_none(), "snapshot '{name}': a series without a version: {unnamed:?}");
        Self { name: name.to_owned(), series }
    }

    fn into_snapshot(self) -> Snapshot {
        let series = self.series.into_iter().map(|manifest| {
            let range = manifest.range();
            let Manifest { key, content, .. } = manifest;
            SnapshotSeries {
                key,
                version: content.version.unwrap_or_default(),
                rows: content.rows,
                range,
            }
        });
        Snapshot { name: self.name, series: series.collect() }
    }
}
