//! Writes a configuration with the description of every key.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::example::{example, of_kind};
use crate::config::shape;
use crate::config::yaml_text;
use ct_core::settings::{Form, Keys, Kind, Shape};

/// Longest line.
const WIDTH: usize = 100;

/// Narrowest comment, however deep it stands.
const COMMENT_WIDTH_MIN: usize = 40;

/// The key that names published values for the keys beside it.
const PRESET: &str = "preset";

/// Lines of a configuration file.
#[derive(Debug, Default)]
pub(super) struct Writer {
    text: String,
    /// What lines begin with: blanks, and a comment sign where the lines are an example.
    margin: String,
    /// Mappings whose keys have been described; a second time they are not.
    described: BTreeSet<String>,
    /// What holds without the file; nothing where all that is said is needed.
    defaults: Value,
    /// The keys that lead to what is written.
    path: Vec<String>,
}

impl Writer {
    /// A file with every key of `value`, those that are as in `defaults` behind a comment sign.
    pub(super) fn whole(title: &str, value: &Value, defaults: Value) -> String {
        let mut writer = Self { defaults, ..Self::default() };
        writer.comment(&format!("Configuration of ct-host: {title}."));
        writer.comment(
            "Keys that are left out are as `ct-host config show` tells. Flags come before the environment \
             (CT_HOST__ACCOUNT__CASH=5000 is account.cash), that before this file, and this file before your own configuration, \
             ct-host/config.yaml in your configuration folder. `ct-host config check` finds mistakes. \
             Lines behind a # are defaults and examples: take the sign away to say something else. `ct-host config schema > ct-host.schema.json` makes editors complete keys: put \
             `# yaml-language-server: $schema=ct-host.schema.json` on the first line.",
        );
        let Form::Mapping(sections) = &shape().form else { return writer.text };
        for (key, shape) in &sections.shapes {
            writer.line("");
            writer.describe(shape);
            writer.key(key, shape, value.get(key).unwrap_or(&Value::Null), "");
        }
        writer.text
    }

    /// Writes `key`, or its default as a comment; `dash` begins an item of a list.
    fn key(&mut self, key: &str, shape: &Shape, value: &Value, dash: &str) {
        self.path.push(key.to_owned());
        let is_section = matches!(shape.form, Form::Mapping(_)) && shape.is_section();
        if is_section || !self.is_default(value) || self.margin.contains('#') {
            self.entry(key, shape, value, dash);
        } else if has_example(shape, value) {
            self.example(key, shape, value);
        } else {
            self.commented(|writer| writer.entry(key, shape, value, dash));
        }
        self.path.pop();
    }

    fn is_default(&self, value: &Value) -> bool {
        let default = self.path.iter().try_fold(&self.defaults, |above, key| above.get(key));
        default == Some(value)
    }

    /// Writes what needs every one of its keys.
    fn needed(&mut self, write: impl FnOnce(&mut Self)) {
        let defaults = std::mem::take(&mut self.defaults);
        write(self);
        self.defaults = defaults;
    }

    fn entry(&mut self, key: &str, shape: &Shape, value: &Value, dash: &str) {
        let name = format!("{dash}{}", yaml_text(&key.into()));
        match (&shape.form, value) {
            (Form::Mapping(keys), Value::Object(map)) => {
                self.line(&format!("{name}:"));
                self.indented(dash.len() + 2, |writer| writer.keys(keys, map));
            }
            (Form::Kinds(kinds), Value::Object(map)) => {
                self.line(&format!("{name}:"));
                self.needed(|writer| {
                    writer.indented(dash.len() + 2, |writer| writer.kinds(kinds, map));
                });
            }
            (Form::Named(item), Value::Object(map)) if !map.is_empty() => {
                self.line(&format!("{name}:"));
                self.indented(dash.len() + 2, |writer| {
                    for (key, value) in map {
                        writer.key(key, item, value, "");
                    }
                });
            }
            (Form::List(item), Value::Array(items)) if is_block(item, items) => {
                self.line(&format!("{name}:"));
                self.needed(|writer| {
                    writer.indented(dash.len() + 2, |writer| writer.items(item, items));
                });
            }
            _ => {
                self.line(&format!("{name}: {}", yaml_text(value)));
                self.example(key, shape, value);
            }
        }
    }

    fn keys(&mut self, keys: &Keys, map: &Map<String, Value>) {
        self.keys_after(keys, map, "");
    }

    /// Writes `keys`, the first of them behind `dash`.
    fn keys_after(&mut self, keys: &Keys, map: &Map<String, Value>, dash: &str) {
        let descriptions = keys.shapes.iter().map(|(_, shape)| shape.description.as_str());
        let is_new = self.described.insert(descriptions.collect());
        // What the file says would hold in place of what the preset, or the exchange, says.
        let yields = keys.get(PRESET).is_some();
        for (place, (key, shape)) in keys.shapes.iter().enumerate() {
            let value = map.get(key).unwrap_or(&Value::Null);
            let own = if place == 0 { dash } else { "" };
            let blanks = if place == 0 { 0 } else { dash.len() };
            self.indented(blanks, |writer| {
                if is_new {
                    writer.describe(shape);
                }
                if yields && key != PRESET {
                    writer.commented(|writer| writer.key(key, shape, value, own));
                    writer.example(key, shape, value);
                } else {
                    writer.key(key, shape, value, own);
                }
            });
        }
    }

    /// Writes the kind that `map` has, and the others as examples.
    fn kinds(&mut self, kinds: &[Kind], map: &Map<String, Value>) {
        let is_own = |kind: &&Kind| map.get("kind").and_then(Value::as_str) == Some(&kind.name);
        if let Some(own) = kinds.iter().find(is_own) {
            self.kind(own, map, &own.description);
        }
        if self.described.insert(kinds.iter().map(|kind| kind.name.as_str()).collect()) {
            for other in kinds.iter().filter(|kind| !is_own(kind)) {
                if let Value::Object(map) = of_kind(other) {
                    let description = format!("Or: {}", other.description);
                    self.commented(|writer| writer.kind(other, &map, &description));
                }
            }
        }
    }

    fn kind(&mut self, kind: &Kind, map: &Map<String, Value>, description: &str) {
        self.comment(description);
        self.line(&format!("kind: {}", kind.name));
        self.keys(&kind.keys, map);
    }

    /// Writes the items of a list of mappings.
    fn items(&mut self, item: &Shape, items: &[Value]) {
        for value in items {
            match (&item.form, value) {
                (Form::Mapping(keys), Value::Object(map)) => self.keys_after(keys, map, "- "),
                _ => self.line(&format!("- {}", yaml_text(value))),
            }
        }
    }

    /// Shows how something could look that is nothing, if it has keys of its own.
    fn example(&mut self, key: &str, shape: &Shape, value: &Value) {
        if has_example(shape, value) && !self.margin.contains('#') {
            self.commented(|writer| writer.entry(key, shape, &example(key, shape), ""));
        }
    }

    /// Writes what a key is for, and what it may be.
    fn describe(&mut self, shape: &Shape) {
        self.comment(&shape.description);
        if let Some(note) = shape.trust.note() {
            self.comment(&note);
        }
        if let Form::Choice(choices) = &shape.form {
            for choice in choices {
                self.wrapped("- ", &format!("{}: {}", choice.name, choice.description));
            }
        }
    }

    fn comment(&mut self, text: &str) {
        self.wrapped("", text);
    }

    /// Writes `text` as a comment whose first line begins with `bullet`.
    fn wrapped(&mut self, bullet: &str, text: &str) {
        let head = self.margin.len() + 2 + bullet.len();
        let width = WIDTH.saturating_sub(head).max(COMMENT_WIDTH_MIN);
        let mut lines: Vec<String> = Vec::new();
        for word in text.split_whitespace() {
            match lines.last_mut() {
                Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        let blanks = " ".repeat(bullet.len());
        for (place, line) in lines.iter().enumerate() {
            let begin = if place == 0 { bullet } else { &blanks };
            self.line(&format!("# {begin}{line}"));
        }
    }

    fn line(&mut self, text: &str) {
        let line = format!("{}{text}", self.margin);
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    fn indented(&mut self, blanks: usize, write: impl FnOnce(&mut Self)) {
        let margin = format!("{}{}", self.margin, " ".repeat(blanks));
        self.within(margin, write);
    }

    fn commented(&mut self, write: impl FnOnce(&mut Self)) {
        let margin = if self.margin.contains('#') {
            self.margin.clone()
        } else {
            format!("{}# ", self.margin)
        };
        self.within(margin, write);
    }

    fn within(&mut self, margin: String, write: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.margin, margin);
        write(self);
        self.margin = outer;
    }
}

/// Whether a list of mappings is written item by item.
fn is_block(item: &Shape, items: &[Value]) -> bool {
    matches!(item.form, Form::Mapping(_)) && !items.is_empty()
}

/// Whether `value` is nothing, and could have keys of its own.
fn has_example(shape: &Shape, value: &Value) -> bool {
    let has_keys = match &shape.form {
        Form::Mapping(_) | Form::Kinds(_) | Form::Named(_) | Form::Anything => true,
        Form::List(item) => matches!(item.form, Form::Mapping(_)),
        _ => false,
    };
    let is_nothing = match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    has_keys && is_nothing
}
