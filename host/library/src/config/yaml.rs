//! Reads YAML in such a way that every key and value knows its line and column.

use saphyr_parser::{Marker, Parser, ScanError};

use super::budget::{TEXT_BYTES_MAX, too_deep};
use super::node::Node;
use super::yaml_tree::Tree;
use super::{ConfigError, Origin};

/// What a text says.
#[derive(Debug)]
pub(super) struct Read {
    /// `None` if there is nothing but comments.
    pub(super) node: Option<Node>,
    /// What has no place in a configuration, such as keys that stand twice. The node is without it.
    pub(super) errors: Vec<ConfigError>,
}

/// The one document in `text`, whose places `origin` names by line and column, both counted from 1. The text is read event
/// by event: what goes past the budget is refused before it is built.
///
/// # Errors
/// What makes `text` no YAML, more than one document, or more than a configuration may say.
pub(super) fn read(
    text: &str,
    origin: impl Fn(usize, usize) -> Origin,
) -> Result<Read, Vec<ConfigError>> {
    let refused = |origin: &Origin, message: String| vec![ConfigError::new(origin, "", message)];
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("expected at most {TEXT_BYTES_MAX} bytes, found {}", text.len());
        return Err(refused(&origin(1, 1), message));
    }
    let place = |marker: Marker| origin(marker.line(), marker.col() + 1);
    let invalid = |error: ScanError| refused(&place(*error.marker()), why_invalid(&error));
    let mut tree = Tree::default();
    let mut parser = Parser::new_from_iter(text.chars());
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(invalid)?;
        tree.take(event, place(span.start)).map_err(|error| vec![error])?;
    }
    tree.finished()
}

fn why_invalid(error: &ScanError) -> String {
    let info = error.info();
    // What the scanner says of brackets in each other, which it counts too.
    if info.contains("recursion limit") {
        return too_deep();
    }
    let hint = if info.contains("tab") { "; indent with spaces" } else { "" };
    format!("invalid YAML: {info}{hint}")
}
