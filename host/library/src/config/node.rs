//! A part of a configuration in which every value knows where it comes from.

use std::collections::{BTreeMap, btree_map};

use serde_json::Value;

use super::Origin;
use super::budget::Size;
use ct_core::settings::{Form, KIND, Shape};

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) origin: Origin,
    pub(super) content: Content,
    below: Below,
}

/// What becomes of the value of a lower layer that a mapping is put over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Below {
    /// Its keys hold where the mapping says nothing of them.
    Kept,
    /// Nothing of it is kept: the same source took it away before it said the mapping.
    Dropped,
}

/// What a value is made of.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// Nothing, a truth value, a number or a text.
    Scalar(Value),
    List(Vec<Node>),
    Mapping(Mapping),
}

/// Values by key.
pub(super) type Mapping = BTreeMap<String, Entry>;

/// A value of a mapping.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry {
    /// Where the key is.
    pub(super) key: Origin,
    pub(super) node: Node,
}

impl Node {
    pub(super) const fn new(origin: Origin, content: Content) -> Self {
        Self { origin, content, below: Below::Kept }
    }

    /// What an empty text says.
    pub(super) const fn nothing(origin: Origin) -> Self {
        Self::new(origin, Content::Scalar(Value::Null))
    }

    /// Whether this is what an empty text says.
    pub(super) fn is_nothing(&self) -> bool {
        matches!(self.content, Content::Scalar(Value::Null))
    }

    /// All of `value` from one origin.
    pub(super) fn from_value(value: Value, origin: Origin) -> Self {
        let inner = |value| Self::from_value(value, origin.clone());
        let content = match value {
            Value::Object(map) => {
                let entry = |(key, value)| (key, Entry::new(inner(value)));
                Content::Mapping(map.into_iter().map(entry).collect())
            }
            Value::Array(items) => Content::List(items.into_iter().map(inner).collect()),
            scalar => Content::Scalar(scalar),
        };
        Self::new(origin, content)
    }

    /// A mapping without keys.
    pub(super) const fn empty(origin: Origin) -> Self {
        Self::new(origin, Content::Mapping(Mapping::new()))
    }

    /// The same value from `origin`.
    pub(super) fn put_at(self, origin: Origin) -> Self {
        Self { origin, ..self }
    }

    /// This value as that of the key at `path`, in mappings within mappings.
    pub(super) fn at(self, path: &str) -> Self {
        path.rsplit('.').fold(self, |node, key| {
            let origin = node.origin.clone();
            let mapping = Mapping::from([(key.to_owned(), Entry::new(node))]);
            Self::new(origin, Content::Mapping(mapping))
        })
    }

    /// How much this says.
    pub(super) fn size(&self) -> Size {
        match &self.content {
            Content::Scalar(Value::String(text)) => Size::of_one(text.len()),
            Content::Scalar(_) => Size::of_one(0),
            Content::List(items) => {
                items.iter().map(Self::size).fold(Size::of_one(0), Size::around)
            }
            Content::Mapping(mapping) => {
                let sizes = mapping.iter().flat_map(|(key, entry)| {
                    [Size { depth: 0, ..Size::of_one(key.len()) }, entry.node.size()]
                });
                sizes.fold(Size::of_one(0), Size::around)
            }
        }
    }

    /// The values alone.
    pub(super) fn to_value(&self) -> Value {
        match &self.content {
            Content::Scalar(value) => value.clone(),
            Content::List(items) => items.iter().map(Self::to_value).collect(),
            Content::Mapping(mapping) => {
                let pair = |(key, entry): (&String, &Entry)| (key.clone(), entry.node.to_value());
                Value::Object(mapping.iter().map(pair).collect())
            }
        }
    }

    pub(super) const fn mapping(&self) -> Option<&Mapping> {
        match &self.content {
            Content::Mapping(mapping) => Some(mapping),
            Content::Scalar(_) | Content::List(_) => None,
        }
    }

    /// The value of `key`, if this is a mapping that has it.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.mapping()?.get(key).map(|entry| &entry.node)
    }

    /// The text, if this is one.
    pub(super) const fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Scalar(Value::String(text)) => Some(text.as_str()),
            _ => None,
        }
    }

    /// Which form a mapping says it has.
    pub(super) fn kind(&self) -> Option<&str> {
        self.get(KIND)?.text()
    }

    /// The value at `path`.
    pub(super) fn find(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, Self::get)
    }

    /// The value at `path`, or the innermost one around it that there is.
    pub(super) fn nearest(&self, path: &str) -> &Self {
        let mut node = self;
        for key in path.split('.') {
            node = match &node.content {
                Content::Mapping(mapping) => match mapping.get(key) {
                    Some(entry) => &entry.node,
                    None => return node,
                },
                Content::List(items) => {
                    match key.parse().ok().and_then(|place: usize| items.get(place)) {
                        Some(item) => item,
                        None => return node,
                    }
                }
                Content::Scalar(_) => return node,
            };
        }
        node
    }

    /// Takes the value at `path` away, or the innermost one around it that has a key. One without its kind goes as a whole.
    /// The path of what is gone; `None` if only the whole could go.
    pub(super) fn take_away(&mut self, path: &str) -> Option<String> {
        let keys: Vec<&str> = path.split('.').collect();
        let mut inner = &*self;
        let there = keys.iter().map_while(|key| {
            inner = inner.get(key)?;
            Some(*key)
        });
        let mut keys: Vec<&str> = there.collect();
        keys.pop_if(|key| *key == KIND);
        let (last, around) = keys.split_last()?;
        let mut node = self;
        for key in around {
            node = node.get_mut(key)?;
        }
        let Content::Mapping(mapping) = &mut node.content else { return None };
        mapping.remove(*last)?;
        Some(keys.join("."))
    }

    /// Takes empty sections away, such as `risk:` with nothing but comments below it: they say nothing.
    pub(super) fn forget_empty_sections(&mut self, shape: &Shape) {
        let kind = self.kind().map(str::to_owned);
        let Content::Mapping(mapping) = &mut self.content else { return };
        mapping.retain(|key, entry| {
            let Some(inner) = shape.get(key, kind.as_deref()) else { return true };
            entry.node.forget_empty_sections(inner);
            let is_named = matches!(shape.form, Form::Named(_));
            is_named || !inner.is_section() || !entry.node.is_nothing()
        });
    }

    fn get_mut(&mut self, key: &str) -> Option<&mut Self> {
        match &mut self.content {
            Content::Mapping(mapping) => mapping.get_mut(key).map(|entry| &mut entry.node),
            Content::Scalar(_) | Content::List(_) => None,
        }
    }

    /// Whether keys of the mapping below hold where this one says nothing of them.
    pub(super) fn keeps_below(&self) -> bool {
        self.below == Below::Kept
    }

    /// Puts `above` over this value, whose shape is `shape` if it is known: mappings key by key, everything else whole. A
    /// mapping of another kind is another thing, of which nothing is kept.
    pub(super) fn merge(&mut self, above: Self, shape: Option<&Shape>) {
        let has_kinds = shape.is_some_and(|shape| matches!(shape.form, Form::Kinds(_)));
        let kinds = self.kind().zip(above.kind());
        let is_other_kind = has_kinds && kinds.is_some_and(|(below, above)| below != above);
        let is_kept = above.keeps_below() && !is_other_kind;
        let kind = above.kind().or_else(|| self.kind()).map(str::to_owned);
        match (&mut self.content, above.content) {
            (Content::Mapping(below), Content::Mapping(above)) if is_kept => {
                for (key, entry) in above {
                    let shape = shape.and_then(|shape| shape.get(&key, kind.as_deref()));
                    match below.entry(key) {
                        btree_map::Entry::Occupied(mut under) => {
                            let under = under.get_mut();
                            under.key = entry.key;
                            under.node.merge(entry.node, shape);
                        }
                        btree_map::Entry::Vacant(place) => {
                            place.insert(entry);
                        }
                    }
                }
            }
            (_, content) => *self = Self { origin: above.origin, content, below: Below::Dropped },
        }
    }
}

impl Entry {
    fn new(node: Node) -> Self {
        Self { key: node.origin.clone(), node }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::config::shape;

    fn merged(below: Value, above: Value, shape: Option<&Shape>) -> Value {
        let mut node = Node::from_value(below, Origin::Default);
        node.merge(Node::from_value(above, Origin::Flag("--set".to_owned())), shape);
        node.to_value()
    }

    #[test]
    fn mappings_merge_and_everything_else_is_replaced() {
        for (below, above, expected) in [
            (json!({"a": 1, "b": 2}), json!({"b": 3}), json!({"a": 1, "b": 3})),
            (json!({"a": {"x": 1}}), json!({"a": {"y": 3}}), json!({"a": {"x": 1, "y": 3}})),
            (json!({"a": [1, 2, 3]}), json!({"a": [4]}), json!({"a": [4]})),
            (json!({"a": {"x": 1}}), json!({"a": null}), json!({"a": null})),
            (json!({"a": null}), json!({"a": {"x": 1}}), json!({"a": {"x": 1}})),
            (json!({"a": {"x": 1}}), json!({"a": {}}), json!({"a": {"x": 1}})),
            (json!({"kind": "a", "x": 1}), json!({"kind": "b"}), json!({"kind": "b", "x": 1})),
        ] {
            assert_eq!(
                merged(below.clone(), above.clone(), None),
                expected,
                "{below} under {above}"
            );
        }
    }

    #[test]
    fn another_kind_leaves_nothing_of_the_one_below() {
        let sizing = shape().get("risk", None).and_then(|risk| risk.get("sizing", None));
        let merged = |above| merged(json!({"kind": "fraction", "fraction": 1}), above, sizing);
        let other = json!({"kind": "kelly", "cap": 2});
        assert_eq!(merged(other.clone()), other);
        let same = json!({"kind": "fraction", "fraction": 1});
        assert_eq!(merged(json!({"kind": "fraction"})), same);
        let changed = json!({"kind": "fraction", "fraction": 0.5});
        assert_eq!(merged(json!({"fraction": 0.5})), changed);
    }

    #[test]
    fn a_value_is_found_by_its_path_and_so_is_what_is_around_it() {
        let value = json!({"a": {"b": [{"c": 1}], "d": 2}});
        let node = Node::from_value(value.clone(), Origin::Default);
        assert_eq!(node.to_value(), value);
        assert_eq!(node.find("a.d").unwrap().to_value(), json!(2));
        assert!(node.find("a.e").is_none());
        for (path, expected) in
            [("a.b.0.c", json!(1)), ("a.b.0.e", json!({"c": 1})), ("a.b.c", json!([{"c": 1}]))]
        {
            assert_eq!(node.nearest(path).to_value(), expected, "{path}");
        }
        let deep = Node::from_value(json!(1), Origin::Default).at("a.b.c");
        assert_eq!(deep.to_value(), json!({"a": {"b": {"c": 1}}}));
    }
}
