//! Checks that a whole configuration says everything that has no default.

use super::ConfigError;
use super::node::{Content, Mapping, Node};
use super::path::joined;
use ct_core::settings::{Form, KIND, Keys, Shape};

/// What is missing in `node`, whose key is `path`.
pub(super) fn missing(node: &Node, shape: &Shape, path: &str) -> Vec<ConfigError> {
    let at = |key: &str| joined(path, key);
    match (&shape.form, &node.content) {
        (Form::Mapping(keys), Content::Mapping(mapping)) => missing_keys(node, mapping, keys, at),
        (Form::Kinds(kinds), Content::Mapping(mapping)) => {
            match kinds.iter().find(|kind| Some(kind.name.as_str()) == node.kind()) {
                Some(kind) => missing_keys(node, mapping, &kind.keys, at),
                None if mapping.contains_key(KIND) => Vec::new(),
                None => {
                    let names: Vec<_> = kinds.iter().map(|kind| kind.name.as_str()).collect();
                    let message = format!("missing: expected one of {}", names.join(", "));
                    vec![ConfigError::new(&node.origin, at(KIND), message)]
                }
            }
        }
        (Form::Named(value), Content::Mapping(mapping)) => {
            mapping.iter().flat_map(|(key, entry)| missing(&entry.node, value, &at(key))).collect()
        }
        (Form::List(item), Content::List(items)) => {
            let items = items.iter().enumerate();
            items.flat_map(|(place, node)| missing(node, item, &at(&place.to_string()))).collect()
        }
        _ => Vec::new(),
    }
}

fn missing_keys(
    node: &Node,
    mapping: &Mapping,
    keys: &Keys,
    at: impl Fn(&str) -> String,
) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    for key in keys.required.iter().filter(|key| !mapping.contains_key(*key)) {
        let wanted = keys.get(key).map(super::check::expected).unwrap_or_default();
        errors.push(ConfigError::new(&node.origin, at(key), format!("missing: expected {wanted}")));
    }
    for (key, entry) in mapping {
        if let Some(shape) = keys.get(key) {
            errors.extend(missing(&entry.node, shape, &at(key)));
        }
    }
    errors
}
