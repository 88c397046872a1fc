//! From a configuration to everything that a run is made of.

use super::earlier_run::EarlierRun;
use super::kept::ExchangeFees;
use super::loading::{Loading, Prices, VersionsWanted};
use super::period::Period;
use super::pin::{Pin, PinnedRows};
use super::trader::Trader;
use super::{DefectPolicy, Ports, Prepared, RunError, benchmark, load_strategy};
use crate::backtest::{Dataset, RunResult, Timing, settled_from};
use crate::config::Effective;
use ct_core::engine::Columns;
use ct_core::market::Series;

/// A run before it is made. Prices of exchanges are waited for, so an asynchronous task makes a run on a thread for blocking
/// work.
///
/// See the [crate's front page](crate) for an example.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    effective: Effective,
    earlier: Option<&'a EarlierRun>,
    data_hash: Option<&'a str>,
    ports: &'a Ports<'a>,
}

impl<'a> Run<'a> {
    /// A run of what `effective` names.
    pub const fn new(effective: Effective, ports: &'a Ports<'a>) -> Self {
        Self { effective, earlier: None, data_hash: None, ports }
    }

    /// The run `earlier` again, whose layer is in the configuration: on its versions of the prices, and its rows if nothing
    /// else is said of the data. See [`RunLayers`](super::RunLayers).
    #[must_use]
    pub const fn again(mut self, earlier: Option<&'a EarlierRun>) -> Self {
        self.earlier = earlier;
        self
    }

    /// Only on data of this hash, if one is given. Of kept prices older versions are tried too.
    #[must_use]
    pub const fn on_data(mut self, hash: Option<&'a str>) -> Self {
        self.data_hash = hash;
        self
    }

    /// Makes the run.
    ///
    /// # Errors
    /// A [`RunError`]. A strategy that fails on the way is none: it is told in [`RunResult::faults`].
    pub fn result(self) -> Result<RunResult, RunError> {
        let ports = self.ports;
        let prepared = self.prepare()?;
        ports.check()?;
        prepared.run(ports)
    }

    /// Loads the strategy and the prices.
    ///
    /// # Errors
    /// A [`RunError`].
    pub fn prepare(self) -> Result<Prepared, RunError> {
        if let Some(earlier) = self.earlier {
            earlier.check_files(&self.effective)?;
        }
        let started = self.ports.elapsed_ms();
        let trader = self.trader()?;
        let compiled = self.ports.elapsed_ms();
        let (data, effective) = self.data(&trader)?;
        let benchmark = benchmark::load(&effective.config, &data, self.ports)?;
        let timing = Timing {
            compile_ms: compiled - started,
            load_ms: self.ports.elapsed_ms() - compiled,
            ..Timing::default()
        };
        Ok(Prepared { trader, data, benchmark, config: effective.config, timing })
    }

    fn trader(&self) -> Result<Trader, RunError> {
        let config = &self.effective.config;
        let runtime = self.ports.folders.runtime(&config.plugins)?;
        let plugin = load_strategy(&config.strategy, &runtime)?;
        if let Some(earlier) = self.earlier {
            earlier.check_plugin(&self.effective, &plugin)?;
        }
        Trader::new(plugin, &config.strategy)
    }

    /// The prices, and the configuration with what the exchange tells.
    fn data(&self, trader: &Trader) -> Result<(Dataset, Effective), RunError> {
        let config = &self.effective.config;
        let pin = self.earlier.map(|earlier| earlier.pin(&self.effective));
        let warm_up_rows = trader.warm_up_rows(config)?;
        self.tell_of_no_volume(trader);
        let Prices { versions, fees } = Loading {
            config,
            policy: DefectPolicy::of(&config.data)?,
            pin: pin.as_ref(),
            versions: match self.data_hash {
                Some(_) => VersionsWanted::All,
                None => VersionsWanted::One,
            },
            warm_up_rows: warm_up_rows.max(pin.as_ref().map_or(0, Pin::warm_up_rows)),
            trader: Some(trader),
            budget: None,
            ports: self.ports,
        }
        .load()?;
        let mut effective = self.effective.clone();
        effective.size_for(trader.plugin.descriptor().scope);
        if let Some(ExchangeFees { maker, taker }) = fees {
            effective.tell_fees(&config.data.exchange, maker, taker);
        }
        let rows = pin.as_ref().and_then(|pin| pin.rows.as_ref());
        let data = match (self.data_hash, self.earlier.zip(rows)) {
            (Some(hash), _) => trader.data_of_hash(versions, hash, &effective.config)?,
            (None, Some((earlier, rows))) => self.earlier_data(first(versions)?, earlier, rows)?,
            (None, None) => first(versions)?,
        };
        check_symbols(&effective, &data)?;
        self.tell_of_few_rows(trader, &data);
        Ok((data, effective))
    }

    /// Says so when the strategy reads volumes that are not there: a rule on them decides on zeros.
    fn tell_of_no_volume(&self, trader: &Trader) {
        let descriptor = trader.plugin.descriptor();
        let data = &self.effective.config.data;
        let reads_volume = descriptor.columns.contains(Columns::VOLUME);
        if data.no_volume && !data.files.is_empty() && reads_volume {
            self.ports.notice(&format!(
                "the strategy '{}' reads volumes, and --no-volume (data.no_volume) says that there are none: it sees 0 in every \
                 bar, and what it makes of volumes means nothing",
                descriptor.name
            ));
        }
    }

    /// Says so when the strategy has nothing to decide on, or decides before it is settled. One that refuses the prices says so
    /// itself, when it runs.
    fn tell_of_few_rows(&self, trader: &Trader, data: &Dataset) {
        let panel = data.panel();
        let instruments = panel.series().iter().map(Series::instrument);
        let symbols: Vec<&str> = instruments.map(|instrument| instrument.symbol.as_str()).collect();
        let Ok(needs) = trader.needs(&symbols, panel.interval()) else { return };
        if panel.rows() <= needs.warm_up_rows {
            self.ports.notice(&format!(
                "the strategy sees {} bars before its first decision, and the prices have {}: it can decide nothing. \
                 Give it more bars, or parameters that need fewer",
                needs.warm_up_rows,
                panel.rows()
            ));
            return;
        }
        let Some(settled) = needs.rows_to_settle() else { return };
        let Ok(period) = Period::of(&self.effective.config.data).within(panel) else { return };
        let before = period
            .map_or(0, |(from, _)| panel.times().partition_point(|&time| time < from.as_ms()));
        let unsettled = settled_from(panel, settled).saturating_sub(before);
        if unsettled > 0 {
            self.ports.notice(&format!(
                "the strategy is settled after {settled} bars of each instrument, and the prices have fewer before the first row that is \
                 traded: what it decides in the first {unsettled} rows depends on where the prices begin. Give it older bars, or a \
                 later --from"
            ));
        }
    }

    /// The rows of the earlier run. When this one warms up differently, it has those before them too.
    fn earlier_data(
        &self,
        data: Dataset,
        earlier: &EarlierRun,
        rows: &PinnedRows,
    ) -> Result<Dataset, RunError> {
        let rows = rows.of(&data)?;
        Ok(if earlier.warms_up_alike(&self.effective) { rows } else { data })
    }
}

fn first(versions: Vec<Dataset>) -> Result<Dataset, RunError> {
    versions.into_iter().next().ok_or_else(|| RunError::run("there are no prices"))
}

/// Rules that name an instrument are about one of `data`: only now are all of them known by name.
///
/// # Errors
/// [`RunError::Input`] or [`RunError::Problems`] with every name that is none of theirs.
fn check_symbols(effective: &Effective, data: &Dataset) -> Result<(), RunError> {
    let instruments = data.panel().series().iter().map(Series::instrument);
    let symbols: Vec<&str> = instruments.map(|instrument| instrument.symbol.as_str()).collect();
    let errors = effective.unknown_symbols(&symbols);
    if errors.is_empty() { Ok(()) } else { Err(errors.into()) }
}
