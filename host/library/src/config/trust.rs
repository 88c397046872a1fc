//! What a file may say that nobody named: the rest has to be the user's own word.
//!
//! Such a file is read because it lies in the folder, and the folder may be a stranger's. Each key that needs the user's
//! word says so in its place, by an attribute of its field: `x-own-only` or `x-inside-only`, with the reason.

use std::collections::BTreeMap;
use std::path::{Component, Path};

use super::ConfigError;
use super::node::{Content, Entry, Mapping, Node};
use super::path::joined;
use super::shape;
use ct_core::settings::{Shape, Trust};

/// Takes everything out of `node` that only the user may say. An error for each of them says what to do, which is `remedy`.
/// What says nothing, as `null` in a file with every key, goes without an error.
pub(super) fn take_out(node: &mut Node, remedy: &str) -> Vec<ConfigError> {
    let mut errors = Vec::new();
    take_out_below(node, shape(), "", &mut errors);
    let advised = |(entry, path, reason): (Entry, String, String)| {
        ConfigError::new(&entry.key, path, format!("{reason}; {remedy}"))
    };
    errors.into_iter().map(advised).collect()
}

/// The same for the value `node` of the key at `path`. What is found is what was said, its path, and what is wrong with it.
fn take_out_below(
    node: &mut Node,
    shape: &Shape,
    path: &str,
    found: &mut Vec<(Entry, String, String)>,
) {
    let kind = node.kind().map(str::to_owned);
    let Content::Mapping(mapping) = &mut node.content else { return };
    let mut kept = Mapping::new();
    for (key, mut entry) in std::mem::take(mapping) {
        let path = joined(path, &key);
        match shape.get(&key, kind.as_deref()).map(|inner| (inner, &inner.trust)) {
            Some((_, Trust::Own(reason))) => {
                if !says_nothing(&entry.node) {
                    let message =
                        format!("only you may say this, not a file that is merely found: {reason}");
                    found.push((entry, path, message));
                }
            }
            Some((_, Trust::Inside(reason))) if !is_inside(&entry.node) => {
                let message = format!(
                    "a file that is merely found may name what lies in its folder: {reason}"
                );
                found.push((entry, path, message));
            }
            inner => {
                if let Some((inner, _)) = inner {
                    take_out_below(&mut entry.node, inner, &path, found);
                }
                kept.insert(key, entry);
            }
        }
    }
    *mapping = kept;
}

fn says_nothing(node: &Node) -> bool {
    node.is_nothing() || node.mapping().is_some_and(BTreeMap::is_empty)
}

/// Whether a path, if `node` is one, leads to somewhere in the folder that it is relative to.
fn is_inside(node: &Node) -> bool {
    let is_down = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    node.text().is_none_or(|path| Path::new(path).components().all(is_down))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Layer, Resolver};
    use ct_core::settings::Form;

    fn told(text: &str) -> String {
        let layer = Layer::from_yaml(text, "ct-host.yaml").unwrap().found("name it");
        let errors = Resolver::new().layer(layer).resolve().map(drop).unwrap_err();
        errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn what_only_the_user_may_say_is_told_with_its_place_and_what_to_do() {
        let text = "\
access:
  folder: /tmp/prices
  base_urls: { binance: 'https://a' }
plugins: { cache_folder: cache, call_seconds_max: 1e9, run_seconds_max: 1e9 }
report: { folder: /tmp }
";
        assert_eq!(
            told(text),
            "\
ct-host.yaml:2:3: access.folder: only you may say this, not a file that is merely found: what is kept there is taken for the prices of exchanges; name it
ct-host.yaml:3:3: access.base_urls: only you may say this, not a file that is merely found: what comes from there is taken for the prices of the exchange; name it
ct-host.yaml:4:12: plugins.cache_folder: only you may say this, not a file that is merely found: compiled code that is found there is run; name it
ct-host.yaml:4:33: plugins.call_seconds_max: only you may say this, not a file that is merely found: it limits plugins, which may come from the same hand; name it
ct-host.yaml:4:56: plugins.run_seconds_max: only you may say this, not a file that is merely found: it limits plugins, which may come from the same hand; name it
ct-host.yaml:5:11: report.folder: a file that is merely found may name what lies in its folder: results are written there; name it"
        );
        for outside in ["../a", "a/../../b", "/a"] {
            let text = told(&format!("report: {{ folder: {outside} }}"));
            assert!(text.contains("report.folder"), "{text}");
        }
    }

    #[test]
    fn a_file_with_every_key_takes_nothing_away_that_the_user_said() {
        let mut own = Layer::empty();
        let origin = || crate::config::Origin::Default;
        own.set("plugins.cache_folder", "/own".into(), origin());
        own.set("access.base_urls", serde_json::json!({ "binance": "https://own" }), origin());
        let every = "access: { folder: null, base_urls: {} }\nplugins: { cache_folder: }\nreport: { folder: ./a/b }\n";
        let found = Layer::from_yaml(every, "ct-host.yaml").unwrap().found("");
        let config = Resolver::new().layer(own).layer(found).resolve().unwrap().config;
        assert_eq!(config.plugins.cache_folder, Some("/own".into()));
        assert_eq!(config.access.base_urls.len(), 1);
        assert_eq!(config.report.folder, Some("./a/b".into()));
    }

    /// Collects each key with its trust.
    fn keys(path: &str, shape: &Shape, found: &mut Vec<(String, Trust)>) {
        match &shape.form {
            Form::Mapping(keys_here) => {
                for (key, inner) in &keys_here.shapes {
                    let at = joined(path, key);
                    found.push((at.clone(), inner.trust.clone()));
                    keys(&at, inner, found);
                }
            }
            Form::Named(inner) => keys(&joined(path, "*"), inner, found),
            _ => {}
        }
    }

    /// A key of which nobody has thought is no key that a stranger may say.
    #[test]
    fn every_key_that_decides_no_result_is_known_to_be_harmless_or_is_the_users() {
        const HARMLESS: [&str; 13] = [
            "access.offline",
            "access.snapshot",
            "access.fallback",
            "access.archive",
            "access.requests_per_second",
            "access.timeout_seconds",
            "access.retries",
            "plugins.window",
            "report.folder",
            "report.quiet",
            "report.explain",
            "monitoring.log_level",
            "monitoring.log_format",
        ];
        let mut found = Vec::new();
        keys("", shape(), &mut found);
        let sections = ["access.", "plugins.", "report.", "monitoring."];
        let of_here =
            found.iter().filter(|(path, _)| sections.iter().any(|one| path.starts_with(one)));
        let (own, others): (Vec<_>, Vec<_>) =
            of_here.partition(|(_, trust)| matches!(trust, Trust::Own(_)));
        assert_eq!(others.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), HARMLESS);
        assert_eq!(own.len(), 9);
        // Paths and addresses are elsewhere only those of what is read: price files, and a plugin for the sandbox.
        let words =
            ["folder", "file", "path", "url", "proxy", "host", "plugin", "address", "command"];
        let named: Vec<&str> = found
            .iter()
            .map(|(path, _)| path.as_str())
            .filter(|path| !sections.iter().any(|section| path.starts_with(section)))
            .filter(|path| words.iter().any(|word| path.rsplit('.').next().unwrap().contains(word)))
            .collect();
        assert_eq!(named, ["strategy.plugin", "data.files", "data.detail_files", "plugins"]);
    }
}
