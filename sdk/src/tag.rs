//! The short reason of a signal.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    /// Every text that was ever restored: each one is leaked once, not once per restore.
    static RESTORED: RefCell<BTreeSet<&'static str>> = const { RefCell::new(BTreeSet::new()) };
}

/// A text constant of the strategy's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tag(pub(crate) &'static str);

impl Serialize for Tag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Tag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::restored)
    }
}

impl Tag {
    fn restored(text: String) -> Self {
        RESTORED.with_borrow_mut(|restored| {
            if let Some(known) = restored.get(text.as_str()) {
                return Self(known);
            }
            let text: &'static str = text.leak();
            restored.insert(text);
            Self(text)
        })
    }
}
