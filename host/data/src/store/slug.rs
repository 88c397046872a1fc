//! Names of folders: any text as one path component, and back.

use super::StoreError;

/// Longest folder name, in bytes: every file system takes it, with room for a suffix.
const SLUG_BYTES_MAX: usize = 200;

/// Names that Windows keeps for devices, alone or before a dot.
const DEVICES: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8",
    "COM9", "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

/// The letters that a name is usually written in. The others are encoded, since many file systems take `a` and `A` for
/// the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Letters {
    /// As in `binance`.
    Lower,
    /// As in `BTC/USDT`.
    Upper,
}

/// `text` as the name of a folder: `/` becomes `-`; what is not a digit, a dot or a letter of the usual case becomes the
/// `%` codes of its UTF-8 bytes. Two texts never have the same name, even where case is ignored.
///
/// # Errors
/// [`StoreError::Name`] for an empty text and for one that is too long.
pub(super) fn slug(what: &'static str, text: &str, letters: Letters) -> Result<String, StoreError> {
    let slug = encoded(text, letters);
    if slug.is_empty() || slug.len() > SLUG_BYTES_MAX {
        return Err(StoreError::Name {
            what,
            name: text.chars().take(SLUG_BYTES_MAX).collect(),
            expected: "a name of 1 to about 60 characters",
        });
    }
    Ok(slug)
}

/// The text that has the name `slug`; `None` when no text has.
pub(super) fn text(slug: &str, letters: Letters) -> Option<String> {
    let mut bytes = Vec::with_capacity(slug.len());
    let mut rest = slug.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'-' => b'/',
            b'%' => (hex_digit(rest.next()?)? << 4) | hex_digit(rest.next()?)?,
            _ => byte,
        });
    }
    let text = String::from_utf8(bytes).ok()?;
    // Only the one way of writing it counts, or two folders would have the same text.
    (!slug.is_empty() && encoded(&text, letters) == slug).then_some(text)
}

fn encoded(text: &str, letters: Letters) -> String {
    let stem = text.split('.').next().unwrap_or_default();
    let is_device = DEVICES.iter().any(|device| device.eq_ignore_ascii_case(stem));
    let last = text.len().saturating_sub(1);
    let mut slug = String::with_capacity(text.len());
    for (position, byte) in text.bytes().enumerate() {
        let at_an_end = position == 0 || position == last;
        let plain = match byte {
            b'0'..=b'9' => true,
            b'a'..=b'z' => letters == Letters::Lower,
            b'A'..=b'Z' => letters == Letters::Upper,
            // `.` and `..` are other folders, and Windows drops dots at the end.
            b'.' => !at_an_end,
            _ => false,
        };
        match byte {
            b'/' => slug.push('-'),
            _ if plain && !(is_device && position == 0) => slug.push(char::from(byte)),
            _ => push_code(&mut slug, byte, letters),
        }
    }
    slug
}

fn push_code(slug: &mut String, byte: u8, letters: Letters) {
    slug.push('%');
    for digit in [byte >> 4, byte & 0xf] {
        let digit = char::from_digit(u32::from(digit), 16).unwrap_or_default();
        slug.push(match letters {
            Letters::Lower => digit,
            Letters::Upper => digit.to_ascii_uppercase(),
        });
    }
}

fn hex_digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn usual_names_stay_readable_and_the_others_stay_apart() {
        for (name, letters, expected) in [
            ("binance", Letters::Lower, "binance"),
            ("Binance", Letters::Lower, "%42inance"),
            ("BTC/USDT", Letters::Upper, "BTC-USDT"),
            ("BTC/USDT:USDT", Letters::Upper, "BTC-USDT%3AUSDT"),
            ("BTC-USDT", Letters::Upper, "BTC%2DUSDT"),
            ("LUNA2.0/USDT", Letters::Upper, "LUNA2.0-USDT"),
            ("1000cat/USDT", Letters::Upper, "1000%63%61%74-USDT"),
            ("..", Letters::Upper, "%2E%2E"),
            (".", Letters::Lower, "%2e"),
            ("../x", Letters::Lower, "%2e.-x"),
            ("con", Letters::Lower, "%63on"),
            ("CON", Letters::Upper, "%43ON"),
            ("NUL.TXT", Letters::Upper, "%4EUL.TXT"),
            ("CONS", Letters::Upper, "CONS"),
            ("A.", Letters::Upper, "A%2E"),
            ("币", Letters::Upper, "%E5%B8%81"),
            ("a_b", Letters::Lower, "a%5fb"),
        ] {
            assert_eq!(slug("the name", name, letters).unwrap(), expected);
            assert_eq!(text(expected, letters).as_deref(), Some(name));
        }
    }

    #[test]
    fn empty_and_endless_names_are_refused() {
        assert!(slug("the symbol", "", Letters::Upper).is_err());
        let error = slug("the symbol", &"x".repeat(100), Letters::Upper).unwrap_err();
        assert!(error.to_string().starts_with("the symbol 'xxx"), "{error}");
    }

    #[test]
    fn folders_that_no_text_has_are_told_apart() {
        for foreign in
            ["", "_snapshots", ".git", "BTC_USDT", "btc", "%", "%4", "%41", "%2f", "%zz", "%FF"]
        {
            assert_eq!(text(foreign, Letters::Upper), None, "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn every_name_comes_back_and_is_safe_everywhere(name in ".{1,20}", upper: bool) {
            let letters = if upper { Letters::Upper } else { Letters::Lower };
            let made = slug("the name", &name, letters).unwrap();
            prop_assert_eq!(text(&made, letters), Some(name));
            prop_assert!(made.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-%".contains(&byte)), "{}", made);
            prop_assert!(!made.starts_with('.') && !made.ends_with('.'), "{}", made);
            let stem = made.split('.').next().unwrap().to_uppercase();
            prop_assert!(!DEVICES.contains(&&*stem), "{}", made);
        }

        #[test]
        fn names_differ_even_where_case_is_ignored(
            one in "[aAbB/%.-]{1,5}", other in "[aAbB/%.-]{1,5}", upper: bool,
        ) {
            let letters = if upper { Letters::Upper } else { Letters::Lower };
            let made = [&one, &other].map(|name| slug("the name", name, letters).unwrap().to_lowercase());
            prop_assert_eq!(made[0] == made[1], one == other);
        }
    }
}
