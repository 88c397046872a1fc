//! `--from-run`: a run is made again from its result, with what the user changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::request::Request;
use crate::backtest::{Dataset, RunResult};
use crate::cli::failure::Failure;
use crate::cli::saved_result::SavedResult;
use crate::config::{Effective, Layer, Origin};
use crate::market::Instrument;
use crate::order::{FillRules, Intrabar};
use crate::plugin::Plugin;
use crate::units::Timestamp;

/// An earlier run.
#[derive(Debug)]
pub(super) struct EarlierRun {
    path: PathBuf,
    result: RunResult,
    request: Request,
}

/// The data of an earlier run.
#[derive(Clone, Debug)]
pub(super) struct Pin {
    path: PathBuf,
    hash: String,
    from: Timestamp,
    to: Timestamp,
    /// Rows before the period that the earlier run had.
    pub(super) warm_up_rows: usize,
    /// Versions of the kept series, by symbol.
    versions: BTreeMap<String, String>,
    instruments: Vec<Instrument>,
}

impl EarlierRun {
    /// The run whose result is in the file, or the folder, `path`.
    ///
    /// # Errors
    /// [`Failure::Input`] when there is no result, or it does not say what was asked for.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let SavedResult { path, result, .. } = SavedResult::read(path)?;
        let request = serde_json::from_value(result.request.clone()).map_err(|error| {
            Failure::input(format!(
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
            "account": { "cash": settings.cash, "at_end": settings.at_end },
            "costs": settings.costs,
            "risk": settings.risk,
            "fills": settings.fills,
        });
        let mut layer = Layer::from_value(value, self.origin());
        if let Some(snapshot) = self.snapshot() {
            layer.set("access.snapshot", snapshot.into(), self.origin());
        }
        layer
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
    /// [`Failure::Input`] when `plugin` is another one than that of the earlier run, though the user did not name another.
    pub(super) fn check_plugin(
        &self,
        effective: &Effective,
        plugin: &Plugin,
    ) -> Result<(), Failure> {
        let earlier = &self.result.plugin;
        let is_named = ["strategy.name", "strategy.plugin"]
            .iter()
            .any(|path| !is_of_result(effective.origin(path)));
        if is_named || plugin.hash() == earlier.hash {
            return Ok(());
        }
        Err(Failure::input(format!(
            "{}: the strategy {} is not what it was: it has the hash {}, and had {}; with --strategy or --plugin the run is made \
             with the one of now",
            self.path.display(),
            earlier.name,
            plugin.hash(),
            earlier.hash
        )))
    }

    /// The data of the earlier run, unless the user wants other data.
    pub(super) fn pin(&self, effective: &Effective) -> Option<Pin> {
        let mut data = effective.entries().filter(|(path, _, _)| path.starts_with("data."));
        let is_same = data.all(|(_, _, origin)| is_of_result(Some(origin)))
            && effective.config.access.snapshot.as_deref() == self.snapshot()
            && has_details(effective.config.fills) == has_details(self.result.configuration.fills);
        let summary = &self.result.data;
        let versions = summary.sources.iter().filter_map(|source| {
            Some((source.symbol.clone(), source.series.as_ref()?.version.clone()))
        });
        is_same.then(|| Pin {
            path: self.path.clone(),
            hash: summary.hash.clone(),
            from: self.request.data.from.unwrap_or(summary.from),
            to: self.request.data.to.unwrap_or(summary.to),
            warm_up_rows: usize::try_from(summary.warm_up_rows).unwrap_or(usize::MAX),
            versions: versions.collect(),
            instruments: summary.instruments.clone(),
        })
    }

    /// Whether the run warms up as the earlier one did: on other parameters or risk it may need other rows.
    pub(super) fn warms_up_alike(&self, effective: &Effective) -> bool {
        effective.config.strategy == self.request.strategy
            && effective.config.risk == self.result.configuration.risk
    }
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

    /// The rows of the earlier run among those of `data`.
    ///
    /// # Errors
    /// [`Failure::Input`] when they are not what they were.
    pub(super) fn rows_of(&self, data: &Dataset) -> Result<Dataset, Failure> {
        let rows = data.between(self.from, self.to, self.warm_up_rows).map_err(Failure::input)?;
        if rows.hash() == self.hash {
            return Ok(rows);
        }
        Err(Failure::input(format!(
            "{}: the prices are not what they were: they have the hash {}, and had {}; name them with --data or --symbol to run \
             on those of now",
            self.path.display(),
            rows.hash(),
            self.hash
        )))
    }
}

/// Whether finer bars are part of the data.
const fn has_details(fills: FillRules) -> bool {
    matches!(fills.intrabar, Intrabar::Detail)
}

fn is_of_result(origin: Option<&Origin>) -> bool {
    matches!(origin, Some(Origin::Result(_)))
}
