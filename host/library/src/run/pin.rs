//! What a run that is made again takes over from the earlier one: versions of prices, trading rules, and the very rows.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::RunError;
use crate::backtest::Dataset;
use ct_core::market::Instrument;
use ct_core::units::Timestamp;

/// What holds of the data of an earlier run, as far as the user does not want other data.
#[derive(Clone, Debug)]
pub(super) struct Pin {
    /// Versions of the kept series, by symbol.
    pub(super) versions: BTreeMap<String, String>,
    /// What its exchange's prices were kept as, which says where they came from.
    pub(super) kept_as: BTreeSet<String>,
    /// The rules by which each symbol was traded.
    pub(super) instruments: Vec<Instrument>,
    /// The rows, when the period is that of the earlier run.
    pub(super) rows: Option<PinnedRows>,
}

/// The rows of an earlier run.
#[derive(Clone, Debug)]
pub(super) struct PinnedRows {
    /// The file with the earlier result.
    pub(super) path: PathBuf,
    pub(super) hash: String,
    pub(super) from: Timestamp,
    pub(super) to: Timestamp,
    /// Rows before the period that the earlier run had.
    pub(super) warm_up_rows: usize,
}

impl Pin {
    /// The version of the kept series of `symbol`.
    pub(super) fn version(&self, symbol: &str) -> Option<&str> {
        self.versions.get(symbol).map(String::as_str)
    }

    /// The rules by which `symbol` was traded.
    pub(super) fn instrument(&self, symbol: &str) -> Option<&Instrument> {
        self.instruments.iter().find(|instrument| instrument.symbol == symbol)
    }

    /// Rows before the period that the earlier run had, when it is the same period.
    pub(super) fn warm_up_rows(&self) -> usize {
        self.rows.as_ref().map_or(0, |rows| rows.warm_up_rows)
    }
}

impl PinnedRows {
    /// These rows among those of `data`.
    ///
    /// # Errors
    /// [`RunError::Input`] when they are not what they were.
    pub(super) fn of(&self, data: &Dataset) -> Result<Dataset, RunError> {
        let rows = data.between(self.from, self.to, self.warm_up_rows).map_err(RunError::input)?;
        if rows.hash() == self.hash {
            return Ok(rows);
        }
        Err(RunError::input(format!(
            "{}: the prices are not what they were: they have the hash {}, and had {}; name them with --data or --symbol to run \
             on those of now",
            self.path.display(),
            rows.hash(),
            self.hash
        )))
    }
}
