//! Price files with what their names and metadata tell, and their bars under the user's policy.

use std::fmt::Display;
use std::path::{Path, PathBuf};

use super::{DefectPolicy, FilePeriod, FileSeries, Observer, Ports, RunError, Task, Unchecked};
use crate::config::AccessConfig;
use ct_core::market::Bars;
use ct_core::units::Interval;
use ct_data::files::{FileError, Label, PriceFile, Progress, ReadOptions, read_file_with};
use ct_data::validate::{Repair, Repaired, interval_of_rows};
use ct_data::{FileBudget, FileLimits, Measure, OverBudget};

/// What price files may take, as `access` says: one budget for all that are read for the same purpose.
pub fn file_budget(access: &AccessConfig) -> FileBudget {
    FileBudget::new(FileLimits { bytes_max: access.file_bytes_max, rows_max: access.file_rows_max })
}

/// Reads the file `path` within `budget`, understood as `options` say. The `observer` is told how it was understood where its
/// user may think otherwise.
///
/// # Errors
/// [`RunError::Input`] with the place of the first problem, or the key of the configuration that allows more.
pub fn read_price_file(
    path: &Path,
    options: &ReadOptions,
    budget: &FileBudget,
    observer: &dyn Observer,
) -> Result<PriceFile, RunError> {
    let progress = observer.begin(Task::ReadFile(&file_name(path)));
    let mut progress = |done: Progress| progress.set(done.bytes_done, done.bytes_total);
    let file = read_file_with(path, options, budget, &mut progress).map_err(refused)?;
    tell(&file, path, observer);
    Ok(file)
}

/// The same of many files: what holds of several is told once, with the first of them by name.
pub(super) fn tell_all<'a>(
    files: impl Iterator<Item = (&'a Path, &'a PriceFile)>,
    observer: &dyn Observer,
) {
    const NAMED: usize = 3;
    let mut remarks: Vec<(String, Vec<String>)> = Vec::new();
    for (path, file) in files {
        for remark in file.remarks.iter().map(ToString::to_string) {
            let name = path.display().to_string();
            match remarks.iter_mut().find(|(known, _)| *known == remark) {
                Some((_, names)) => names.push(name),
                None => remarks.push((remark, vec![name])),
            }
        }
    }
    for (remark, names) in remarks {
        let first = names.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let told = match (names.len(), names.len().saturating_sub(NAMED)) {
            (1, _) => format!("{first}: {remark}"),
            (count, 0) => format!("{count} files ({first}): {remark}"),
            (count, more) => format!("{count} files ({first} and {more} more): {remark}"),
        };
        observer.notice(&told);
    }
}

/// Tells the `observer` how `file` was understood, where its user may think otherwise.
pub(super) fn tell(file: &PriceFile, path: &Path, observer: &dyn Observer) {
    for remark in &file.remarks {
        observer.notice(&format!("{}: {remark}", path.display()));
    }
}

/// `error`, and the setting that helps if there is one.
pub(super) fn refused(error: FileError) -> RunError {
    match error.over_budget() {
        Some(over) => too_much(&error, over),
        None if error.wants_instrument() => {
            RunError::input(format!("{error} (--instrument; data.instruments in a configuration)"))
        }
        None if error.wants_time_format() => RunError::input(format!(
            "{error} (--time-format, such as '%d/%m/%Y %H:%M'; data.time_format in a configuration)"
        )),
        None if error.wants_time_zone() => {
            RunError::input(format!("{error} (--time-zone; data.time_zone in a configuration)"))
        }
        None if error.wants_volume() => RunError::input(format!(
            "{error}; if the file has none, --no-volume (data.no_volume in a configuration) takes 0"
        )),
        None => RunError::input(error),
    }
}

/// `error`, which says that there is too much of what `over` measures, and the key that allows more.
pub(super) fn too_much(error: &dyn Display, over: OverBudget) -> RunError {
    let key = match over.measure {
        Measure::Bytes => "access.file_bytes_max",
        Measure::Rows | Measure::AlignedRows => "access.file_rows_max",
    };
    RunError::input(format!("{error}; for files that you trust, {key} allows more"))
}

/// Bars of a file, or of several that are one series, under the user's policy.
#[derive(Debug)]
pub struct CheckedFile {
    /// What the files say about themselves.
    pub label: Label,
    /// The symbol: as the user says, or as labels or names tell.
    pub symbol: String,
    /// The bars.
    pub bars: Bars,
    /// What was put right.
    pub repairs: Vec<Repair>,
    /// Bars that were made up.
    pub synthetic: u64,
    /// The files, and how many rows each has.
    pub files: Vec<(PathBuf, u64)>,
}

impl CheckedFile {
    /// The bars of `series` in the part `period` of it.
    ///
    /// # Errors
    /// [`RunError::Input`] with the place of the first problem that the `policy` does not let pass.
    pub fn of(
        series: FileSeries,
        policy: DefectPolicy,
        period: FilePeriod,
        ports: &Ports<'_>,
    ) -> Result<Self, RunError> {
        let FileSeries { name, symbol, interval, mut file, files } = series;
        period.cut(&mut file, interval);
        let unchecked = Unchecked {
            name: &name,
            interval,
            quote_volume: file.quote_volume.as_deref(),
            lines: file.lines.as_ref(),
            rows: file.columns,
            now: Some(ports.clock.now()),
        };
        let Repaired { rows, repairs, synthetic } = policy.admit(unchecked, ports.observer)?;
        let bars = Bars::new(interval, rows)
            .map_err(|error| RunError::input(format!("{name}: {error}")))?;
        let synthetic = synthetic.len() as u64;
        Ok(Self { label: file.label, symbol, bars, repairs, synthetic, files })
    }
}

/// Length of the bars of `file`: as the user says, as its times show, or as its label tells. The `observer` is told when they
/// differ.
///
/// # Errors
/// [`RunError::Input`] when nothing tells it.
pub fn interval_of_file(
    file: &PriceFile,
    given: Option<Interval>,
    path: &Path,
    observer: &dyn Observer,
) -> Result<Interval, RunError> {
    match (given, interval_of_rows(&file.columns)) {
        (Some(given), Ok(shown)) if given != shown => {
            observer.notice(&format!(
                "{}: the times look like bars of {shown}; taken as bars of {given}, as --interval says",
                path.display()
            ));
            Ok(given)
        }
        (Some(given), _) => Ok(given),
        (None, Ok(shown)) => Ok(agreed(shown, file, path, observer)),
        (None, Err(error)) => file
            .label
            .interval
            .ok_or_else(|| RunError::input(format!("{}: {error}", path.display()))),
    }
}

/// The length that the times show, or that of the label where so few rows show nothing that contradicts it.
fn agreed(shown: Interval, file: &PriceFile, path: &Path, observer: &dyn Observer) -> Interval {
    /// Of fewer rows those between may just be missing.
    const ROWS_MIN: usize = 10;
    let Some(label) = file.label.interval.filter(|label| *label != shown) else { return shown };
    let may_be = shown.as_ms() % label.as_ms() == 0 && file.columns.time.len() < ROWS_MIN;
    let taken = if may_be { label } else { shown };
    observer.notice(&format!(
        "{}: its name or its metadata says bars of {label}, but the times are those of bars of {shown}; taken as bars of \
         {taken}, if --interval does not say otherwise",
        path.display()
    ));
    taken
}

/// What `path` is called where its name tells no base and quote asset: the word in capitals before an interval, as in
/// `binance_AAPLX_1h.csv`, or the name without its ending.
pub(super) fn plain_name(path: &Path) -> String {
    const LENGTH_MIN: usize = 5;
    let name = file_name(path);
    let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let words: Vec<&str> = stem.split(['_', '-']).collect();
    let is_symbol = |word: &str| {
        let usual = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        word.len() >= LENGTH_MIN
            && word.bytes().all(usual)
            && word.bytes().any(|byte| byte.is_ascii_uppercase())
    };
    let mut pairs = words.iter().zip(words.iter().skip(1));
    let found = pairs.find(|(word, next)| is_symbol(word) && next.parse::<Interval>().is_ok());
    found.map_or(stem, |(word, _)| word).to_owned()
}

/// The last part of `path`.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_without_a_pair_are_taken_as_they_are() {
        for (path, name) in [
            ("data/nasdaq_GOOGL_1h_2017-2024.csv.gz", "GOOGL"),
            ("XYZBUSD-1m-2024-01.csv", "XYZBUSD"),
            ("bitcoin.csv", "bitcoin"),
            ("20240101_1h.csv", "20240101_1h"),
        ] {
            assert_eq!(plain_name(path.as_ref()), name, "{path}");
        }
    }
}
