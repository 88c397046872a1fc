//! Puts the events of a YAML text together to a tree of values, within the budget of a configuration.

use std::collections::{BTreeMap, BTreeSet};

use saphyr::{Scalar, Tag};
use saphyr_parser::Event;
use serde_json::{Number, Value};

use super::budget::{DEPTH_MAX, KEY_BYTES_MAX, MISTAKES_MAX, Size, Spent, too_deep};
use super::node::{Content, Entry, Mapping, Node};
use super::path::joined;
use super::yaml::Read;
use super::{ConfigError, Origin};

/// The key with which some readers of YAML put another mapping in.
const MERGE: &str = "<<";

/// What has been read of a text.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// Lists and mappings that have begun and not ended, each within the one before.
    open: Vec<Open>,
    /// Values that have a name by which they can be put in again.
    anchors: BTreeMap<usize, Node>,
    document: Document,
    spent: Spent,
    errors: Vec<ConfigError>,
    /// Mistakes that are counted and not told, and where the first of them is.
    untold: Option<(Origin, usize)>,
}

/// What has been read of the first document.
#[derive(Debug, Default)]
enum Document {
    #[default]
    Awaited,
    /// Its value, if it has a place in a configuration.
    Read(Option<Node>),
    /// Another one follows, here.
    Followed(Origin),
}

/// A list or mapping that has begun and not ended.
#[derive(Debug)]
struct Open {
    origin: Origin,
    anchor: usize,
    parts: Parts,
}

#[derive(Debug)]
enum Parts {
    List {
        items: Vec<Node>,
        /// Items so far, those included that have no place in a configuration.
        count: usize,
    },
    Mapping {
        entries: Mapping,
        /// Keys whose values have no place in a configuration.
        refused: BTreeSet<String>,
        next: Next,
    },
    /// A list or mapping that itself has no place in a configuration.
    Nothing,
}

/// What follows in a mapping.
#[derive(Debug)]
enum Next {
    Key,
    /// The value of this key.
    Value(String, Origin),
    /// The value of a key that has no place in a configuration.
    Nothing,
}

impl Tree {
    /// Takes in `event`, which is at `origin`.
    ///
    /// # Errors
    /// Which limit of a text it goes past.
    pub(super) fn take(&mut self, event: Event<'_>, origin: Origin) -> Result<(), ConfigError> {
        match &self.document {
            Document::Followed(_) => return Ok(()),
            Document::Read(_) if is_value(&event) => {
                self.document = Document::Followed(origin);
                return Ok(());
            }
            Document::Read(_) | Document::Awaited => {}
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.spend(&origin, Size::of_one(text.len() + length(tag.as_deref())))?;
                let is_foreign = tag.as_deref().is_some_and(is_foreign);
                let scalar = Scalar::parse_from_cow_and_metadata(text, style, tag.as_ref());
                let node = match scalar.as_ref().map(value) {
                    _ if is_foreign => self.refuse(&origin, TAGGED),
                    Some(Some(value)) => Some(Node::new(origin, Content::Scalar(value))),
                    Some(None) => self.refuse(&origin, "expected a finite number"),
                    None => self.refuse(&origin, UNREADABLE),
                };
                self.put(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                let parts = Parts::List { items: Vec::new(), count: 0 };
                self.begin(origin, anchor, tag.as_deref(), parts)
            }
            Event::MappingStart(anchor, tag) => {
                let (entries, refused) = (Mapping::new(), BTreeSet::new());
                let parts = Parts::Mapping { entries, refused, next: Next::Key };
                self.begin(origin, anchor, tag.as_deref(), parts)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(ended) => {
                    let anchor = ended.anchor;
                    self.put(ended.into_node(), anchor)
                }
                None => Ok(()),
            },
            Event::Alias(anchor) => {
                let node = self.named(anchor, origin)?;
                self.put(node, 0)
            }
            Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::Nothing => Ok(()),
        }
    }

    /// All that was read.
    ///
    /// # Errors
    /// That there is more than one document.
    pub(super) fn finished(mut self) -> Result<Read, Vec<ConfigError>> {
        let node = match self.document {
            Document::Awaited => None,
            Document::Read(node) => node.filter(|node| !node.is_nothing()),
            Document::Followed(place) => {
                let message = "a second document: expected one document in a file";
                return Err(vec![ConfigError::new(&place, "", message)]);
            }
        };
        if let Some((place, count)) = self.untold {
            let message = format!(
                "here and below {count} more mistakes like those before, which are not told"
            );
            self.errors.push(ConfigError::new(&place, "", message));
        }
        Ok(Read { node, errors: self.errors })
    }

    fn spend(&mut self, place: &Origin, size: Size) -> Result<(), ConfigError> {
        if self.open.len() + size.depth > DEPTH_MAX {
            return Err(ConfigError::new(place, "", too_deep()));
        }
        self.spent.add(size).map_err(|message| ConfigError::new(place, "", message))
    }

    fn begin(
        &mut self,
        origin: Origin,
        anchor: usize,
        tag: Option<&Tag>,
        parts: Parts,
    ) -> Result<(), ConfigError> {
        self.spend(&origin, Size::of_one(length(tag)))?;
        let is_foreign = tag.is_some_and(is_foreign);
        if is_foreign {
            self.refuse::<Node>(&origin, TAGGED);
        }
        let parts = if is_foreign { Parts::Nothing } else { parts };
        self.open.push(Open { origin, anchor, parts });
        Ok(())
    }

    /// The value of the name `anchor`, put in again at `origin`; `None` if it has no place in a configuration.
    fn named(&mut self, anchor: usize, origin: Origin) -> Result<Option<Node>, ConfigError> {
        if self.open.iter().any(|open| open.anchor == anchor) {
            return Ok(self.refuse(&origin, "an alias within the very value that it stands for"));
        }
        // What is not there was refused where it is written.
        let size = self.anchors.get(&anchor).map_or(Size::of_one(0), Node::size);
        self.spend(&origin, size)?;
        Ok(self.anchors.get(&anchor).cloned().map(|node| node.put_at(origin)))
    }

    /// Puts `node`, which is `None` if it has no place in a configuration, where it belongs.
    fn put(&mut self, node: Option<Node>, anchor: usize) -> Result<(), ConfigError> {
        if let Some(node) = node.as_ref().filter(|_| anchor > 0) {
            self.spend(&node.origin, node.size())?;
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.parts) {
            None => self.document = Document::Read(node),
            Some(Parts::Nothing) => {}
            Some(Parts::List { items, count }) => {
                *count += 1;
                items.extend(node);
            }
            Some(Parts::Mapping { entries, refused, next }) => {
                match (std::mem::replace(next, Next::Key), node) {
                    (Next::Key, key) => self.expect_value_of(key),
                    (Next::Value(name, key), Some(node)) => {
                        entries.insert(name, Entry { key, node });
                    }
                    (Next::Value(name, _), None) => {
                        refused.insert(name);
                    }
                    (Next::Nothing, _) => {}
                }
            }
        }
        Ok(())
    }

    /// Makes the next value of the innermost mapping that of `key`.
    fn expect_value_of(&mut self, key: Option<Node>) {
        let expected = key.and_then(|key| self.name(key));
        if let Some(Open { parts: Parts::Mapping { next, .. }, .. }) = self.open.last_mut() {
            *next = expected.map_or(Next::Nothing, |(name, place)| Next::Value(name, place));
        }
    }

    /// The name and the place of `key` in the innermost mapping.
    fn name(&mut self, key: Node) -> Option<(String, Origin)> {
        let Node { origin, content, .. } = key;
        let name = match content {
            Content::Scalar(Value::String(name)) => name,
            Content::Scalar(Value::Number(_)) => {
                return self.refuse(&origin, NUMBER_AS_KEY);
            }
            _ => return self.refuse(&origin, "expected a text as key: put it in quotes"),
        };
        if name.len() > KEY_BYTES_MAX {
            let found = name.len();
            let message = format!("expected a key of at most {KEY_BYTES_MAX} bytes, found {found}");
            return self.refuse(&origin, &message);
        }
        if name == MERGE {
            return self.refuse_key(&origin, &name, "merge keys are not supported: write the keys, or an alias in place of a whole value");
        }
        match self.first_of(&name) {
            Some(first) => {
                self.refuse_key(&origin, &name, &format!("stands twice{first}; keep one of them"))
            }
            None => Some((name, origin)),
        }
    }

    /// What is told of the key `name` having stood in the innermost mapping before; `None` if it did not.
    fn first_of(&self, name: &str) -> Option<String> {
        let Parts::Mapping { entries, refused, .. } = &self.open.last()?.parts else { return None };
        match entries.get(name) {
            Some(entry) => Some(format!(", first at {}", entry.key)),
            None => refused.contains(name).then(String::new),
        }
    }

    fn refuse<T>(&mut self, place: &Origin, message: &str) -> Option<T> {
        self.tell(place, self.path(), message)
    }

    fn refuse_key<T>(&mut self, place: &Origin, name: &str, message: &str) -> Option<T> {
        self.tell(place, joined(&self.path(), name), message)
    }

    fn tell<T>(&mut self, place: &Origin, path: String, message: &str) -> Option<T> {
        // The last one counts the others.
        if self.errors.len() + 1 < MISTAKES_MAX {
            self.errors.push(ConfigError::new(place, path, message));
        } else {
            let (_, count) = self.untold.get_or_insert_with(|| (place.clone(), 0));
            *count += 1;
        }
        None
    }

    /// The keys down to what is read now.
    fn path(&self) -> String {
        self.open.iter().fold(String::new(), |path, open| match &open.parts {
            Parts::List { count, .. } => joined(&path, &count.to_string()),
            Parts::Mapping { next: Next::Value(name, _), .. } => joined(&path, name),
            Parts::Mapping { .. } | Parts::Nothing => path,
        })
    }
}

impl Open {
    fn into_node(self) -> Option<Node> {
        let content = match self.parts {
            Parts::List { items, count } if items.len() == count => Content::List(items),
            Parts::Mapping { entries, .. } => Content::Mapping(entries),
            Parts::List { .. } | Parts::Nothing => return None,
        };
        Some(Node::new(self.origin, content))
    }
}

/// What is told of tags, without the tag: a secret that begins with ! looks like one.
const TAGGED: &str = "a tag has no meaning here; put a text that begins with ! in quotes";

const UNREADABLE: &str = "expected a value, found none that can be read";

const NUMBER_AS_KEY: &str =
    "expected a text as key: put it in quotes; a number such as 10,000 is written 10000";

/// Whether `event` begins a value.
const fn is_value(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..) | Event::Alias(_)
    )
}

/// Whether `tag` is none of those that YAML itself has, such as `!!str`.
fn is_foreign(tag: &Tag) -> bool {
    !tag.is_yaml_core_schema()
}

/// Bytes of `tag`, which a directive can make longer than it is written.
fn length(tag: Option<&Tag>) -> usize {
    tag.map_or(0, |tag| tag.handle.len() + tag.suffix.len())
}

/// `None` for what is no finite number.
fn value(scalar: &Scalar<'_>) -> Option<Value> {
    match scalar {
        Scalar::Null => Some(Value::Null),
        Scalar::Boolean(flag) => Some(Value::Bool(*flag)),
        Scalar::Integer(number) => Some(Value::Number((*number).into())),
        Scalar::FloatingPoint(number) => Number::from_f64(number.into_inner()).map(Value::Number),
        Scalar::String(text) => Some(Value::String(text.clone().into_owned())),
    }
}
