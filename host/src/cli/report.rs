//! `ct-host report`: a saved result again.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::failure::Failure;
use super::terminal::{Terminal, write_result};
use crate::report::{Document, markdown, read_json};

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
/// [`Failure::Input`] when the file is no result of this version.
pub(super) fn run(arguments: &Args, terminal: Terminal) -> Result<(), Failure> {
    let path = result_path(&arguments.file);
    let located =
        |error: &dyn std::fmt::Display| Failure::input(format!("{}: {error}", path.display()));
    let bytes = fs::read(&path).map_err(|error| {
        located(&format!(
            "cannot be read: {error}; expected a result that `ct-host backtest --json` wrote"
        ))
    })?;
    let result = read_json(&bytes).map_err(|error| located(&error))?;
    match arguments.format {
        Form::Text => terminal.document(&Document::of_result(&result)),
        Form::Markdown => {
            let text = markdown(&Document::of_result(&result));
            write_result(|output| output.write_all(text.as_bytes()))
        }
        Form::Json => write_result(|output| output.write_all(&bytes)),
    }
}

fn result_path(given: &Path) -> PathBuf {
    if given.is_dir() { given.join("result.json") } else { given.to_owned() }
}
