//! Texts in lines that are not too long.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Columns of a terminal that `text` takes.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text` in lines of at most `columns` columns, parted at blanks; a word that is longer is parted where it must be. What fits is one
/// line and stays as it is.
pub fn wrapped(text: &str, columns: usize) -> Vec<String> {
    if width(text) <= columns {
        return vec![text.to_owned()];
    }
    let indent: String = text.chars().take_while(|character| *character == ' ').collect();
    let mut lines = Vec::new();
    let mut line = indent.clone();
    for word in text.split_whitespace().flat_map(|word| parts(word, columns)) {
        let is_begun = width(&line) > width(&indent) || !line.ends_with(' ') && !line.is_empty();
        if is_begun && width(&line) + 1 + width(&word) > columns {
            lines.push(std::mem::replace(&mut line, word));
            continue;
        }
        if is_begun {
            line.push(' ');
        }
        line.push_str(&word);
    }
    lines.push(line);
    lines
}

/// `word` in pieces of at most `columns` columns.
fn parts(word: &str, columns: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut taken = 0;
    for character in word.chars() {
        let more = character.width().unwrap_or_default();
        if taken + more > columns.max(1) && taken > 0 {
            parts.push(String::new());
            taken = 0;
        }
        taken += more;
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_parted_at_blanks() {
        for (text, columns, expected) in [
            ("one two three", 7, &["one two", "three"][..]),
            ("one two", 7, &["one two"]),
            ("  one two", 6, &["  one", "two"]),
            ("  as  it is ", 12, &["  as  it is "]),
            ("abcdefgh ij", 3, &["abc", "def", "gh", "ij"]),
            ("比特币/USDT 1", 6, &["比特币", "/USDT", "1"]),
            ("", 0, &[""]),
        ] {
            assert_eq!(wrapped(text, columns), expected, "{text}");
        }
    }
}
