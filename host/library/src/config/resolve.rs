//! Puts layers together to one checked configuration.

use serde_json::json;

use super::budget::MISTAKES_MAX;
use super::check::Check;
use super::completeness::missing;
use super::node::Node;
use super::quotation::quotation;
use super::remainder::Remainder;
use super::shape;
use super::{Config, ConfigError, Effective, Layer, Origin, environment};
use ct_core::costs::{FeePreset, fee_presets};
use ct_core::suggestion::suggestion;

/// Puts layers together, the lowest first: what a later one says holds.
///
/// Mappings are put together key by key; lists and single values are replaced as a whole, and so is a mapping that says
/// another `kind`. Published fees that a layer names with `costs.fees.preset` lie just below that layer.
#[derive(Clone, Debug, Default)]
pub struct Resolver {
    layers: Vec<Layer>,
}

const PRESET: &str = "costs.fees.preset";

impl Resolver {
    /// Nothing but the defaults.
    pub const fn new() -> Self {
        Self { layers: Vec::new() }
    }

    /// The same with `layer` on top.
    #[must_use]
    pub fn layer(mut self, layer: Layer) -> Self {
        self.layers.push(layer);
        self
    }

    /// All layers together.
    ///
    /// # Errors
    /// Everything that is wrong in any layer, in the order of files and lines: unknown keys, wrong types, numbers out of range,
    /// keys that are missing, and everything that makes no sense together.
    pub fn resolve(self) -> Result<Effective, Vec<ConfigError>> {
        let shape = shape();
        let defaults =
            serde_json::to_value(Config::default()).map_err(|error| unreadable(&error))?;
        let defaults = Node::from_value(defaults, Origin::Default);
        let mut node = defaults.clone();
        let mut check = Check::default();
        for layer in self.layers {
            match preset(&layer) {
                Ok(fees) => node.merge(fees, Some(shape)),
                Err(error) => check.errors.push(error),
            }
            let (said, errors) = layer.into_parts();
            check.errors.extend(errors);
            if let Some(mut said) = said {
                environment::adopt_case(&mut said, &node);
                check.look_at_all(&said, Some(&node));
                node.merge(said, Some(shape));
            }
        }
        // A key that no kind was said for may turn out not to belong to the kind that a later layer says.
        if check.errors.len() <= MISTAKES_MAX {
            check.look_at_all(&node, None);
        }
        let mut errors = check.errors;
        errors.extend(missing(&node, shape, ""));
        errors.sort_unstable();
        errors.dedup();
        if errors.len() <= MISTAKES_MAX {
            errors.extend(Remainder::contradictions(&node, defaults, &errors));
        }
        none_of(errors)?;
        let config: Config =
            serde_json::from_value(node.to_value()).map_err(|error| unreadable(&error))?;
        Effective::new(config, node).map_err(|error| unreadable(&error))
    }
}

/// What lies below `layer`: the published fees that it names.
fn preset(layer: &Layer) -> Result<Node, ConfigError> {
    let named = layer.find(PRESET);
    let Some((node, name)) = named.and_then(|node| Some((node, node.text()?))) else {
        return Ok(Node::empty(Origin::Default));
    };
    let preset = FeePreset::named(name).ok_or_else(|| unknown_preset(node, name))?;
    let fees = json!({ "costs": { "fees": preset.schedule() } });
    Ok(Node::from_value(fees, Origin::Preset(name.to_owned())))
}

fn unknown_preset(node: &Node, name: &str) -> ConfigError {
    let names = fee_presets().iter().map(|preset| preset.name);
    let hint = match suggestion(name, names) {
        Some(meant) => format!("did you mean '{meant}'?"),
        None => "`ct-host fees` lists them".to_owned(),
    };
    ConfigError::new(
        &node.origin,
        PRESET,
        format!("there are no published fees '{}'; {hint}", quotation(name)),
    )
}

/// # Errors
/// `errors`, if there are any, each once and in the order of their places.
fn none_of(mut errors: Vec<ConfigError>) -> Result<(), Vec<ConfigError>> {
    errors.sort_unstable();
    errors.dedup();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// What no check has found: a value that its type does not take.
fn unreadable(error: &serde_json::Error) -> Vec<ConfigError> {
    vec![ConfigError::new(
        &Origin::Default,
        "",
        format!("the configuration cannot be read: {error}"),
    )]
}
