//! Finds all keys of a YAML text that stand twice in their mapping; the reader of YAML stops at the first.

use saphyr::{LoadableYamlNode, MarkedYaml, Marker, ScanError};

/// Most duplicates that are told of one text.
const DUPLICATES_MAX: usize = 100;

/// The first of the characters that stand for a duplicate key. They are for private use: no key has them.
const PLACEHOLDER: u32 = 0xe000;

/// A YAML text in which every duplicate key is replaced by a name of its own of the same length, so that it can be read and
/// all places stay what they are.
#[derive(Debug)]
pub(super) struct Unique {
    pub(super) text: String,
    /// The keys that were replaced.
    names: Vec<String>,
}

impl Unique {
    /// # Errors
    /// What else makes `text` no YAML.
    pub(super) fn of(text: &str) -> Result<Self, ScanError> {
        let mut unique = Self { text: text.to_owned(), names: Vec::new() };
        loop {
            match MarkedYaml::load_from_str(&unique.text) {
                Ok(_) => return Ok(unique),
                Err(error) if !error.info().contains("duplicated key") => return Err(error),
                Err(error) => unique.replace(*error.marker()).ok_or(error)?,
            }
        }
    }

    /// The duplicate key for which `name` stands, if it stands for one.
    pub(super) fn replaced(&self, name: &str) -> Option<&str> {
        let place = u32::from(name.chars().next()?).checked_sub(PLACEHOLDER)?;
        self.names.get(usize::try_from(place).ok()?).map(String::as_str)
    }

    /// Replaces the key at `marker`; `None` if it cannot be told apart from the others.
    fn replace(&mut self, marker: Marker) -> Option<()> {
        let place = self.names.len();
        let mut lines = self.text.split_inclusive('\n');
        let start_of_line: usize =
            lines.by_ref().take(marker.line().checked_sub(1)?).map(str::len).sum();
        let line = lines.next()?;
        let column = line.char_indices().nth(marker.col())?.0;
        let rest = line.get(column..)?;
        let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
        let skipped = usize::from(quote.is_some());
        let key = rest.get(skipped..)?.split(quote.unwrap_or(':')).next()?.trim_end();
        if place >= DUPLICATES_MAX || key.is_empty() || self.replaced(key).is_some() {
            return None;
        }
        let stand_in = char::from_u32(PLACEHOLDER + u32::try_from(place).ok()?)?;
        let start = start_of_line + column + skipped;
        let written: String = key.chars().map(|_| stand_in).collect();
        let name = key.to_owned();
        self.text.replace_range(start..start + name.len(), &written);
        self.names.push(name);
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_replaced_by_names_of_the_same_length() {
        let text = "a: 1\nb: { c: 1, 'c': 2, \"c\": 3 }\na: 2\nb : 3\n";
        let unique = Unique::of(text).unwrap();
        assert_eq!(unique.text.chars().count(), text.chars().count());
        assert_eq!(unique.names, ["c", "c", "a", "b"]);
        assert_eq!(unique.replaced("\u{e002}"), Some("a"));
        assert_eq!(unique.replaced("a"), None);
        assert_eq!(unique.replaced("\u{e004}"), None);
    }

    #[test]
    fn a_text_without_duplicates_stays_as_it_is() {
        let text = "a: ä\nb: [1, 2]\n";
        assert_eq!(Unique::of(text).unwrap().text, text);
        assert!(Unique::of("a: [1").is_err());
    }
}
