//! What the strategy said.

use std::cmp::Reverse;

use super::view::View;
use crate::report::{Block, Column, Note, Section, Table, number};
use ct_core::printable::printable_line;
use ct_plugin::{Level, LogLine, limits};

/// Log lines, and how much of log and plots was not kept.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
    let mut blocks = log(view);
    blocks.extend(plots(view));
    (!blocks.is_empty()).then(|| Section::detail("Messages of the strategy", blocks))
}

/// The worst lines first, and of equally bad ones the newest: an error at the end of a long log is seen.
fn log(view: &View<'_>) -> Vec<Block> {
    const LINES_MAX: usize = 10;
    let diagnostics = &view.result.diagnostics;
    let said = diagnostics.iter().enumerate().flat_map(|(instance, said)| {
        said.log.iter().enumerate().map(move |(place, line)| (instance, place, line))
    });
    let mut lines: Vec<_> = said.collect();
    lines.sort_by_key(|(instance, place, line)| (Reverse((line.level, *place)), *instance));
    let row = |(instance, _, line): &(usize, usize, &LogLine)| {
        vec![
            line.time.map(number::time).unwrap_or_default(),
            symbol_of(view, *instance),
            level(line.level).to_owned(),
            printable_line(&line.text),
        ]
    };
    let rows: Vec<Vec<String>> = lines.iter().take(LINES_MAX).map(row).collect();
    let more = lines.len().saturating_sub(rows.len()) as u64;
    let dropped = number::total(diagnostics.iter().map(|said| said.log_lines_dropped));
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        let columns = ["Bar", "Symbol", "Level", "Text"].map(Column::words).to_vec();
        let caption = "The worst lines of its log first, then the newest".to_owned();
        blocks.push(Block::Table(Table { caption, columns, rows }));
    }
    if more > 0 {
        let more = number::count(more);
        blocks.push(Block::Note(Note::plain(format!("And {more} more in the JSON result."))));
    }
    if dropped > 0 {
        blocks.push(Block::Note(Note::warning(format!(
            "Log lines that were not kept, the last ones: {}. A result keeps {} of each instance and {} in all.",
            number::count(dropped),
            number::count(limits::LOG_LINES_MAX as u64),
            number::count(limits::RUN_LOG_LINES_MAX as u64)
        ))));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;
    use ct_plugin::Diagnostics;

    #[test]
    fn the_worst_and_newest_lines_are_shown_and_dropped_ones_are_told() {
        let mut result = example::result();
        let line = |level, text: &str| LogLine {
            level,
            text: text.to_owned(),
            row: None,
            time: None,
            rows: None,
        };
        let mut log: Vec<LogLine> =
            (0..12).map(|row| line(Level::Info, &format!("bar {row}"))).collect();
        log.insert(3, line(Level::Error, "lost"));
        log.push(line(Level::Debug, "end"));
        result.diagnostics =
            vec![Diagnostics { log, log_lines_dropped: 5, ..Diagnostics::default() }];
        let section = section(&View::new(&result)).unwrap();
        let [Block::Table(table), Block::Note(more), Block::Note(dropped)] =
            section.blocks.as_slice()
        else {
            panic!("{section:?}")
        };
        let texts: Vec<&str> = table.rows.iter().map(|row| row[3].as_str()).collect();
        assert_eq!(texts[..3], ["lost", "bar 11", "bar 10"]);
        assert_eq!(more.text, "And 4 more in the JSON result.");
        assert!(dropped.text.starts_with("Log lines that were not kept, the last ones: 5."));
    }
}
