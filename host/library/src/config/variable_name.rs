//! Names of environment variables that were meant to configure something, and do not.

use super::path::joined;
use super::shape;
use ct_core::settings::{Form, Shape};
use ct_core::suggestion::suggestion;

/// What the names of the variables of the configuration begin with.
pub(super) const PREFIX: &str = "CT_HOST__";

/// What parts keys in the names.
pub(super) const SEPARATOR: &str = "__";

/// What the names of all variables of the program begin with.
const PROGRAM: &str = "CT_HOST_";

/// Variables that are no keys: they say where things are.
const OTHERS: [&str; 4] =
    ["CT_HOST_CONFIG", "CT_HOST_CONFIG_DIR", "CT_HOST_CACHE_DIR", "CT_HOST_DATA_DIR"];

/// The name that was probably meant by the variable `name`; `None` if it is right, or looks like nothing of this program, as
/// the names do that a container platform gives to addresses of services.
pub(super) fn meant_name(name: &str) -> Option<String> {
    let is_ours = name.starts_with(PROGRAM) && !name.starts_with(PREFIX);
    if !is_ours || OTHERS.contains(&name) {
        return None;
    }
    let mut keys = Vec::new();
    collect("", shape(), &mut keys);
    let flat = |name: &str| name.to_uppercase().replace(SEPARATOR, "_");
    let same = keys.iter().find(|key| flat(key) == flat(name));
    let near = || suggestion(name, OTHERS.into_iter().chain(keys.iter().map(String::as_str)));
    same.map(String::as_str).or_else(near).map(str::to_owned)
}

/// Adds the names of the variables of all keys of `shape`, whose path is `path`.
fn collect(path: &str, shape: &Shape, found: &mut Vec<String>) {
    let kinds: Vec<_> = match &shape.form {
        Form::Mapping(keys) => vec![keys],
        Form::Kinds(kinds) => kinds.iter().map(|kind| &kind.keys).collect(),
        _ => return,
    };
    for (key, shape) in kinds.into_iter().flat_map(|keys| &keys.shapes) {
        let path = joined(path, key);
        found.push(format!("{PREFIX}{}", path.to_uppercase().replace('.', SEPARATOR)));
        collect(&path, shape, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_one_underscore_is_told() {
        for (name, meant) in [
            ("CT_HOST_ACCOUNT__CASH", Some("CT_HOST__ACCOUNT__CASH")),
            ("CT_HOST_COSTS_FEES_TAKER_BPS", Some("CT_HOST__COSTS__FEES__TAKER_BPS")),
            ("CT_HOST_DATADIR", Some("CT_HOST_DATA_DIR")),
            ("CT_HOST_CONFIG", None),
            ("CT_HOST__ACOUNT", None),
            ("CT_HOST_SERVICE_PORT_9464_TCP_PROTO", None),
            ("HOME", None),
        ] {
            assert_eq!(meant_name(name).as_deref(), meant, "{name}");
        }
    }
}
