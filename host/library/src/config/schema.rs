//! What a whole configuration may be: its JSON Schema, for editors, and the same as a shape, to check against.

use std::sync::LazyLock;

use serde_json::Value;

use super::Config;
use ct_core::settings::{Shape, schema_of};

static SCHEMA: LazyLock<Value> = LazyLock::new(schema_of::<Config>);

static SHAPE: LazyLock<Shape> = LazyLock::new(|| Shape::read(&SCHEMA));

/// The JSON Schema of a configuration file, draft 2020-12. Every key has a description, and a default where it has one.
pub fn schema() -> &'static Value {
    &SCHEMA
}

/// What each key of a configuration may be, as its field declares it.
pub fn shape() -> &'static Shape {
    &SHAPE
}
