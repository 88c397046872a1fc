//! The configuration that holds, with the origin of every value.

use std::collections::BTreeMap;

use serde_json::Value;

use super::node::Node;
use super::secret::redacted;
use super::symbols::{Instruments, unknown_symbols};
use super::{Config, ConfigError, Origin};
use ct_core::engine::Scope;
use ct_core::risk::{Sizing, Weights};
use ct_core::units::Rate;

/// The configuration that holds, with the origin of every value.
#[derive(Clone, Debug)]
pub struct Effective {
    /// Checked: every value is in its range, and they make sense together.
    pub config: Config,
    entries: Vec<Setting>,
    /// The place of each path in `entries`.
    places: BTreeMap<String, usize>,
    /// What was said, for the places of what is found wrong later.
    said: Node,
}

/// One value that holds.
#[derive(Clone, Debug)]
struct Setting {
    keys: Vec<String>,
    value: Value,
    origin: Origin,
}

/// One value that holds, as everyone may see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown<'a> {
    /// Keys down to the value.
    pub keys: &'a [String],
    /// The value; `***` for a secret.
    pub value: Value,
    /// Where it comes from.
    pub origin: &'a Origin,
}

impl Effective {
    /// `config`, that was read from `node`.
    ///
    /// # Errors
    /// Those of the serializer.
    pub(super) fn new(config: Config, node: Node) -> Result<Self, serde_json::Error> {
        let value = serde_json::to_value(&config)?;
        let mut entries = Vec::new();
        flatten(&value, Some(&node), &mut Vec::new(), &mut entries);
        // Of two that look alike, since a name may have a dot, the first is meant.
        let paths = entries.iter().enumerate().rev();
        let places = paths.map(|(place, entry)| (entry.path(), place)).collect();
        Ok(Self { config, entries, places, said: node })
    }

    /// Every value with its path and its origin. Lists are one value, and so are mappings without keys.
    pub fn entries(&self) -> impl Iterator<Item = (String, &Value, &Origin)> {
        self.entries.iter().map(|entry| (entry.path(), &entry.value, &entry.origin))
    }

    /// The same without secrets: values of keys such as `api_key`, and users and passwords in addresses, are `***`.
    pub fn shown(&self) -> impl Iterator<Item = Shown<'_>> {
        self.entries.iter().map(|entry| Shown {
            keys: &entry.keys,
            value: redacted(&entry.path(), &entry.value),
            origin: &entry.origin,
        })
    }

    /// Where the value at `path` comes from; `None` if there is no value of this path.
    pub fn origin(&self, path: &str) -> Option<&Origin> {
        self.entries.get(*self.places.get(path)?).map(|entry| &entry.origin)
    }

    /// Takes over what `exchange` tells of its fees, as far as nobody said any.
    pub(crate) fn tell_fees(&mut self, exchange: &str, maker: Rate, taker: Rate) {
        let fees = &mut self.config.settings.costs.fees;
        for (path, told, fee) in [
            ("costs.fees.maker_bps", maker, &mut fees.maker_bps),
            ("costs.fees.taker_bps", taker, &mut fees.taker_bps),
        ] {
            let entry = self.places.get(path).and_then(|place| self.entries.get_mut(*place));
            if let Some(entry) = entry.filter(|entry| entry.origin == Origin::Default) {
                *fee = told;
                entry.value = told.to_bps().into();
                entry.origin = Origin::Exchange(exchange.to_owned());
            }
        }
    }

    /// Sizes a strategy of this scope where nobody said how: the targets of one that decides about all instruments together are
    /// weights.
    pub(crate) fn size_for(&mut self, scope: Scope) {
        let unsaid = |path| self.origin(path).is_none_or(|origin| *origin == Origin::Default);
        if scope == Scope::Portfolio && unsaid("risk.sizing.kind") && unsaid("risk.sizing.fraction")
        {
            self.config.settings.risk.sizing = Sizing::Weights(Weights {});
        }
    }

    /// Every symbol in groups, rules of instruments and budgets that is none of `symbols`, the instruments whose prices were
    /// loaded. Where `data.symbols` names the instruments there is nothing left to find.
    pub fn unknown_symbols(&self, symbols: &[&str]) -> Vec<ConfigError> {
        let instruments = Instruments { symbols, called: "the instruments" };
        unknown_symbols(&self.config, &self.said, instruments)
    }
}

impl Setting {
    fn path(&self) -> String {
        self.keys.join(".")
    }
}

/// Adds the values in `value`, which is that of `keys`, to `entries`. What `node` does not have has been filled in by default.
fn flatten(value: &Value, node: Option<&Node>, keys: &mut Vec<String>, entries: &mut Vec<Setting>) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                keys.push(key.clone());
                flatten(value, node.and_then(|node| node.get(key)), keys, entries);
                keys.pop();
            }
        }
        _ => {
            let origin = node.map_or(Origin::Default, |node| node.origin.clone());
            entries.push(Setting { keys: keys.clone(), value: value.clone(), origin });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Layer, Resolver};

    #[test]
    fn targets_of_a_portfolio_are_weights_where_nobody_said_anything() {
        let sized = |file: &str, scope| {
            let layer = Layer::from_yaml(file, "a.yaml").unwrap();
            let mut effective = Resolver::new().layer(layer).resolve().unwrap();
            effective.size_for(scope);
            serde_json::to_value(effective.config.settings.risk.sizing).unwrap()["kind"].clone()
        };
        for (file, scope, kind) in [
            ("", Scope::Portfolio, "weights"),
            ("", Scope::Instrument, "fraction"),
            ("risk: { sizing: { fraction: 0.5 } }", Scope::Portfolio, "fraction"),
            ("risk: { sizing: { kind: fraction } }", Scope::Portfolio, "fraction"),
            ("risk: { sizing: { kind: kelly } }", Scope::Portfolio, "kelly"),
            ("risk: { sizing: { kind: weights } }", Scope::Instrument, "weights"),
        ] {
            assert_eq!(sized(file, scope), kind, "{file} {scope:?}");
        }
    }

    #[test]
    fn what_an_exchange_tells_holds_where_nobody_said_anything() {
        const MAKER: &str = "costs.fees.maker_bps";
        let bps = |bps| Rate::from_bps(bps).unwrap();
        let told = |file: &str| {
            let layer = Layer::from_yaml(file, "a.yaml").unwrap();
            let mut effective = Resolver::new().layer(layer).resolve().unwrap();
            effective.tell_fees("kraken", bps(1.0), bps(2.0));
            let fees = effective.config.settings.costs.fees.clone();
            (fees.maker_bps, fees.taker_bps, effective.origin(MAKER).cloned())
        };
        let kraken = Some(Origin::Exchange("kraken".to_owned()));
        assert_eq!(told(""), (bps(1.0), bps(2.0), kraken.clone()));
        assert_eq!(told("costs: { fees: { taker_bps: 7 } }"), (bps(1.0), bps(7.0), kraken));
        let (_, _, origin) = told("costs: { fees: { preset: binance-spot } }");
        assert_eq!(origin, Some(Origin::Preset("binance-spot".to_owned())));
    }
}
