//! Rust sources as text: what is code in them, and the paths that it names. Enough for rules about layers and sizes, far
//! from a compiler.

use std::fs;
use std::iter::Peekable;
use std::path::{Path, PathBuf};

/// One source file.
#[derive(Clone, Debug)]
pub struct Source {
    /// Path below the root of the workspace.
    pub path: PathBuf,
    /// The text as it is.
    pub text: String,
}

/// A path such as `crate::order::Fill`, where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPath {
    /// Line, from 1.
    pub line: usize,
    /// The parts between the double colons; a group in braces gives one path for each of its members.
    pub parts: Vec<String>,
}

impl Source {
    /// Every Rust file in `folder` of the workspace and below it, in the order of their paths.
    ///
    /// # Panics
    /// When a file cannot be read.
    pub fn all_in(folder: &str) -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let mut files = Vec::new();
        collect(&root.join(folder), &mut files);
        files.sort();
        let read = |file: PathBuf| match fs::read_to_string(&file) {
            Ok(text) => Self { path: file.strip_prefix(&root).unwrap_or(&file).to_owned(), text },
            Err(error) => unreachable!("{}: {error}", file.display()),
        };
        files.into_iter().map(read).collect()
    }

    /// The text with spaces in place of comments and of what stands in quotes; lines stay where they are.
    pub fn code(&self) -> String {
        let mut code = String::with_capacity(self.text.len());
        let mut rest = self.text.as_str();
        while let Some(first) = rest.chars().next() {
            let hidden = hidden_bytes(rest, code.chars().next_back());
            let (part, after) = rest.split_at(hidden.max(first.len_utf8()));
            if hidden == 0 {
                code.push_str(part);
            } else {
                code.extend(part.chars().map(|char| if char == '\n' { '\n' } else { ' ' }));
            }
            rest = after;
        }
        code
    }

    /// The code without its tests: what stands before a `#[cfg(test)] mod tests { … }` at the end.
    pub fn code_without_tests(&self) -> String {
        let code = self.code();
        let starts = code.match_indices("#[cfg(test)]");
        let mut starts = starts.filter(|(place, marker)| {
            let after = code.get(place + marker.len()..).unwrap_or_default().trim_start();
            let end = after.find(['{', ';']).and_then(|end| after.get(end..));
            after.starts_with("mod ") && end.is_some_and(|end| end.starts_with('{'))
        });
        let end = starts.next().map_or(code.len(), |(place, _)| place);
        code.get(..end).unwrap_or_default().to_owned()
    }

    /// Every path of two or more parts in the code.
    pub fn paths(&self) -> Vec<NamedPath> {
        let code = self.code();
        let mut tokens = tokens(&code).into_iter().peekable();
        let mut paths = Vec::new();
        while let Some((line, token)) = tokens.next() {
            if let Token::Name(name) = token {
                follow(&mut tokens, NamedPath { line, parts: vec![name.to_owned()] }, &mut paths);
            }
        }
        paths.retain(|path| path.parts.len() > 1);
        paths
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { unreachable!("{}", folder.display()) };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() && !path.ends_with("target") {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

/// Length of the comment, text or character that `rest` starts with; 0 for code.
fn hidden_bytes(rest: &str, before: Option<char>) -> usize {
    let until = |start: usize, end: &str| {
        let place = rest.get(start..).and_then(|inside| inside.find(end));
        place.map_or(rest.len(), |place| start + place + end.len())
    };
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return until(2, "*/");
    }
    if rest.starts_with('"') {
        return quoted_bytes(rest, '"');
    }
    let in_name = before.is_some_and(|before| before.is_alphanumeric() || before == '_');
    if let (Some(raw), false) = (rest.strip_prefix('r'), in_name) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw.get(hashes..).is_some_and(|raw| raw.starts_with('"')) {
            return until(hashes + 2, &format!("\"{}", "#".repeat(hashes)));
        }
    }
    // A quote starts a character only if another one ends it: `'a'`, not the lifetime in `&'a str`.
    let mut after = rest.chars().skip(1);
    let is_char = match after.next() {
        Some('\\') => true,
        Some(_) => after.next() == Some('\''),
        None => false,
    };
    if rest.starts_with('\'') && is_char { quoted_bytes(rest, '\'') } else { 0 }
}

/// Length of a text or character in `quote`s, escapes included.
fn quoted_bytes(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (place, char) in rest.char_indices().skip(1) {
        if char == quote && !escaped {
            return place + char.len_utf8();
        }
        escaped = char == '\\' && !escaped;
    }
    rest.len()
}

type Tokens<'a> = Peekable<std::vec::IntoIter<(usize, Token<'a>)>>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token<'a> {
    Name(&'a str),
    DoubleColon,
    Mark(char),
}

/// Names, double colons and every other mark, with their lines.
fn tokens(code: &str) -> Vec<(usize, Token<'_>)> {
    let mut tokens = Vec::new();
    for (line, text) in (1..).zip(code.lines()) {
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let end = rest.find(|char: char| !char.is_alphanumeric() && char != '_');
            let (token, length) = match end.unwrap_or(rest.len()) {
                0 if rest.starts_with("::") => (Token::DoubleColon, 2),
                0 => (Token::Mark(first), first.len_utf8()),
                end => (Token::Name(rest.get(..end).unwrap_or_default()), end),
            };
            tokens.push((line, token));
            rest = rest.get(length..).unwrap_or_default().trim_start();
        }
    }
    tokens
}

/// Goes on with `path` as far as double colons go, and into the groups behind them.
fn follow(tokens: &mut Tokens<'_>, mut path: NamedPath, paths: &mut Vec<NamedPath>) {
    while tokens.next_if(|(_, token)| *token == Token::DoubleColon).is_some() {
        match tokens.next_if(|(_, token)| !matches!(token, Token::DoubleColon)) {
            Some((_, Token::Name(name))) => path.parts.push(name.to_owned()),
            Some((_, Token::Mark('{'))) => return group(tokens, &path, paths),
            _ => break,
        }
    }
    paths.push(path);
}

/// The members of a group, each behind `prefix`.
fn group(tokens: &mut Tokens<'_>, prefix: &NamedPath, paths: &mut Vec<NamedPath>) {
    while let Some((line, token)) = tokens.next() {
        match token {
            Token::Mark('}') => return,
            Token::Name(name) => {
                let mut parts = prefix.parts.clone();
                parts.push(name.to_owned());
                follow(tokens, NamedPath { line, parts }, paths);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { path: PathBuf::from("some.rs"), text: text.to_owned() }
    }

    #[test]
    fn comments_and_texts_are_no_code() {
        let text = "a // b\n/* c\n*/ d \"e \\\" f\" g r#\"h \" i\"# j '\"' k &'l m '\\'' n";
        let code = source(text).code();
        assert_eq!(code.split_whitespace().collect::<String>(), "adgjk&'lmn");
        assert_eq!(code.lines().count(), 3);
    }

    #[test]
    fn groups_are_taken_apart() {
        let paths =
            source("use crate::{a, b::{c, self as d}};\nfn f() { std::fs::read(x) }").paths();
        let shown: Vec<String> =
            paths.iter().map(|path| format!("{} {}", path.line, path.parts.join("::"))).collect();
        let expected =
            ["1 crate::a", "1 crate::b::c", "1 crate::b::self", "1 crate::b::as", "1 crate::b::d"];
        assert_eq!(shown[..5], expected);
        assert_eq!(shown[5..], ["2 std::fs::read"]);
    }

    #[test]
    fn tests_at_the_end_are_left_out() {
        let text = "one\n#[cfg(test)]\nmod tests;\ntwo\n#[cfg(test)]\nmod more {\nthree\n}\n";
        let code = source(text).code_without_tests();
        assert!(code.contains("two") && !code.contains("three"));
    }
}
