//! What a fetch did, for people.

use ct_host::data::fetch::{FetchReport, FetchStatus, MissingReason, SeriesReport};
use ct_host::report::{Block, Column, Document, Note, Section, Table};

/// The report of a fetch.
pub(super) fn document(report: &FetchReport) -> Document {
    let columns = vec![
        Column::words("Series"),
        Column::words("Status"),
        Column::numbers("New bars"),
        Column::numbers("Bars held"),
        Column::numbers("Holes"),
        Column::numbers("Missing"),
        Column::numbers("Revised"),
        Column::numbers("Requests"),
        Column::words("Version"),
    ];
    let rows = report.series.iter().map(row).collect();
    let table = Table { caption: String::new(), columns, rows };
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(report.series.iter().filter_map(remark).map(Block::Note));
    let sections = vec![Section::summary("Fetched", blocks)];
    Document { title: "Prices".to_owned(), notes: Vec::new(), sections }
}

fn row(series: &SeriesReport) -> Vec<String> {
    const VERSION_CHARS: usize = 12;
    let interval = series.key.interval;
    let missing: u64 = series.missing.iter().map(|missing| missing.range.bars(interval)).sum();
    let version = series.version.as_deref().unwrap_or("-");
    vec![
        series.key.to_string(),
        status(&series.status).to_owned(),
        series.rows_added.to_string(),
        series.rows_held.to_string(),
        series.empty.len().to_string(),
        missing.to_string(),
        series.revised.to_string(),
        series.requests.to_string(),
        version.chars().take(VERSION_CHARS).collect(),
    ]
}

const fn status(status: &FetchStatus) -> &'static str {
    match status {
        FetchStatus::UpToDate => "up to date",
        FetchStatus::Updated => "updated",
        FetchStatus::Partial => "partial",
        FetchStatus::Interrupted => "interrupted",
        FetchStatus::Failed(_) => "failed",
    }
}

/// What the user should do about a series that is not whole.
fn remark(series: &SeriesReport) -> Option<Note> {
    if let FetchStatus::Failed(error) = &series.status {
        return Some(Note::failure(format!("{}: {error}", series.key)));
    }
    let unsound = series.missing.iter().filter(|missing| missing.reason == MissingReason::Unsound);
    match unsound.count() {
        0 => None,
        count => Some(Note::warning(format!(
            "{}: {count} stretch(es) of rows that are no bars were left out; fetch again later",
            series.key
        ))),
    }
}
