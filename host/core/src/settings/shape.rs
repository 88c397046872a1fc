//! What settings may be: their JSON Schema as types that a check, a template, a flag and the environment can walk.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::{NumberRange, TextForm, Trust};

/// The key that says which of several forms a mapping has.
pub const KIND: &str = "kind";

/// The JSON Schema of `T`, draft 2020-12, in one piece.
pub fn schema_of<T: JsonSchema>() -> Value {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<T>().to_value()
}

/// What a value may be.
#[derive(Clone, Debug)]
pub struct Shape {
    /// What it means, on one line.
    pub description: String,
    /// What holds when nobody says anything; `None` where something has to be said.
    pub default: Option<Value>,
    /// How a report says it, as the field declares by the attribute `x-told`: `{}` is the number, `{%}` it in per cent, `{×}` a multiple,
    /// `{quote}` an amount of quote asset.
    pub told: Option<String>,
    /// Whether it may be nothing.
    pub presence: Presence,
    /// Whether a file may say it that nobody named.
    pub trust: Trust,
    /// The form of a value that is there.
    pub form: Form,
}

/// Whether a value may be nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It has to be something.
    Always,
    /// It may be nothing.
    Optional,
}

/// The form of a value that is there.
#[derive(Clone, Debug)]
pub enum Form {
    /// A mapping with these keys.
    Mapping(Keys),
    /// A mapping whose `kind` says which keys it has.
    Kinds(Vec<Kind>),
    /// A mapping with keys that the user chooses.
    Named(Box<Shape>),
    /// A mapping that is checked elsewhere: the parameters of a strategy.
    Anything,
    /// Any number of these.
    List(Box<Shape>),
    /// One of these texts.
    Choice(Vec<Choice>),
    /// A text, which may have to be written in a certain way.
    Text(Option<TextForm>),
    /// True or false.
    Flag,
    /// One of these numbers.
    Number(NumberRange),
}

/// The keys of a mapping, in the order in which they are shown.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    /// What each may be.
    pub shapes: Vec<(String, Shape)>,
    /// Keys without which the mapping makes no sense.
    pub required: Vec<String>,
}

/// One of several forms of a mapping.
#[derive(Clone, Debug)]
pub struct Kind {
    /// What `kind` says.
    pub name: String,
    /// What it means.
    pub description: String,
    /// Without the key `kind` itself.
    pub keys: Keys,
}

/// A text that may be chosen.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The text.
    pub name: String,
    /// What it means.
    pub description: String,
}

impl Shape {
    /// What `schema` says.
    pub fn read(schema: &Value) -> Self {
        let (inner, presence) = without_null(schema);
        Self {
            description: described(schema),
            default: schema.get("default").cloned(),
            told: schema.get("x-told").and_then(Value::as_str).map(str::to_owned),
            presence,
            trust: Trust::read(schema),
            form: Form::read(inner),
        }
    }

    /// Whether this is a mapping that is always there.
    pub const fn is_section(&self) -> bool {
        let is_mapping = matches!(
            self.form,
            Form::Mapping(_) | Form::Kinds(_) | Form::Named(_) | Form::Anything
        );
        is_mapping && matches!(self.presence, Presence::Always)
    }

    /// What the value of `key` may be, in a mapping that has the kind `kind` if it has several.
    pub fn get(&self, key: &str, kind: Option<&str>) -> Option<&Self> {
        match &self.form {
            Form::Mapping(keys) => keys.get(key),
            Form::Kinds(kinds) => {
                kinds.iter().find(|one| Some(one.name.as_str()) == kind)?.keys.get(key)
            }
            Form::Named(value) => Some(value),
            _ => None,
        }
    }

    /// What the value at `path` may be, such as `risk.sizing.fraction`, whichever of several forms the mappings around it have.
    pub fn find(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |shape, key| match &shape.form {
            Form::Kinds(kinds) => kinds.iter().find_map(|kind| kind.keys.get(key)),
            Form::List(item) => key.parse::<usize>().ok().map(|_| &**item),
            _ => shape.get(key, None),
        })
    }
}

impl Keys {
    /// What the value of `key` may be.
    pub fn get(&self, key: &str) -> Option<&Shape> {
        self.shapes.iter().find(|(name, _)| name == key).map(|(_, shape)| shape)
    }

    /// The keys.
    pub fn names(&self) -> impl Iterator<Item = &str> {
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
