//! The whole: layers of every kind, and everything that a user can get wrong.

mod bombs;
mod habits;
mod layers;
mod mistakes;
mod problems;
mod templates;

use serde_json::Value;

use super::shape;
use super::template::example::{example, of_kind};
use super::{ConfigError, Effective, Layer, Origin, Resolver};
use ct_core::settings::{Form, Keys, Presence, Shape};

fn file(text: &str) -> Layer {
    Layer::from_yaml(text, "ct-host.yaml").unwrap()
}

fn flag(path: &str, value: Value) -> Layer {
    let mut layer = Layer::empty();
    layer.set(path, value, Origin::Flag("--set".to_owned()));
    layer
}

fn variables(pairs: &[(&str, &str)]) -> Result<Layer, Vec<ConfigError>> {
    Layer::from_environment(
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())),
    )
}

fn resolved(layers: impl IntoIterator<Item = Layer>) -> Result<Effective, Vec<ConfigError>> {
    layers.into_iter().fold(Resolver::new(), Resolver::layer).resolve()
}

fn value(effective: &Effective, path: &str) -> Value {
    let mut entries = effective.entries();
    entries.find(|(key, ..)| key == path).unwrap_or_else(|| panic!("no {path}")).1.clone()
}

/// What is wrong with the file `text`, a line for each.
fn errors(text: &str) -> String {
    let layer = Layer::from_yaml(text, "ct-host.yaml");
    let errors = layer.and_then(|layer| resolved([layer]).map(drop)).expect_err(text);
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Every key of the configuration: the layer that makes its mapping possible, the path of the mapping, the key, and its shape.
struct Key {
    /// What has to be set for the mapping to be there; `None` where it always is.
    setting: Option<(String, Value)>,
    mapping: String,
    name: String,
    shape: Shape,
    /// The other keys of the mapping.
    siblings: Vec<String>,
}

impl Key {
    fn path(&self) -> String {
        self.at(&self.name)
    }

    fn at(&self, key: &str) -> String {
        if self.mapping.is_empty() { key.to_owned() } else { format!("{}.{key}", self.mapping) }
    }

    fn below(&self) -> Layer {
        match &self.setting {
            Some((path, value)) => flag(path, value.clone()),
            None => Layer::empty(),
        }
    }
}

/// Every key that is reached without a name or a place in a list.
fn keys() -> Vec<Key> {
    let mut found = Vec::new();
    collect("", shape(), None, &mut found);
    found
}

fn collect(path: &str, shape: &Shape, setting: Option<(String, Value)>, found: &mut Vec<Key>) {
    let branches: Vec<(Option<(String, Value)>, &Keys)> = match &shape.form {
        Form::Mapping(keys) => vec![(setting, keys)],
        Form::Kinds(kinds) => {
            let said = kinds.iter().map(|kind| Some((path.to_owned(), of_kind(kind))));
            said.zip(kinds.iter().map(|kind| &kind.keys)).collect()
        }
        _ => return,
    };
    for (setting, keys) in branches {
        for (key, shape) in &keys.shapes {
            let siblings = keys.names().filter(|name| name != key).map(str::to_owned).collect();
            let mapping = path.to_owned();
            let entry = Key {
                setting: setting.clone(),
                mapping,
                name: key.clone(),
                shape: shape.clone(),
                siblings,
            };
            let path = entry.path();
            found.push(entry);
            let own = match (&setting, shape.presence) {
                (None, Presence::Optional) => Some((path.clone(), example(key, shape))),
                (setting, _) => setting.clone(),
            };
            collect(&path, shape, own, found);
        }
    }
}
