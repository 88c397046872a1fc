//! What the strategy said.

use super::view::View;
use crate::report::{Block, Column, Note, Section, Table, number};
use ct_core::printable::printable_line;
use ct_plugin::{Level, limits};

/// The first log lines of every instance, and how much of its plots was not kept.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
    let mut blocks = log(view);
    blocks.extend(plots(view));
    (!blocks.is_empty()).then(|| Section::detail("Messages of the strategy", blocks))
}

fn log(view: &View<'_>) -> Vec<Block> {
    const LINES_MAX: usize = 10;
    let diagnostics = &view.result.diagnostics;
    let lines = diagnostics.iter().enumerate().flat_map(|(instance, said)| {
        let symbol = symbol_of(view, instance);
        said.log.iter().map(move |line| {
            vec![symbol.clone(), level(line.level).to_owned(), printable_line(&line.text)]
        })
    });
    let rows: Vec<Vec<String>> = lines.take(LINES_MAX).collect();
    if rows.is_empty() {
        return Vec::new();
    }
    let said = diagnostics.iter().flat_map(|said| [said.log.len() as u64, said.log_lines_dropped]);
    let more = number::total(said).saturating_sub(rows.len() as u64);
    let columns = ["Symbol", "Level", "Text"].map(Column::words).to_vec();
    let mut blocks = vec![Block::Table(Table { caption: String::new(), columns, rows })];
    if more > 0 {
        blocks.push(Block::Note(Note::plain(format!("And {} more.", number::count(more)))));
    }
    blocks
}

fn plots(view: &View<'_>) -> Option<Block> {
    let dropped = view.result.diagnostics.iter().map(|said| said.plot_points_dropped);
    let dropped = number::total(dropped);
    (dropped > 0).then(|| {
        Block::Note(Note::warning(format!(
            "Plot points that were not kept: {}. A result keeps {} of each instance and {} in all.",
            number::count(dropped),
            number::count(limits::PLOT_POINTS_MAX as u64),
            number::count(limits::RUN_PLOT_POINTS_MAX as u64)
        )))
    })
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
