//! What one source says: a file, the environment, flags.

use serde_json::Value;

use super::node::{Content, Node};
use super::{ConfigError, Origin, environment, yaml};

/// What one source says of a configuration, in the order in which it says it. Nothing is checked before layers are put
/// together: see [`Resolver`](super::Resolver).
///
/// ```
/// use ct_host::config::{Layer, Origin, Resolver};
/// let file = Layer::from_yaml("account: { cash: 500 }", "ct-host.yaml").unwrap();
/// let mut flags = Layer::empty();
/// flags.set("costs.fees.taker_bps", 7.5.into(), Origin::Flag("--fee-bps".to_owned()));
/// let effective = Resolver::new().layer(file).layer(flags).resolve().unwrap();
/// assert_eq!(effective.config.account.cash.to_string(), "500");
/// assert_eq!(effective.origin("account.cash").unwrap().to_string(), "ct-host.yaml:1:18");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// Each is put over the one before it.
    parts: Vec<Node>,
}

impl Layer {
    /// A source that says nothing.
    pub const fn empty() -> Self {
        Self { parts: Vec::new() }
    }

    /// All that `value` says, a mapping of sections.
    pub fn from_value(value: Value, origin: Origin) -> Self {
        Self { parts: vec![Node::from_value(value, origin)] }
    }

    /// What the YAML `text` of the file `file` says.
    ///
    /// # Errors
    /// Everything that is no YAML: duplicate keys and several documents too.
    pub fn from_yaml(text: &str, file: &str) -> Result<Self, Vec<ConfigError>> {
        let place = |line, column| Origin::File { file: file.to_owned(), line, column };
        let node = yaml::read(text, place)?;
        if let Some(node) = node.iter().find(|node| node.mapping().is_none()) {
            let message = "expected sections such as 'account:', each with its keys below it";
            return Err(vec![ConfigError::new(&node.origin, "", message)]);
        }
        Ok(Self { parts: node.into_iter().collect() })
    }

    /// What environment variables say: `CT_HOST__COSTS__FEES__TAKER_BPS` is `costs.fees.taker_bps`. Others than those that
    /// begin with `CT_HOST__` are left alone. Values are written as in YAML.
    ///
    /// Case does not matter in keys. A name that the user chooses, such as that of a group, is taken as it is written where
    /// the same name is known by then, whatever its case; else a symbol is taken as it is and any other in lower case.
    ///
    /// # Errors
    /// Every variable whose value is no YAML.
    pub fn from_environment(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<ConfigError>> {
        let parts = environment::read(variables)?;
        Ok(Self { parts })
    }

    /// Says that the key at `path`, such as `costs.fees.taker_bps`, is `value`, whatever this source said before. Keys are
    /// parted by dots. Mappings are put together key by key; `null` sets an optional key to nothing.
    pub fn set(&mut self, path: &str, value: Value, origin: Origin) {
        self.parts.push(Node::from_value(value, origin).at(path));
    }

    /// Says that the key at `path` is what the YAML `text` says.
    ///
    /// # Errors
    /// Everything that is no YAML.
    pub fn set_yaml(
        &mut self,
        path: &str,
        text: &str,
        origin: &Origin,
    ) -> Result<(), Vec<ConfigError>> {
        let node = yaml::read(text, |_, _| origin.clone())?;
        let nothing = || Node { origin: origin.clone(), content: Content::Scalar(Value::Null) };
        self.parts.push(node.unwrap_or_else(nothing).at(path));
        Ok(())
    }

    pub(super) fn into_parts(self) -> Vec<Node> {
        self.parts
    }

    /// The value at `path` that holds in the end, if this source says one.
    pub(super) fn last(&self, path: &str) -> Option<&Node> {
        self.parts.iter().rev().find_map(|part| part.find(path))
    }
}
