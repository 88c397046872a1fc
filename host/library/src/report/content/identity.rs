//! What identifies the run.

use super::view::View;
use crate::report::{Block, Fact, Section};

pub(super) fn identity(view: &View<'_>) -> Section {
    let result = view.result;
    let facts = vec![
        Fact::new("Run", &result.run_id),
        Fact::new("Plugin", &result.plugin.hash),
        Fact::new("Data", &result.data.hash),
        Fact::new("Engine", format!("{} {}", result.engine.name, result.engine.version)),
    ];
    Section::detail("Identity: the same inputs give the same run", vec![Block::Properties(facts)])
}
