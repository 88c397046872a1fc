//! `ct-host config check`.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use crate::access;
use crate::backtest;
use crate::config_file::{ConfigArgs, USUAL_FILE};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::terminal::{Terminal, write_result};
use ct_host::config::{Effective, Origin};
use ct_host::data::exchange::Exchanges;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigArgs,
}

/// Says that nothing is wrong, as far as it can be known without asking an exchange.
///
/// # Errors
/// [`Failure::input`] or [`Failure::inputs`] with everything that is.
pub(super) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    if let Some(notice) = arguments.config.notice(environment) {
        terminal.notice(&notice);
    }
    let effective = arguments.config.resolved(environment, FlagLayer::new())?;
    let mut typos = Typos { effective: &effective, messages: Vec::new() };
    typos.of_strategy(environment)?;
    typos.of_exchanges(environment)?;
    typos.of_files();
    typos.of_symbols();
    if !typos.messages.is_empty() {
        return Err(Failure::inputs(typos.messages));
    }
    write_result(|output| match arguments.config.file(environment) {
        Some(file) => writeln!(output, "{}: no problems", file.display()),
        None => writeln!(
            output,
            "no problems, but there is no configuration file: {USUAL_FILE} is not in this folder, and neither --config nor \
             CT_HOST_CONFIG names one"
        ),
    })
}

/// Names in a configuration that are none, though each is written as a name is.
#[derive(Debug)]
struct Typos<'a> {
    effective: &'a Effective,
    messages: Vec<String>,
}

impl Typos<'_> {
    /// Adds `message` about the value at `path`.
    fn add(&mut self, path: &str, message: &str) {
        let said = self.effective.origin(path).filter(|origin| **origin != Origin::Default);
        let place = said.map(|origin| format!("{origin}: ")).unwrap_or_default();
        self.messages.push(format!("{place}{path}: {message}"));
    }

    fn add_failure(&mut self, path: &str, failure: &Failure) {
        for message in failure.messages() {
            self.add(path, &message);
        }
    }

    /// Loads the strategy and gives it its parameters.
    ///
    /// # Errors
    /// [`Failure::run`] when this machine runs no plugin at all.
    fn of_strategy(&mut self, environment: &Environment) -> Result<(), Failure> {
        let config = &self.effective.config;
        let runtime = environment.folders.runtime(&config.plugins)?;
        let path =
            if config.strategy.plugin.is_some() { "strategy.plugin" } else { "strategy.name" };
        match backtest::load(&config.strategy, &runtime) {
            Err(failure) => self.add_failure(path, &failure),
            Ok(plugin) => {
                for (name, message) in backtest::mistakes(&config.strategy, &plugin) {
                    self.add(&format!("strategy.parameters.{name}"), &message);
                }
            }
        }
        Ok(())
    }

    /// # Errors
    /// [`Failure::input`] when there is no folder for prices, [`Failure::run`] when requests cannot be made at all.
    fn of_exchanges(&mut self, environment: &Environment) -> Result<(), Failure> {
        let config = &self.effective.config;
        let is_any_named = backtest::are_kept(&config.data)
            || !config.access.fallback.is_empty()
            || access::moved(&config.access).next().is_some();
        if !is_any_named {
            return Ok(());
        }
        let store = environment.folders.store(&config.access)?;
        let settings = access::exchange_settings(&config.access, &store);
        let exchanges = Exchanges::new(settings, Arc::new(|_| {})).map_err(Failure::run)?;
        let named = |exchange: &str| exchanges.source(exchange).map_err(Failure::input);
        if backtest::are_kept(&config.data) {
            let exchange = &config.data.exchange;
            let is_kept = store.keys().is_ok_and(|keys| {
                // An import may call its source by any name.
                keys.iter().any(|key| key.exchange == *exchange)
            });
            if let Some(failure) = named(exchange).err().filter(|_| !is_kept) {
                self.add_failure("data.exchange", &failure);
            }
        }
        for exchange in &config.access.fallback {
            if let Err(failure) = named(exchange) {
                self.add_failure("access.fallback", &failure);
            }
        }
        for exchange in access::moved(&config.access) {
            if let Err(failure) = named(exchange) {
                self.add_failure(&format!("access.base_urls.{exchange}"), &failure);
            }
        }
        Ok(())
    }

    fn of_files(&mut self) {
        let data = &self.effective.config.data;
        for (path, files) in
            [("data.files", &data.files), ("data.detail_files", &data.detail_files)]
        {
            let gone = |file: &&PathBuf| !file.exists();
            for file in files.iter().filter(gone) {
                self.add(path, &format!("{} is not there: expected a price file", file.display()));
            }
        }
    }

    fn of_symbols(&mut self) {
        let mut seen = BTreeSet::new();
        for symbol in &self.effective.config.data.symbols {
            if !seen.insert(symbol) {
                self.add("data.symbols", &format!("'{symbol}' is there twice"));
            }
        }
    }
}
