//! The prices of a run: files, kept series, or generated sample data.

use std::sync::Arc;

use super::kept::{ExchangeFees, Kept};
use super::pin::Pin;
use super::price_file::too_much;
use super::trader::Trader;
use super::{DefectPolicy, Ports, RunError, file_budget, files, kept};
use crate::backtest::{DataSource, Dataset, DatasetError, Origin};
use crate::config::{Config, DataConfig, RulesConfig};
use ct_core::market::{Bars, Instrument, Panel, PanelError, resample};
use ct_core::order::Intrabar;
use ct_core::units::Interval;
use ct_data::{FileBudget, SampleSpec, sample};

/// The prices of a run.
#[derive(Debug)]
pub(super) struct Prices {
    /// Versions of the data, the one to take first; others are tried when a hash is wanted.
    pub(super) versions: Vec<Dataset>,
    /// The fees of the exchange's lowest tier, if it told them.
    pub(super) fees: Option<ExchangeFees>,
}

/// Everything that prices are loaded with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Loading<'a> {
    pub(super) config: &'a Config,
    pub(super) policy: DefectPolicy,
    /// The data of an earlier run, if it is wanted again.
    pub(super) pin: Option<&'a Pin>,
    pub(super) versions: VersionsWanted,
    /// Bars that the run warms up on, as far as they are known before the prices are read.
    pub(super) warm_up_rows: usize,
    /// Who trades, and says of files that are read how many bars are warmed up on; nobody where prices are only compared with.
    pub(super) trader: Option<&'a Trader>,
    /// What price files may take, if the prices come from files.
    pub(super) budget: Option<&'a FileBudget>,
    pub(super) ports: &'a Ports<'a>,
}

/// Which versions of kept prices are loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VersionsWanted {
    /// The one to take.
    One,
    /// Older ones too: the user wants data of a certain hash.
    All,
}

/// Bars of one instrument and where they come from.
#[derive(Clone, Debug)]
pub(super) struct Loaded {
    pub(super) instrument: Instrument,
    pub(super) bars: Bars,
    pub(super) source: DataSource,
}

/// True when prices come from an exchange or the data folder.
pub const fn are_kept(data: &DataConfig) -> bool {
    data.files.is_empty() && !data.symbols.is_empty()
}

/// Length of the bars that the strategy sees, as far as it is known before they are loaded.
pub(super) fn interval_of_run(data: &DataConfig) -> Interval {
    data.resample.unwrap_or_else(|| interval_kept(data))
}

/// Length of the bars that are asked of an exchange.
pub(super) fn interval_kept(data: &DataConfig) -> Interval {
    data.interval.unwrap_or(Interval::HOUR)
}

impl Loading<'_> {
    /// Reads the files, fetches and maps what is kept, or makes the sample data.
    ///
    /// # Errors
    /// [`RunError::Input`] with the file and the row of the first problem, or what is missing; [`RunError::Run`] when an
    /// exchange cannot be asked.
    pub(super) fn load(self) -> Result<Prices, RunError> {
        let data = &self.config.data;
        if are_kept(data) {
            let Kept { versions, details, fees, hashes } = kept::load(self)?;
            let dataset = |loaded| {
                let dataset = self.dataset(loaded, Origin::Market, details.clone())?;
                Ok(dataset.with_memory(Arc::clone(&hashes)))
            };
            let datasets = versions.into_iter().map(dataset);
            return Ok(Prices { versions: datasets.collect::<Result<_, RunError>>()?, fees });
        }
        let dataset = if data.files.is_empty() {
            self.dataset(vec![self.sample()?], Origin::Synthetic, Vec::new())?
        } else {
            let budget = file_budget(&self.config.access);
            let loading = Loading { budget: Some(&budget), ..self };
            let loaded = files::load(loading, &budget)?;
            {
                let details = files::load_details(loading, &loaded, &budget)?;
                loading.dataset(loaded, Origin::Market, details)?
            }
        };
        Ok(Prices { versions: vec![dataset], fees: None })
    }

    /// Whether finer bars show the way of the price inside a bar.
    pub(super) fn wants_details(&self) -> bool {
        self.config.settings.fills.intrabar == Intrabar::Detail
    }

    fn dataset(
        &self,
        loaded: Vec<Loaded>,
        origin: Origin,
        details: Vec<Option<Bars>>,
    ) -> Result<Dataset, RunError> {
        let dataset = self.without_details(loaded, origin)?;
        if !self.wants_details() {
            return Ok(dataset);
        }
        if details.is_empty() {
            return Err(RunError::input(
                "finer bars are to show the way of the price inside a bar, but there are none: name them with \
                 --detail-data, or give prices of an exchange and --detail-interval",
            ));
        }
        let dataset = dataset.with_details(details).map_err(RunError::input)?;
        self.tell_details(&dataset);
        Ok(dataset)
    }

    /// Says which instruments have bars of whose inside nothing is known.
    fn tell_details(&self, dataset: &Dataset) {
        for (series, details) in dataset.panel().series().iter().zip(dataset.details()) {
            let Some(details) = details else { continue };
            let detailed = details.times();
            let interval_ms = dataset.panel().interval().as_ms();
            let closes = dataset.panel().times().iter().zip(series.close());
            let times = closes.filter(|(_, close)| !close.is_nan()).map(|(&time, _)| time);
            let (mut bars, mut with_detail) = (0_usize, 0_usize);
            for time in times {
                let next = detailed.get(detailed.partition_point(|&detail| detail < time)..);
                let first = next.and_then(<[i64]>::first);
                bars += 1;
                with_detail += usize::from(first.is_some_and(|&first| first < time + interval_ms));
            }
            if with_detail < bars {
                let symbol = &series.instrument().symbol;
                self.ports.notice(&format!(
                    "{symbol}: bars with detail: {with_detail} of {bars}; in the others the stop comes first"
                ));
            }
        }
    }

    fn without_details(&self, loaded: Vec<Loaded>, origin: Origin) -> Result<Dataset, RunError> {
        let mut instruments = Vec::with_capacity(loaded.len());
        let mut sources = Vec::with_capacity(loaded.len());
        for one in loaded {
            let Loaded { instrument, bars, source } = self.resampled(one)?;
            instruments.push((self.traded_as(instrument), bars));
            sources.push(source);
        }
        if let Some(budget) = self.budget {
            let rows_most = instruments.iter().map(|(_, bars)| bars.len()).sum();
            let check = |rows| budget.check_aligned(rows, instruments.len());
            // Only where it matters is it worked out how many times they have in common.
            check(rows_most)
                .or_else(|_| check(Panel::rows_of(&instruments)))
                .map_err(|over| too_much(&over, over))?;
        }
        // What says no more than the symbol is no news.
        sources.retain(|source| *source != DataSource::new(source.symbol.as_str()));
        Dataset::with_sources(instruments, origin, sources).map_err(|error| match error {
            DatasetError::Panel(PanelError::Duplicate(_)) => {
                RunError::input(format!("{error}, with --symbol"))
            }
            _ => RunError::input(error),
        })
    }

    /// The rules of the earlier run, if it is made again, or those that the exchange gave; the user's come first.
    fn traded_as(&self, instrument: Instrument) -> Instrument {
        let earlier = self.pin.and_then(|pin| pin.instrument(&instrument.symbol)).cloned();
        over(self.config.data.rules, earlier.unwrap_or(instrument))
    }

    fn resampled(&self, loaded: Loaded) -> Result<Loaded, RunError> {
        let Some(interval) = self.config.data.resample else { return Ok(loaded) };
        let symbol = &loaded.instrument.symbol;
        let refused = |error| RunError::input(format!("{symbol}: {error}"));
        let bars = resample(&loaded.bars, interval).map_err(refused)?.bars;
        let resampled_from = Some(loaded.bars.interval());
        let source = DataSource { resampled_from, ..loaded.source };
        Ok(Loaded { bars, source, instrument: loaded.instrument })
    }

    fn sample(&self) -> Result<Loaded, RunError> {
        let mut spec = SampleSpec::default();
        if let Some(interval) = self.config.data.interval {
            // The same period in other bars.
            let period_ms =
                spec.interval_ms.saturating_mul(i64::try_from(spec.rows).unwrap_or(i64::MAX));
            spec.rows = usize::try_from(period_ms / interval.as_ms()).unwrap_or(spec.rows);
            spec.interval_ms = interval.as_ms();
        }
        let interval = Interval::from_ms(spec.interval_ms).map_err(RunError::input)?;
        let bars = Bars::new(interval, sample(&spec)).map_err(RunError::input)?;
        let instrument = Instrument::unrestricted(spec.symbol);
        Ok(Loaded { source: DataSource::new(instrument.symbol.as_str()), bars, instrument })
    }
}

/// `rules` with what the user wants instead.
fn over(wanted: RulesConfig, rules: Instrument) -> Instrument {
    Instrument {
        tick: wanted.tick.unwrap_or(rules.tick),
        lot: wanted.lot.unwrap_or(rules.lot),
        quantity_min: wanted.quantity_min.unwrap_or(rules.quantity_min),
        notional_min: wanted.notional_min.unwrap_or(rules.notional_min),
        symbol: rules.symbol,
    }
}
