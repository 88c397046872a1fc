//! Where log lines go: to standard error, as lines for people or as JSON.

use std::io;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::prelude::*;

use super::failure::Failure;
use ct_host::config::{LogFormat, LogLevel, MonitoringConfig};

/// Starts logging as `monitoring` says: what this program says, and nothing of the libraries in it. Lines carry the time
/// of the bar that they are about and no other, so that they are the same on every run.
///
/// # Errors
/// [`Failure::run`] when logging has been started before.
pub(super) fn start(monitoring: MonitoringConfig) -> Result<(), Failure> {
    let Some(level) = level(monitoring.log_level) else { return Ok(()) };
    let own = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let lines = fmt::layer().with_writer(io::stderr).without_time().with_target(false);
    let registry = tracing_subscriber::registry();
    match monitoring.log_format {
        LogFormat::Text => registry.with(lines.with_ansi(false).with_filter(own)).try_init(),
        LogFormat::Json => {
            registry.with(lines.json().flatten_event(true).with_filter(own)).try_init()
        }
    }
    .map_err(Failure::run)
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
