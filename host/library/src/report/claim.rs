//! What is said of a result that was read from a file and not run.

use super::document::{Document, Note};

/// What a result in a file is worth: anyone may have written it. The file is not named, so that no name can pass for a part of
/// the command.
pub const CLAIM: &str =
    "As the file says; not run again: `ct-host backtest --from-run FILE` compares.";

impl Document {
    /// The same with a first note that it is only a claim. A report without one is of a run that was made here.
    #[must_use]
    pub fn claimed(mut self) -> Self {
        self.notes.insert(0, Note::plain(CLAIM));
        self
    }
}
