//! The command line: one thin file or folder for each command, on top of the library.
//!
//! A command reads its arguments into checked types of the library, calls the library, and writes the result to standard output.
//! Progress, notices and errors go to standard error. Clock, environment and signals are read here and nowhere else.

mod backtest;
mod build;
mod clock;
mod compile_plugin;
mod completions;
mod config;
mod config_file;
mod config_text;
mod data;
mod data_policy;
mod description;
mod environment;
mod exchange_args;
mod failure;
mod fees;
mod fetch;
mod fetch_bars;
mod file_args;
mod flag_layer;
mod foreign_word;
mod inspect;
mod interrupt;
mod kept_prices;
mod logging;
mod misplaced;
mod new;
mod progress;
mod report;
mod report_args;
mod root;
mod saved_file;
mod series_args;
mod strategies;
mod terminal;
mod validate_data;
mod value;

pub use root::run;
