//! The files to begin with.

use serde_json::Value;

use super::writer::Writer;
use crate::config::{Config, ConfigError, Layer, Resolver};

/// A configuration to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
pub enum Template {
    /// Every key as it is without a file
    #[default]
    Default,
    /// Small positions, tight loss limits, high costs
    Conservative,
    /// Leverage, short positions and wide loss limits
    Aggressive,
    /// One account for many assets: equal risk, caps on groups and on positions that move together
    MultiAsset,
}

impl Template {
    /// What differs from the defaults.
    const fn differences(self) -> &'static str {
        match self {
            Self::Default => "",
            Self::Conservative => include_str!("conservative.yaml"),
            Self::Aggressive => include_str!("aggressive.yaml"),
            Self::MultiAsset => include_str!("multi_asset.yaml"),
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Default => "every key with what it is without this file",
            Self::Conservative => "small positions, tight loss limits, high costs",
            Self::Aggressive => "leverage, short positions and wide loss limits",
            Self::MultiAsset => "one account for many assets",
        }
    }
}

/// A commented configuration file with every key.
///
/// ```
/// use ct_host::config::{Layer, Resolver, Template, template};
/// let text = template(Template::Conservative).unwrap();
/// let file = Layer::from_yaml(&text, "ct-host.yaml").unwrap();
/// assert!(Resolver::new().layer(file).resolve().is_ok());
/// ```
///
/// # Errors
/// What is wrong with the template; a test makes sure that there is nothing.
pub fn template(template: Template) -> Result<String, Vec<ConfigError>> {
    let layer = Layer::from_yaml(template.differences(), "template")?;
    let effective = Resolver::new().layer(layer).resolve()?;
    let value = serde_json::to_value(&effective.config).unwrap_or(Value::Null);
    let defaults = serde_json::to_value(Config::default()).unwrap_or(Value::Null);
    Ok(Writer::whole(template.title(), &value, defaults))
}
