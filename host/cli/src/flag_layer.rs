//! Flags as a layer of the configuration.

use serde::Serialize;

use ct_host::config::{Layer, Origin};

/// What flags say, each value with the flag that said it.
#[derive(Debug)]
pub(super) struct FlagLayer(Layer);

impl FlagLayer {
    pub(super) fn new() -> Self {
        Self(Layer::empty())
    }

    /// `flag` says that the key at `path` is `value`.
    pub(super) fn set(&mut self, flag: &str, path: &str, value: impl Serialize) {
        // Numbers, texts and lists of them always are JSON; nothing else is given here.
        let value = serde_json::to_value(value).unwrap_or_default();
        self.0.set(path, value, Origin::Flag(flag.to_owned()));
    }

    /// The same, if the flag is given.
    pub(super) fn set_given(&mut self, flag: &str, path: &str, value: Option<impl Serialize>) {
        if let Some(value) = value {
            self.set(flag, path, value);
        }
    }

    /// `flag` says that the optional key at `path` is nothing.
    pub(super) fn unset(&mut self, flag: &str, path: &str) {
        self.set(flag, path, ());
    }

    pub(super) fn into_layer(self) -> Layer {
        self.0
    }
}
