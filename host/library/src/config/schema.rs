//! The JSON Schema of a configuration: for editors, and to check against.

use std::sync::LazyLock;

use schemars::generate::SchemaSettings;
use serde_json::Value;

use super::Config;

static SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    settings.into_generator().into_root_schema_for::<Config>().to_value()
});

/// The JSON Schema of a configuration file, draft 2020-12. Every key has a description, and a default where it has one.
pub fn schema() -> &'static Value {
    &SCHEMA
}
