//! Reads YAML in such a way that every key and value knows its line and column.

use saphyr::{LoadableYamlNode, MarkedYaml, Marker, Scalar, ScanError, YamlData};
use serde_json::{Number, Value};

use super::duplicates::Unique;
use super::node::{Content, Entry, Mapping, Node};
use super::path::joined;
use super::{ConfigError, Origin};

/// Longest text that is read, in bytes: a configuration with every key and comment has a twentieth of it.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// Deepest nesting of values: the deepest key of a configuration is at 6.
const DEPTH_MAX: usize = 64;

/// The key with which some readers of YAML put another mapping in.
const MERGE: &str = "<<";

/// What a text says.
#[derive(Debug)]
pub(super) struct Read {
    /// `None` if there is nothing but comments.
    pub(super) node: Option<Node>,
    /// What has no place in a configuration, such as keys that stand twice. The node is without it.
    pub(super) errors: Vec<ConfigError>,
}

/// The one document in `text`, whose places `origin` names by line and column, both counted from 1.
///
/// # Errors
/// What makes `text` no YAML, or more than one document.
pub(super) fn read(
    text: &str,
    origin: impl Fn(usize, usize) -> Origin,
) -> Result<Read, Vec<ConfigError>> {
    let refused = |origin: &Origin, message: String| vec![ConfigError::new(origin, "", message)];
    // Some editors begin a file with a byte order mark.
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.len() > TEXT_BYTES_MAX {
        let message = format!("expected at most {TEXT_BYTES_MAX} bytes, found {}", text.len());
        return Err(refused(&origin(1, 1), message));
    }
    if let Some(line) = text.lines().position(is_too_deep) {
        return Err(refused(&origin(line + 1, 1), too_deep()));
    }
    let invalid = |error: ScanError| {
        let hint = if error.info().contains("tab") { "; indent with spaces" } else { "" };
        refused(&place(&origin, *error.marker()), format!("invalid YAML: {}{hint}", error.info()))
    };
    let unique = Unique::of(text).map_err(invalid)?;
    let documents = MarkedYaml::load_from_str(&unique.text).map_err(invalid)?;
    let mut documents = documents.into_iter();
    let Some(first) = documents.next() else { return Ok(Read { node: None, errors: Vec::new() }) };
    if let Some(second) = documents.next() {
        let message = "a second document: expected one document in a file".to_owned();
        return Err(refused(&place(&origin, second.span.start), message));
    }
    let mut reader = Reader { origin, unique: &unique, errors: Vec::new() };
    let node = reader.node(&first, "", DEPTH_MAX).filter(|node| !node.is_nothing());
    Ok(Read { node, errors: reader.errors })
}

#[derive(Debug)]
struct Reader<'a, O> {
    origin: O,
    unique: &'a Unique,
    errors: Vec<ConfigError>,
}

impl<O: Fn(usize, usize) -> Origin> Reader<'_, O> {
    /// `None` for what has no place in a configuration.
    fn node(&mut self, yaml: &MarkedYaml<'_>, path: &str, depth: usize) -> Option<Node> {
        let origin = place(&self.origin, yaml.span.start);
        let content = match &yaml.data {
            _ if depth == 0 => return self.refuse(&origin, path, too_deep()),
            YamlData::Value(scalar) => match value(scalar) {
                Some(value) => Content::Scalar(value),
                None => return self.refuse(&origin, path, "expected a finite number".to_owned()),
            },
            YamlData::Sequence(items) => {
                let item = |(place, item): (usize, &_)| {
                    self.node(item, &joined(path, &place.to_string()), depth - 1)
                };
                let items: Vec<_> = items.iter().enumerate().map(item).collect();
                Content::List(items.into_iter().collect::<Option<_>>()?)
            }
            YamlData::Mapping(pairs) => {
                let mut mapping = Mapping::new();
                for (key, value) in pairs {
                    if let Some((name, place)) = self.key(key, path, &mapping)
                        && let Some(node) = self.node(value, &joined(path, &name), depth - 1)
                    {
                        mapping.insert(name, Entry { key: place, node });
                    }
                }
                Content::Mapping(mapping)
            }
            YamlData::Tagged(tag, _) => {
                let message =
                    format!("tags such as {}{} have no meaning here", tag.handle, tag.suffix);
                return self.refuse(&origin, path, message);
            }
            YamlData::Representation(..) | YamlData::Alias(_) | YamlData::BadValue => {
                let message = "expected a value, found none that can be read".to_owned();
                return self.refuse(&origin, path, message);
            }
        };
        Some(Node::new(origin, content))
    }

    /// The name and the place of `key` in the mapping at `path` that has `others` before it.
    fn key(
        &mut self,
        key: &MarkedYaml<'_>,
        path: &str,
        others: &Mapping,
    ) -> Option<(String, Origin)> {
        let place = place(&self.origin, key.span.start);
        let Some(name) = key.data.as_str() else {
            let number = key.data.is_integer() || key.data.is_floating_point();
            let hint = if number { "; a number such as 10,000 is written 10000" } else { "" };
            let message = format!("expected a text as key: put it in quotes{hint}");
            return self.refuse(&place, path, message);
        };
        if name == MERGE {
            let message = "merge keys are not supported: write the keys, or an alias in place of a whole value";
            return self.refuse(&place, &joined(path, name), message.to_owned());
        }
        let Some(name) = self.unique.replaced(name) else { return Some((name.to_owned(), place)) };
        let first = others.get(name).map(|entry| format!(", first at {}", entry.key));
        let message = format!("stands twice{}; keep one of them", first.unwrap_or_default());
        self.refuse(&place, &joined(path, name), message)
    }

    fn refuse<T>(&mut self, origin: &Origin, path: &str, message: String) -> Option<T> {
        self.errors.push(ConfigError::new(origin, path, message));
        None
    }
}

fn value(scalar: &Scalar<'_>) -> Option<Value> {
    match scalar {
        Scalar::Null => Some(Value::Null),
        Scalar::Boolean(flag) => Some(Value::Bool(*flag)),
        Scalar::Integer(number) => Some(Value::Number((*number).into())),
        Scalar::FloatingPoint(number) => Number::from_f64(number.into_inner()).map(Value::Number),
        Scalar::String(text) => Some(Value::String(text.clone().into_owned())),
    }
}

fn place(origin: &impl Fn(usize, usize) -> Origin, marker: Marker) -> Origin {
    origin(marker.line(), marker.col() + 1)
}

/// Whether `line` alone opens more lists or mappings than anything sensible does. They would fill the stack.
fn is_too_deep(line: &str) -> bool {
    let opened = |character: &char| matches!(character, '-' | '?' | '[' | '{');
    let ignored = |character: &char| opened(character) || character.is_whitespace();
    line.chars().take_while(ignored).filter(opened).count() > DEPTH_MAX
}

fn too_deep() -> String {
    format!("expected values at most {DEPTH_MAX} deep in each other")
}
