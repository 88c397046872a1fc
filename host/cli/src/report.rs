//! `ct-host report`: a saved result again.

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::Failure;
use super::terminal::{Terminal, write_result};
use ct_host::report::{Document, markdown};
use ct_host::run::SavedResult;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Result as JSON, or the folder that `ct-host backtest --out` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Form of the report
    #[arg(long, short, value_enum, default_value_t = Form::Text)]
    format: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For a terminal
    Text,
    /// For a page
    Markdown,
    /// For another program: the file as it is, once it has been checked
    Json,
}

/// Writes the report.
///
/// # Errors
/// [`Failure::input`] when the file is no result of this version.
pub(super) fn run(arguments: &Args, terminal: Terminal) -> Result<(), Failure> {
    let saved = SavedResult::read(&arguments.file)?;
    match arguments.format {
        Form::Text => terminal.document(&Document::of_result(&saved.result)),
        Form::Markdown => {
            let text = markdown(&Document::of_result(&saved.result));
            write_result(|output| output.write_all(text.as_bytes()))
        }
        Form::Json => write_result(|output| output.write_all(&saved.bytes)),
    }
}
