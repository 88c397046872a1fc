//! `--from-run`: a run is made again from its result, with what the user changes.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::comparison::{differing, is_unexplained};
use super::pin::{Pin, PinnedRows};
use super::request::Request;
use super::{RunError, SavedResult};
use crate::backtest::RunResult;
use crate::config::{Effective, Layer, Origin};
use ct_core::order::{FillRules, Intrabar};
use ct_data::files::price_files;
use ct_plugin::{Plugin, limits};

/// An earlier run, as its result tells it.
#[derive(Debug)]
pub struct EarlierRun {
    path: PathBuf,
    result: RunResult,
    request: Request,
}

impl EarlierRun {
    /// The run whose result is in the file, or the folder, `path`.
    ///
    /// # Errors
    /// [`RunError::Input`] when there is no result, or it does not say what was asked for.
    pub fn read(path: &Path) -> Result<Self, RunError> {
        let SavedResult { path, result, .. } = SavedResult::read(path)?;
        let (warm_up_rows, most) = (result.data.warm_up_rows, warm_up_rows_max(&result));
        if warm_up_rows > most {
            return Err(RunError::input(format!(
                "{}: this result says that the strategy warmed up on {warm_up_rows} bars: expected at most {most}",
                path.display()
            )));
        }
        let request = serde_json::from_value(result.request.clone()).map_err(|error| {
            RunError::input(format!(
                "{}: this result does not say how it was asked for ({error}): expected one that `ct-host backtest` wrote",
                path.display()
            ))
        })?;
        Ok(Self { path, result, request })
    }

    /// Everything that decided the result. It holds in place of the defaults and of the configuration file.
    pub(super) fn layer(&self) -> Layer {
        let settings = &self.result.configuration;
        let value = json!({
            "strategy": self.request.strategy,
            "data": self.request.data,
            "account": settings.account,
            "costs": settings.costs,
            "risk": settings.risk,
            "fills": settings.fills,
        });
        // A result may be a stranger's, and says what decides one, not how things are done here.
        let mut layer = Layer::from_value(value, self.origin()).found("give it as a flag");
        if let Some(snapshot) = self.snapshot() {
            layer.set("access.snapshot", snapshot.into(), self.origin());
        }
        layer
    }

    /// What the instruments were called, in their order.
    pub fn symbols(&self) -> &[String] {
        &self.result.data.symbols
    }

    fn origin(&self) -> Origin {
        Origin::Result(self.path.display().to_string())
    }

    /// The snapshot that pins the prices of every instrument, if one does.
    fn snapshot(&self) -> Option<&str> {
        let sources = &self.result.data.sources;
        let mut names = sources.iter().map(|source| source.series.as_ref()?.snapshot.as_deref());
        let first = names.next()??;
        names.all(|name| name == Some(first)).then_some(first)
    }

    /// # Errors
    /// [`RunError::Input`] when a file that only the result names is not where it was.
    pub(super) fn check_files(&self, effective: &Effective) -> Result<(), RunError> {
        let (data, strategy) = (&effective.config.data, &effective.config.strategy);
        let plugin: &[PathBuf] = strategy.plugin.as_slice();
        for (key, files, flag) in [
            ("strategy.plugin", plugin, "--plugin"),
            ("data.files", data.files.as_slice(), "--data"),
            ("data.detail_files", data.detail_files.as_slice(), "--detail-data"),
        ] {
            let gone =
                files.iter().find(|path| !price_files(path).is_ok_and(|found| found.are_there()));
            if let Some(gone) = gone.filter(|_| is_of_result(effective.origin(key))) {
                return Err(RunError::input(format!(
                    "{} is not there; it is named in {}: if it was moved, give {flag} FILE",
                    gone.display(),
                    self.path.display()
                )));
            }
        }
        Ok(())
    }

    /// # Errors
    /// [`RunError::Input`] when `plugin` is another one than that of the earlier run, though the user did not name another.
    pub(super) fn check_plugin(
        &self,
        effective: &Effective,
        plugin: &Plugin,
    ) -> Result<(), RunError> {
        let earlier = &self.result.plugin;
        let is_named = ["strategy.name", "strategy.plugin"]
            .iter()
            .any(|path| !is_of_result(effective.origin(path)));
        if is_named || plugin.hash() == earlier.hash {
            return Ok(());
        }
        Err(RunError::input(format!(
            "{}: the strategy {} is not what it was: it has the hash {}, and had {}; with --strategy or --plugin the run is made \
             with the one of now",
            self.path.display(),
            earlier.name,
            plugin.hash(),
            earlier.hash
        )))
    }

    /// What holds of the earlier run's data. Another exchange has other rules and prices, and another snapshot other prices;
    /// the rows are other ones when anything but trading rules and a benchmark is said of the data.
    pub(super) fn pin(&self, effective: &Effective) -> Pin {
        let summary = &self.result.data;
        let is_same_exchange = effective.config.data.exchange == self.request.data.exchange;
        let is_same_snapshot = effective.config.access.snapshot.as_deref() == self.snapshot();
        let said = |path: &str| {
            let is_of_rows = !path.starts_with("data.rules") && path != "data.benchmark";
            path.starts_with("data.") && is_of_rows
        };
        let mut data = effective.entries().filter(|(path, _, _)| said(path));
        let is_same = data.all(|(_, _, origin)| is_of_result(Some(origin)))
            && is_same_snapshot
            && has_details(effective.config.settings.fills)
                == has_details(self.result.configuration.fills);
        let sources = summary.sources.iter().filter(|_| is_same_exchange && is_same_snapshot);
        let kept = sources.filter_map(|source| Some((&source.symbol, source.series.as_ref()?)));
        let versions = kept.clone().map(|(symbol, kept)| (symbol.clone(), kept.version.clone()));
        let instruments = summary.instruments.iter().filter(|_| is_same_exchange);
        Pin {
            versions: versions.collect(),
            kept_as: kept.map(|(_, kept)| kept.exchange.clone()).collect(),
            instruments: instruments.cloned().collect(),
            rows: is_same.then(|| PinnedRows {
                path: self.path.clone(),
                hash: summary.hash.clone(),
                from: self.request.data.from.unwrap_or(summary.from),
                to: self.request.data.to.unwrap_or(summary.to),
                warm_up_rows: usize::try_from(summary.warm_up_rows).unwrap_or(usize::MAX),
            }),
        }
    }

    /// Whether the run warms up as the earlier one did: on other parameters or risk it may need other rows.
    pub(super) fn warms_up_alike(&self, effective: &Effective) -> bool {
        effective.config.strategy == self.request.strategy
            && effective.config.settings.risk == self.result.configuration.risk
    }

    /// Whether `result` is that of the same run, or in what it differs.
    pub fn verdict(&self, result: &RunResult) -> String {
        const ID_LETTERS: usize = 8;
        let path = self.path.display();
        let differing = differing(&self.result, result);
        if !differing.is_empty() {
            return format!("differs from {path}: {}", differing.join(", "));
        }
        let id: String = result.run_id.chars().take(ID_LETTERS).collect();
        let rest = if is_unexplained(&self.result, result) {
            "; what it explains was not compared, --explain does"
        } else {
            ""
        };
        format!("same run as {path} ({id}){rest}")
    }
}

/// The most rows that a run with the settings of `result` warms up on. As many are asked for.
fn warm_up_rows_max(result: &RunResult) -> u64 {
    let of_risk = result.configuration.risk.lookback_rows() as u64;
    of_risk.max(u64::from(limits::WARM_UP_ROWS_MAX))
}

/// Whether finer bars are part of the data.
const fn has_details(fills: FillRules) -> bool {
    matches!(fills.intrabar, Intrabar::Detail)
}

fn is_of_result(origin: Option<&Origin>) -> bool {
    matches!(origin, Some(Origin::Result(_)))
}
