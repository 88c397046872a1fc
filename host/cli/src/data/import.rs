//! `data import`: prices of files become kept series.

use std::path::PathBuf;

use crate::data_policy::PolicyArgs;
use crate::failure::Failure;
use crate::file_args::FileArgs;
use crate::kept_prices::KeptPrices;
use crate::terminal::{Terminal, write_json};
use crate::value;
use ct_host::data::exchange::Exchanges;
use ct_host::data::files::file_hash;
use ct_host::data::origin::exchange_of;
use ct_host::data::store::{Added, Addition, HistoryRecord, Series, SeriesEditor, StoreError};
use ct_host::data::validate::{BarValues, Repair};
use ct_host::data::{FileBudget, SeriesKey, TimeRange, is_same_symbol};
use ct_host::market::{Bars, RawColumns};
use ct_host::report::{Block, Document, Fact, Section};
use ct_host::run::{CheckedFile, FilePeriod, FilesRequest, file_budget};
use ct_host::units::{Interval, Timestamp};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// CSV (also .gz and .zst), Parquet, Arrow or Feather, freqtrade's JSON, or zip files and folders of them; names may have
    /// `*`. Files of one symbol are one series
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The exchange they come from, or any other name for their source [default: as the file's metadata tell]
    #[arg(long, value_name = "NAME")]
    exchange: Option<String>,
    /// Their symbol, such as BTC/USDT [default: as the file's metadata or name tell]
    #[arg(long, value_name = "SYMBOL", value_parser = value::symbol)]
    symbol: Option<String>,
    /// Length of a bar [default: as the times show]
    #[arg(long)]
    interval: Option<Interval>,
    #[command(flatten)]
    form: FileArgs,
    #[command(flatten)]
    policy: PolicyArgs,
    /// Write JSON
    #[arg(long, help_heading = "Output")]
    json: bool,
}

/// Repairs that the history lists one by one.
const REPAIRS_LISTED_MAX: usize = 1_000;

/// A series that was taken in.
struct Imported {
    series: Series,
    added: Added,
    rows: usize,
    repairs: usize,
}

/// Takes the files in.
///
/// # Errors
/// [`Failure::input`] when a file cannot be read or is refused; [`Failure::run`] when it cannot be kept.
pub(super) fn run(arguments: &Args, kept: &KeptPrices, terminal: Terminal) -> Result<(), Failure> {
    let policy = arguments.policy.policy()?;
    let (budget, ports) = (file_budget(&kept.access), terminal.ports());
    let options = vec![arguments.form.options(arguments.symbol.as_ref()); arguments.files.len()];
    let request = FilesRequest {
        paths: &arguments.files,
        options: &options,
        symbols: arguments.symbol.as_slice(),
        interval: arguments.interval,
    };
    let mut checked = Vec::new();
    for series in request.read(&budget, &terminal)? {
        checked.push(CheckedFile::of(series, policy, FilePeriod::default(), &ports)?);
    }
    // Every series has its name before the first one is kept.
    let keys = checked.iter().map(|file| arguments.key(file, kept));
    let keys = keys.collect::<Result<Vec<SeriesKey>, Failure>>()?;
    let notes = checked.iter().map(|file| notes(file, &budget));
    let notes = notes.collect::<Result<Vec<_>, Failure>>()?;
    let mut all = Vec::with_capacity(keys.len());
    for ((file, key), notes) in checked.iter().zip(&keys).zip(notes) {
        all.push(imported(file, key, notes, (kept, terminal))?);
    }
    if arguments.json {
        return match all.as_slice() {
            [one] => write_json(&one.json()),
            several => write_json(&several.iter().map(Imported::json).collect::<Vec<_>>()),
        };
    }
    let sections = all.iter().map(Imported::section).collect();
    terminal.document(&Document { title: "Imported".to_owned(), notes: Vec::new(), sections })
}

impl Args {
    /// What `file` is kept as: where bars of the symbol are kept already, under the name that it has there.
    fn key(&self, file: &CheckedFile, kept: &KeptPrices) -> Result<SeriesKey, Failure> {
        let CheckedFile { label, symbol, bars, files, .. } = file;
        if bars.is_empty() {
            let name = files.first().map(|(path, _)| path.display().to_string());
            let name = name.unwrap_or_default();
            return Err(Failure::input(format!("{name}: there are no bars in it")));
        }
        let named = self.exchange.as_ref().map(|exchange| kept.name_of(exchange));
        let exchange = named.or_else(|| label.exchange.clone()).ok_or_else(|| {
            Failure::input("name the exchange, or any other source, with --exchange")
        })?;
        let keys = kept.store.keys().map_err(Failure::run)?;
        let mut alike = keys.into_iter().map(|key| (key.exchange, key.symbol));
        let known = alike.find(|(name, known)| *name == exchange && is_same_symbol(known, symbol));
        let symbol = known.map_or_else(|| symbol.clone(), |(_, symbol)| symbol);
        Ok(SeriesKey { exchange, symbol, interval: bars.interval() })
    }
}

fn imported(
    file: &CheckedFile,
    key: &SeriesKey,
    notes: Vec<HistoryRecord>,
    (kept, terminal): (&KeptPrices, Terminal),
) -> Result<Imported, Failure> {
    let waiting =
        &mut || terminal.notice(&format!("{key}: another ct-host is changing it; waiting"));
    let editor = kept.store.edit(key, waiting).map_err(Failure::run)?;
    let (series, added) = add(editor, &file.bars, key, notes).map_err(Failure::run)?;
    if added.rows_revised > 0 {
        let revised = added.rows_revised;
        terminal.notice(&format!(
            "{key}: {revised} bar(s) that were held had other values; data show tells"
        ));
    }
    Ok(Imported { series, added, rows: file.bars.len(), repairs: file.repairs.len() })
}

/// Adds `bars`. What a file lacks proves nothing about an exchange, or about bars that are held: then only the bars
/// themselves count, run by run. In a series that only has this file, its holes are holes.
fn add(
    mut editor: SeriesEditor,
    bars: &Bars,
    key: &SeriesKey,
    notes: Vec<HistoryRecord>,
) -> Result<(Series, Added), StoreError> {
    let source = "import".to_owned();
    let is_new = editor.series().rows() == 0;
    let runs = if is_new && !Exchanges::ids().contains(&exchange_of(&key.exchange)) {
        vec![range_of(bars)]
    } else {
        runs(bars)
    };
    for note in notes {
        editor.note(note);
    }
    let mut sum = Added::default();
    for range in runs {
        let rows: RawColumns = bars.between(range.from, range.to).to_raw();
        let added =
            editor.add(Addition { range, rows, source: source.clone(), notes: Vec::new() })?;
        sum.rows_added += added.rows_added;
        sum.rows_revised += added.rows_revised;
    }
    Ok((editor.finish()?, sum))
}

/// From the first bar to the close of the last.
fn range_of(bars: &Bars) -> TimeRange {
    let (first, last) = (bars.times().first(), bars.times().last());
    let first = first.copied().unwrap_or_default();
    TimeRange::from_ms(first, last.map_or(first, |last| last + bars.interval().as_ms()))
}

/// Stretches of bars without a hole.
fn runs(bars: &Bars) -> Vec<TimeRange> {
    let interval_ms = bars.interval().as_ms();
    let mut runs: Vec<TimeRange> = Vec::new();
    for &time in bars.times() {
        let end = Timestamp::clamped(time + interval_ms);
        match runs.last_mut() {
            Some(run) if run.to.as_ms() == time => run.to = end,
            _ => runs.push(TimeRange::from_ms(time, end.as_ms())),
        }
    }
    runs
}

fn notes(file: &CheckedFile, budget: &FileBudget) -> Result<Vec<HistoryRecord>, Failure> {
    let mut notes = Vec::with_capacity(file.files.len());
    for (path, rows) in &file.files {
        let hash = file_hash(path, budget).map_err(Failure::input)?.ok_or_else(|| {
            Failure::input(format!(
                "{} is no file: what is imported is kept with the hash of its file; write it to one first",
                path.display()
            ))
        })?;
        notes.push(HistoryRecord::Imported {
            file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            file_hash: hash,
            // Of one file, what has become of its rows is known.
            rows: if file.files.len() == 1 { file.bars.len() as u64 } else { *rows },
        });
    }
    notes.extend(file.repairs.iter().take(REPAIRS_LISTED_MAX).map(repaired));
    Ok(notes)
}

fn repaired(repair: &Repair) -> HistoryRecord {
    let row =
        |values: BarValues| [values.open, values.high, values.low, values.close, values.volume];
    // The name of the action, as in JSON.
    let action = serde_json::to_value(repair.action).unwrap_or_default();
    HistoryRecord::Repaired {
        time: repair.time.unwrap_or(Timestamp::clamped(0)),
        what: action.as_str().unwrap_or_default().to_owned(),
        before: repair.before.map(row),
        after: repair.after.map(row),
    }
}

impl Imported {
    fn json(&self) -> serde_json::Value {
        let Self { series, added, rows, repairs } = self;
        let key = series.key();
        serde_json::json!({
            "exchange": key.exchange, "symbol": key.symbol, "interval": key.interval,
            "rows_imported": rows, "rows_added": added.rows_added,
            "rows_revised": added.rows_revised, "repairs": repairs,
            "rows": series.rows(), "range": series.range(), "version": series.version(),
        })
    }

    fn section(&self) -> Section {
        let series = &self.series;
        let range = series.range().map_or_else(|| "-".to_owned(), |range| range.to_string());
        let facts = vec![
            Fact::new("Bars imported", self.rows.to_string()),
            Fact::new("Bars held", series.rows().to_string()),
            Fact::new("Period", range),
            Fact::new("Version", series.version()),
        ];
        Section::detail(series.key().to_string(), vec![Block::Properties(facts)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_end_at_holes() {
        let price = vec![1.0; 4];
        let columns = RawColumns {
            time: vec![0, 60_000, 180_000, 240_000],
            open: price.clone(),
            high: price.clone(),
            low: price.clone(),
            close: price.clone(),
            volume: price,
        };
        let bars = Bars::new("1m".parse().unwrap(), columns).unwrap();
        let expected = [TimeRange::from_ms(0, 120_000), TimeRange::from_ms(180_000, 300_000)];
        assert_eq!(runs(&bars), expected);
        assert_eq!(range_of(&bars), TimeRange::from_ms(0, 300_000));
    }
}
