//! Everything that a run is made of, loaded.

use std::ops::ControlFlow;

use super::trader::Trader;
use super::{Ports, RunError, Task};
use crate::backtest::{Backtest, Benchmark, Dataset, Progress, RunResult, Timing};
use crate::config::{Config, StrategyConfig};
use ct_plugin::{Arguments, Plugin};

/// Everything that a run is made of: it can be made again and again, with other parameters, settings or periods, and nothing is
/// loaded twice. May be shared between threads.
///
/// See the [crate's front page](crate) for an example.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub(super) trader: Trader,
    pub(super) data: Dataset,
    /// What the run is compared with, if it is not its own instruments.
    pub(super) benchmark: Option<Benchmark>,
    pub(super) config: Config,
    /// Of what has been done so far.
    pub(super) timing: Timing,
}

/// Longest time of a run where the configuration says nothing.
const RUN_SECONDS_MAX: f64 = 3_600.0;

impl Prepared {
    /// The strategy.
    pub const fn plugin(&self) -> &Plugin {
        &self.trader.plugin
    }

    /// Its parameters, as the configuration has them.
    pub const fn arguments(&self) -> &Arguments {
        &self.trader.arguments
    }

    /// The prices. Kept ones begin with the rows that the strategy, as it is configured, warms up on.
    pub const fn data(&self) -> &Dataset {
        &self.data
    }

    /// The configuration, with the fees that an exchange told where nothing else says them.
    pub const fn config(&self) -> &Config {
        &self.config
    }

    /// The run as it is configured.
    ///
    /// # Errors
    /// [`RunError::Input`] when the prices have nothing of the period.
    pub fn backtest(&self) -> Result<Backtest<'_>, RunError> {
        self.backtest_of(&self.config)
    }

    /// The same with `arguments` in place of the parameters of the configuration, also in what the result says of how it was
    /// asked for.
    ///
    /// # Errors
    /// As [`Prepared::backtest`].
    pub fn backtest_with(&self, arguments: Arguments) -> Result<Backtest<'_>, RunError> {
        // Numbers and words always are JSON.
        let json = |value| serde_json::to_value(value).unwrap_or_default();
        let parameters = arguments.iter().map(|(name, value)| (name.to_owned(), json(value)));
        let parameters = parameters.collect();
        let strategy = StrategyConfig { parameters, ..self.config.strategy.clone() };
        let config = Config { strategy, ..self.config.clone() };
        Ok(self.backtest_of(&config)?.arguments(arguments))
    }

    /// Makes the run as it is configured, and times it. One that takes too long on the clock of `ports`, or too many steps, is
    /// broken off.
    ///
    /// # Errors
    /// A [`RunError`]. A strategy that fails on the way is none: it is told in [`RunResult::faults`].
    pub fn run(&self, ports: &Ports<'_>) -> Result<RunResult, RunError> {
        let backtest = self.backtest()?.heard_by(ports.observer.log_listener());
        let progress = ports.observer.begin(Task::Run(&self.plugin().descriptor().name));
        let started = ports.elapsed_ms();
        let seconds_max = self.config.plugins.run_seconds_max.unwrap_or(RUN_SECONDS_MAX);
        let steps_max = self.config.plugins.run_steps_max.unwrap_or(u64::MAX);
        let (mut steps, mut too_much) = (0, None);
        let result = backtest.run_observed(|done| {
            progress.set(done.rows_done as u64, done.rows_total as u64);
            steps += 1;
            if ports.elapsed_ms() - started > seconds_max * 1_000.0 {
                too_much = Some((done, format!("longer than {seconds_max} s"), "run_seconds_max"));
            } else if steps > steps_max {
                too_much = Some((done, format!("more than {steps_max} steps"), "run_steps_max"));
            }
            if too_much.is_some() { ControlFlow::Break(()) } else { ports.poll() }
        });
        let run_ms = ports.elapsed_ms() - started;
        drop(progress);
        if let Some((Progress { rows_done, rows_total }, found, setting)) = too_much {
            return Err(RunError::run(format!(
                "the run took {found} and was broken off at row {rows_done} of {rows_total}: try a shorter period, or give it \
                 more with plugins.{setting}"
            )));
        }
        let mut result = result?;
        let bars = result.data.rows as f64 * result.data.symbols.len() as f64;
        // A clock that stands still times nothing.
        let bars_per_second = if run_ms > 0.0 { bars / (run_ms / 1_000.0) } else { 0.0 };
        result.timing = Timing { run_ms, bars_per_second, ..self.timing };
        Ok(result)
    }

    fn backtest_of(&self, config: &Config) -> Result<Backtest<'_>, RunError> {
        let backtest = self.trader.backtest(&self.data, config)?.against(self.benchmark.as_ref());
        // Only the files of a folder have room for every bar.
        Ok(if config.report.folder.is_some() { backtest.keeping_curve() } else { backtest })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Layer, Resolver};
    use crate::run::Run;
    use ct_core::units::Timestamp;
    use ct_plugin::Value;

    const NOW: Timestamp = Timestamp::clamped(0);

    fn run<'a>(file: &str, ports: &'a Ports<'a>) -> Run<'a> {
        let layer = Layer::from_yaml(file, "ct-host.yaml").unwrap();
        Run::new(Resolver::new().layer(layer).resolve().unwrap(), ports)
    }

    #[test]
    fn other_parameters_are_in_the_result_and_in_its_request() {
        let ports = Ports::silent(&NOW);
        let prepared = run("data: { days: 60 }", &ports).prepare().unwrap();
        let descriptor = prepared.plugin().descriptor();
        let arguments = Arguments::new(descriptor, &[("fast", Value::Integer(7))]).unwrap();
        let result = prepared.backtest_with(arguments).unwrap().run().unwrap();
        assert_eq!(result.parameters["fast"], 7);
        assert_eq!(result.request["strategy"]["parameters"]["fast"], 7);
        let file = "data: { days: 60 }\nstrategy: { parameters: { fast: 7 } }";
        let configured = run(file, &ports).result().unwrap();
        assert_eq!(configured.run_id, result.run_id);
        assert_eq!(configured.timing, Timing::default());
    }

    #[test]
    fn whoever_wants_to_stop_gets_no_result() {
        let ports = Ports::silent(&NOW);
        ports.stop.set();
        let stopped = run("", &ports).prepare().unwrap().run(&ports);
        assert_eq!(stopped, Err(RunError::Interrupted));
    }
}
