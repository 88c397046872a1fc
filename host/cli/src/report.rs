//! `ct-host report`: a saved result again.

use std::path::PathBuf;

use clap::ValueEnum;

use super::failure::Failure;
use super::report_args::{self, ReportArgs};
use super::terminal::{Terminal, write_json_with, write_text};
use ct_host::report::{CLAIM, Document, Part, Parts, markdown};
use ct_host::run::SavedResult;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Result as JSON, or the folder that `ct-host backtest --out` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Form of the report
    #[arg(long, short, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[command(flatten)]
    shown: ReportArgs,
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
        Form::Text => terminal.document(&document(arguments, &saved)?),
        Form::Markdown => write_text(&markdown(&document(arguments, &saved)?)),
        Form::Json => {
            terminal.notice(CLAIM);
            write_json_with(|output| output.write_all(&saved.bytes))
        }
    }
}

/// A page has room for the whole report, unless parts of it are named.
fn document(arguments: &Args, saved: &SavedResult) -> Result<Document, Failure> {
    let mut selection = arguments.shown.selection();
    if arguments.format == Form::Markdown && selection.parts == Parts::Usual {
        selection.parts = Parts::All;
    }
    let asks_for_decisions = arguments.shown.chooses_decisions()
        || matches!(&selection.parts, Parts::Only(parts) if parts.contains(&Part::Decisions));
    if asks_for_decisions && saved.result.explained.is_empty() {
        return Err(Failure::input(format!(
            "{} tells the way of no decision: ct-host backtest --explain --from-run makes the run again and tells it",
            arguments.file.display()
        )));
    }
    Ok(report_args::document(&saved.result, &selection).claimed())
}
