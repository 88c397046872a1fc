//! What a configuration may hold: the JSON Schema as types that a check, a template and the environment can walk.

use std::sync::LazyLock;

use serde_json::Value;

use super::node::KIND;
use super::number_range::NumberRange;
use super::schema::schema;
use super::text_form::TextForm;
use super::trust::Trust;

/// What a value may be.
#[derive(Clone, Debug)]
pub(super) struct Shape {
    pub(super) description: String,
    /// What holds when nobody says anything; `None` where something has to be said.
    pub(super) default: Option<Value>,
    pub(super) presence: Presence,
    /// Whether a file may say it that nobody named.
    pub(super) trust: Trust,
    pub(super) form: Form,
}

/// Whether a value may be nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Presence {
    Always,
    Optional,
}

/// The form of a value that is there.
#[derive(Clone, Debug)]
pub(super) enum Form {
    /// A mapping with these keys.
    Mapping(Keys),
    /// A mapping whose `kind` says which keys it has.
    Kinds(Vec<Kind>),
    /// A mapping with keys that the user chooses.
    Named(Box<Shape>),
    /// A mapping that is checked elsewhere: the parameters of a strategy.
    Anything,
    List(Box<Shape>),
    /// One of these texts.
    Choice(Vec<Choice>),
    Text(Option<TextForm>),
    Flag,
    Number(NumberRange),
}

/// The keys of a mapping, in the order in which they are shown.
#[derive(Clone, Debug, Default)]
pub(super) struct Keys {
    pub(super) shapes: Vec<(String, Shape)>,
    /// Keys without which the mapping makes no sense.
    pub(super) required: Vec<String>,
}

/// One of several forms of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) name: String,
    pub(super) description: String,
    /// Without the key `kind` itself.
    pub(super) keys: Keys,
}

/// A text that may be chosen.
#[derive(Clone, Debug)]
pub(super) struct Choice {
    pub(super) name: String,
    pub(super) description: String,
}

static ROOT: LazyLock<Shape> = LazyLock::new(|| Shape::read(schema()));

impl Shape {
    /// What a whole configuration may be.
    pub(super) fn of_config() -> &'static Self {
        &ROOT
    }

    fn read(schema: &Value) -> Self {
        let (inner, presence) = without_null(schema);
        Self {
            description: described(schema),
            default: schema.get("default").cloned(),
            presence,
            trust: Trust::read(schema),
            form: Form::read(inner),
        }
    }

    /// Whether this is a mapping that is always there.
    pub(super) const fn is_section(&self) -> bool {
        let is_mapping = matches!(
            self.form,
            Form::Mapping(_) | Form::Kinds(_) | Form::Named(_) | Form::Anything
        );
        is_mapping && matches!(self.presence, Presence::Always)
    }

    /// What the value of `key` may be, in a mapping that has the kind `kind` if it has several.
    pub(super) fn get(&self, key: &str, kind: Option<&str>) -> Option<&Self> {
        match &self.form {
            Form::Mapping(keys) => keys.get(key),
            Form::Kinds(kinds) => {
                kinds.iter().find(|one| Some(one.name.as_str()) == kind)?.keys.get(key)
            }
            Form::Named(value) => Some(value),
            _ => None,
        }
    }
}

impl Keys {
    pub(super) fn get(&self, key: &str) -> Option<&Shape> {
        self.shapes.iter().find(|(name, _)| name == key).map(|(_, shape)| shape)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.shapes.iter().map(|(name, _)| name.as_str())
    }

    fn read(schema: &Value) -> Self {
        let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        let properties = properties.filter(|(name, _)| *name != KIND);
        let required = texts(schema.get("required")).filter(|name| *name != KIND);
        Self {
            shapes: properties.map(|(name, schema)| (name.clone(), Shape::read(schema))).collect(),
            required: required.map(str::to_owned).collect(),
        }
    }
}

impl Form {
    fn read(schema: &Value) -> Self {
        if let Some(forms) = schema.get("oneOf").and_then(Value::as_array) {
            return match forms.iter().map(Kind::read).collect() {
                Some(kinds) => Self::Kinds(kinds),
                None => Self::Choice(forms.iter().filter_map(Choice::read).collect()),
            };
        }
        match type_name(schema) {
            Some("object") => Self::read_mapping(schema),
            Some("array") => Self::List(Box::new(Shape::read(member(schema, "items")))),
            Some("boolean") => Self::Flag,
            Some("integer" | "number") => Self::Number(NumberRange::read(schema)),
            Some("string") => {
                let pattern = schema.get("pattern").and_then(Value::as_str);
                Self::Text(pattern.and_then(TextForm::of_pattern))
            }
            _ => Self::Anything,
        }
    }

    fn read_mapping(schema: &Value) -> Self {
        match schema.get("additionalProperties") {
            Some(Value::Bool(true)) => Self::Anything,
            Some(named @ Value::Object(_)) => Self::Named(Box::new(Shape::read(named))),
            _ => Self::Mapping(Keys::read(schema)),
        }
    }
}

impl Kind {
    fn read(schema: &Value) -> Option<Self> {
        let name = schema.get("properties")?.get(KIND)?.get("const")?.as_str()?;
        Some(Self {
            name: name.to_owned(),
            description: described(schema),
            keys: Keys::read(schema),
        })
    }
}

impl Choice {
    fn read(schema: &Value) -> Option<Self> {
        let name = schema.get("const")?.as_str()?.to_owned();
        Some(Self { name, description: described(schema) })
    }
}

/// The part of `schema` that is not "or nothing".
fn without_null(schema: &Value) -> (&Value, Presence) {
    let is_null = |schema: &Value| schema.get("type").and_then(Value::as_str) == Some("null");
    if let Some(forms) = schema.get("anyOf").and_then(Value::as_array) {
        let form = forms.iter().find(|form| !is_null(form));
        return (form.unwrap_or(schema), Presence::Optional);
    }
    let has_null = texts(schema.get("type")).any(|name| name == "null");
    (schema, if has_null { Presence::Optional } else { Presence::Always })
}

/// The name of the type that is not "or nothing".
pub(super) fn type_name(schema: &Value) -> Option<&str> {
    let types = schema.get("type")?;
    types.as_str().or_else(|| texts(Some(types)).find(|name| *name != "null"))
}

fn texts(list: Option<&Value>) -> impl Iterator<Item = &str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn member<'a>(schema: &'a Value, name: &str) -> &'a Value {
    schema.get(name).unwrap_or(&Value::Null)
}

/// The description on one line.
fn described(schema: &Value) -> String {
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
