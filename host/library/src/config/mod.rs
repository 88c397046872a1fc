//! One configuration: defaults, a YAML file, the environment and flags become one checked [`Config`].
//!
//! Each source is a [`Layer`]; a [`Resolver`] puts layers together, checks them against the shape that the types of
//! [`Config`] have, and yields an [`Effective`] configuration in which every value knows its [`Origin`]. Whatever is wrong is
//! a [`ConfigError`] with its place. Nothing here reads a file, the environment or a clock.

mod access;
mod budget;
mod check;
mod completeness;
mod consistency;
mod data;
mod effective;
mod environment;
mod error;
mod foreign_key;
mod layer;
mod monitoring;
mod node;
mod origin;
mod path;
mod plugins;
mod quotation;
mod remainder;
mod report;
mod resolve;
mod schema;
mod secret;
mod sections;
mod strategy;
mod symbols;
mod template;
mod trust;
mod variable_name;
mod written_number;
mod yaml;
mod yaml_text;
mod yaml_tree;

#[cfg(test)]
mod tests;

pub use access::AccessConfig;
pub use budget::TEXT_BYTES_MAX;
pub use data::{BadData, DataConfig, RulesConfig};
pub use effective::{Effective, Shown};
pub use error::ConfigError;
pub use layer::Layer;
pub use monitoring::{LogFormat, LogLevel, MonitoringConfig};
pub use origin::Origin;
pub use plugins::PluginsConfig;
pub(crate) use quotation::quoted_value;
pub use quotation::{quotation, quoted_key};
pub use report::ReportConfig;
pub use resolve::Resolver;
pub use schema::{schema, shape};
pub use secret::is_name_of_secret;
pub use sections::Config;
pub use strategy::StrategyConfig;
pub use template::{Template, template};
pub use yaml_text::{yaml_items, yaml_text};
