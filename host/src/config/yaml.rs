//! Reads YAML in such a way that every key and value knows its line and column.

use saphyr::{LoadableYamlNode, MarkedYaml, Marker, Scalar, YamlData};
use serde_json::{Number, Value};

use super::node::{Content, Entry, Mapping, Node};
use super::{ConfigError, Origin};

/// Longest text that is read, in bytes: a configuration with every key and comment has a twentieth of it.
const TEXT_BYTES_MAX: usize = 1 << 20;

/// Deepest nesting of values: the deepest key of a configuration is at 6.
const DEPTH_MAX: usize = 64;

/// The one document in `text`, whose places `origin` names by line and column, both counted from 1; `None` if there is nothing
/// but comments.
///
/// # Errors
/// Everything that is no YAML, or has no place in a configuration.
pub(super) fn read(
    text: &str,
    origin: impl Fn(usize, usize) -> Origin,
) -> Result<Option<Node>, Vec<ConfigError>> {
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
    let documents = MarkedYaml::load_from_str(text).map_err(|error| {
        let hint = if error.info().contains("tab") { "; indent with spaces" } else { "" };
        refused(&place(&origin, *error.marker()), format!("no YAML: {}{hint}", error.info()))
    })?;
    let mut documents = documents.into_iter();
    let Some(first) = documents.next() else { return Ok(None) };
    if let Some(second) = documents.next() {
        let message = "a second document: expected one document in a file".to_owned();
        return Err(refused(&place(&origin, second.span.start), message));
    }
    let mut reader = Reader { origin, errors: Vec::new() };
    let node = reader.node(&first, "", DEPTH_MAX);
    match reader.errors.is_empty() {
        true if matches!(node.content, Content::Scalar(Value::Null)) => Ok(None),
        true => Ok(Some(node)),
        false => Err(reader.errors),
    }
}

#[derive(Debug)]
struct Reader<O> {
    origin: O,
    errors: Vec<ConfigError>,
}

impl<O: Fn(usize, usize) -> Origin> Reader<O> {
    fn node(&mut self, yaml: &MarkedYaml<'_>, path: &str, depth: usize) -> Node {
        let origin = place(&self.origin, yaml.span.start);
        let content = match &yaml.data {
            _ if depth == 0 => self.refuse(&origin, path, too_deep()),
            YamlData::Value(scalar) => match value(scalar) {
                Some(value) => Content::Scalar(value),
                None => self.refuse(&origin, path, "expected a finite number".to_owned()),
            },
            YamlData::Sequence(items) => {
                let item = |(place, item): (usize, &_)| {
                    self.node(item, &joined(path, &place.to_string()), depth - 1)
                };
                Content::List(items.iter().enumerate().map(item).collect())
            }
            YamlData::Mapping(pairs) => {
                let mut mapping = Mapping::new();
                for (key, value) in pairs {
                    let place = place(&self.origin, key.span.start);
                    let Some(name) = key.data.as_str() else {
                        let message = "expected a text as key: put it in quotes".to_owned();
                        self.refuse(&place, path, message);
                        continue;
                    };
                    let node = self.node(value, &joined(path, name), depth - 1);
                    mapping.insert(name.to_owned(), Entry { key: place, node });
                }
                Content::Mapping(mapping)
            }
            YamlData::Tagged(tag, _) => {
                let message =
                    format!("tags such as {}{} have no meaning here", tag.handle, tag.suffix);
                self.refuse(&origin, path, message)
            }
            YamlData::Representation(..) | YamlData::Alias(_) | YamlData::BadValue => self.refuse(
                &origin,
                path,
                "expected a value, found none that can be read".to_owned(),
            ),
        };
        Node { origin, content }
    }

    fn refuse(&mut self, origin: &Origin, path: &str, message: String) -> Content {
        self.errors.push(ConfigError::new(origin, path, message));
        Content::Scalar(Value::Null)
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

fn joined(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
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
