//! Names of new crates.

use std::fmt;
use std::str::FromStr;

use ct_host::config::quotation;

/// A name that cargo, Rust and the host take: small letters and digits, with single hyphens between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CrateName(String);

/// A name that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum CrateNameError {
    #[error(
        "'{}' is no name for a strategy: expected small letters, digits and single hyphens, a letter first and at most \
         {LENGTH_MAX} in all, such as my-strategy",
        quotation(.0)
    )]
    Form(String),
    #[error(
        "'{0}' means something else to Rust or cargo: choose another name, such as {0}-strategy"
    )]
    Reserved(String),
}

const LENGTH_MAX: usize = 64;

/// Keywords, and names of crates that every build has.
const RESERVED: [&str; 56] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "build",
    "const",
    "continue",
    "core",
    "crate",
    "ct-sdk",
    "ct-sdk-derive",
    "deps",
    "do",
    "dyn",
    "else",
    "enum",
    "examples",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "incremental",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc-macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "unsafe",
    "use",
];

impl FromStr for CrateName {
    type Err = CrateNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_word = |word: &str| {
            let usual = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            !word.is_empty() && word.bytes().all(usual)
        };
        let starts_well = text.starts_with(|first: char| first.is_ascii_lowercase());
        if !starts_well || text.len() > LENGTH_MAX || !text.split('-').all(is_word) {
            return Err(CrateNameError::Form(text.to_owned()));
        }
        if RESERVED.contains(&text) {
            return Err(CrateNameError::Reserved(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }
}

impl CrateName {
    /// The name as a Rust type: `MyStrategy` for `my-strategy`.
    pub(super) fn type_name(&self) -> String {
        let capitalised = |word: &str| {
            let mut letters = word.chars();
            let first = letters.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        };
        self.0.split('-').map(capitalised).collect()
    }
}

impl fmt::Display for CrateName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_names_become_types() {
        for (name, type_name) in [("sma", "Sma"), ("my-strategy", "MyStrategy"), ("a1-2b", "A12b")]
        {
            assert_eq!(name.parse::<CrateName>().unwrap().type_name(), type_name);
        }
    }

    #[test]
    fn other_names_are_refused() {
        let long = "a".repeat(65);
        for name in ["", "My-Strategy", "1st", "a--b", "-a", "a-", "a_b", "a b", "../a", "ä", &long]
        {
            assert!(matches!(name.parse::<CrateName>(), Err(CrateNameError::Form(_))), "{name}");
        }
        for name in ["fn", "test", "ct-sdk"] {
            let error = name.parse::<CrateName>().unwrap_err();
            assert!(error.to_string().ends_with(&format!("{name}-strategy")), "{error}");
        }
    }
}
