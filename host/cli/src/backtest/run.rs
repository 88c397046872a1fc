//! A run: the strategy is compiled, the prices are loaded, and the one trades the other.

use super::earlier_run::EarlierRun;
use super::layers::RunLayers;
use super::loading::{Loading, Prices, VersionsWanted, are_kept, interval_of_run};
use super::period::Period;
use super::pin::{Pin, PinnedRows};
use super::request::Request;
use super::strategy;
use crate::clock::MachineClock;
use crate::config_file::refused;
use crate::data_policy::DefectPolicy;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::interrupt::Interrupt;
use crate::terminal::Terminal;
use ct_host::backtest::{Backtest, BacktestError, Dataset, RunResult, Timing};
use ct_host::config::{Config, Effective};
use ct_host::engine::Scope;
use ct_host::market::Series;
use ct_host::plugin::{Arguments, Plugin};
use ct_host::run::{Clock, Observer, RunError, Task};

/// A run before it is made.
#[derive(Clone, Copy, Debug)]
pub(super) struct Run<'a> {
    pub(super) layers: &'a RunLayers,
    /// The configuration without what an exchange tells.
    pub(super) effective: &'a Effective,
    /// The hash of the data that is wanted, if the user names one.
    pub(super) data_hash: Option<&'a str>,
    pub(super) environment: &'a Environment,
    pub(super) interrupt: &'a Interrupt,
    pub(super) terminal: Terminal,
}

/// A strategy with its parameters.
#[derive(Debug)]
struct Trader {
    plugin: Plugin,
    parameters: Arguments,
}

impl Run<'_> {
    /// Makes the run.
    ///
    /// # Errors
    /// A [`Failure`]. A strategy that fails on the way is none.
    pub(super) fn result(&self) -> Result<RunResult, Failure> {
        if let Some(earlier) = &self.layers.earlier {
            earlier.check_files(self.effective)?;
        }
        let start = elapsed_ms();
        let trader = self.trader()?;
        let compiled = elapsed_ms();
        let (data, config) = self.data(&trader)?;
        let loaded = elapsed_ms();
        self.interrupt.check()?;

        let backtest = trader.backtest(&data, &config)?;
        let name = &trader.plugin.descriptor().name;
        let progress = self.terminal.begin(Task::Run(name));
        let running = elapsed_ms();
        let result = backtest.run_observed(|done| {
            progress.set(done.rows_done as u64, done.rows_total as u64);
            self.interrupt.poll()
        });
        let run_ms = elapsed_ms() - running;
        drop(progress);
        let mut result = result.map_err(RunError::from)?;
        let bars = result.data.rows as f64 * result.data.symbols.len() as f64;
        let bars_per_second = bars / (run_ms / 1_000.0);
        let (compile_ms, load_ms) = (compiled - start, loaded - compiled);
        result.timing = Timing { load_ms, compile_ms, run_ms, bars_per_second };
        Ok(result)
    }

    fn trader(&self) -> Result<Trader, Failure> {
        let config = &self.effective.config;
        let runtime = self.environment.folders.runtime(&config.plugins)?;
        let plugin = strategy::load(&config.strategy, &runtime)?;
        if let Some(earlier) = &self.layers.earlier {
            earlier.check_plugin(self.effective, &plugin)?;
        }
        let parameters = strategy::arguments(&config.strategy, &plugin)?;
        Ok(Trader { plugin, parameters })
    }

    /// The prices, and the configuration with what the exchange tells.
    fn data(&self, trader: &Trader) -> Result<(Dataset, Config), Failure> {
        let config = &self.effective.config;
        let earlier = self.layers.earlier.as_ref();
        let pin = earlier.map(|earlier| earlier.pin(self.effective));
        let warm_up_rows = trader.warm_up_rows(config)?;
        let Prices { versions, fees } = Loading {
            config,
            policy: DefectPolicy::of(&config.data)?,
            pin: pin.as_ref(),
            versions: match self.data_hash {
                Some(_) => VersionsWanted::All,
                None => VersionsWanted::One,
            },
            warm_up_rows: warm_up_rows.max(pin.as_ref().map_or(0, Pin::warm_up_rows)),
            environment: self.environment,
            interrupt: self.interrupt,
            terminal: self.terminal,
        }
        .load()?;
        let fees = fees.map(|fees| (config.data.exchange.as_str(), fees));
        let effective = self.layers.resolved(fees)?;
        let rows = pin.as_ref().and_then(|pin| pin.rows.as_ref());
        let data = match (self.data_hash, earlier.zip(rows)) {
            (Some(hash), _) => trader.data_of_hash(versions, hash, &effective.config)?,
            (None, Some((earlier, rows))) => self.earlier_data(first(versions)?, earlier, rows)?,
            (None, None) => first(versions)?,
        };
        check_symbols(&effective, &data)?;
        Ok((data, effective.config))
    }

    /// The rows of the earlier run. When this one warms up differently, it has those before them too.
    fn earlier_data(
        &self,
        data: Dataset,
        earlier: &EarlierRun,
        rows: &PinnedRows,
    ) -> Result<Dataset, Failure> {
        let rows = rows.of(&data)?;
        Ok(if earlier.warms_up_alike(self.effective) { rows } else { data })
    }
}

impl Trader {
    fn backtest<'a>(&'a self, data: &'a Dataset, config: &Config) -> Result<Backtest<'a>, Failure> {
        let panel = data.panel();
        let request = Request::of(config, panel)?.to_value();
        let mut backtest = Backtest::new(&self.plugin, data)
            .arguments(self.parameters.clone())
            .settings(config.settings())
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
    fn data_of_hash(
        &self,
        versions: Vec<Dataset>,
        wanted: &str,
        config: &Config,
    ) -> Result<Dataset, Failure> {
        let mut found = Vec::new();
        for data in versions {
            let hash = self.backtest(&data, config)?.data_hash().map_err(RunError::from)?;
            if hash == wanted {
                return Ok(data);
            }
            if !found.contains(&hash) {
                found.push(hash);
            }
        }
        Err(Failure::input(format!(
            "no data has the hash {wanted}: found {}; give the period, interval, symbol and warm-up of the earlier result, \
             and see ct-host data list for snapshots",
            found.join(", ")
        )))
    }

    /// Bars that the strategy and risk want to see before the period. The strategy is asked only when prices are fetched
    /// for it.
    fn warm_up_rows(&self, config: &Config) -> Result<usize, Failure> {
        if !are_kept(&config.data) {
            return Ok(0);
        }
        let symbols: Vec<&str> = config.data.symbols.iter().map(String::as_str).collect();
        let descriptor = self.plugin.descriptor();
        let scope = match descriptor.scope {
            Scope::Instrument => symbols.get(..1).unwrap_or_default(),
            Scope::Portfolio => &symbols,
        };
        let instance =
            self.plugin.configure(scope, interval_of_run(&config.data), &self.parameters);
        match instance {
            Ok(instance) => Ok(instance.needs().warm_up_rows.max(config.risk.lookback_rows())),
            Err(fault) => {
                let strategy = descriptor.name.clone();
                Err(RunError::from(BacktestError::Strategy { strategy, fault }).into())
            }
        }
    }
}

fn elapsed_ms() -> f64 {
    MachineClock.elapsed().as_secs_f64() * 1_000.0
}

fn first(versions: Vec<Dataset>) -> Result<Dataset, Failure> {
    versions.into_iter().next().ok_or_else(|| Failure::run("there are no prices"))
}

/// Rules that name an instrument are about one of `data`: only now are all of them known by name.
///
/// # Errors
/// [`Failure::input`] or [`Failure::inputs`] with every name that is none of theirs.
fn check_symbols(effective: &Effective, data: &Dataset) -> Result<(), Failure> {
    let instruments = data.panel().series().iter().map(Series::instrument);
    let symbols: Vec<&str> = instruments.map(|instrument| instrument.symbol.as_str()).collect();
    let errors = effective.unknown_symbols(&symbols);
    if errors.is_empty() { Ok(()) } else { Err(refused(&errors)) }
}
