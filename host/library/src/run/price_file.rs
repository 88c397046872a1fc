//! Price files with what their names and metadata tell.

use std::path::Path;

use super::{DefectPolicy, Observer, Ports, RunError, Task, Unchecked};
use crate::config::AccessConfig;
use ct_core::market::Bars;
use ct_core::units::Interval;
use ct_data::files::{FileError, Label, PriceFile, read_file};
use ct_data::validate::{Repair, Repaired, interval_of_rows};
use ct_data::{FileBudget, FileLimits, Measure};

/// What price files may take, as `access` says: one budget for all that are read for the same purpose.
pub fn file_budget(access: &AccessConfig) -> FileBudget {
    FileBudget::new(FileLimits { bytes_max: access.file_bytes_max, rows_max: access.file_rows_max })
}

/// Reads the file `path` within `budget`.
///
/// # Errors
/// [`RunError::Input`] with the place of the first problem, or the key of the configuration that allows more.
pub fn read_price_file(
    path: &Path,
    budget: &FileBudget,
    observer: &dyn Observer,
) -> Result<PriceFile, RunError> {
    let progress = observer.begin(Task::ReadFile(&file_name(path)));
    read_file(path, budget, &mut |done| progress.set(done.bytes_done, done.bytes_total))
        .map_err(refused)
}

/// `error`, and what allows more if that is what is wrong.
pub(super) fn refused(error: FileError) -> RunError {
    let key = match error.over_budget().map(|over| over.measure) {
        Some(Measure::Bytes) => "access.file_bytes_max",
        Some(Measure::Rows) => "access.file_rows_max",
        None => return RunError::input(error),
    };
    RunError::input(format!("{error}; for files that you trust, {key} allows more"))
}

/// Bars of a file under the user's policy.
#[derive(Debug)]
pub struct CheckedFile {
    /// What the file says about itself.
    pub label: Label,
    /// The symbol that its label or its name tells.
    pub symbol: String,
    /// The bars.
    pub bars: Bars,
    /// What was put right.
    pub repairs: Vec<Repair>,
    /// Bars that were made up.
    pub synthetic: u64,
}

impl CheckedFile {
    /// Reads the file `path` within `budget` and checks it. Its bars have the length `given`, if that is known.
    ///
    /// # Errors
    /// [`RunError::Input`] with the place of the first problem that `policy` does not let pass.
    pub fn read(
        path: &Path,
        budget: &FileBudget,
        given: Option<Interval>,
        policy: DefectPolicy,
        ports: &Ports<'_>,
    ) -> Result<Self, RunError> {
        Self::of(read_price_file(path, budget, ports.observer)?, path, given, policy, ports)
    }

    /// The bars of `file`, which was read from `path`, likewise.
    ///
    /// # Errors
    /// As [`CheckedFile::read`].
    pub(super) fn of(
        file: PriceFile,
        path: &Path,
        given: Option<Interval>,
        policy: DefectPolicy,
        ports: &Ports<'_>,
    ) -> Result<Self, RunError> {
        let interval = interval_of_file(&file, given, path, ports.observer)?;
        let symbol = symbol(&file, path);
        let unchecked = Unchecked {
            name: &path.display().to_string(),
            interval,
            quote_volume: file.quote_volume.as_deref(),
            lines: file.lines.as_ref(),
            rows: file.columns,
            now: Some(ports.clock.now()),
        };
        let Repaired { rows, repairs, synthetic } = policy.admit(unchecked, ports.observer)?;
        let bars = Bars::new(interval, rows)
            .map_err(|error| RunError::input(format!("{}: {error}", path.display())))?;
        let synthetic = synthetic.len() as u64;
        Ok(Self { label: file.label, symbol, bars, repairs, synthetic })
    }
}

/// Length of the bars of `file`: as the user says, as its times show, or as its label tells.
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
        (None, Ok(shown)) => Ok(file.label.interval.unwrap_or(shown)),
        (None, Err(error)) => file
            .label
            .interval
            .ok_or_else(|| RunError::input(format!("{}: {error}", path.display()))),
    }
}

/// The symbol of `file`: from its label, or from a name such as `binance_BTCUSDT_1h_2017-2024.csv.gz` or
/// `BTCUSDT-1m-2024-01.csv`, in which it is the word in capitals before the interval. Otherwise the name without its ending.
fn symbol(file: &PriceFile, path: &Path) -> String {
    file.label.symbol.clone().unwrap_or_else(|| symbol_of(path))
}

fn symbol_of(path: &Path) -> String {
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
fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_come_from_the_usual_file_names() {
        for (path, symbol) in [
            ("data/binance_BTCUSDT_1h_2017-2024.csv.gz", "BTCUSDT"),
            ("BTCUSDT-1m-2024-01.csv", "BTCUSDT"),
            ("1000SHIBUSDT_15m.csv.zst", "1000SHIBUSDT"),
            ("bitcoin.csv", "bitcoin"),
            ("BTC_USDT-1h.csv", "BTC_USDT-1h"),
            ("binance_BTCUSDT.csv", "binance_BTCUSDT"),
            ("20240101_1h.csv", "20240101_1h"),
        ] {
            assert_eq!(symbol_of(path.as_ref()), symbol, "{path}");
        }
    }
}
