//! Checks that symbols which rules name are instruments of the run.

use std::collections::BTreeSet;

use super::budget::MISTAKES_MAX;
use super::node::Node;
use super::quotation::quotation;
use super::{Config, ConfigError};
use ct_core::suggestion::suggestion;

/// The instruments that there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Instruments<'a> {
    pub(super) symbols: &'a [&'a str],
    /// What they are called in an error: `data.symbols`.
    pub(super) called: &'a str,
}

/// Every symbol in groups, rules of instruments and budgets of `config` that is none of `instruments`, at the places that
/// `node` knows.
pub(super) fn unknown_symbols(
    config: &Config,
    node: &Node,
    instruments: Instruments<'_>,
) -> Vec<ConfigError> {
    let Instruments { symbols, called } = instruments;
    let known: BTreeSet<&str> = symbols.iter().copied().collect();
    let unknown = named(config).into_iter().filter(|(_, symbol)| !known.contains(symbol));
    unknown
        .enumerate()
        .map(|(place, (path, symbol))| {
            let is_hinted = place < MISTAKES_MAX;
            let meant = is_hinted.then(|| suggestion(symbol, symbols.iter().copied())).flatten();
            let hint = meant.map(|meant| format!("; did you mean '{meant}'?")).unwrap_or_default();
            let message = format!("'{}' is none of {called}{hint}", quotation(symbol));
            ConfigError::new(&node.nearest(&path).origin, path, message)
        })
        .collect()
}

/// Every symbol that a rule names, with the path of the rule.
fn named(config: &Config) -> Vec<(String, &str)> {
    let risk = &config.settings.risk;
    let mut named: Vec<(String, &str)> = Vec::new();
    for (name, group) in &risk.groups {
        let symbols = group.symbols.iter().enumerate();
        named.extend(symbols.map(|(place, symbol)| {
            (format!("risk.groups.{name}.symbols.{place}"), symbol.as_str())
        }));
    }
    let own = risk.instruments.keys();
    named.extend(own.map(|symbol| (format!("risk.instruments.{symbol}"), symbol.as_str())));
    let budgets = risk.budget.iter().flat_map(|budget| budget.budgets.keys());
    named.extend(budgets.map(|symbol| (format!("risk.budget.budgets.{symbol}"), symbol.as_str())));
    named
}

#[cfg(test)]
mod tests {
    use crate::config::{Layer, Resolver};

    #[test]
    fn symbols_that_no_loaded_instrument_has_are_told_with_their_place() {
        let text = "\
data: { files: [a.csv, b.csv] }
risk:
  groups: { majors: { symbols: [BTC/USDT, ETH/USD], exposure_max: 0.5 } }
  instruments: { DOGE/USDT: {} }
  budget: { budgets: { BTC/USDT: 0.5, btc/usdt: 0.5 } }
";
        let file = Layer::from_yaml(text, "a.yaml").unwrap();
        let effective = Resolver::new().layer(file).resolve().unwrap();
        let told = |symbols: &[&str]| {
            let errors = effective.unknown_symbols(symbols);
            errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        };
        let expected = "\
a.yaml:3:43: risk.groups.majors.symbols.1: 'ETH/USD' is none of the instruments; did you mean 'ETH/USDT'?
a.yaml:4:29: risk.instruments.DOGE/USDT: 'DOGE/USDT' is none of the instruments
a.yaml:5:49: risk.budget.budgets.btc/usdt: 'btc/usdt' is none of the instruments; did you mean 'BTC/USDT'?";
        assert_eq!(told(&["BTC/USDT", "ETH/USDT"]), expected);
        assert_eq!(told(&["BTC/USDT", "ETH/USD", "DOGE/USDT", "btc/usdt"]), "");
    }
}
