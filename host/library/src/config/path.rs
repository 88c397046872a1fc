//! Paths of keys, such as `costs.fees.taker_bps`.

/// The path of `key` in the mapping at `path`, which is empty for the whole configuration.
pub(super) fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Whether `path` is `above` or lies below it.
pub(super) fn is_within(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
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
}
