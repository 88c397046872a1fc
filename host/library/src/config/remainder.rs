//! What is left of a configuration without the values that are wrong: it shows what makes no sense together among the others.

use std::collections::BTreeSet;

use super::completeness::missing;
use super::node::Node;
use super::path::is_within;
use super::shape;
use super::{Config, ConfigError, consistency};

/// A configuration in which defaults stand for the values that are wrong.
#[derive(Debug)]
pub(super) struct Remainder {
    config: Config,
    /// Paths of the values that are wrong.
    failed: BTreeSet<String>,
}

impl Remainder {
    /// Everything that makes no sense together in `node`, as far as it can be told beside `errors`.
    pub(super) fn contradictions(
        node: &Node,
        defaults: Node,
        errors: &[ConfigError],
    ) -> Vec<ConfigError> {
        let Some(remainder) = Self::of(node, defaults, errors) else { return Vec::new() };
        let mut found = consistency::contradictions(&remainder.config, node);
        found.retain(|error| !remainder.concerns(error));
        found
    }

    /// `None` if what is wrong leaves nothing that can be read.
    fn of(node: &Node, mut defaults: Node, errors: &[ConfigError]) -> Option<Self> {
        let shape = shape();
        let (mut left, mut failed) = (node.clone(), BTreeSet::new());
        // An error without a path is about no value.
        let paths = errors.iter().map(|error| error.path().to_owned());
        let mut wrong: Vec<String> = paths.filter(|path| !path.is_empty()).collect();
        // A mapping that lost a key which has no default goes too. Each round makes the rest smaller.
        while !wrong.is_empty() {
            let mut gone: BTreeSet<String> = BTreeSet::new();
            for path in wrong {
                if !gone.iter().any(|gone| is_within(&path, gone)) {
                    gone.insert(left.take_away(&path)?);
                }
            }
            failed.extend(gone);
            wrong = missing(&left, shape, "").iter().map(|error| error.path().to_owned()).collect();
        }
        defaults.merge(left, Some(shape));
        let config = serde_json::from_value(defaults.to_value()).ok()?;
        Some(Self { config, failed })
    }

    /// Whether `error` may be about a default that stands for a wrong value: it lies below one, or compares with one.
    fn concerns(&self, error: &ConfigError) -> bool {
        let is_told = |failed: &String| {
            is_within(error.path(), failed) || error.message().contains(failed.as_str())
        };
        self.failed.iter().any(is_told)
    }
}
