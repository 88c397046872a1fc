//! Every setting stands in the documents under its name, and nothing stands there that is none.

use std::fs;
use std::path::Path;

use ct_host::settings::{Form, Keys, Settings, Shape};

/// The rows of the tables below the heading `heading`, up to the next one of any size.
fn rows(document: &str, heading: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(document);
    let text = fs::read_to_string(path).unwrap();
    let begin = text.find(&format!("\n{heading}\n")).unwrap() + heading.len() + 2;
    let lines = text[begin..].lines().take_while(|line| !line.starts_with('#'));
    lines.filter(|line| line.starts_with("| `")).map(str::to_owned).collect()
}

/// What stands in backticks in `text`.
fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

/// The keys of the mappings that `shape` may be.
fn keys(shape: &Shape) -> Vec<&Keys> {
    match &shape.form {
        Form::Mapping(keys) => vec![keys],
        Form::Kinds(kinds) => kinds.iter().map(|kind| &kind.keys).collect(),
        Form::Named(inner) | Form::List(inner) => keys(inner),
        _ => Vec::new(),
    }
}

/// Calls `look` with the path of every key, where a name, a place in a list and a kind are no part of it.
fn every_path(shape: &Shape, path: &str, look: &mut impl FnMut(&str, &Shape)) {
    for keys in keys(shape) {
        for (key, inner) in &keys.shapes {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            look(&path, inner);
            every_path(inner, &path, look);
        }
    }
}

#[test]
fn every_setting_stands_in_the_description_of_results() {
    let rows = rows("result-schema.md", "### configuration");
    // A result keeps the two keys of the account without their section.
    let is_told = |path: &str| {
        let path = path.strip_prefix("account.").unwrap_or(path);
        let key = path.rsplit('.').next().unwrap();
        rows.iter().any(|row| {
            let about = quoted(row).next().unwrap();
            let is_above = path.strip_prefix(about).is_some_and(|rest| rest.starts_with('.'));
            about == path
                || about.starts_with(&format!("{path}."))
                || is_above && quoted(row).skip(1).any(|name| name == key)
        })
    };
    let mut count = 0;
    every_path(Settings::shape(), "", &mut |path, shape| {
        // Positions and sizing of an instrument, and each estimator, are as they are elsewhere.
        let elsewhere =
            path.starts_with("risk.instruments.") || path.starts_with("risk.budget.estimator.");
        assert!(elsewhere || path == "account" || is_told(path), "{path}: not in result-schema.md");
        assert!(!shape.description.is_empty(), "{path}: says nothing of itself");
        count += 1;
    });
    assert!(count > 80, "{count}");
}

#[test]
fn every_limit_stands_in_the_table_of_limits() {
    let rows = rows("risk.md", "## Limits");
    // `groups.NAME` is a group, whichever; one row may name several keys of a mapping, the first in full.
    let named = |row: &String| {
        let cell = row.split('|').nth(1).unwrap().to_owned();
        let names: Vec<String> = quoted(&cell).map(str::to_owned).collect();
        let (above, _) = names[0].rsplit_once('.').unwrap_or_default();
        let rest = names.iter().skip(1).map(|name| format!("{above}.{name}"));
        [names[0].clone()].into_iter().chain(rest).collect::<Vec<_>>()
    };
    let named: Vec<String> = rows.iter().flat_map(named).collect();
    let limits = Settings::shape().find("risk.limits").unwrap();
    every_path(limits, "limits", &mut |path, shape| {
        let is_told = named.iter().any(|name| name == path);
        assert!(is_told || !keys(shape).is_empty(), "{path}: not in risk.md");
    });
    for name in named {
        let path = format!("risk.{name}");
        assert!(Settings::shape().find(&path).is_some(), "{path}: in risk.md, and no key");
    }
}
