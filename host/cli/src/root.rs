//! The command `ct-host` and its subcommands.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use super::environment::Environment;
use super::failure::Failure;
use super::foreign_word::advise;
use super::misplaced::without_secret;
use super::terminal::{Screen, Terminal, usage_error, usage_text};
use super::{
    backtest, build, compile_plugin, completions, config, data, fees, fetch, inspect, new, report,
    strategies, validate_data,
};

/// Widest that help is, in columns: longer lines are hard to read.
const HELP_MAX: usize = 100;

const EXIT_CODES: &str = "\
Exit codes:
  0    done
  1    the run or the build failed, or a strategy failed on the way
  2    wrong usage or unusable input
  3    validate-data found warnings
  4    validate-data found errors
  130  interrupted with Ctrl-C

Environment:
  CT_HOST_CONFIG     configuration file, in place of ct-host.yaml here
  CT_HOST_CONFIG_DIR folder of your own config.yaml and cache.key
  CT_HOST__...       any key of it: CT_HOST__ACCOUNT__CASH is account.cash
  CT_HOST_CACHE_DIR  folder for compiled plugins
  CT_HOST_DATA_DIR   folder for prices
  HTTPS_PROXY        proxy to exchanges; also HTTP_PROXY and NO_PROXY
  NO_COLOR           no colours on a terminal, when it is set to anything
  COLUMNS            width of what is printed, in place of the terminal's
  LC_ALL             C or POSIX: ASCII characters only; also LC_CTYPE and LANG";

/// Backtest sandboxed trading strategies.
#[derive(Debug, Parser)]
#[command(name = "ct-host", version, about, after_help = EXIT_CODES)]
pub(super) struct Root {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run a strategy over past prices
    ///
    /// Without flags the built-in strategy sma-crossover trades generated sample data. Orders fill at the open of the bar
    /// after the decision. Stops and limits fill inside a bar; when both would, the stop does. The flags are the most used
    /// settings: a configuration file has all of them, and --set sets any.
    #[command(allow_negative_numbers = true)]
    Backtest(Box<backtest::Args>),
    /// Fetch prices from exchanges and keep them
    ///
    /// Asks for exactly what is missing and never for the same bars twice. Ctrl-C keeps what arrived; the same command goes
    /// on from there.
    Fetch(Box<fetch::Args>),
    /// Look after the prices that are kept
    Data(data::Args),
    /// Find what is wrong with prices, in files or kept
    ///
    /// Ends with exit code 0 when nothing is, 3 with warnings, and 4 with errors, on which a backtest would be wrong.
    ValidateData(validate_data::Args),
    /// Write, show or check the configuration file
    Config(config::Args),
    /// Show a saved result again
    Report(report::Args),
    /// List published fees of exchanges, or show those of one with all tiers
    Fees(fees::Args),
    /// List the built-in strategies, or show one
    Strategies(strategies::Args),
    /// Write a new strategy crate
    New(new::Args),
    /// Compile a strategy crate to a plugin
    Build(build::Args),
    /// Show what a plugin file is, needs and offers
    Inspect(inspect::Args),
    /// Write completions for a shell
    ///
    /// Commands, flags, and in bash, zsh and fish their values too: strategies, published fees, exchanges, kept symbols, files.
    Completions(completions::Args),
    /// Tell what can stand at the end of a line, for the scripts that `completions` writes
    #[command(name = "complete", hide = true)]
    Complete(completions::LineArgs),
    /// Read and compile the plugin file on standard input, for the ct-host that started this one
    #[command(name = compile_plugin::COMPILE_COMMAND, hide = true)]
    CompilePlugin,
}

/// Runs the command line `arguments`, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let environment = Environment::read();
    let root = match parsed(&arguments, environment.screen) {
        Ok(root) => root,
        Err(mut error) => {
            advise(&mut error, &arguments);
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            match without_secret(&error, &arguments) {
                Some(text) => usage_text(&text),
                None => usage_error(error, &arguments),
            }
            return ExitCode::from(code);
        }
    };
    let terminal = Terminal::new(environment.screen);
    match root.command.run(&environment, terminal) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            terminal.failure(&failure);
            failure.exit_code()
        }
    }
}

/// The command line, with help that fits the screen.
fn parsed(arguments: &[OsString], screen: Screen) -> Result<Root, clap::Error> {
    let mut command = Root::command().term_width(screen.width(&io::stdout()).min(HELP_MAX));
    let mut matches = command.try_get_matches_from_mut(arguments)?;
    Root::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

impl Command {
    fn run(self, environment: &Environment, terminal: Terminal) -> Result<(), Failure> {
        match self {
            Self::Backtest(arguments) => backtest::run(&arguments, environment, terminal),
            Self::Fetch(arguments) => fetch::run(&arguments, environment, terminal),
            Self::Data(arguments) => data::run(&arguments, environment, terminal),
            Self::ValidateData(arguments) => validate_data::run(&arguments, environment, terminal),
            Self::Config(arguments) => config::run(&arguments, environment, terminal),
            Self::Report(arguments) => report::run(&arguments, terminal),
            Self::Fees(arguments) => fees::run(&arguments, terminal),
            Self::Strategies(arguments) => strategies::run(&arguments, environment, terminal),
            Self::New(arguments) => new::run(&arguments),
            Self::Build(arguments) => build::run(&arguments, terminal),
            Self::Inspect(arguments) => inspect::run(&arguments, environment, terminal),
            Self::Completions(arguments) => completions::run(&arguments),
            Self::Complete(arguments) => completions::answer(&arguments, environment),
            Self::CompilePlugin => compile_plugin::run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Root::command().debug_assert();
    }

    #[test]
    fn every_flag_and_command_has_help() {
        fn check(command: &clap::Command) {
            for argument in command.get_arguments() {
                let name = format!("{} {}", command.get_name(), argument.get_id());
                assert!(argument.get_help().is_some(), "{name} has no help");
            }
            for subcommand in command.get_subcommands() {
                assert!(subcommand.get_about().is_some(), "{}", subcommand.get_name());
                check(subcommand);
            }
        }
        check(&Root::command());
    }
}
