//! Environment variables as one layer of a configuration.

use super::budget::VARIABLES_MAX;
use super::node::{Content, Mapping, Node};
use super::quotation::cut;
use super::shape;
use super::variable_name::{PREFIX, SEPARATOR, meant_name};
use super::{ConfigError, Layer, Origin};
use ct_core::settings::{Form, Shape};

/// What `variables` say together. Of a mapping and a key in it the key holds.
///
/// # Errors
/// Every variable whose value is no YAML.
pub(super) fn read(
    variables: impl IntoIterator<Item = (String, String)>,
) -> Result<Layer, Vec<ConfigError>> {
    let (mut layer, mut errors) = (Layer::empty(), Vec::new());
    let mut keyed = Vec::new();
    for (name, text) in variables {
        if let Some(keys) = name.strip_prefix(PREFIX) {
            // One of too many keys is refused below, and nobody needs to read it all.
            keyed.push((path(keys), cut(&name), text));
        } else if let Some(meant) = meant_name(&name) {
            let message = format!("no variable of this program; did you mean '{meant}'?");
            layer.refuse(ConfigError::new(&Origin::Environment(name.into()), "", message));
        }
    }
    if keyed.len() > VARIABLES_MAX {
        let found = keyed.len();
        let message =
            format!("expected at most {VARIABLES_MAX} variables {PREFIX}..., found {found}");
        return Err(vec![ConfigError::new(&Origin::Default, "", message)]);
    }
    // A path comes before those below it.
    keyed.sort_unstable();
    for (path, name, text) in keyed {
        let origin = Origin::Environment(name.into());
        errors.extend(layer.set_yaml(&path, &text, &origin).err().into_iter().flatten());
    }
    if errors.is_empty() { Ok(layer) } else { Err(errors) }
}

/// `costs.fees.taker_bps` for `COSTS__FEES__TAKER_BPS`.
fn path(keys: &str) -> String {
    let mut shape = Some(shape());
    let mut path = Vec::new();
    for key in keys.split(SEPARATOR) {
        let is_chosen = shape.is_some_and(|shape| matches!(shape.form, Form::Named(_)));
        let key = if is_chosen && is_symbol(key) { key.to_owned() } else { key.to_lowercase() };
        shape = shape.and_then(|shape| step(shape, &key));
        path.push(key);
    }
    path.join(".")
}

/// The shape of the value of `key` in `shape`, in any kind that has the key.
fn step<'a>(shape: &'a Shape, key: &str) -> Option<&'a Shape> {
    match &shape.form {
        Form::Kinds(kinds) => kinds.iter().find_map(|kind| kind.keys.get(key)),
        _ => shape.get(key, None),
    }
}

/// Symbols are in upper case, with a slash.
fn is_symbol(key: &str) -> bool {
    key.contains('/')
}

/// Gives the keys that `node` takes from the environment the case that they have in `below`, if they are there.
pub(super) fn adopt_case(node: &mut Node, below: &Node) {
    let (Content::Mapping(mapping), Content::Mapping(known)) = (&mut node.content, &below.content)
    else {
        return;
    };
    for (key, mut entry) in std::mem::take(mapping) {
        let is_free = matches!(entry.key, Origin::Environment(_)) && !known.contains_key(&key);
        let adopted = if is_free { same_letters(&key, known) } else { None };
        let key = adopted.unwrap_or(key);
        if let Some(under) = known.get(&key) {
            adopt_case(&mut entry.node, &under.node);
        }
        mapping.insert(key, entry);
    }
}

fn same_letters(key: &str, known: &Mapping) -> Option<String> {
    let lower = key.to_lowercase();
    known.keys().find(|name| name.to_lowercase() == lower).cloned()
}
