//! What was refused, what is uncertain, and what the strategy said.

use std::collections::BTreeMap;

use super::view::View;
use crate::backtest::RefusalRecord;
use crate::plugin::{Diagnostics, Level};
use crate::report::{Block, Column, Note, Section, Table, number, wording};

pub(super) fn sections(view: &View<'_>) -> Vec<Section> {
    let mut blocks = Vec::new();
    if !view.result.refusals.is_empty() {
        blocks.push(refusals(&view.result.refusals));
    }
    if view.result.refusals_dropped > 0 {
        let dropped = number::count(view.result.refusals_dropped);
        let text = format!("And {dropped} more that the result does not list.");
        blocks.push(Block::Note(Note::plain(text)));
    }
    if let Some(note) = ambiguous_bars(view.result.ambiguous_bars) {
        blocks.push(Block::Note(note));
    }
    let mut sections = Vec::new();
    if !blocks.is_empty() {
        sections.push(Section::detail("Refused and uncertain", blocks));
    }
    sections.extend(messages(view));
    sections
}

fn refusals(refusals: &[RefusalRecord]) -> Block {
    let mut groups: BTreeMap<_, Vec<&RefusalRecord>> = BTreeMap::new();
    for refusal in refusals {
        groups.entry((refusal.rule, refusal.verdict)).or_default().push(refusal);
    }
    let row = |((rule, verdict), refusals): (_, Vec<&RefusalRecord>)| {
        let time = |refusal: Option<&&RefusalRecord>| {
            refusal.map(|refusal| number::time(refusal.time)).unwrap_or_default()
        };
        vec![
            wording::rule(rule).to_owned(),
            wording::verdict(verdict).to_owned(),
            number::count(refusals.len() as u64),
            time(refusals.first()),
            time(refusals.last()),
        ]
    };
    Block::Table(Table {
        caption: "Orders that a rule refused or cut".to_owned(),
        columns: vec![
            Column::words("Rule"),
            Column::words("Verdict"),
            Column::numbers("Orders"),
            Column::words("First"),
            Column::words("Last"),
        ],
        rows: groups.into_iter().map(row).collect(),
    })
}

fn ambiguous_bars(bars: u64) -> Option<Note> {
    let (subject, verb) = match bars {
        0 => return None,
        1 => ("1 bar".to_owned(), "is"),
        bars => (format!("{} bars", number::count(bars)), "are"),
    };
    Some(Note::warning(format!(
        "{subject} {verb} ambiguous: the order of events inside is unknown, and the worse one was taken."
    )))
}

/// The first log lines of every instance.
fn messages(view: &View<'_>) -> Option<Section> {
    const LINES_MAX: usize = 10;
    let diagnostics = &view.result.diagnostics;
    let lines = diagnostics.iter().enumerate().flat_map(|(instance, said)| {
        let symbol = symbol_of(view, instance);
        said.log.iter().map(move |line| {
            vec![symbol.clone(), level(line.level).to_owned(), wording::printable(&line.text)]
        })
    });
    let rows: Vec<Vec<String>> = lines.take(LINES_MAX).collect();
    if rows.is_empty() {
        return None;
    }
    let kept: usize = diagnostics.iter().map(|said| said.log.len()).sum();
    let dropped: u64 = diagnostics.iter().map(|said: &Diagnostics| said.log_lines_dropped).sum();
    let more = kept as u64 + dropped - rows.len() as u64;
    let columns = ["Symbol", "Level", "Text"].map(Column::words).to_vec();
    let mut blocks = vec![Block::Table(Table { caption: String::new(), columns, rows })];
    if more > 0 {
        blocks.push(Block::Note(Note::plain(format!("And {} more.", number::count(more)))));
    }
    Some(Section::detail("Messages of the strategy", blocks))
}

/// Symbol that an instance looks after: its own, or all when one instance looks after all.
fn symbol_of(view: &View<'_>, instance: usize) -> String {
    let symbols = &view.result.data.symbols;
    if view.result.diagnostics.len() < symbols.len() {
        return "all".to_owned();
    }
    symbols.get(instance).cloned().unwrap_or_default()
}

const fn level(level: Level) -> &'static str {
    match level {
        Level::Debug => "debug",
        Level::Info => "info",
        Level::Warn => "warning",
        Level::Error => "error",
    }
}
