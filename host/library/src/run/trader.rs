//! A strategy with its parameters, and what it does with prices.

use super::loading::{are_kept, interval_of_run};
use super::period::Period;
use super::request::Request;
use super::{RunError, strategy};
use crate::backtest::{Backtest, BacktestError, Dataset};
use crate::config::{Config, StrategyConfig};
use ct_core::engine::{Needs, Scope};
use ct_core::units::Interval;
use ct_plugin::{Arguments, Plugin};

/// A strategy with its parameters.
#[derive(Clone, Debug)]
pub(super) struct Trader {
    pub(super) plugin: Plugin,
    pub(super) arguments: Arguments,
}

impl Trader {
    /// `plugin` with the parameters of `strategy`.
    ///
    /// # Errors
    /// [`RunError::Input`] or [`RunError::Problems`] with every parameter that is wrong.
    pub(super) fn new(plugin: Plugin, strategy: &StrategyConfig) -> Result<Self, RunError> {
        let arguments = strategy::arguments(strategy, &plugin)?;
        Ok(Self { plugin, arguments })
    }

    /// The run over `data` that `config` asks for.
    ///
    /// # Errors
    /// [`RunError::Input`] when `data` has nothing of the period.
    pub(super) fn backtest<'a>(
        &'a self,
        data: &'a Dataset,
        config: &Config,
    ) -> Result<Backtest<'a>, RunError> {
        let panel = data.panel();
        let request = Request::of(config, panel)?.to_value();
        let mut backtest = Backtest::new(&self.plugin, data)
            .arguments(self.arguments.clone())
            .settings(config.settings.clone())
            .request(request);
        if let Some((from, to)) = Period::of(&config.data).within(panel)? {
            backtest = backtest.period(from, to);
        }
        if let Some(bars) = config.plugins.window {
            backtest = backtest.window_rows(bars);
        }
        Ok(if config.report.explain { backtest.explaining() } else { backtest })
    }

    /// The version that a run uses as data of the hash `wanted`.
    ///
    /// # Errors
    /// [`RunError::Input`] when there is none.
    pub(super) fn data_of_hash(
        &self,
        versions: Vec<Dataset>,
        wanted: &str,
        config: &Config,
    ) -> Result<Dataset, RunError> {
        let mut found = Vec::new();
        for data in versions {
            let hash = self.backtest(&data, config)?.data_hash()?;
            if hash == wanted {
                return Ok(data);
            }
            if !found.contains(&hash) {
                found.push(hash);
            }
        }
        Err(RunError::input(format!(
            "no data has the hash {wanted}: found {}; give the period, interval, symbol and warm-up of the earlier result, \
             and see ct-host data list for snapshots",
            found.join(", ")
        )))
    }

    /// Bars that the strategy and risk want to see before the period, of prices that are fetched for it.
    ///
    /// # Errors
    /// [`RunError::Input`] when the strategy refuses its parameters, [`RunError::Run`] when it fails.
    pub(super) fn warm_up_rows(&self, config: &Config) -> Result<usize, RunError> {
        if !are_kept(&config.data) {
            return Ok(0);
        }
        let symbols: Vec<&str> = config.data.symbols.iter().map(String::as_str).collect();
        self.lead_rows(&symbols, interval_of_run(&config.data), config)
    }

    /// Bars of `interval` that the strategy and risk want to see before the period.
    ///
    /// # Errors
    /// As [`Self::warm_up_rows`].
    pub(super) fn lead_rows(
        &self,
        symbols: &[&str],
        interval: Interval,
        config: &Config,
    ) -> Result<usize, RunError> {
        let settled = self.needs(symbols, interval)?.settled_rows;
        Ok(settled.max(config.settings.risk.lookback_rows()))
    }

    /// What the strategy needs.
    ///
    /// # Errors
    /// As [`Self::warm_up_rows`].
    pub(super) fn needs(&self, symbols: &[&str], interval: Interval) -> Result<Needs, RunError> {
        let descriptor = self.plugin.descriptor();
        let scope = match descriptor.scope {
            Scope::Instrument => symbols.get(..1).unwrap_or_default(),
            Scope::Portfolio => symbols,
        };
        match self.plugin.configure(scope, interval, &self.arguments) {
            Ok(instance) => Ok(instance.needs()),
            Err(fault) => {
                let strategy = descriptor.name.clone();
                Err(BacktestError::Strategy { strategy, fault }.into())
            }
        }
    }
}
