//! The command line: one thin file or folder for each command, on top of the library.
//!
//! A command reads its arguments into checked types of the library, calls the library, and writes the result to standard output.
//! Progress, notices and errors go to standard error. Clock, environment and signals are read here and nowhere else.

mod backtest;
mod build;
mod completions;
mod description;
mod environment;
mod failure;
mod inspect;
mod interrupt;
mod new;
mod progress;
mod report;
mod root;
mod saved_file;
mod stopwatch;
mod strategies;
mod terminal;

pub use root::run;
