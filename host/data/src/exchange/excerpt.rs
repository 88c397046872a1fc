//! The beginning of a text that came from outside, fit for an error message.

use ct_core::printable::printable;

/// The first `characters` of `text`, with everything replaced that a terminal would act on, and `…` when there is more.
pub(super) fn excerpt(text: &str, characters: usize) -> String {
    let mut cleaned: String = text
        .chars()
        .take(characters)
        .map(|character| if character.is_control() { ' ' } else { character })
        .collect();
    if text.chars().nth(characters).is_some() {
        cleaned.push('…');
    }
    printable(&cleaned).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_do_not_survive() {
        assert_eq!(excerpt("<html>\r\n\u{1b}[31mred", 80), "<html>   [31mred");
        assert_eq!(excerpt("ééé", 2), "éé…");
        assert_eq!(excerpt("", 2), "");
        assert_eq!(excerpt("a\u{202e}b", 80), r"a\u{202e}b");
    }
}
