//! What the strategy said.

use super::view::View;
use crate::report::{Block, Column, Note, Section, Table, number, wording};
use ct_plugin::{Diagnostics, Level};

/// The first log lines of every instance.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
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
