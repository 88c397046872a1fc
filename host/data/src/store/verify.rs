//! Looking at every byte of the cache.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::durable::files_in;
use super::layout::series_folder;
use super::lock::{LOCK_FILE, Lock};
use super::manifest::{MANIFEST_COPY_FILE, MANIFEST_FILE, Manifest};
use super::segment::Segment;
use super::{Store, StoreError};
use crate::SeriesKey;

/// What was found of one series.
#[derive(Debug)]
pub struct Verification {
    /// Which series.
    pub key: SeriesKey,
    /// Number of segment files that were read.
    pub files: u64,
    /// Their size.
    pub bytes: u64,
    /// What is wrong. Each names its file and says what helps.
    pub errors: Vec<StoreError>,
    /// Files that nothing names: left by a writer that came to no good end, or set aside. Pruning removes them.
    pub orphans: Vec<PathBuf>,
}

impl Verification {
    /// True when every file that the series, its older versions and its snapshots need is as it was written.
    pub fn is_intact(&self) -> bool {
        self.errors.is_empty()
    }
}

impl Store {
    /// Compares every checksum of every file of the series `keys`, their older versions and their snapshots; `progress` is
    /// called after each series. Of a series that a writer is changing, only the state it is in is looked at.
    pub fn verify(
        &self,
        keys: &[SeriesKey],
        progress: &mut dyn FnMut(&Verification),
    ) -> Vec<Verification> {
        let verified = keys.iter().map(|key| {
            let verification = self.verify_series(key);
            progress(&verification);
            verification
        });
        verified.collect()
    }

    fn verify_series(&self, key: &SeriesKey) -> Verification {
        let (errors, orphans) = (Vec::new(), Vec::new());
        let mut found = Verification { key: key.clone(), files: 0, bytes: 0, errors, orphans };
        if let Err(error) = self.look_at(&mut found) {
            found.errors.push(error);
        }
        found
    }

    /// Fills `found` in; an error is one that leaves nothing else to look at.
    fn look_at(&self, found: &mut Verification) -> Result<(), StoreError> {
        let key = found.key.clone();
        let folder = series_folder(self.folder(), &key)?;
        if !folder.is_dir() {
            return Err(StoreError::UnknownSeries(key));
        }
        let Some(_lock) = Lock::try_take(&folder)? else {
            let series = self.series(&key)?.ok_or(StoreError::UnknownSeries(key))?;
            (found.files, found.bytes) = (series.files(), series.bytes());
            return series.verify();
        };
        let mut manifests = Vec::new();
        let mut is_readable = true;
        for read in [Manifest::read(&folder, &key).map(Vec::from_iter), self.snapshots_of(&key)] {
            match read {
                Ok(read) => manifests.extend(read),
                Err(error) => {
                    found.errors.push(error);
                    is_readable = false;
                }
            }
        }
        let copy = Manifest::read_file(&folder.join(MANIFEST_COPY_FILE), &key);
        found.errors.extend(copy.err());
        look_at_segments(&folder, &manifests, found);
        if is_readable {
            found.orphans = orphans(&folder, &manifests)?;
        }
        Ok(())
    }
}

/// Compares the checksums of all segment files that `manifests` name.
fn look_at_segments(folder: &Path, manifests: &[Manifest], found: &mut Verification) {
    let hashes: BTreeMap<String, blake3::Hash> =
        manifests.iter().flat_map(Manifest::segment_hashes).collect();
    let looked_at: Vec<Result<u64, StoreError>> = hashes
        .par_iter()
        .map(|(_, hash)| {
            let segment = Segment::open(folder, found.key.interval, hash)?;
            segment.verify()?;
            Ok(segment.file_bytes())
        })
        .collect();
    for segment in looked_at {
        match segment {
            Ok(bytes) => (found.files, found.bytes) = (found.files + 1, found.bytes + bytes),
            Err(error) => found.errors.push(error),
        }
    }
    if found.errors.is_empty() {
        // Intact files could still lack the rows that are needed of them.
        let opened =
            manifests.iter().map(|manifest| manifest.content.open(folder, found.key.interval));
        found.errors.extend(opened.filter_map(Result::err));
    }
}

/// The files in the folder of a series that `manifests`, which are all there are, do not name. The caller holds the lock.
pub(super) fn orphans(folder: &Path, manifests: &[Manifest]) -> Result<Vec<PathBuf>, StoreError> {
    let mut named: BTreeSet<String> = manifests.iter().flat_map(Manifest::files).collect();
    named.extend([MANIFEST_FILE, MANIFEST_COPY_FILE, LOCK_FILE].map(str::to_owned));
    let files = files_in(folder)?.into_iter();
    Ok(files.filter(|(name, _)| !named.contains(name)).map(|(name, _)| folder.join(name)).collect())
}
