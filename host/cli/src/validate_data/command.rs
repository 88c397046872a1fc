//! The command: prices in, findings out, and how bad they are as the exit code.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::show::document;
use crate::clock::now;
use crate::data_policy::RepairArgs;
use crate::environment::Environment;
use crate::exchange_args::DataFolderArgs;
use crate::failure::Failure;
use crate::file_args::FileArgs;
use crate::kept_prices::KeptPrices;
use crate::saved_file::{ForceArgs, destination};
use crate::series_args::SeriesArgs;
use crate::terminal::{Terminal, Verbosity, write_json};
use ct_host::config::AccessConfig;
use ct_host::data::files::{FileFormat, Label, ReadOptions, WriteOptions, write_file};
use ct_host::data::store::Series;
use ct_host::data::validate::{
    Comparison, ComparisonSettings, Report, Rows, Severity, Subject, ValidationSettings, compare,
    validate,
};
use ct_host::data::{FileBudget, is_same_symbol};
use ct_host::market::{Bars, RawColumns};
use ct_host::run::{FileSeries, FilesRequest, Unchecked, file_budget};
use ct_host::units::{Interval, Timestamp};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Price files: CSV (also .gz and .zst), Parquet, Arrow or Feather, freqtrade's JSON, or zip files and folders of them;
    /// names may have `*`. Files of one symbol are one series
    #[arg(value_name = "FILE", required_unless_present = "symbol")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    form: FileArgs,
    #[command(flatten)]
    series: SeriesArgs,
    #[command(flatten)]
    folder: DataFolderArgs,
    /// Compare with this file, or with the kept prices of this exchange
    #[arg(long, value_name = "FILE|EXCHANGE", help_heading = "Comparison and repair")]
    against: Option<String>,
    /// Write the prices of one file, repaired, to this file; its name says the format
    #[arg(long, value_name = "FILE", help_heading = "Comparison and repair")]
    repair_to: Option<PathBuf>,
    #[command(flatten)]
    force: ForceArgs,
    #[command(flatten)]
    repair: RepairArgs,
    /// Time at which the prices were downloaded: a bar that closes later was not finished [default: now for kept prices]
    #[arg(long, value_name = "TIME", help_heading = "Comparison and repair")]
    downloaded: Option<Timestamp>,
    /// Write the findings as JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
    /// No report and no progress: only the exit code
    #[arg(long, short, help_heading = "Output")]
    quiet: bool,
}

/// What was found in one file or series.
#[derive(Debug, Serialize)]
pub(super) struct Found {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) report: Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) against: Option<Against>,
}

/// How it compares with another source.
#[derive(Debug, Serialize)]
pub(super) struct Against {
    pub(super) name: String,
    #[serde(flatten)]
    pub(super) comparison: Comparison,
}

/// What prices are read with.
struct Reading<'a> {
    environment: &'a Environment,
    access: AccessConfig,
    /// What all files may take together.
    budget: FileBudget,
    terminal: Terminal,
}

/// Prices under a name.
struct Named {
    name: String,
    interval: Interval,
    rows: RawColumns,
    quote_volume: Option<Vec<f64>>,
    lines: Option<ct_host::data::csv::RowLines>,
    downloaded: Option<Timestamp>,
    label: Label,
}

/// Validates.
///
/// # Errors
/// [`Failure::Findings`] when there are warnings or errors; [`Failure::input`] when something cannot be read.
pub(crate) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    let verbosity = if arguments.quiet { Verbosity::Quiet } else { Verbosity::Normal };
    let terminal = terminal.with(verbosity);
    if let Some(path) = &arguments.repair_to {
        FileFormat::of_name(path).map_err(Failure::input)?;
        destination(path, arguments.force.existing())?;
    }
    let access = arguments.folder.access(environment)?;
    let reading = Reading { environment, budget: file_budget(&access), access, terminal };
    let subjects = arguments.subjects(&reading)?;
    let against = match &arguments.against {
        Some(other) => arguments.other(other, &reading)?,
        None => Vec::new(),
    };
    let mut all = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let found = subject.found(&against)?;
        if found.against.is_none() && !against.is_empty() {
            terminal.notice(&format!(
                "{}: there is nothing of the kind to compare it with",
                found.name
            ));
        }
        if let Some(path) = &arguments.repair_to {
            arguments.write_repaired(subject, path, terminal)?;
        }
        all.push(found);
    }
    if arguments.json {
        write_json(&all)?;
    } else if verbosity == Verbosity::Normal {
        terminal.document(&document(&all))?;
    }
    let worst = all.iter().flat_map(Found::worst).max();
    worst.map_or(Ok(()), |severity| Err(Failure::Findings(severity)))
}

impl Found {
    fn worst(&self) -> Vec<Severity> {
        let against = self.against.as_ref().and_then(|against| against.comparison.worst);
        self.report.worst.into_iter().chain(against).collect()
    }
}

impl Reading<'_> {
    fn kept(&self) -> Result<KeptPrices, Failure> {
        KeptPrices::open(self.environment, self.access.clone())
    }
}

impl Args {
    fn subjects(&self, reading: &Reading<'_>) -> Result<Vec<Named>, Failure> {
        let mut subjects = self.read(&self.files, &self.form.options(None), reading)?;
        if self.repair_to.is_some() && (subjects.len() != 1 || self.series.is_given()) {
            return Err(Failure::input(
                "--repair-to writes one file: name one file to repair, or files of one symbol",
            ));
        }
        if self.series.is_given() {
            let kept = reading.kept()?;
            for series in self.series.kept(&kept)? {
                let mut named = Named::of_series(&series)?;
                named.downloaded = self.downloaded.or_else(|| Some(now()));
                subjects.push(named);
            }
        }
        Ok(subjects)
    }

    /// What the prices are compared with.
    fn other(&self, other: &str, reading: &Reading<'_>) -> Result<Vec<Named>, Failure> {
        let path = Path::new(other);
        if path.exists() || FileFormat::of_name(path).is_ok() || other.contains('*') {
            return self.read(&[path.to_owned()], &self.form.options_of_other(), reading);
        }
        if !self.series.is_given() {
            return Err(Failure::input(format!(
                "--against {other}: there is no such file; to compare with kept prices of an exchange, name a --symbol"
            )));
        }
        let kept = reading.kept()?;
        let series = self.series.of_exchange(other).kept(&kept)?;
        series.iter().map(Named::of_series).collect()
    }

    /// The series in the files that `paths` stand for.
    fn read(
        &self,
        paths: &[PathBuf],
        options: &ReadOptions,
        reading: &Reading<'_>,
    ) -> Result<Vec<Named>, Failure> {
        let request = FilesRequest {
            paths,
            options: &vec![options.clone(); paths.len()],
            symbols: &[],
            interval: self.series.interval_given(),
        };
        let all = request.read(&reading.budget, &reading.terminal)?;
        let named = all.into_iter().map(|FileSeries { name, interval, file, .. }| Named {
            name,
            interval,
            rows: file.columns,
            quote_volume: file.quote_volume,
            lines: file.lines,
            downloaded: self.downloaded,
            label: Label { interval: Some(interval), ..file.label },
        });
        Ok(named.collect())
    }

    fn write_repaired(
        &self,
        subject: Named,
        path: &Path,
        terminal: Terminal,
    ) -> Result<(), Failure> {
        let format = FileFormat::of_name(path).map_err(Failure::input)?;
        let unchecked = Unchecked {
            name: &subject.name,
            interval: subject.interval,
            rows: subject.rows,
            quote_volume: subject.quote_volume.as_deref(),
            lines: subject.lines.as_ref(),
            now: subject.downloaded,
        };
        let repaired = self.repair.repair(unchecked, terminal)?;
        let bars = Bars::new(subject.interval, repaired.rows).map_err(Failure::run)?;
        let existing = self.force.existing();
        let options = WriteOptions { label: subject.label, existing, ..WriteOptions::default() };
        write_file(path, format, &bars, &options).map_err(Failure::run)?;
        let (rows, repairs) = (bars.len(), repaired.repairs.len());
        terminal
            .notice(&format!("{rows} bars after {repairs} repair(s) are in {}", path.display()));
        Ok(())
    }
}

impl Named {
    /// # Errors
    /// [`Failure::run`] when a file of the series is not as it was written: its bars are no evidence of anything.
    fn of_series(series: &Series) -> Result<Self, Failure> {
        let bars = series.verified_bars().map_err(Failure::run)?;
        let key = series.key();
        Ok(Self {
            name: key.to_string(),
            interval: bars.interval(),
            rows: bars.to_raw(),
            quote_volume: None,
            lines: None,
            downloaded: None,
            label: Label { symbol: Some(key.symbol.clone()), ..Label::default() },
        })
    }

    /// The one of `others` that is about the same bars: of one symbol and interval, where both tell their symbol.
    fn partner<'a>(&self, others: &'a [Self]) -> Option<&'a Self> {
        let is_partner = |other: &&Self| match (&self.label.symbol, &other.label.symbol) {
            (Some(left), Some(right)) => {
                is_same_symbol(left, right) && self.interval == other.interval
            }
            _ => true,
        };
        others.iter().find(is_partner)
    }

    /// # Errors
    /// [`Failure::input`] when `others` have bars of another interval.
    fn found(&self, others: &[Self]) -> Result<Found, Failure> {
        let subject = Subject {
            quote_volume: self.quote_volume.as_deref(),
            lines: self.lines.as_ref(),
            now: self.downloaded,
            ..Subject::new(self.interval, &self.rows)
        };
        let report = validate(&subject, &ValidationSettings::default());
        let against = match self.partner(others) {
            Some(other) => {
                let right = Subject {
                    lines: other.lines.as_ref(),
                    ..Subject::new(other.interval, Rows::from(&other.rows))
                };
                let comparison = compare(&subject, &right, &ComparisonSettings::default());
                let comparison = comparison.map_err(Failure::input)?;
                Some(Against { name: other.name.clone(), comparison })
            }
            None => None,
        };
        Ok(Found { name: self.name.clone(), report, against })
    }
}
