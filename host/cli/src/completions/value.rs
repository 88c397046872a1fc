//! The values that arguments take: those that the command line itself lists, and those that this program or machine has.

use std::collections::BTreeSet;

use clap::{Arg, Command};

use super::word::Word;
use crate::config_file::ConfigArgs;
use crate::environment::Environment;
use crate::flag_layer::FlagLayer;
use ct_host::costs::fee_presets;
use ct_host::data::exchange::Exchanges;
use ct_host::data::store::Store;
use ct_host::plugin::built_ins;

/// What this machine has.
#[derive(Debug)]
pub(super) struct Known<'a> {
    /// Nowhere in tests.
    environment: Option<&'a Environment>,
}

impl<'a> Known<'a> {
    pub(super) const fn of(environment: &'a Environment) -> Self {
        Self { environment: Some(environment) }
    }

    #[cfg(test)]
    pub(super) const fn of_nothing_kept() -> Self {
        Self { environment: None }
    }

    /// The values that `argument` of `command` takes, none where anything may stand; `None` where files may stand too.
    pub(super) fn values(&self, command: &Command, argument: &Arg) -> Option<Vec<Word>> {
        let listed = argument.get_possible_values();
        if !listed.is_empty() {
            let shown = listed.iter().filter(|value| !value.is_hide_set());
            let meaning = |help: Option<&clap::builder::StyledStr>| {
                help.map(ToString::to_string).unwrap_or_default()
            };
            return Some(
                shown
                    .map(|value| Word::new(value.get_name(), &meaning(value.get_help())))
                    .collect(),
            );
        }
        let value_name = argument.get_value_names().and_then(|names| names.first());
        let value_name = value_name.map_or("", |name| name.as_str());
        Some(match (command.get_name(), argument.get_id().as_str(), value_name) {
            (_, "strategy", _) | ("show", "name", _) => strategies(),
            (_, "fee_preset", _) | ("fees", "name", _) => presets(),
            (_, "snapshot", _) | ("snapshot", "name", _) => self.snapshots(),
            (_, _, "EXCHANGE") | ("import", "exchange", _) => names(Exchanges::ids()),
            (_, _, "SYMBOL") => self.symbols(),
            (_, _, "FILE|EXCHANGE" | "SYMBOL|FILE") => return None,
            _ => Vec::new(),
        })
    }

    /// The prices that are kept, wherever the configuration says; nothing where it cannot be read: the command will say why.
    fn store(&self) -> Option<Store> {
        let environment = self.environment?;
        let effective = ConfigArgs::default().resolved(environment, FlagLayer::new()).ok()?;
        environment.folders.store(&effective.config.access).ok()
    }

    fn symbols(&self) -> Vec<Word> {
        let keys = self.store().and_then(|store| store.keys().ok()).unwrap_or_default();
        let symbols: BTreeSet<String> = keys.into_iter().map(|key| key.symbol).collect();
        names(symbols)
    }

    fn snapshots(&self) -> Vec<Word> {
        let kept = self.store().and_then(|store| store.snapshots().ok()).unwrap_or_default();
        names(kept.into_iter().map(|snapshot| snapshot.name))
    }
}

fn strategies() -> Vec<Word> {
    names(built_ins().iter().map(|built_in| built_in.name))
}

fn presets() -> Vec<Word> {
    fee_presets().iter().map(|preset| Word::new(preset.name, preset.scope)).collect()
}

fn names<T: Into<String>>(names: impl IntoIterator<Item = T>) -> Vec<Word> {
    names.into_iter().map(|name| Word::new(name, "")).collect()
}
