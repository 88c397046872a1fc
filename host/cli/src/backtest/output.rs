//! Flags of the output, and where the result goes.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::saved_file::{SaveError, prepare_folder, save, try_writing};
use crate::terminal::{Terminal, Verbosity, write_json_with};
use ct_host::backtest::RunResult;
use ct_host::config::ReportConfig;
use ct_host::report::{CsvTable, Document, Styling, markdown, text, write_json};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Folder for result.json, report.txt, report.md, and fills, trades and daily equity as CSV
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write over a result that is in the folder of --out
    #[arg(long)]
    force: bool,
    /// Write the result as JSON to FILE, or to standard output in place of the report
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    json: Option<JsonTarget>,
    /// Tell the way of every decision: what was asked, granted, cut and filled
    #[arg(long)]
    explain: bool,
    /// No report, no progress and no notices; what --json and --out ask for is still written
    #[arg(long, short)]
    quiet: bool,
}

/// Where the JSON goes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum JsonTarget {
    StandardOutput,
    File(PathBuf),
}

impl FromStr for JsonTarget {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "-" => Self::StandardOutput,
            path => Self::File(path.into()),
        })
    }
}

/// Where a result goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output<'a> {
    folder: Option<&'a Path>,
    json: Option<&'a JsonTarget>,
    earlier: Earlier,
    pub(super) verbosity: Verbosity,
}

/// What happens to a result that is in the folder already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Earlier {
    Kept,
    Replaced,
}

/// The result itself, in a folder.
const RESULT_FILE: &str = "result.json";

impl OutputArgs {
    /// How much is said by these flags alone, while the configuration is still read.
    pub(super) const fn verbosity(&self) -> Verbosity {
        if self.quiet { Verbosity::Quiet } else { Verbosity::Normal }
    }

    pub(super) fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--out", "report.folder", self.out.as_ref());
        if self.explain {
            flags.set("--explain", "report.explain", true);
        }
        if self.quiet {
            flags.set("--quiet", "report.quiet", true);
        }
    }

    /// Where a result goes by these flags and `report`.
    pub(super) fn output<'a>(&'a self, report: &'a ReportConfig) -> Output<'a> {
        Output {
            folder: report.folder.as_deref(),
            json: self.json.as_ref(),
            earlier: if self.force { Earlier::Replaced } else { Earlier::Kept },
            verbosity: if report.quiet { Verbosity::Quiet } else { Verbosity::Normal },
        }
    }
}

impl Output<'_> {
    /// Finds out before a long run whether its result can be kept.
    ///
    /// # Errors
    /// [`Failure::input`] when a folder or file cannot be written, or the folder has a result already.
    pub(super) fn prepare(&self) -> Result<(), Failure> {
        if let Some(folder) = self.folder {
            if self.earlier == Earlier::Kept && folder.join(RESULT_FILE).exists() {
                return Err(Failure::input(format!(
                    "{} has a result, which is not written over: name another folder, or give --force",
                    folder.display()
                )));
            }
            prepare_folder(folder).map_err(Failure::input)?;
        }
        if let Some(JsonTarget::File(path)) = self.json {
            try_writing(path).map_err(Failure::input)?;
        }
        Ok(())
    }

    /// Writes `result` to wherever it was asked for.
    ///
    /// # Errors
    /// [`Failure::run`] when a file cannot be written any more.
    pub(super) fn deliver(&self, result: &RunResult, terminal: Terminal) -> Result<(), Failure> {
        let document = Document::of_result(result);
        if let Some(folder) = self.folder {
            save_all(folder, result, &document).map_err(Failure::run)?;
            terminal.notice(&format!("the result is in {}", folder.display()));
        }
        match self.json {
            Some(JsonTarget::StandardOutput) => {
                return write_json_with(|output| write_json(result, output));
            }
            Some(JsonTarget::File(path)) => {
                save(path, |output| write_json(result, output)).map_err(Failure::run)?;
            }
            None => {}
        }
        match (self.verbosity, Document::of_decisions(result)) {
            (Verbosity::Normal, _) => terminal.document(&document),
            // An explanation was asked for.
            (Verbosity::Quiet, Some(decisions)) => terminal.document(&decisions),
            (Verbosity::Quiet, None) => Ok(()),
        }
    }
}

fn save_all(folder: &Path, result: &RunResult, document: &Document) -> Result<(), SaveError> {
    let report = text(document, Styling::Plain);
    let marked = markdown(document);
    save(&folder.join(RESULT_FILE), |output| write_json(result, output))?;
    save(&folder.join("report.txt"), |output| output.write_all(report.as_bytes()))?;
    save(&folder.join("report.md"), |output| output.write_all(marked.as_bytes()))?;
    for (name, table) in [
        ("fills.csv", CsvTable::Fills),
        ("trades.csv", CsvTable::Trades),
        ("daily_equity.csv", CsvTable::DailyEquity),
    ] {
        save(&folder.join(name), |output| table.write(result, output))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Debug, Parser)]
    struct Command {
        #[command(flatten)]
        output: OutputArgs,
    }

    #[test]
    fn json_goes_to_standard_output_when_no_file_is_named() {
        let json = |line: &[&str]| Command::try_parse_from(line).unwrap().output.json;
        assert_eq!(json(&["x"]), None);
        assert_eq!(json(&["x", "--json"]), Some(JsonTarget::StandardOutput));
        assert_eq!(json(&["x", "--json", "--quiet"]), Some(JsonTarget::StandardOutput));
        assert_eq!(json(&["x", "--json", "a.json"]), Some(JsonTarget::File("a.json".into())));
    }
}
