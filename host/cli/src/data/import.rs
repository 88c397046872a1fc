//! `data import`: prices of a file become a kept series.

use std::path::{Path, PathBuf};

use crate::data_policy::PolicyArgs;
use crate::failure::Failure;
use crate::file_args::FileArgs;
use crate::kept_prices::KeptPrices;
use crate::terminal::{Terminal, write_json};
use crate::value;
use ct_host::data::exchange::Exchanges;
use ct_host::data::origin::exchange_of;
use ct_host::data::store::{Added, Addition, HistoryRecord, Series, SeriesEditor, StoreError};
use ct_host::data::validate::{BarValues, Repair};
use ct_host::data::{SeriesKey, TimeRange};
use ct_host::market::{Bars, RawColumns};
use ct_host::report::{Block, Document, Fact, Section};
use ct_host::run::{CheckedFile, FilePeriod, FileRequest, file_budget};
use ct_host::units::{Interval, Timestamp};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// CSV (also .gz and .zst), Parquet, Arrow or Feather, or freqtrade's JSON
    #[arg(value_name = "FILE")]
    file: PathBuf,
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

/// Takes the file in.
///
/// # Errors
/// [`Failure::input`] when the file cannot be read or is refused; [`Failure::run`] when it cannot be kept.
pub(super) fn run(arguments: &Args, kept: &KeptPrices, terminal: Terminal) -> Result<(), Failure> {
    let policy = arguments.policy.policy()?;
    let path = &arguments.file;
    let (budget, ports) = (file_budget(&kept.access), terminal.ports());
    let options = &arguments.form.options(arguments.symbol.as_ref());
    let request = FileRequest {
        path,
        options,
        interval: arguments.interval,
        policy,
        period: FilePeriod::default(),
    };
    let checked = CheckedFile::read(&request, &budget, &ports)?;
    let CheckedFile { label, symbol, bars, repairs, .. } = checked;
    let named = arguments.exchange.as_ref().map(|exchange| kept.name_of(exchange));
    let key = SeriesKey {
        exchange: named.or(label.exchange).ok_or_else(|| {
            Failure::input("name the exchange, or any other source, with --exchange")
        })?,
        symbol: arguments.symbol.clone().unwrap_or(symbol),
        interval: bars.interval(),
    };
    if bars.is_empty() {
        return Err(Failure::input(format!("{}: there are no bars in it", path.display())));
    }
    let waiting =
        &mut || terminal.notice(&format!("{key}: another ct-host is changing it; waiting"));
    let editor = kept.store.edit(&key, waiting).map_err(Failure::run)?;
    let notes = notes(path, &bars, &repairs)?;
    let (series, added) = add(editor, &bars, &key, notes).map_err(Failure::run)?;
    if added.rows_revised > 0 {
        let revised = added.rows_revised;
        terminal.notice(&format!(
            "{key}: {revised} bar(s) that were held had other values; data show tells"
        ));
    }
    if arguments.json {
        return write_json(&serde_json::json!({
            "exchange": key.exchange, "symbol": key.symbol, "interval": key.interval,
            "rows_imported": bars.len(), "rows_added": added.rows_added,
            "rows_revised": added.rows_revised, "repairs": repairs.len(),
            "rows": series.rows(), "range": series.range(), "version": series.version(),
        }));
    }
    terminal.document(&document(&series, bars.len()))
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

fn notes(path: &Path, bars: &Bars, repairs: &[Repair]) -> Result<Vec<HistoryRecord>, Failure> {
    let mut hasher = blake3::Hasher::new();
    let file = std::fs::File::open(path).map_err(Failure::input)?;
    if !file.metadata().is_ok_and(|found| found.is_file()) {
        return Err(Failure::input(format!(
            "{} is no file: what is imported is kept with the hash of its file; write it to one first",
            path.display()
        )));
    }
    hasher.update_reader(file).map_err(Failure::input)?;
    let mut notes = vec![HistoryRecord::Imported {
        file: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        file_hash: hasher.finalize().to_hex().to_string(),
        rows: bars.len() as u64,
    }];
    notes.extend(repairs.iter().take(REPAIRS_LISTED_MAX).map(repaired));
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

fn document(series: &Series, imported: usize) -> Document {
    let range = series.range().map_or_else(|| "-".to_owned(), |range| range.to_string());
    let facts = vec![
        Fact::new("Bars imported", imported.to_string()),
        Fact::new("Bars held", series.rows().to_string()),
        Fact::new("Period", range),
        Fact::new("Version", series.version()),
    ];
    let sections = vec![Section::detail(series.key().to_string(), vec![Block::Properties(facts)])];
    Document { title: "Imported".to_owned(), notes: Vec::new(), sections }
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
