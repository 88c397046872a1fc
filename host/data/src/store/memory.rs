//! What was worked out of kept bars: a version never changes, so that one look at it is enough.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::durable::{files_in, make_folder};
use super::layout::series_folder;
use super::lock::Lock;
use super::sealed_json::{read_sealed, write_sealed};
use super::{Series, Store, StoreError};
use crate::SeriesKey;
use crate::validate::{Report, Subject, ValidationSettings, validate};
use crate::written::TEMPORARY_SUFFIX;
use ct_core::market::Bars;

/// Raised when validation finds something else in the same bars.
const CHECKS: u32 = 1;

/// Folder of the answers, in that of the series.
pub(super) const MEMORY_FOLDER: &str = "memory";

/// Ending of an answer's file.
const ANSWER_SUFFIX: &str = ".json";

/// Answers kept of a series. When there are more, they are all forgotten: each can be worked out again within a second.
pub(super) const ANSWERS_MAX: usize = 128;

impl Store {
    /// The answer that was [remembered](Self::remember) to `question`; `None` if there is none that can be read.
    pub fn recall<T: DeserializeOwned>(&self, key: &SeriesKey, question: &str) -> Option<T> {
        let folder = series_folder(self.folder(), key).ok()?.join(MEMORY_FOLDER);
        let (asked, answer): (String, T) = read_sealed(&answer_file(&folder, question)).ok()??;
        // A file may have been copied to another name.
        (asked == question).then_some(answer)
    }

    /// Keeps the answer to `question` beside the series `key`. The question names all that the answer depends on: the
    /// version of the bars, which of them, and how it is worked out. Nothing happens in a folder that cannot be written:
    /// what is not remembered costs only time.
    pub fn remember(&self, key: &SeriesKey, question: &str, answer: &impl Serialize) {
        if let Ok(folder) = series_folder(self.folder(), key) {
            let _ = keep(&folder.join(MEMORY_FOLDER), question, answer);
        }
    }

    /// What [`validate`] finds in `bars`, which are bars on end of `series`; looked for once, if they are as they were written.
    pub fn validate(&self, series: &Series, bars: &Bars, settings: &ValidationSettings) -> Report {
        let (version, rows, times) = (series.version(), bars.times().len(), bars.times());
        let question = format!(
            "validation {CHECKS} of {}: {version}, {rows} bars from {:?} to {:?}, {settings:?}",
            env!("CARGO_PKG_VERSION"),
            times.first(),
            times.last(),
        );
        if let Some(report) = self.recall(series.key(), &question) {
            return report;
        }
        let report = validate(&Subject::new(bars.interval(), bars), settings);
        if series.verify().is_ok() {
            self.remember(series.key(), &question, &report);
        }
        report
    }
}

fn answer_file(folder: &Path, question: &str) -> PathBuf {
    folder.join(format!("{}{ANSWER_SUFFIX}", blake3::hash(question.as_bytes()).to_hex()))
}

/// Writes an answer, unless somebody else is writing one.
fn keep(folder: &Path, question: &str, answer: &impl Serialize) -> Result<(), StoreError> {
    make_folder(folder)?;
    let Some(_lock) = Lock::try_take(folder)? else { return Ok(()) };
    if answers(folder)?.len() >= ANSWERS_MAX {
        remove_all(folder)?;
    }
    write_sealed(&answer_file(folder, question), &(question, answer))
}

/// The files of answers in `folder`, also of such as a crash left half written.
fn answers(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let is_answer = |name: &str| {
        let digits = name.strip_suffix(ANSWER_SUFFIX).unwrap_or_default();
        let is_hash = digits.len() == 2 * blake3::OUT_LEN;
        name.ends_with(TEMPORARY_SUFFIX)
            || (is_hash && digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
    };
    let mut files = files_in(folder)?;
    files.retain(|(name, _)| is_answer(name));
    Ok(files.into_iter().map(|(name, _)| folder.join(name)).collect())
}

fn remove_all(folder: &Path) -> Result<(), StoreError> {
    answers(folder)?
        .iter()
        .try_for_each(|file| fs::remove_file(file).map_err(StoreError::io("remove", file)))
}

/// Forgets all answers about the series in `folder`, if nobody is writing one.
pub(super) fn forget(folder: &Path) -> Result<(), StoreError> {
    let folder = folder.join(MEMORY_FOLDER);
    if !folder.is_dir() {
        return Ok(());
    }
    match Lock::try_take(&folder)? {
        Some(_lock) => remove_all(&folder),
        None => Ok(()),
    }
}
