//! A backtest before it is run.

use std::iter;
use std::ops::ControlFlow;
use std::sync::Arc;

use blake3::Hasher;
use serde_json::Value;

use super::dataset::SLOW_ROWS_MIN;
use super::look_ahead::{LookAheadProof, Watched};
use super::statistics::Compared;
use super::summary::{self, Made};
use super::{
    Benchmark, BenchmarkError, Dataset, DatasetError, RunResult, Settings, SettingsError, heard,
};
use ct_core::engine::{
    Machine, MachineError, Member, Needs, Outcome, Prices, Scope, Strategies, Strategy,
    StrategyFault,
};
use ct_core::market::{Panel, Symbol};
use ct_core::units::Timestamp;
use ct_plugin::{Arguments, Diagnostics, Instance, LogListener, Plugin};

/// A plugin, its data and its settings.
///
/// See the [crate's front page](crate) for an example.
#[derive(Clone, Debug)]
pub struct Backtest<'a> {
    plugin: &'a Plugin,
    data: &'a Dataset,
    arguments: Option<Arguments>,
    settings: Settings,
    period: Option<(Timestamp, Timestamp)>,
    window_rows: usize,
    explains: bool,
    keeps_curve: bool,
    benchmark: Option<&'a Benchmark>,
    listener: Option<Arc<dyn LogListener>>,
    request: Value,
}

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BacktestError {
    /// A setting that makes no sense.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// No data in the period.
    #[error(transparent)]
    Data(#[from] DatasetError),
    /// Nothing to compare the run with.
    #[error(transparent)]
    Benchmark(#[from] BenchmarkError),
    /// The strategy refused its parameters, or failed when it was set up.
    #[error("{strategy}: {fault}")]
    Strategy {
        /// The strategy's name.
        strategy: String,
        /// What happened.
        fault: StrategyFault,
    },
    /// The strategy looks ahead: its result would be worth nothing.
    #[error(
        "{strategy} looks ahead: on the bar of {symbol} that opened at {time} {difference}; there is no result, because nobody can \
         trade on bars that are still to come: a decision may rest on the bars up to its own"
    )]
    LookAhead {
        /// The strategy's name.
        strategy: String,
        /// The instrument that it decided on.
        symbol: Symbol,
        /// Open time of the first bar that was found on which it decides otherwise without later bars in its memory.
        time: Timestamp,
        /// Both decisions, in words.
        difference: String,
    },
    /// The run was broken off, or left the range of exact money.
    #[error(transparent)]
    Machine(#[from] MachineError),
}

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Rows done.
    pub rows_done: usize,
    /// Rows in all.
    pub rows_total: usize,
}

/// What a run has put out.
struct Simulated {
    outcome: Outcome,
    look_ahead: LookAheadProof,
    diagnostics: Vec<Diagnostics>,
}

/// Strategies of several instruments are the same one: so many of them are asked again about what they have decided.
const WITNESSES_MAX: usize = 8;

/// Rows of a window, where the user names no other number: large enough that a call costs little per row, small enough
/// that a window's columns stay in the processor's first caches.
const WINDOW_ROWS: usize = 2_048;

impl<'a> Backtest<'a> {
    /// `plugin` over `data`, with default parameters and [`Settings`].
    pub fn new(plugin: &'a Plugin, data: &'a Dataset) -> Self {
        Self {
            plugin,
            data,
            arguments: None,
            settings: Settings::default(),
            period: None,
            window_rows: WINDOW_ROWS,
            explains: false,
            keeps_curve: false,
            benchmark: None,
            listener: None,
            request: Value::Null,
        }
    }

    /// With these parameters.
    #[must_use]
    pub fn arguments(mut self, arguments: Arguments) -> Self {
        self.arguments = Some(arguments);
        self
    }

    /// With these settings.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Only bars that open in `from <= time < to` are traded; the strategy warms up on the bars before them.
    #[must_use]
    pub const fn period(mut self, from: Timestamp, to: Timestamp) -> Self {
        self.period = Some((from, to));
        self
    }

    /// Hands the strategy at most this many rows at once. Results do not depend on it; 1 is the strict form, in which the
    /// next bar is not even in the strategy's memory.
    #[must_use]
    pub const fn window_rows(mut self, rows: usize) -> Self {
        self.window_rows = rows;
        self
    }

    /// Keeps the way of every decision in the result.
    #[must_use]
    pub const fn explaining(mut self) -> Self {
        self.explains = true;
        self
    }

    /// Keeps the account at the close of every bar in the result, see [`RunResult::curve`].
    #[must_use]
    pub const fn keeping_curve(mut self) -> Self {
        self.keeps_curve = true;
        self
    }

    /// Lets `listener` hear what the strategy logs while it runs, with the times of the bars that it has been given.
    #[must_use]
    pub fn heard_by(mut self, listener: Option<Arc<dyn LogListener>>) -> Self {
        self.listener = listener;
        self
    }

    /// Compares the run with `benchmark`, in place of its own instruments. Decides nothing that is traded.
    #[must_use]
    pub const fn against(mut self, benchmark: Option<&'a Benchmark>) -> Self {
        self.benchmark = benchmark;
        self
    }

    /// Keeps what the user asked for in the result, so that the run can be made again from it. Decides nothing.
    #[must_use]
    pub fn request(mut self, request: Value) -> Self {
        self.request = request;
        self
    }

    /// The hash of the data that a run uses, its warm-up rows included: that of the result.
    ///
    /// # Errors
    /// A [`BacktestError`] before any run.
    pub fn data_hash(&self) -> Result<String, BacktestError> {
        let mut observe = |_| ControlFlow::Continue(());
        let instances = self.instances(&self.resolved_arguments()?, &mut observe)?;
        let cut = self.cut(&instances)?;
        Ok(cut.as_ref().unwrap_or(self.data).hash().to_owned())
    }

    /// Runs to the end.
    ///
    /// # Errors
    /// A [`BacktestError`]. A strategy that fails on the way is no error: it is told in [`RunResult::faults`].
    pub fn run(&self) -> Result<RunResult, BacktestError> {
        self.run_observed(|_| ControlFlow::Continue(()))
    }

    /// Runs to the end, or until `observe` breaks the run off.
    ///
    /// # Errors
    /// A [`BacktestError`]. A strategy that fails on the way is no error: it is told in [`RunResult::faults`].
    pub fn run_observed(
        &self,
        mut observe: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<RunResult, BacktestError> {
        let arguments = self.resolved_arguments()?;
        let instances = self.instances(&arguments, &mut observe)?;
        let cut = self.cut(&instances)?;
        let data = cut.as_ref().unwrap_or(self.data);
        let benchmark =
            self.benchmark.map(|benchmark| benchmark.summary(data.panel(), data.first_row()));
        let benchmark = benchmark.transpose()?;
        let needs = instances.iter().map(Instance::needs);
        let settled_rows =
            needs.filter_map(|needs| needs.rows_to_settle()).max().unwrap_or_default();
        let Simulated { outcome, diagnostics, look_ahead } = std::thread::scope(|scope| {
            if !data.is_hashed() && data.panel().rows() >= SLOW_ROWS_MIN {
                scope.spawn(|| data.hash());
            }
            self.simulate(data, &arguments, instances, observe)
        })?;
        let made = Made {
            plugin: self.plugin,
            arguments: &arguments,
            data,
            settled_rows,
            settings: &self.settings,
            compared: Compared::new(data.panel(), data.first_row(), self.benchmark),
            benchmark,
            keeps_curve: self.keeps_curve,
            request: &self.request,
            look_ahead,
            diagnostics,
        };
        Ok(summary::result(made, outcome)?)
    }

    /// Runs to the end and gives what the machine did, before any statistics.
    ///
    /// # Errors
    /// A [`BacktestError`].
    pub fn outcome(&self) -> Result<Outcome, BacktestError> {
        let mut observe = |_| ControlFlow::Continue(());
        let arguments = self.resolved_arguments()?;
        let instances = self.instances(&arguments, &mut observe)?;
        let cut = self.cut(&instances)?;
        let data = cut.as_ref().unwrap_or(self.data);
        self.simulate(data, &arguments, instances, observe).map(|simulated| simulated.outcome)
    }

    fn simulate(
        &self,
        data: &Dataset,
        arguments: &Arguments,
        mut instances: Vec<Instance>,
        mut observe: impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Simulated, BacktestError> {
        let setup = self.settings.clone().checked()?;
        let panel = data.panel();
        if let Some(listener) = &self.listener {
            heard::listen(&mut instances, listener, panel);
        }
        let share = panel.series().len() / instances.len().max(1);
        let needs: Vec<Needs> = instances.iter().map(Instance::needs).collect();
        let mut watched = self.watched(panel, arguments, &mut instances, &mut observe)?;
        let members = watched.iter_mut().zip(needs).enumerate().map(|(place, (one, needs))| {
            Member::new(one as &mut dyn Strategy, needs, place * share..(place + 1) * share)
        });
        let strategies = Strategies::new(members.collect(), self.window_rows);
        let machine = Machine::new(panel, &setup, data.first_row())?;
        let machine = if self.explains { machine.explaining() } else { machine };
        let rows_total = panel.rows();
        let prices = Prices { panel, finer: data.details() };
        let outcome = machine
            .run(prices, strategies, |rows_done| observe(Progress { rows_done, rows_total }))?;
        let look_ahead = match self.look_ahead(panel, &watched, share) {
            // A strategy that failed is told for that: its instruments were left.
            Err(_) if !outcome.faults.is_empty() => LookAheadProof::None,
            proof => proof?,
        };
        let count = instances.len();
        let said = instances.iter().map(|instance| instance.diagnostics().clone().shared_by(count));
        let mut diagnostics: Vec<Diagnostics> = said.collect();
        for line in diagnostics.iter_mut().flat_map(|said| &mut said.log) {
            heard::tell_times(line, panel.times());
        }
        Ok(Simulated { outcome, look_ahead, diagnostics })
    }

    /// Whether nothing vouches for the plugin but what is seen of it in this run.
    fn is_unproved(&self) -> bool {
        self.window_rows > 1 && !self.plugin.is_built_in()
    }

    /// The instances, the first of them with witnesses where they are not proved.
    fn watched<'i>(
        &self,
        panel: &Panel,
        arguments: &Arguments,
        instances: &'i mut [Instance],
        observe: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Vec<Watched<'i>>, BacktestError> {
        let wanted = if self.is_unproved() { WITNESSES_MAX.min(instances.len()) } else { 0 };
        let witnesses = self.some_instances(arguments, wanted, observe)?;
        let witnesses = witnesses.into_iter().map(Some).chain(iter::repeat_with(|| None));
        // No strategy knows the last closes before they come.
        let mut seed = Hasher::new();
        seed.update(self.plugin.hash().as_bytes());
        for series in panel.series() {
            seed.update(&series.marks().last().copied().unwrap_or_default().to_le_bytes());
        }
        let watched = instances.iter_mut().zip(witnesses).map(|(instance, witness)| {
            seed.update(b"another");
            Watched::new(instance, witness, seed.finalize_xof())
        });
        Ok(watched.collect())
    }

    /// What the run has shown of its strategy.
    fn look_ahead(
        &self,
        panel: &Panel,
        watched: &[Watched<'_>],
        share: usize,
    ) -> Result<LookAheadProof, BacktestError> {
        let mut found = watched.iter().enumerate();
        let found = found.find_map(|(place, one)| one.difference().map(|found| (place, found)));
        if let Some((place, difference)) = found {
            let instrument = place * share + difference.instrument();
            let symbol = panel.series().get(instrument).map(|series| series.symbol().clone());
            return Err(BacktestError::LookAhead {
                strategy: self.plugin.descriptor().name.clone(),
                symbol: symbol.unwrap_or_else(|| "its instruments".into()),
                time: panel.time(difference.row),
                difference: difference.words(),
            });
        }
        Ok(if self.plugin.is_built_in() {
            LookAheadProof::BuiltIn
        } else if watched.iter().any(Watched::saw_later_rows) {
            LookAheadProof::Sample { rows: watched.iter().map(Watched::rows).sum() }
        } else {
            LookAheadProof::RowByRow
        })
    }

    /// One instance for each instrument, or one for all, as the strategy wants; `observe` is asked before each.
    fn instances(
        &self,
        arguments: &Arguments,
        observe: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Vec<Instance>, BacktestError> {
        self.some_instances(arguments, usize::MAX, observe)
    }

    /// The first `count` of them, or as many as there are.
    fn some_instances(
        &self,
        arguments: &Arguments,
        count: usize,
        observe: &mut impl FnMut(Progress) -> ControlFlow<()>,
    ) -> Result<Vec<Instance>, BacktestError> {
        let panel = self.data.panel();
        let symbols: Vec<&str> =
            panel.series().iter().map(|series| series.instrument().symbol.as_str()).collect();
        let groups: Vec<&[&str]> = match self.plugin.descriptor().scope {
            Scope::Instrument => symbols.chunks(1).collect(),
            Scope::Portfolio => vec![&symbols],
        };
        let configure = |symbols| self.plugin.configure(symbols, panel.interval(), arguments);
        let progress = Progress { rows_done: 0, rows_total: panel.rows() };
        let mut instances = Vec::with_capacity(groups.len());
        for symbols in groups.into_iter().take(count) {
            if observe(progress).is_break() {
                return Err(MachineError::Cancelled { row: 0 }.into());
            }
            instances.push(configure(symbols).map_err(|fault| self.strategy_error(fault))?);
        }
        Ok(instances)
    }

    fn resolved_arguments(&self) -> Result<Arguments, BacktestError> {
        if let Some(arguments) = &self.arguments {
            return Ok(arguments.clone());
        }
        let descriptor = self.plugin.descriptor();
        Arguments::new(descriptor, &[]).map_err(|error| {
            self.strategy_error(StrategyFault {
                kind: ct_core::engine::FaultKind::BadOutput,
                detail: error.to_string(),
            })
        })
    }

    /// The rows of the period with the rows to warm up on; `None` when the run takes all rows.
    fn cut(&self, instances: &[Instance]) -> Result<Option<Dataset>, BacktestError> {
        let Some((from, to)) = self.period else { return Ok(None) };
        let settled = instances.iter().map(|instance| instance.needs().settled_rows).max();
        // Risk measures volatility on the same rows.
        let rows = settled.unwrap_or_default().max(self.settings.risk.lookback_rows());
        Ok(Some(self.data.between(from, to, rows)?))
    }

    fn strategy_error(&self, fault: StrategyFault) -> BacktestError {
        BacktestError::Strategy { strategy: self.plugin.descriptor().name.clone(), fault }
    }
}
