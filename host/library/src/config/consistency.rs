//! Checks what makes no sense together, though each value for itself does.

use super::budget::FALLBACKS_MAX;
use super::node::Node;
use super::symbols::{Instruments, unknown_symbols};
use super::{Config, ConfigError, DataConfig};
use ct_core::costs::{Impact, Slippage};
use ct_core::market::Panel;
use ct_core::units::Interval;
use ct_data::LocalZone;
use ct_data::files::{PRICE_FILES_MAX, TimePattern, may_be_several};
use ct_plugin::limits;

/// Everything that makes no sense in `config`, at the places that `node` knows.
pub(super) fn contradictions(config: &Config, node: &Node) -> Vec<ConfigError> {
    let mut found = Contradictions { node, errors: Vec::new() };
    for problem in config.settings.problems() {
        let message = format!("expected {}, found {}", problem.expected, problem.found);
        found.add(&problem.path, message);
    }
    found.of_strategy(config);
    found.of_period(&config.data);
    found.of_intervals(&config.data);
    found.of_files(config);
    found.of_symbols(config);
    found.of_exchanges(config);
    found.errors
}

#[derive(Debug)]
struct Contradictions<'a> {
    node: &'a Node,
    errors: Vec<ConfigError>,
}

impl Contradictions<'_> {
    fn add(&mut self, path: &str, message: impl Into<String>) {
        let place = &self.node.nearest(path).origin;
        self.errors.push(ConfigError::new(place, path, message));
    }

    fn of_strategy(&mut self, config: &Config) {
        // The first one too many is where it can be seen.
        if let Some(name) = config.strategy.parameters.keys().nth(limits::PARAMETERS_MAX) {
            let (most, found) = (limits::PARAMETERS_MAX, config.strategy.parameters.len());
            let message = format!(
                "one of {found} parameters: expected at most {most}, as a strategy has at most"
            );
            self.add(&format!("strategy.parameters.{name}"), message);
        }
        if config.strategy.name.is_some() && config.strategy.plugin.is_some() {
            self.add(
                "strategy.plugin",
                "given beside strategy.name: expected a built-in strategy or a plugin of your own",
            );
        }
    }

    fn of_period(&mut self, data: &DataConfig) {
        if let (Some(from), Some(to)) = (data.from, data.to)
            && from >= to
        {
            self.add("data.to", format!("expected a time after data.from, {from}, found {to}"));
        }
        if data.days.is_some() && (data.from.is_some() || data.to.is_some()) {
            self.add(
                "data.days",
                "given beside data.from or data.to: expected the last days or a period, not both",
            );
        }
    }

    fn of_intervals(&mut self, data: &DataConfig) {
        if let (Some(bar), Some(resampled)) = (data.interval, data.resample)
            && !divides(bar, resampled)
        {
            let message = format!("expected a multiple of data.interval, {bar}, found {resampled}");
            self.add("data.resample", message);
        }
        let bar = data.interval.or(data.resample);
        if let (Some(bar), Some(detail)) = (bar, data.detail_interval)
            && (detail == bar || !divides(detail, bar))
        {
            let expected = "expected a shorter interval that divides the bars of";
            self.add("data.detail_interval", format!("{expected} {bar}, found {detail}"));
        }
    }

    /// What is said of the columns of price files, and what is asked of volumes that they do not have.
    fn of_columns(&mut self, config: &Config) {
        let data = &config.data;
        let format = data.time_format.as_deref().map(str::parse::<TimePattern>);
        if let Some(Err(error)) = format {
            self.add("data.time_format", error.to_string());
        }
        if let Some(Err(error)) = data.time_zone.as_deref().map(str::parse::<LocalZone>) {
            self.add("data.time_zone", error.to_string());
        }
        if !data.no_volume {
            return;
        }
        let (costs, risk) = (&config.settings.costs, &config.settings.risk);
        let of_instrument = risk.instruments.iter().find_map(|(symbol, rules)| {
            rules
                .position
                .volume_max
                .map(|_| format!("risk.instruments.{symbol}.position.volume_max"))
        });
        for (path, needs) in [
            ("costs.slippage", matches!(costs.slippage, Slippage::VolumeShare(_))),
            ("costs.impact", costs.impact != Impact::None),
            ("costs.participation", costs.participation.is_some()),
            ("risk.limits.position.volume_max", risk.limits.position.volume_max.is_some()),
            (of_instrument.as_deref().unwrap_or_default(), of_instrument.is_some()),
        ] {
            if needs {
                let message = "needs volumes, but data.no_volume (--no-volume) says that the files have none: leave one of \
                               them out";
                self.add(path, message);
            }
        }
    }

    fn of_files(&mut self, config: &Config) {
        let data = &config.data;
        let files = data.files.len();
        let symbols = data.symbols.len();
        // Which symbols the files of a folder are of is known when they are read.
        if files > 0 && symbols > files && !data.files.iter().any(|file| may_be_several(file)) {
            self.add(
                "data.symbols",
                format!("expected one for each of the {files} files, found {symbols}"),
            );
        }
        self.of_columns(config);
        let taken = data.instruments.len();
        if taken > 0 && files == 0 {
            let expected = "names what to take of price files: expected data.files beside it";
            self.add("data.instruments", expected);
        } else if taken > 0 && files != taken {
            self.add(
                "data.instruments",
                format!("expected one for each of the {files} files, found {taken}"),
            );
        }
        let rules = config.settings.risk.instruments.len();
        for (path, count) in [("data.files", files), ("data.detail_files", data.detail_files.len())]
        {
            if count > PRICE_FILES_MAX {
                let most = PRICE_FILES_MAX;
                self.add(path, format!("expected at most {most} files, found {count}"));
            }
        }
        for (path, count) in [("data.symbols", symbols), ("risk.instruments", rules)] {
            if count > Panel::INSTRUMENTS_MAX {
                let most = Panel::INSTRUMENTS_MAX;
                self.add(path, format!("expected at most {most} instruments, found {count}"));
            }
        }
        if config.access.snapshot.is_some() && symbols == 0 {
            self.add(
                "access.snapshot",
                "pins prices that are kept: expected data.symbols, which say which ones",
            );
        }
        if config.access.snapshot.is_some() && files > 0 {
            self.add(
                "access.snapshot",
                "pins prices that are kept: expected no data.files beside it",
            );
        }
    }

    /// Symbols in limits are those of the run, where the run names its symbols.
    fn of_symbols(&mut self, config: &Config) {
        let symbols: Vec<&str> = config.data.symbols.iter().map(String::as_str).collect();
        if !symbols.is_empty() {
            let instruments = Instruments { symbols: &symbols, called: "data.symbols" };
            self.errors.extend(unknown_symbols(config, self.node, instruments));
        }
    }

    fn of_exchanges(&mut self, config: &Config) {
        let found = config.access.fallback.len();
        if found > FALLBACKS_MAX {
            let message = format!("expected at most {FALLBACKS_MAX} exchanges, found {found}");
            self.add("access.fallback", message);
        }
        for (exchange, url) in &config.access.base_urls {
            if !url.starts_with("http://") && !url.starts_with("https://") {
                self.add(
                    &format!("access.base_urls.{exchange}"),
                    "expected an address that begins with http:// or https://",
                );
            }
        }
    }
}

/// Whether bars of `short` make up bars of `long`.
fn divides(short: Interval, long: Interval) -> bool {
    long.as_ms() % short.as_ms() == 0
}
