//! Texts that others wrote, before they are shown: the one place where they are made harmless.
//!
//! Names, messages and values come from plugins, files and exchanges. What is printed of them goes through here last, where it
//! is printed, so that no source can be forgotten. Texts that other programs read (JSON, CSV) stay exact.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` with an escape such as `\u{202e}`, `\n` or `\u{1b}` in place of every character that is not seen as itself: control
/// characters, which steer a terminal or end a line, and those that turn, hide or join what is around them.
///
/// ```
/// use ct_core::printable::printable;
/// assert_eq!(printable("BTC/USDT"), "BTC/USDT");
/// assert_eq!(printable("a\u{1b}[2J\u{202e}b\n"), r"a\u{1b}[2J\u{202e}b\n");
/// ```
pub fn printable(text: &str) -> Cow<'_, str> {
    escaped(text, |_| false)
}

/// `text` on one line, its words one space apart, and else as [`printable`]: for sentences.
///
/// ```
/// use ct_core::printable::printable_line;
/// assert_eq!(printable_line("two\r\n  lines\u{7}"), r"two lines\u{7}");
/// ```
pub fn printable_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    printable(&words.join(" ")).into_owned()
}

/// `text` of our own making with texts of others in it: its line breaks and tabs stay, and else as [`printable`].
pub fn printable_lines(text: &str) -> Cow<'_, str> {
    escaped(text, |character| matches!(character, '\n' | '\t'))
}

/// The JSON `json` with the escapes of JSON: on a terminal the same value, for other programs too.
pub fn printable_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_unseen) {
        return Cow::Borrowed(json);
    }
    let mut shown = String::with_capacity(json.len());
    for character in json.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            // Between values it is blank, and within them it is never raw.
            '\r' => shown.push(' '),
            _ if is_unseen(character) => {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a string cannot fail.
                    let _ = write!(shown, "\\u{unit:04x}");
                }
            }
            _ => shown.push(character),
        }
    }
    Cow::Owned(shown)
}

/// `text` with escapes for what is not seen as itself, but for what `is_kept`.
fn escaped(text: &str, is_kept: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(is_unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut before = ' ';
    for character in text.chars() {
        if !is_unseen(character) || is_kept(character) || is_colour(character, before) {
            shown.push(character);
        } else if matches!(character, '\n' | '\r' | '\t') {
            shown.extend(character.escape_default());
        } else {
            shown.extend(character.escape_unicode());
        }
        before = character;
    }
    Cow::Owned(shown)
}

/// Whether `character` only asks for the coloured form of the symbol `before` it, as in many an emoji.
fn is_colour(character: char, before: char) -> bool {
    character == '\u{fe0f}' && before >= '\u{2000}' && !before.is_alphanumeric()
}

/// Whether a reader cannot see that `character` is there: control characters, line and paragraph separators, and what Unicode
/// 17 calls `Default_Ignorable_Code_Point` (`DerivedCoreProperties.txt`), in which all bidirectional controls and characters
/// without width are; and annotations. Spaces of all widths, accents and everything with a shape stay as they are.
fn is_unseen(character: char) -> bool {
    match character {
        ' '..='~' => false,
        '\u{ad}'
        | '\u{34f}'
        | '\u{61c}'
        | '\u{115f}'..='\u{1160}'
        | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => true,
        _ => character.is_control(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_shown() {
        for (text, shown) in [
            ("a\x1b[31mred\u{9b}0m", r"a\u{1b}[31mred\u{9b}0m"),
            ("USDT\u{202e}CTB", r"USDT\u{202e}CTB"),
            ("BTC\u{200b}/\u{feff}USDT", r"BTC\u{200b}/\u{feff}USDT"),
            ("one\r\ntwo\tthree", r"one\r\ntwo\tthree"),
            ("\u{2066}\u{2069}\u{2028}\u{ad}", r"\u{2066}\u{2069}\u{2028}\u{ad}"),
            ("\u{3164}\u{e0041}\0\u{7f}", r"\u{3164}\u{e0041}\u{0}\u{7f}"),
        ] {
            assert_eq!(printable(text), shown);
        }
    }

    #[test]
    fn everything_with_a_shape_stays() {
        for text in
            ["C:\\new\\table", "Σ e\u{301} é ∞ ⠤⠤ ₿ 比特币 ✗", "a  b\u{a0}c\u{3000}", "⚠\u{fe0f}!"]
        {
            assert_eq!(printable(text), text);
        }
        assert_eq!(printable("BTC\u{fe0f}"), r"BTC\u{fe0f}");
    }

    #[test]
    fn lines_of_our_own_stay_lines_and_sentences_become_one() {
        assert_eq!(printable_lines("a:\n\tb\x1b\r\n"), "a:\n\tb\\u{1b}\\r\n");
        assert_eq!(printable_line(" a\x1b[31mred\r\n  b\u{9b}0m\n"), r"a\u{1b}[31mred b\u{9b}0m");
    }

    #[test]
    fn json_keeps_its_value() {
        let json = "{\r\n\t\"a\": \"\u{9b}\u{202e}\u{e0041}é\\u001b\u{7f}\"}\n";
        let shown = "{ \n\t\"a\": \"\\u009b\\u202e\\udb40\\udc41é\\u001b\\u007f\"}\n";
        assert_eq!(printable_json(json), shown);
    }

    /// All with the property `Bidi_Control`, and format characters of each block without a shape.
    #[test]
    fn bidirectional_controls_and_characters_without_width_are_unseen() {
        for character in "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}\
             \u{180e}\u{200b}\u{200c}\u{200d}\u{2060}\u{206a}\u{fff9}\u{1bca0}\u{1d173}\u{e0001}"
            .chars()
        {
            assert!(is_unseen(character), "{}", character.escape_unicode());
        }
    }
}
