//! What identifies the run, and how long it took.

use super::view::View;
use crate::backtest::Timing;
use crate::report::{Block, Fact, Note, Section, number};

pub(super) fn identity(view: &View<'_>) -> Section {
    let result = view.result;
    let facts = vec![
        Fact::new("Run", &result.run_id),
        Fact::new("Plugin", &result.plugin.hash),
        Fact::new("Data", &result.data.hash),
        Fact::new("Engine", format!("{} {}", result.engine.name, result.engine.version)),
    ];
    let mut blocks = vec![Block::Properties(facts)];
    blocks.extend(timing(result.timing).map(Block::Note));
    Section::new("Identity: the same inputs give the same run", blocks)
}

fn timing(timing: Timing) -> Option<Note> {
    if timing.bars_per_second <= 0.0 {
        return None;
    }
    let ms = |ms: f64| format!("{} ms", number::decimal(ms, 1));
    Some(Note::plain(format!(
        "Data loaded in {}, plugin in {}; run in {}: {} bars per second.",
        ms(timing.load_ms),
        ms(timing.compile_ms),
        ms(timing.run_ms),
        number::decimal(timing.bars_per_second, 0),
    )))
}
