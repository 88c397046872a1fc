//! The identity of a result.

use serde::Serialize;

use super::result::configuration;
use super::summary::Made;
use super::{BenchmarkSummary, Origin};
use ct_core::market::{Instrument, Series};

/// Everything that decides a result.
#[derive(Serialize)]
struct Identity<'a> {
    engine: &'a str,
    data: &'a str,
    origin: Origin,
    first_row: usize,
    instruments: Vec<&'a Instrument>,
    plugin: &'a str,
    parameters: &'a ct_plugin::Arguments,
    /// Statistics are against it.
    #[serde(skip_serializing_if = "Option::is_none")]
    benchmark: Option<&'a BenchmarkSummary>,
    #[serde(serialize_with = "configuration::serialize")]
    configuration: &'a super::Settings,
}

/// BLAKE3, in hexadecimal, over the JSON of everything that decides a result.
pub(super) fn run_id(made: &Made<'_>) -> String {
    let identity = Identity {
        engine: env!("CARGO_PKG_VERSION"),
        data: made.data.hash(),
        origin: made.data.origin(),
        instruments: made.data.panel().series().iter().map(Series::instrument).collect(),
        first_row: made.data.first_row(),
        plugin: made.plugin.hash(),
        parameters: made.arguments,
        benchmark: made.benchmark.as_ref(),
        configuration: made.settings,
    };
    let mut hasher = blake3::Hasher::new();
    // Writing to a hasher cannot fail, and every value above has a JSON form.
    let written = serde_json::to_writer(&mut hasher, &identity);
    assert!(written.is_ok(), "the identity of a run has a JSON form: {written:?}");
    hasher.finalize().to_hex().to_string()
}
