//! Flags of the output, and where the result goes.

use std::convert::Infallible;
use std::path::{Path, PathBuf, absolute};
use std::str::FromStr;

use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::report_args::{self, ReportArgs};
use crate::saved_file::{ForceArgs, destination};
use crate::terminal::{Terminal, Verbosity, is_standard_output, write_json_with};
use ct_host::backtest::RunResult;
use ct_host::config::ReportConfig;
use ct_host::data::written::{Destination, Existing, WriteError, make_folder};
use ct_host::report::{CsvTable, Document, Layout, markdown, text, write_json};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Output")]
pub(super) struct OutputArgs {
    /// Folder for result.json, report.txt, report.md, and as CSV: fills, trades, equity by bar and by day, the strategy's log
    /// and plots
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: ForceArgs,
    /// Write the result as JSON to FILE, or to standard output in place of the report
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    json: Option<Target>,
    /// Tell the way of every decision: what was asked, granted, cut and filled; in FILE, or in the report
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-")]
    explain: Option<Target>,
    #[command(flatten)]
    shown: ReportArgs,
    /// No report, no progress and no notices; what --json and --out ask for is still written
    #[arg(long, short)]
    quiet: bool,
}

/// Where what was asked for goes.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Target {
    StandardOutput,
    File(PathBuf),
}

impl FromStr for Target {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(if is_standard_output(text.as_ref()) {
            Self::StandardOutput
        } else {
            Self::File(text.into())
        })
    }
}

/// Where a result goes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output<'a> {
    folder: Option<&'a Path>,
    json: Option<&'a Target>,
    explain: Option<&'a Target>,
    shown: &'a ReportArgs,
    existing: Existing,
    pub(super) verbosity: Verbosity,
}

/// The result itself, in a folder.
const RESULT_FILE: &str = "result.json";
/// The report of it.
const TEXT_FILE: &str = "report.txt";
const MARKDOWN_FILE: &str = "report.md";
/// Its tables.
const TABLE_FILES: [(&str, CsvTable); 6] = [
    ("fills.csv", CsvTable::Fills),
    ("trades.csv", CsvTable::Trades),
    ("equity.csv", CsvTable::Equity),
    ("daily_equity.csv", CsvTable::DailyEquity),
    ("plots.csv", CsvTable::Plots),
    ("log.csv", CsvTable::Log),
];

/// The names of all that is in the folder of a result.
fn file_names() -> impl Iterator<Item = &'static str> {
    [RESULT_FILE, TEXT_FILE, MARKDOWN_FILE].into_iter().chain(TABLE_FILES.map(|(name, _)| name))
}

impl OutputArgs {
    /// How much is said by these flags alone, while the configuration is still read.
    pub(super) const fn verbosity(&self) -> Verbosity {
        if self.quiet { Verbosity::Quiet } else { Verbosity::Normal }
    }

    pub(super) fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--out", "report.folder", self.out.as_ref());
        if self.explain.is_some() || self.shown.chooses_decisions() {
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
            explain: self.explain.as_ref(),
            shown: &self.shown,
            existing: self.force.existing(),
            verbosity: if report.quiet { Verbosity::Quiet } else { Verbosity::Normal },
        }
    }
}

impl Output<'_> {
    /// Finds out before a long run whether its result can be kept.
    ///
    /// # Errors
    /// [`Failure::input`] when a folder or file cannot be written, or is there already and is to stay.
    pub(super) fn prepare(&self) -> Result<(), Failure> {
        if let Some(folder) = self.folder {
            let is_there = folder.join(RESULT_FILE).symlink_metadata().is_ok();
            if self.existing == Existing::Kept && is_there {
                return Err(Failure::input(format!(
                    "{} has a result, which is not written over: name another folder, or give --force",
                    folder.display()
                )));
            }
            make_folder(folder).map_err(Failure::input)?;
            for path in file_names().map(|name| folder.join(name)) {
                if path.metadata().is_ok_and(|found| !found.is_file()) {
                    // A pipe that nobody reads would hold up the end of the run.
                    return Err(Failure::input(format!(
                        "{} is no file: remove it, or name another folder",
                        path.display()
                    )));
                }
                destination(&path, self.existing)?;
            }
        }
        for (flag, target) in [("--json", self.json), ("--explain", self.explain)] {
            let Some(Target::File(path)) = target else { continue };
            if self.folder.is_some_and(|folder| is_of_folder(path, folder)) {
                return Err(Failure::input(format!(
                    "{} is one of the files of --out: name another one for {flag}",
                    path.display()
                )));
            }
            destination(path, self.existing)?;
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
            self.save_all(folder, result, &document).map_err(Failure::run)?;
            terminal.notice(&format!("the result is in {}", folder.display()));
        }
        let decisions = Document::of_decisions(result, &self.shown.decisions());
        if let (Some(Target::File(path)), Some(decisions)) = (self.explain, &decisions) {
            let text = text(decisions, Layout::default());
            let file = Destination::new(path, self.existing);
            file.write(|output| output.write_all(text.as_bytes())).map_err(Failure::run)?;
        }
        match self.json {
            Some(Target::StandardOutput) => {
                return write_json_with(|output| write_json(result, output));
            }
            Some(Target::File(path)) => {
                let file = Destination::new(path, self.existing);
                file.write(|output| write_json(result, output)).map_err(Failure::run)?;
            }
            None => {}
        }
        let is_written = matches!(self.explain, Some(Target::File(_)));
        match (self.verbosity, decisions.filter(|_| !is_written)) {
            (Verbosity::Normal, _) => {
                let mut selection = self.shown.selection();
                selection.decisions = selection.decisions.filter(|_| !is_written);
                terminal.document(&report_args::document(result, &selection))
            }
            // An explanation was asked for.
            (Verbosity::Quiet, Some(decisions)) => terminal.document(&decisions),
            (Verbosity::Quiet, None) => Ok(()),
        }
    }

    fn save_all(
        &self,
        folder: &Path,
        result: &RunResult,
        document: &Document,
    ) -> Result<(), WriteError> {
        let file = |name: &str| Destination::new(folder.join(name), self.existing);
        let report = text(document, Layout::default());
        let marked = markdown(document);
        file(RESULT_FILE).write(|output| write_json(result, output))?;
        file(TEXT_FILE).write(|output| output.write_all(report.as_bytes()))?;
        file(MARKDOWN_FILE).write(|output| output.write_all(marked.as_bytes()))?;
        for (name, table) in TABLE_FILES {
            file(name).write(|output| table.write(result, output))?;
        }
        Ok(())
    }
}

/// True when `path` is one of the files that are written into `folder`.
fn is_of_folder(path: &Path, folder: &Path) -> bool {
    let same = |name| absolute(path).ok() == absolute(folder.join(name)).ok();
    file_names().any(same)
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
        assert_eq!(json(&["x", "--json"]), Some(Target::StandardOutput));
        assert_eq!(json(&["x", "--json", "--quiet"]), Some(Target::StandardOutput));
        assert_eq!(json(&["x", "--json", "/dev/stdout"]), Some(Target::StandardOutput));
        assert_eq!(json(&["x", "--json", "a.json"]), Some(Target::File("a.json".into())));
    }
}
