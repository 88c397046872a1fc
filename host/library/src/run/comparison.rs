//! In what a run that was made again differs from what the earlier result says.

use serde::Serialize;
use serde_json::Value;

use crate::backtest::{DataSource, DataSummary, RunResult};
use crate::report::{read_json, write_json};

/// In what the runs of two results differ, in words; nothing when they are the same run. The identity is not taken on trust:
/// the parts that it stands for are compared too, and then all that came out, both as they come out of a file.
pub(super) fn differing(earlier: &RunResult, result: &RunResult) -> Vec<String> {
    let saved = as_saved(result);
    let result = saved.as_ref().unwrap_or(result);
    let data = |result: &RunResult| {
        let data = &result.data;
        (data.hash.clone(), data.origin, data.warm_up_rows, data.instruments.clone())
    };
    let inputs = [
        ("data", data(earlier) != data(result)),
        ("plugin", earlier.plugin.hash != result.plugin.hash),
        ("parameters", earlier.parameters != result.parameters),
        ("benchmark", earlier.benchmark != result.benchmark),
        ("configuration", earlier.configuration != result.configuration),
        ("engine version", earlier.engine != result.engine),
    ];
    let inputs: Vec<String> =
        inputs.iter().filter(|(_, differs)| *differs).map(|(name, _)| (*name).to_owned()).collect();
    if !inputs.is_empty() {
        return inputs;
    }
    // The same inputs give the same results: one of the two was changed by hand.
    let mut differing = Vec::new();
    if earlier.run_id != result.run_id {
        differing.push("its run_id is not that of its inputs, which are the same".to_owned());
    }
    differing.extend(Differences::between(earlier, result).told());
    differing
}

/// Whether the earlier result tells the way of its decisions, and the new one does not, so that nothing of it was compared.
pub(super) const fn is_unexplained(earlier: &RunResult, result: &RunResult) -> bool {
    !earlier.explained.is_empty() && result.explained.is_empty()
}

/// `result` as it is when it is saved and read again, which may round the last digit of an amount.
fn as_saved(result: &RunResult) -> Option<RunResult> {
    let mut bytes = Vec::new();
    write_json(result, &mut bytes).ok()?;
    read_json(&bytes).ok()
}

/// Fields that differ.
#[derive(Debug, Default)]
struct Differences {
    /// The first of them, with both values.
    first: Option<String>,
    count: u64,
}

impl Differences {
    /// Everything is compared but what is named `_` here. A new field of the result must find its place.
    fn between(earlier: &RunResult, result: &RunResult) -> Self {
        let RunResult {
            // Another version is not even read.
            schema_version: _,
            // The inputs: compared before.
            run_id: _,
            engine: _,
            parameters: _,
            benchmark: _,
            configuration: _,
            // What the user typed, with the names that files and folders have here.
            request: _,
            // The wall clock.
            timing: _,
            // No part of a file.
            curve: _,
            plugin,
            data,
            costs,
            initial_cash,
            final_equity,
            metrics,
            decisions,
            fills,
            trades,
            open_positions,
            refusals,
            refusals_dropped,
            refusal_counts,
            closed_by,
            delistings,
            stale_marks,
            breakers,
            ambiguous_bars,
            ambiguous,
            volume_use,
            faults,
            daily_equity,
            explained,
            // It decides nothing, and earlier versions had none.
            look_ahead: _,
            diagnostics,
        } = earlier;
        let mut found = Self::default();
        found.part("plugin", plugin, &result.plugin);
        found.data(data, &result.data);
        found.part("costs", costs, &result.costs);
        found.part("initial_cash", initial_cash, &result.initial_cash);
        found.part("final_equity", final_equity, &result.final_equity);
        found.part("metrics", metrics, &result.metrics);
        found.part("decisions", decisions, &result.decisions);
        found.list("fills", fills, &result.fills);
        found.list("trades", trades, &result.trades);
        found.list("open_positions", open_positions, &result.open_positions);
        found.list("refusals", refusals, &result.refusals);
        found.part("refusals_dropped", refusals_dropped, &result.refusals_dropped);
        found.list("refusal_counts", refusal_counts, &result.refusal_counts);
        found.list("delistings", delistings, &result.delistings);
        found.list("stale_marks", stale_marks, &result.stale_marks);
        found.part("closed_by", closed_by, &result.closed_by);
        found.list("breakers", breakers, &result.breakers);
        found.part("ambiguous_bars", ambiguous_bars, &result.ambiguous_bars);
        found.list("ambiguous", ambiguous, &result.ambiguous);
        found.part("volume_use", volume_use, &result.volume_use);
        found.list("faults", faults, &result.faults);
        found.list("daily_equity", daily_equity, &result.daily_equity);
        found.list("diagnostics", diagnostics, &result.diagnostics);
        // Kept on demand only: a result without claims nothing.
        if !explained.is_empty() && !result.explained.is_empty() {
            found.list("explained", explained, &result.explained);
        }
        found
    }

    fn data(&mut self, earlier: &DataSummary, result: &DataSummary) {
        let plain = |data: &DataSummary| DataSummary { sources: Vec::new(), ..data.clone() };
        self.part("data", &plain(earlier), &plain(result));
        let (earlier, result) = (&earlier.sources, &result.sources);
        self.list("data.sources", &changed(earlier), &changed(result));
        let exchanges = (exchanges(earlier), exchanges(result));
        // The same prices may be a file here and a kept series there.
        if !exchanges.0.is_empty() && !exchanges.1.is_empty() {
            self.list("data.exchanges", &exchanges.0, &exchanges.1);
        }
    }

    fn part<T: Serialize + PartialEq>(&mut self, name: &str, earlier: &T, result: &T) {
        if earlier != result {
            // A part of a result is made of texts and numbers, which always are JSON.
            let value = |part: &T| serde_json::to_value(part).unwrap_or_default();
            self.walk(name, &value(earlier), &value(result));
        }
    }

    /// The same of a list, record by record: two whole trees of a long one would need much memory.
    fn list<T: Serialize + PartialEq>(&mut self, name: &str, earlier: &[T], result: &[T]) {
        if earlier.len() != result.len() {
            self.add(&format!(
                "{name} has {} entries there and {} here",
                earlier.len(),
                result.len()
            ));
        }
        for (place, (earlier, result)) in earlier.iter().zip(result).enumerate() {
            self.part(&format!("{name}[{place}]"), earlier, result);
        }
    }

    fn walk(&mut self, path: &str, earlier: &Value, result: &Value) {
        match (earlier, result) {
            (Value::Object(there), Value::Object(here)) => {
                let only_here = here.keys().filter(|key| !there.contains_key(*key));
                for key in there.keys().chain(only_here) {
                    let value =
                        |map: &serde_json::Map<_, _>| map.get(key).cloned().unwrap_or_default();
                    self.walk(&format!("{path}.{key}"), &value(there), &value(here));
                }
            }
            (Value::Array(there), Value::Array(here)) => self.list(path, there, here),
            _ if earlier != result => {
                self.add(&format!("{path} is {} there and {} here", short(earlier), short(result)));
            }
            _ => {}
        }
    }

    fn add(&mut self, difference: &str) {
        self.count = self.count.saturating_add(1);
        self.first.get_or_insert_with(|| difference.to_owned());
    }

    fn told(self) -> Option<String> {
        let first = self.first?;
        let more = match self.count {
            1 => String::new(),
            count => format!(", the first of {count} fields that differ"),
        };
        Some(format!("its results are not those of its inputs, which are the same: {first}{more}"))
    }
}

/// What was done to bars. Where they are kept here, under which version and who gave them, may differ: their hash does not.
fn changed(sources: &[DataSource]) -> Vec<DataSource> {
    let sources = sources.iter().map(|source| DataSource {
        series: None,
        files: Vec::new(),
        ..source.clone()
    });
    sources.filter(|source| *source != DataSource::new(&source.symbol)).collect()
}

/// The exchange of each kept series.
fn exchanges(sources: &[DataSource]) -> Vec<&str> {
    sources.iter().filter_map(|source| Some(source.series.as_ref()?.exchange.as_str())).collect()
}

/// The beginning of `value`: it may be of any length.
fn short(value: &Value) -> String {
    const CHARACTERS_MAX: usize = 60;
    let text = value.to_string();
    let mut shown: String = text.chars().take(CHARACTERS_MAX).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::SeriesVersion;
    use crate::report::example;

    fn told(change: impl FnOnce(&mut RunResult)) -> Vec<String> {
        let result = example::result();
        let mut earlier = result.clone();
        change(&mut earlier);
        differing(&earlier, &result)
    }

    const FORGED: &str = "its results are not those of its inputs, which are the same: ";

    #[test]
    fn any_number_that_was_changed_is_told_with_both_values() {
        assert!(told(|_| {}).is_empty());
        let sharpe = told(|earlier| earlier.metrics.risk_adjusted.sharpe = Some(9.5));
        assert!(sharpe[0].starts_with(&format!("{FORGED}metrics.sharpe is 9.5 there and ")));
        let rows = told(|earlier| earlier.data.rows = 1_000_000_000_000_000_000);
        assert!(rows[0].contains("data.rows is 1000000000000000000 there and "), "{rows:?}");
        let tag = told(|earlier| earlier.fills[0].tag = Some("x".repeat(100).into()));
        let expected = format!("{FORGED}fills[0].tag is \"{}… there and ", "x".repeat(59));
        assert!(tag[0].starts_with(&expected), "{tag:?}");
        let both = told(|earlier| {
            earlier.trades.clear();
            earlier.daily_equity[0].equity = -1.0;
        });
        let end = ", the first of 2 fields that differ";
        assert!(both[0].contains("trades has 0 entries there and 1 here"), "{both:?}");
        assert!(both[0].ends_with(end), "{both:?}");
    }

    #[test]
    fn what_may_differ_is_no_difference() {
        assert!(
            told(|earlier| {
                earlier.timing.run_ms += 1_000.0;
                earlier.request = serde_json::json!({"data": {"files": ["/elsewhere/prices.csv"]}});
                let series = SeriesVersion {
                    exchange: "binance".to_owned(),
                    version: "0".repeat(64),
                    given_by: vec!["import".to_owned()],
                    snapshot: Some("old".to_owned()),
                };
                let source = DataSource::new("BTC/USDT");
                earlier.data.sources = vec![DataSource { series: Some(series), ..source }];
            })
            .is_empty()
        );
    }

    #[test]
    fn what_nobody_can_compare_is_known() {
        let mut earlier = example::result();
        example::explain(&mut earlier);
        let mut result = RunResult { explained: Vec::new(), ..earlier.clone() };
        assert!(differing(&earlier, &result).is_empty() && is_unexplained(&earlier, &result));
        result.explained.clone_from(&earlier.explained);
        assert!(!is_unexplained(&earlier, &result));
        earlier.explained[0].target = -1.0;
        assert!(differing(&earlier, &result)[0].contains("explained[0].target is -1.0 there"));
    }
}
