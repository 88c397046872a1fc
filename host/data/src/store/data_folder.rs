//! A data folder: which series are in it, and how they are read and changed.

use std::path::{Path, PathBuf};

use super::StoreError;
use super::durable::make_folder;
use super::editor::SeriesEditor;
use super::layout::{series_folder, series_folders};
use super::lock::Lock;
use super::manifest::{MANIFEST_FILE, Manifest};
use super::series::Series;
use crate::SeriesKey;

/// How often a reader begins anew when a writer replaces the series under it. Each time a page was added in between,
/// which takes a writer far longer than opening takes a reader.
const READS_MAX: usize = 100;

/// A data folder. Any number of processes may read and change the series in it at the same time: readers wait for nobody,
/// writers of the same series wait for each other.
///
/// ```
/// use ct_data::store::{Addition, Store};
/// use ct_data::{SeriesKey, TimeRange};
/// use ct_core::market::RawColumns;
/// # let folder = tempfile::tempdir()?;
/// let store = Store::new(folder.path());
/// let key = SeriesKey {
///     exchange: "binance".into(),
///     symbol: "BTC/USDT".into(),
///     interval: "1h".parse()?,
/// };
/// let mut editor = store.edit(&key, &mut || ())?;
/// editor.add(Addition {
///     range: TimeRange::from_ms(0, 7_200_000),
///     rows: RawColumns {
///         time: vec![0, 3_600_000],
///         open: vec![10.0, 11.0],
///         high: vec![12.0, 11.5],
///         low: vec![9.0, 10.5],
///         close: vec![11.0, 11.0],
///         volume: vec![5.0, 0.0],
///     },
///     source: "binance".into(),
///     notes: Vec::new(),
/// })?;
/// let series = editor.finish()?;
/// assert_eq!(store.series(&key)?.map(|read| read.bars()), Some(series.bars()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    folder: PathBuf,
}

impl Store {
    /// The store in `folder`, which need not be there yet; nothing is read or made.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The data folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The series that are kept, damaged ones included, sorted.
    ///
    /// # Errors
    /// [`StoreError::Io`].
    pub fn keys(&self) -> Result<Vec<SeriesKey>, StoreError> {
        let mut found = series_folders(&self.folder)?;
        found.retain(|(_, folder)| folder.join(MANIFEST_FILE).exists());
        Ok(found.into_iter().map(|(key, _)| key).collect())
    }

    /// The series `key` as it is now; `None` when nothing is kept of it. Waits for no writer.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and [`StoreError::Missing`] name the file; [`StoreError::NewerFormat`]; [`StoreError::Io`].
    pub fn series(&self, key: &SeriesKey) -> Result<Option<Series>, StoreError> {
        let folder = series_folder(&self.folder, key)?;
        let mut read = Manifest::read(&folder, key)?;
        for _ in 0..READS_MAX {
            let Some(manifest) = read else { return Ok(None) };
            let opened = Series::open(&folder, manifest.clone());
            if !matches!(opened, Err(StoreError::Missing { .. })) {
                return opened.map(Some);
            }
            // A writer removes files only after it has replaced the manifest that names them.
            read = Manifest::read(&folder, key)?;
            if read.as_ref() == Some(&manifest) {
                return opened.map(Some);
            }
        }
        Err(StoreError::Busy(key.clone()))
    }

    /// Locks the series `key` to change it. `waiting` is called once if somebody else has it locked; then this waits.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and [`StoreError::Missing`]: see [`Store::heal`]. [`StoreError::Name`],
    /// [`StoreError::NewerFormat`], [`StoreError::Io`].
    pub fn edit(
        &self,
        key: &SeriesKey,
        waiting: &mut dyn FnMut(),
    ) -> Result<SeriesEditor, StoreError> {
        let folder = series_folder(&self.folder, key)?;
        make_folder(&folder)?;
        let lock = Lock::wait_for(&folder, waiting)?;
        let manifest = Manifest::read(&folder, key)?;
        SeriesEditor::open(folder, key.clone(), manifest, self.pinned_or_unknown(key), lock)
    }

    /// The first that `is_wanted` of: the series `key` as it is now, its superseded versions from the newest to the oldest,
    /// and the snapshots of it; `None` when it is none of them. For running an old result again on its own data.
    ///
    /// # Errors
    /// What kept the first of them from being looked at, when it is none of the others.
    pub fn series_of_version(
        &self,
        key: &SeriesKey,
        is_wanted: &dyn Fn(&Series) -> bool,
    ) -> Result<Option<Series>, StoreError> {
        let mut failure = None;
        let mut wanted = |read: Result<Option<Series>, StoreError>| match read {
            Ok(series) => series.filter(|series| is_wanted(series)),
            Err(error) => {
                failure.get_or_insert(error);
                None
            }
        };
        if let Some(series) = wanted(self.series(key)) {
            return Ok(Some(series));
        }
        let folder = series_folder(&self.folder, key)?;
        let older = match Manifest::read(&folder, key) {
            Ok(manifest) => manifest.map(|manifest| manifest.older_versions).unwrap_or_default(),
            // The series could not be read either, and that is what is told.
            Err(_) => Vec::new(),
        };
        for content in older.iter().rev() {
            let read = Series::of_content(&folder, key.clone(), content, Vec::new());
            if let Some(series) = wanted(read.map(Some)) {
                return Ok(Some(series));
            }
        }
        for manifest in self.snapshots_of(key)? {
            if let Some(series) = wanted(Series::open(&folder, manifest).map(Some)) {
                return Ok(Some(series));
            }
        }
        failure.map_or(Ok(None), Err)
    }
}
