//! The templates are sound.

use clap::ValueEnum;

use super::*;
use crate::config::{Config, Template, schema, template};

#[test]
fn every_template_is_sound_and_says_every_key() {
    let all = keys();
    for name in Template::value_variants() {
        let text = template(*name).unwrap();
        let effective = resolved([file(&text)]).unwrap();
        // What is as it would be anyway stands behind a comment sign.
        let is_said = |origin: &Origin| matches!(origin, Origin::File { .. });
        let said = effective.entries().filter(|(.., origin)| is_said(origin)).count();
        let most = if *name == Template::Default { 0 } else { effective.entries().count() / 2 };
        assert!(said <= most, "{name:?} says {said}");
        for key in &all {
            let written = format!("{}:", key.name);
            assert!(text.contains(&written), "{name:?} without {}", key.path());
        }
        assert!(text.lines().all(|line| line.chars().count() <= 120), "{name:?}");
    }
}

#[test]
fn the_default_template_changes_nothing() {
    let text = template(Template::Default).unwrap();
    assert_eq!(resolved([file(&text)]).unwrap().config, Config::default());
}

#[test]
fn every_key_of_a_template_is_described() {
    let text = template(Template::Default).unwrap();
    let flat = text.replace(['#', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    for key in keys() {
        assert!(!key.shape.description.is_empty(), "{} has no description", key.path());
        assert!(flat.contains(&key.shape.description), "{}: {}", key.path(), key.shape.description);
    }
}

/// Examples behind a # are sound too: each is what a user gets who takes the sign away.
#[test]
fn examples_of_a_template_can_be_used() {
    let text = template(Template::Default).unwrap();
    assert!(text.contains("\n  # correlation:\n"), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    let start = lines.iter().position(|line| *line == "  # correlation:").unwrap();
    let example = lines[start..].iter().skip(1).take_while(|line| line.starts_with("  #   "));
    let example: Vec<String> = lines[start..]
        .iter()
        .take(1)
        .chain(example)
        .map(|line| line.replacen("# ", "", 1))
        .collect();
    let config = resolved([file(&format!("risk:\n{}", example.join("\n")))]).unwrap().config;
    assert_eq!(config.settings.risk.correlation, Some(ct_core::risk::CorrelationLimit::default()));
}

#[test]
fn the_schema_is_that_of_a_file() {
    let schema = schema();
    assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(schema["additionalProperties"], false);
    let sections: Vec<_> = schema["properties"].as_object().unwrap().keys().collect();
    assert_eq!(
        sections,
        [
            "strategy",
            "data",
            "account",
            "costs",
            "risk",
            "fills",
            "access",
            "plugins",
            "report",
            "monitoring"
        ]
    );
    // Everything is in one piece, so that an editor needs no other file.
    assert!(!schema.to_string().contains("$ref"));
}

/// A pattern that nobody checks would let texts through that no type reads.
#[test]
fn every_pattern_of_the_schema_is_checked() {
    fn patterns(schema: &Value, found: &mut Vec<String>) {
        match schema {
            Value::Object(map) => {
                found.extend(map.get("pattern").and_then(Value::as_str).map(str::to_owned));
                map.values().for_each(|inner| patterns(inner, found));
            }
            Value::Array(items) => items.iter().for_each(|inner| patterns(inner, found)),
            _ => {}
        }
    }
    let mut found = Vec::new();
    patterns(schema(), &mut found);
    assert!(found.len() > 5);
    for pattern in found {
        assert!(ct_core::settings::TextForm::of_pattern(&pattern).is_some(), "{pattern}");
    }
}
