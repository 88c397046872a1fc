//! What someone wrote, as a message may repeat it.

use super::secret::{REDACTED, end_of_name, is_secret, without_secrets};

/// Characters of a text that are repeated: enough to find it again.
const CHARACTERS_MAX: usize = 200;

/// A text of so many characters that has no blank and mixes letters and digits is more likely a key than a name.
const RANDOM_CHARACTERS_MIN: usize = 32;

/// Digits and letters that such a text has at least.
const RANDOM_MIXED_MIN: usize = 4;

/// `text` as a message may repeat it: cut where it is long, and with `***` in place of what may be a secret. That is the value
/// behind a name such as `api_key=`, what stands before `@` in an address and behind its `?`, and a long text of letters and
/// digits as exchanges give out.
///
/// ```
/// use ct_host::config::quotation;
/// assert_eq!(quotation("throgh"), "throgh");
/// assert_eq!(quotation("access.api_key=abc"), "access.api_key=***");
/// assert_eq!(quotation("https://me:pw@host/?a=b"), "https://***@host/?***");
/// ```
pub fn quotation(text: &str) -> String {
    if is_random(text) {
        return REDACTED.to_owned();
    }
    cut(&without_value(without_user(&without_secrets(text))))
}

/// The same of what stands where a key was expected: anything that is not written as keys are may be a secret.
pub fn quoted_key(text: &str) -> String {
    let is_of_key = |byte: u8| byte.is_ascii_lowercase() || byte == b'_' || byte == b'.';
    if text.bytes().all(is_of_key) { quotation(text) } else { REDACTED.to_owned() }
}

/// The same of the value `text` of the key at `path`.
pub(crate) fn quoted_value(path: &str, text: &str) -> String {
    if is_secret(path) { REDACTED.to_owned() } else { quotation(text) }
}

/// The same of a path of keys: what stands behind a colon in it is a part of its name.
pub(super) fn quoted_path(path: &str) -> String {
    if is_random(path) {
        return REDACTED.to_owned();
    }
    cut(&without_user(&without_secrets(path)))
}

/// `text` without what stands behind a name such as `api_key=` or `token:`.
fn without_value(text: String) -> String {
    let value = end_of_name(&text).and_then(|end| {
        let (name, rest) = text.split_at_checked(end)?;
        let (more, value) = rest.split_at_checked(rest.find(['=', ':'])? + 1)?;
        (!value.is_empty()).then(|| format!("{name}{more}{REDACTED}"))
    });
    value.unwrap_or(text)
}

/// `text`, or its beginning with `…` where it is long.
pub(super) fn cut(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// `text` without what stands before `@` in something like `me:password@host`.
fn without_user(text: &str) -> String {
    match text.rsplit_once('@') {
        Some((user, host)) if user.contains(':') && !text.contains("://") => {
            format!("{REDACTED}@{host}")
        }
        _ => text.to_owned(),
    }
}

fn is_random(text: &str) -> bool {
    let is_of_key = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte);
    let count = |is: fn(&u8) -> bool| text.as_bytes().iter().filter(|byte| is(byte)).count();
    text.len() >= RANDOM_CHARACTERS_MIN
        && text.bytes().all(is_of_key)
        && count(u8::is_ascii_digit) >= RANDOM_MIXED_MIN
        && count(u8::is_ascii_alphabetic) >= RANDOM_MIXED_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_a_secret_is_not_repeated() {
        for (text, shown) in [
            ("throgh", "throgh"),
            ("BTC/USDT:USDT", "BTC/USDT:USDT"),
            ("1000SHIB/USDT:USDT-240927-100-C", "1000SHIB/USDT:USDT-240927-100-C"),
            ("fast=20", "fast=20"),
            ("API-KEY=abc", "API-KEY=***"),
            ("access.keys.x=a=b", "access.keys.x=***"),
            ("access: { token: a }", "access: { token:***"),
            ("https://u:p@h/?apikey=a", "https://***@h/?***"),
            ("token: https://u:p@h/", "token:***"),
            ("token: a", "token:***"),
            ("api_key=", "api_key="),
            ("binance=https://u:p@h/a", "binance=https://***@h/a"),
            ("me:pw@host", "***@host"),
            ("a@b", "a@b"),
            ("vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A", "***"),
            ("123e4567-e89b-12d3-a456-426614174000", "***"),
            ("", ""),
        ] {
            assert_eq!(quotation(text), shown, "{text}");
        }
    }

    #[test]
    fn what_stands_in_place_of_a_key_looks_like_one_or_is_not_repeated() {
        for (text, shown) in
            [("account.cash", "account.cash"), ("hunter2", "***"), ("=a", "***"), ("A", "***")]
        {
            assert_eq!(quoted_key(text), shown);
        }
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(quotation(&"é".repeat(201)), format!("{}…", "é".repeat(200)));
        assert_eq!(quotation(&"é".repeat(200)), "é".repeat(200));
    }
}
