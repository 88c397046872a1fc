//! Paths of keys, such as `costs.fees.taker_bps`.

use super::budget::{DEPTH_MAX, KEY_BYTES_MAX};

/// The path of `key` in the mapping at `path`, which is empty for the whole configuration.
pub(super) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Whether `path` is `above` or lies below it.
pub(super) fn is_within(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// # Errors
/// Why `path` is none of a configuration, without repeating it: it has too many keys, or too long ones.
pub(super) fn check_size(path: &str) -> Result<(), String> {
    let keys = path.split('.').count();
    if keys > DEPTH_MAX {
        return Err(format!("expected a path of at most {DEPTH_MAX} keys, found {keys}"));
    }
    match path.split('.').map(str::len).max() {
        Some(longest) if longest > KEY_BYTES_MAX => {
            Err(format!("expected keys of at most {KEY_BYTES_MAX} bytes, found one of {longest}"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_lies_within_the_mappings_around_it() {
        assert_eq!(joined("", "costs"), "costs");
        assert_eq!(joined("costs", "fees"), "costs.fees");
        for (path, above, expected) in [
            ("costs.fees", "costs", true),
            ("costs.fees", "costs.fees", true),
            ("costs.fees_min", "costs.fees", false),
            ("costs", "costs.fees", false),
        ] {
            assert_eq!(is_within(path, above), expected, "{path} in {above}");
        }
    }

    #[test]
    fn a_path_has_a_size() {
        assert_eq!(check_size("costs.fees.taker_bps"), Ok(()));
        assert_eq!(check_size(&vec!["a"; 64].join(".")), Ok(()));
        assert!(check_size(&vec!["a"; 65].join(".")).unwrap_err().ends_with("found 65"));
        assert_eq!(check_size(&"a".repeat(256)), Ok(()));
        assert!(check_size(&"a".repeat(257)).unwrap_err().ends_with("one of 257"));
    }
}
