//! What is wrong in a configuration, and where.

use std::fmt;

use super::Origin;
use super::path::joined;
use super::quotation::quoted_path;

/// Something that is wrong in a configuration.
///
/// ```
/// use ct_host::config::{Layer, Resolver};
/// let layer = Layer::from_yaml("costs:\n  fees: { taker_bp: 7 }", "ct-host.yaml").unwrap();
/// let errors = Resolver::new().layer(layer).resolve().unwrap_err();
/// assert_eq!(
///     errors[0].to_string(),
///     "ct-host.yaml:2:11: costs.fees.taker_bp: unknown key; did you mean 'taker_bps'?"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ConfigError {
    place: Origin,
    path: String,
    message: String,
}

impl ConfigError {
    pub(super) fn new(place: &Origin, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: place.clone(), path: path.into(), message: message.into() }
    }

    /// The same of a value that is that of the key at `above`.
    pub(super) fn below(mut self, above: &str) -> Self {
        self.path = if self.path.is_empty() { above.to_owned() } else { joined(above, &self.path) };
        self
    }

    /// Where it was said.
    pub const fn place(&self) -> &Origin {
        &self.place
    }

    /// The key it is about, such as `costs.fees.taker_bps`; empty when it is about the whole file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was expected and what was found.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place != Origin::Default {
            write!(formatter, "{}: ", self.place)?;
        }
        if !self.path.is_empty() {
            write!(formatter, "{}: ", quoted_path(&self.path))?;
        }
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}
