//! `ct-host config check`.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::config_file::{ConfigArgs, USUAL_FILE, own_file};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::terminal::{Terminal, write_text};
use ct_host::config::{Effective, Origin};
use ct_host::printable::printable;
use ct_host::run::{RunError, exchange_mistakes, load_strategy, parameter_mistakes};

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
    arguments.config.tell(environment, terminal);
    let effective = arguments.config.resolved(environment, FlagLayer::new())?;
    let mut typos = Typos { effective: &effective, messages: Vec::new() };
    typos.of_strategy(environment)?;
    typos.of_exchanges(environment)?;
    typos.of_files();
    typos.of_symbols();
    if !typos.messages.is_empty() {
        return Err(Failure::inputs(typos.messages));
    }
    let file = arguments.config.file(environment).or_else(|| own_file(environment));
    write_text(&match file {
        Some(file) => format!("{}: no problems\n", printable(&file.display().to_string())),
        None => format!(
            "no problems, but there is no configuration file: {USUAL_FILE} is not in this folder, and neither --config nor \
             CT_HOST_CONFIG names one\n"
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

    fn add_error(&mut self, path: &str, error: &RunError) {
        for message in error.messages() {
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
        match load_strategy(&config.strategy, &runtime) {
            Err(error) => self.add_error(path, &error),
            Ok(plugin) => {
                for (name, message) in parameter_mistakes(&config.strategy, &plugin) {
                    self.add(&format!("strategy.parameters.{name}"), &message);
                }
            }
        }
        Ok(())
    }

    /// # Errors
    /// [`Failure::input`] when there is no folder for prices, [`Failure::run`] when requests cannot be made at all.
    fn of_exchanges(&mut self, environment: &Environment) -> Result<(), Failure> {
        for (path, error) in exchange_mistakes(&self.effective.config, &environment.folders)? {
            self.add_error(&path, &error);
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
