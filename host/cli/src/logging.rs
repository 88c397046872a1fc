//! Where log lines go: to standard error, as lines for people or as JSON.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::Arc;

use tracing::field::display;
use tracing::level_filters::LevelFilter;
use tracing::{Level, debug, error, info, warn};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use super::failure::Failure;
use ct_host::config::{LogFormat, LogLevel, MonitoringConfig};
use ct_host::plugin::{self, LogLine, LogListener};
use ct_host::printable::{printable_json, printable_lines};

/// Starts logging as `monitoring` says: what this program says, and nothing of the libraries in it. Lines carry the time
/// of the bar that they are about and no other, so that they are the same on every run.
///
/// # Errors
/// [`Failure::run`] when logging has been started before.
pub(super) fn start(monitoring: MonitoringConfig) -> Result<(), Failure> {
    let Some(level) = level(monitoring.log_level) else { return Ok(()) };
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let lines = fmt::layer().without_time().with_target(false);
    let registry = tracing_subscriber::registry();
    match monitoring.log_format {
        LogFormat::Text => {
            let lines = lines.with_writer(|| Lines(printable_lines)).with_ansi(false);
            registry.with(lines.with_filter(own)).try_init()
        }
        LogFormat::Json => {
            let lines = lines.with_writer(|| Lines(printable_json)).json().flatten_event(true);
            registry.with(lines.with_filter(own)).try_init()
        }
    }
    .map_err(Failure::run)
}

/// Logs what a strategy says, at its own levels, while it runs.
#[derive(Debug)]
pub(super) struct StrategyLog;

impl StrategyLog {
    /// Who logs it, where anything is logged.
    pub(super) fn wanted() -> Option<Arc<dyn LogListener>> {
        (LevelFilter::current() != LevelFilter::OFF).then(|| Arc::new(Self) as Arc<dyn LogListener>)
    }
}

impl LogListener for StrategyLog {
    /// A line is about one of the bars from `time` to `time_last`: the strategy had been given all of them.
    fn hear(&self, symbols: &[String], line: &LogLine) {
        let symbol = match symbols {
            [one] => Some(one.as_str()),
            _ => None,
        };
        let times = line.times();
        let time = times.map(|[first, _]| display(first));
        let time_last = times.filter(|[first, last]| first != last).map(|[_, last]| display(last));
        let text = line.text.as_str();
        match line.level {
            plugin::Level::Error => error!(symbol, text, time, time_last, "strategy"),
            plugin::Level::Warn => warn!(symbol, text, time, time_last, "strategy"),
            plugin::Level::Info => info!(symbol, text, time, time_last, "strategy"),
            plugin::Level::Debug => debug!(symbol, text, time, time_last, "strategy"),
        }
    }
}

/// Standard error, to which lines are written in this form.
struct Lines(fn(&str) -> Cow<'_, str>);

impl Write for Lines {
    /// Takes all of `bytes`: a line comes as a whole.
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = String::from_utf8_lossy(bytes);
        io::stderr().lock().write_all((self.0)(&line).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

const fn level(level: LogLevel) -> Option<Level> {
    match level {
        LogLevel::Off => None,
        LogLevel::Error => Some(Level::ERROR),
        LogLevel::Warn => Some(Level::WARN),
        LogLevel::Info => Some(Level::INFO),
        LogLevel::Debug => Some(Level::DEBUG),
    }
}
