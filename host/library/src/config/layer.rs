//! What one source says: a file, the environment, flags.

use std::sync::Arc;

use serde_json::Value;

use super::node::Node;
use super::path::check_size;
use super::shape;
use super::trust::take_out;
use super::{ConfigError, Origin, environment, yaml};

/// What one source says of a configuration. Of what it says twice the last holds; otherwise the order in which it says
/// something does not matter. Nothing is checked before layers are put together: see [`Resolver`](super::Resolver).
///
/// ```
/// use ct_host::config::{Layer, Origin, Resolver};
/// let file = Layer::from_yaml("account: { cash: 500 }", "ct-host.yaml").unwrap();
/// let mut flags = Layer::empty();
/// flags.set("costs.fees.taker_bps", 7.5.into(), Origin::Flag("--fee-bps".to_owned()));
/// let effective = Resolver::new().layer(file).layer(flags).resolve().unwrap();
/// assert_eq!(effective.config.settings.account.cash.to_string(), "500");
/// assert_eq!(effective.origin("account.cash").unwrap().to_string(), "ct-host.yaml:1:18");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    said: Option<Node>,
    /// What of it has no place in a configuration.
    errors: Vec<ConfigError>,
}

impl Layer {
    /// A source that says nothing.
    pub const fn empty() -> Self {
        Self { said: None, errors: Vec::new() }
    }

    /// All that `value` says, a mapping of sections.
    pub fn from_value(value: Value, origin: Origin) -> Self {
        let mut layer = Self::empty();
        layer.say(Node::from_value(value, origin));
        layer
    }

    /// What the YAML `text` of the file `file` says.
    ///
    /// # Errors
    /// What makes it no YAML, or several documents. Keys that stand twice, and what else YAML allows and a configuration does
    /// not, are told when layers are put together.
    pub fn from_yaml(text: &str, file: &str) -> Result<Self, Vec<ConfigError>> {
        let file: Arc<str> = file.into();
        let place = |line, column| Origin::File { file: Arc::clone(&file), line, column };
        let read = yaml::read(text, place)?;
        if let Some(node) = read.node.iter().find(|node| node.mapping().is_none()) {
            let message = "expected sections such as 'account:', each with its keys below it";
            return Err(vec![ConfigError::new(&node.origin, "", message)]);
        }
        let mut layer = Self { said: None, errors: read.errors };
        read.node.into_iter().for_each(|node| layer.say(node));
        Ok(layer)
    }

    /// The same as a file says it that is read because it was found, not because the user named it: what has to be the user's
    /// own word, such as the folder of compiled code, is told as an error when layers are put together. `remedy` says what
    /// the user can do who means it.
    #[must_use]
    pub fn found(mut self, remedy: &str) -> Self {
        let errors = self.said.as_mut().map(|said| take_out(said, remedy));
        self.errors.extend(errors.into_iter().flatten());
        self
    }

    /// What environment variables say: `CT_HOST__COSTS__FEES__TAKER_BPS` is `costs.fees.taker_bps`. Values are
    /// written as in YAML. Names that nearly are such are told when layers are put together; others are left alone.
    ///
    /// Case does not matter in keys. A name that the user chooses, such as that of a group, is taken as it is written where
    /// the same name is known by then, whatever its case; else a symbol is taken as it is and any other in lower case.
    ///
    /// # Errors
    /// Every variable whose value is no YAML.
    pub fn from_environment(
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Vec<ConfigError>> {
        environment::read(variables)
    }

    /// Says that the key at `path`, such as `costs.fees.taker_bps`, is `value`, whatever this source said before. Keys are
    /// parted by dots. Mappings are put together key by key; `null` sets an optional key to nothing.
    ///
    /// A path that is none of a configuration, since it has too many keys or too long ones, is told when layers are put
    /// together.
    pub fn set(&mut self, path: &str, value: Value, origin: Origin) {
        match check_size(path) {
            Ok(()) => self.say(Node::from_value(value, origin).at(path)),
            Err(message) => self.refuse(ConfigError::new(&origin, "", message)),
        }
    }

    /// Says that the key at `path` is what the YAML `text` says.
    ///
    /// # Errors
    /// Everything that is no YAML, and a path with too many keys or too long ones.
    pub fn set_yaml(
        &mut self,
        path: &str,
        text: &str,
        origin: &Origin,
    ) -> Result<(), Vec<ConfigError>> {
        check_size(path).map_err(|message| vec![ConfigError::new(origin, "", message)])?;
        let read = yaml::read(text, |_, _| origin.clone())?;
        if read.errors.is_empty() || read.node.is_some() {
            let node = read.node.unwrap_or_else(|| Node::nothing(origin.clone()));
            self.say(node.at(path));
        }
        let below = |error: ConfigError| error.below(path);
        self.errors.extend(read.errors.into_iter().map(below));
        Ok(())
    }

    /// Adds what is wrong with the source.
    pub(super) fn refuse(&mut self, error: ConfigError) {
        self.errors.push(error);
    }

    fn say(&mut self, mut node: Node) {
        let shape = shape();
        node.forget_empty_sections(shape);
        match &mut self.said {
            Some(said) => {
                environment::adopt_case(&mut node, said);
                said.merge(node, Some(shape));
            }
            None => self.said = Some(node),
        }
    }

    pub(super) fn into_parts(self) -> (Option<Node>, Vec<ConfigError>) {
        (self.said, self.errors)
    }

    /// The value at `path`, if this source says one.
    pub(super) fn find(&self, path: &str) -> Option<&Node> {
        self.said.as_ref()?.find(path)
    }
}
