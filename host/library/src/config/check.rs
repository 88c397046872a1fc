//! Checks what a user wrote against the shape of a configuration: keys, types and ranges.

use serde_json::Value;

use super::budget::MISTAKES_MAX;
use super::foreign_key::own_name;
use super::node::{Content, Entry, Mapping, Node};
use super::path::joined;
use super::quotation::quotation;
use super::secret::is_secret;
use super::shape;
use super::written_number::rewritten;
use super::{ConfigError, Origin};
use ct_core::settings::{Choice, Form, KIND, Keys, Kind, Presence, Shape, TextForm};
use ct_core::suggestion::suggestion;

/// Finds everything that is wrong in parts of a configuration.
#[derive(Debug, Default)]
pub(super) struct Check {
    /// Keys down to the value that is being looked at.
    path: Vec<String>,
    pub(super) errors: Vec<ConfigError>,
    /// How many unknown keys are still worth saying what was meant.
    hints_left: usize,
}

impl Check {
    /// Looks at all of `node`, which is to be put over `below`.
    pub(super) fn look_at_all(&mut self, node: &Node, below: Option<&Node>) {
        self.hints_left = MISTAKES_MAX;
        self.look(node, shape(), below);
    }

    fn look(&mut self, node: &Node, shape: &Shape, below: Option<&Node>) {
        if matches!(node.content, Content::Scalar(Value::Null)) {
            if shape.presence == Presence::Always {
                self.mismatch(node, shape);
            }
            return;
        }
        let below = below.filter(|_| node.keeps_below());
        match (&shape.form, &node.content) {
            (Form::Mapping(keys), Content::Mapping(mapping)) => {
                for (key, entry) in mapping {
                    let shape = keys.get(key).ok_or_else(|| self.unknown_key(key, keys));
                    self.look_at_key(key, entry, shape, below);
                }
            }
            (Form::Kinds(kinds), Content::Mapping(mapping)) => {
                self.look_at_kind(node, mapping, kinds, below);
            }
            (Form::Named(value), Content::Mapping(mapping)) => {
                for (key, entry) in mapping {
                    self.look_at_key(key, entry, Ok(value), below);
                }
            }
            (Form::List(item), Content::List(items)) => {
                for (place, node) in items.iter().enumerate() {
                    self.within(&place.to_string(), |check| check.look(node, item, None));
                }
            }
            (Form::Anything, Content::Mapping(_)) => {}
            (form, Content::Scalar(value)) => self.look_at_scalar(node, shape, form, value),
            _ => self.mismatch(node, shape),
        }
    }

    fn look_at_key(
        &mut self,
        key: &str,
        entry: &Entry,
        shape: Result<&Shape, String>,
        below: Option<&Node>,
    ) {
        let below = below.and_then(|below| below.get(key));
        self.within(key, |check| match shape {
            Ok(shape) => check.look(&entry.node, shape, below),
            Err(message) => check.error(&entry.key, message),
        });
    }

    /// A mapping that does not say its kind has the one of the mapping below.
    fn look_at_kind(
        &mut self,
        node: &Node,
        mapping: &Mapping,
        kinds: &[Kind],
        below: Option<&Node>,
    ) {
        let same_kind = |below: &&Node| node.get(KIND).is_none() || node.kind() == below.kind();
        let below = below.filter(same_kind);
        if let Some(said) = node.get(KIND) {
            let names = || kinds.iter().map(|kind| kind.name.as_str());
            if !names().any(|name| Some(name) == said.text()) {
                self.within(KIND, |check| {
                    let message = one_of(names(), said, &check.path);
                    check.error(&said.origin, message);
                });
                return;
            }
        }
        // Without any kind, neither here nor below, the whole is incomplete, which is told of the whole.
        let name = node.kind().or_else(|| below.and_then(Node::kind));
        let Some(kind) = kinds.iter().find(|kind| Some(kind.name.as_str()) == name) else { return };
        for (key, entry) in mapping.iter().filter(|(key, _)| *key != KIND) {
            let shape = kind.keys.get(key);
            let shape = shape.ok_or_else(|| self.unknown_key_of_kind(key, kind, kinds));
            self.look_at_key(key, entry, shape, below);
        }
    }

    fn look_at_scalar(&mut self, node: &Node, shape: &Shape, form: &Form, value: &Value) {
        match (form, value) {
            (Form::Flag, Value::Bool(_)) | (Form::Text(None), Value::String(_)) => {}
            (Form::Number(range), Value::Number(number)) if range.holds(number) => {}
            (Form::Choice(choices), Value::String(text))
                if choices.iter().any(|choice| choice.name == *text) => {}
            (Form::Text(Some(form)), Value::String(text)) => {
                let key = self.path.last().map(String::as_str).unwrap_or_default();
                if let Some(message) = wrong_form(*form, text, key) {
                    self.error(&node.origin, message);
                }
            }
            (Form::Choice(choices), _) => {
                let message = one_of(names(choices), node, &self.path);
                self.error(&node.origin, message);
            }
            _ => self.mismatch(node, shape),
        }
    }

    fn mismatch(&mut self, node: &Node, shape: &Shape) {
        let found = found(node, &self.path);
        let hint = match (&shape.form, &node.content) {
            (Form::Text(_), Content::Scalar(Value::Number(_) | Value::Bool(_))) => {
                "; put it in quotes to make it a text".to_owned()
            }
            (Form::Number(range), Content::Scalar(Value::String(text))) => {
                let key = self.path.last().map(String::as_str).unwrap_or_default();
                let number = rewritten(text, key).filter(|number| range.holds(number));
                number.map(|number| format!("; write {number}")).unwrap_or_default()
            }
            (Form::List(_), Content::Scalar(Value::Null)) => {
                "; write [] for none, or leave the key out".to_owned()
            }
            (Form::List(item), Content::Scalar(_) | Content::Mapping(_)) => in_list(item, node),
            (Form::Mapping(_) | Form::Kinds(_), Content::Scalar(Value::Null)) => String::new(),
            (_, Content::Scalar(Value::Null)) => "; leave the key out for its default".to_owned(),
            (
                Form::Number(_) | Form::Text(_) | Form::Choice(_) | Form::Flag,
                Content::List(list),
            ) if list.len() == 1 => "; write it without brackets".to_owned(),
            (Form::Kinds(kinds), Content::Scalar(Value::String(text)))
                if kinds.iter().any(|kind| kind.name == *text) =>
            {
                format!("; write {{ kind: {text} }}")
            }
            _ => String::new(),
        };
        self.error(&node.origin, format!("expected {}, found {found}{hint}", expected(shape)));
    }

    /// Whether it is still worth saying what was meant.
    fn is_hinted(&mut self) -> bool {
        let is_hinted = self.hints_left > 0;
        self.hints_left = self.hints_left.saturating_sub(1);
        is_hinted
    }

    fn unknown_key(&mut self, key: &str, keys: &Keys) -> String {
        if self.is_hinted() { unknown_key(key, keys) } else { UNKNOWN_KEY.to_owned() }
    }

    fn unknown_key_of_kind(&mut self, key: &str, kind: &Kind, kinds: &[Kind]) -> String {
        if self.is_hinted() {
            unknown_key_of_kind(key, kind, kinds)
        } else {
            UNKNOWN_KEY.to_owned()
        }
    }

    fn error(&mut self, place: &Origin, message: String) {
        self.errors.push(ConfigError::new(place, self.path.join("."), message));
    }

    fn within(&mut self, key: &str, look: impl FnOnce(&mut Self)) {
        self.path.push(key.to_owned());
        look(self);
        self.path.pop();
    }
}

/// What is said of a key beyond so many mistakes that hints are given.
const UNKNOWN_KEY: &str = "unknown key";

/// How `node` becomes a list of `item`.
fn in_list(item: &Shape, node: &Node) -> String {
    match (&item.form, &node.content) {
        (Form::Mapping(keys), Content::Scalar(_)) => {
            let key = keys.names().next().unwrap_or_default();
            format!("; write a list of mappings, such as [{{ {key}: … }}]")
        }
        _ => "; put it in brackets to make it a list".to_owned(),
    }
}

/// What `shape` is, as in "expected a number".
pub(super) fn expected(shape: &Shape) -> String {
    match &shape.form {
        Form::Mapping(keys) => {
            format!("a mapping with keys such as '{}'", keys.names().next().unwrap_or_default())
        }
        Form::Kinds(_) => "a mapping with the key 'kind'".to_owned(),
        Form::Named(_) | Form::Anything => "a mapping from names to values".to_owned(),
        Form::List(_) => "a list".to_owned(),
        Form::Choice(choices) => format!("one of {}", listed(names(choices))),
        Form::Text(None) => "a text".to_owned(),
        Form::Text(Some(form)) => form.expected().to_owned(),
        Form::Flag => "true or false".to_owned(),
        Form::Number(range) => range.to_string(),
    }
}

fn names(choices: &[Choice]) -> impl Iterator<Item = &str> + Clone {
    choices.iter().map(|choice| choice.name.as_str())
}

/// What was found, without telling a secret.
fn found(node: &Node, path: &[String]) -> String {
    match &node.content {
        Content::Scalar(Value::Null) => "nothing".to_owned(),
        Content::Scalar(_) if is_secret(&path.join(".")) => "a secret of another type".to_owned(),
        Content::Scalar(Value::String(text)) => format!("the text '{}'", quotation(text)),
        Content::Scalar(value) => value.to_string(),
        Content::List(_) => "a list".to_owned(),
        Content::Mapping(_) => "a mapping".to_owned(),
    }
}

/// Why `text` is none of `form` as value of `key`; `None` if it is one.
fn wrong_form(form: TextForm, text: &str, key: &str) -> Option<String> {
    let message = form.check(text, key).err()?;
    let shown = quotation(text);
    if shown == text {
        return Some(message);
    }
    // The message repeats the text.
    let of_shown = form.check(&shown, key).err();
    Some(of_shown.unwrap_or_else(|| format!("expected {}", form.expected())))
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("'{name}'")).collect::<Vec<_>>().join(", ")
}

/// Why the value of `node` is none of `names`.
fn one_of<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    node: &Node,
    path: &[String],
) -> String {
    let meant = node.text().and_then(|text| suggestion(text, names.clone()));
    let hint = meant.map(|meant| format!("; did you mean '{meant}'?")).unwrap_or_default();
    format!("expected one of {}, found {}{hint}", listed(names), found(node, path))
}

/// Why `key` is none of `keys`.
fn unknown_key(key: &str, keys: &Keys) -> String {
    if let Some(meant) = suggestion(key, keys.names()) {
        return format!("unknown key; did you mean '{meant}'?");
    }
    if let Some(own) = own_name(key) {
        return format!("unknown key; here it is {own}");
    }
    match home_of(key, shape(), "") {
        Some(path) => format!("unknown key here; did you mean '{path}'?"),
        None => format!("unknown key; expected one of {}", listed(keys.names())),
    }
}

fn unknown_key_of_kind(key: &str, kind: &Kind, kinds: &[Kind]) -> String {
    if let Some(meant) = suggestion(key, kind.keys.names()) {
        return format!("unknown key of kind '{}'; did you mean '{meant}'?", kind.name);
    }
    if let Some(other) = kinds.iter().find(|other| other.keys.get(key).is_some()) {
        return format!("unknown key of kind '{}'; kind '{}' has it", kind.name, other.name);
    }
    format!("unknown key of kind '{}'; it has {}", kind.name, listed(kind.keys.names()))
}

/// The first place in the whole configuration where the key `key` is known.
fn home_of(key: &str, shape: &Shape, path: &str) -> Option<String> {
    let Form::Mapping(keys) = &shape.form else { return None };
    let at = |name: &str| joined(path, name);
    if keys.get(key).is_some() {
        return Some(at(key));
    }
    keys.shapes.iter().find_map(|(name, shape)| home_of(key, shape, &at(name)))
}
