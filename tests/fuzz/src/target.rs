//! The kinds of inputs.

use crate::{archive, configuration, exchange, kept_prices, plugin, price_file, saved_result};

/// What the program said to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It used it.
    Accepted,
    /// It said what is wrong with it.
    Refused,
}

/// A kind of input.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name, which is that of its folder of seeds.
    pub name: &'static str,
    /// Does what the program does with such an input. Panics when something does not hold that must.
    pub run: fn(&[u8]) -> Answer,
}

/// All of them.
pub const TARGETS: [Target; 14] = [
    Target { name: "plugin", run: plugin::file },
    Target { name: "component_types", run: plugin::component_types },
    Target { name: "csv", run: price_file::csv },
    Target { name: "parquet", run: price_file::parquet },
    Target { name: "arrow", run: price_file::arrow },
    Target { name: "freqtrade_json", run: price_file::freqtrade_json },
    Target { name: "configuration", run: configuration::files_and_flags },
    Target { name: "result", run: saved_result::file },
    Target { name: "manifest", run: kept_prices::manifest },
    Target { name: "snapshot", run: kept_prices::snapshot },
    Target { name: "segment", run: kept_prices::segment },
    Target { name: "exchange_page", run: exchange::page },
    Target { name: "exchange_markets", run: exchange::markets },
    Target { name: "archive", run: archive::file },
];

impl Answer {
    /// Accepted, or refused for a reason, which must be one that can be shown.
    pub(crate) fn of<T, E: std::fmt::Display>(result: &Result<T, E>) -> Self {
        match result {
            Ok(_) => Self::Accepted,
            Err(reason) => {
                crate::told::check_reason(&reason.to_string());
                Self::Refused
            }
        }
    }
}
