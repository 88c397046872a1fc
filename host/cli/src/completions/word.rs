//! What can stand next on a command line.

/// What can stand next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// One of these.
    Words(Vec<Word>),
    /// The name of a file, which the shell knows how to look for.
    Files,
    /// The name of a folder.
    Folders,
}

/// A word, with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// One line; empty if there is nothing to say.
    pub(super) meaning: String,
}

impl Word {
    /// `text`, and of `meaning` its first line.
    pub(super) fn new(text: impl Into<String>, meaning: &str) -> Self {
        let meaning = meaning.lines().next().unwrap_or_default().to_owned();
        Self { text: text.into(), meaning }
    }
}
