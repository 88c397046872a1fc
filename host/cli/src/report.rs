//! `ct-host report`: a saved result again.

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::Failure;
use super::terminal::{Terminal, write_json_with, write_text};
use ct_host::report::{CLAIM, Document, markdown};
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
        Form::Text => terminal.document(&document(&saved)),
        Form::Markdown => write_text(&markdown(&document(&saved))),
        Form::Json => {
            terminal.notice(CLAIM);
            write_json_with(|output| output.write_all(&saved.bytes))
        }
    }
}

fn document(saved: &SavedResult) -> Document {
    Document::of_result(&saved.result).claimed()
}
