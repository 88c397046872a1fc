//! The run beside what it is compared with.

use super::view::View;
use crate::report::{Column, Note, Table, number};

/// The same statistics of the strategy and of the benchmark, by their keys and with a short name.
const COMPARED: [(&str, &str, &str); 5] = [
    ("Total return", "total_return", "buy_and_hold_return"),
    ("CAGR", "cagr", "benchmark_cagr"),
    ("Volatility", "volatility_annual", "benchmark_volatility_annual"),
    ("Sharpe", "sharpe", "benchmark_sharpe"),
    ("Max. drawdown", "max_drawdown", "benchmark_max_drawdown"),
];

/// A line for each of the two.
pub(super) fn table(view: &View<'_>) -> Table {
    let named = view.result.benchmark.as_ref().map(|benchmark| benchmark.name.as_str());
    let (own, held) = (COMPARED.map(|(_, own, _)| own), COMPARED.map(|(.., held)| held));
    let row = |name: &str, keys: [&str; 5]| {
        std::iter::once(name.to_owned()).chain(keys.map(|key| view.metric(key))).collect()
    };
    let mut columns = vec![Column::words("")];
    columns.extend(COMPARED.map(|(name, ..)| Column::numbers(name)));
    let rows = vec![row("Strategy", own), row(named.unwrap_or("Buy and hold"), held)];
    Table { caption: String::new(), columns, rows }
}

/// That the benchmark has prices for a part of the run only.
pub(super) fn note(view: &View<'_>) -> Option<Note> {
    let (benchmark, data) = (view.result.benchmark.as_ref()?, &view.result.data);
    if benchmark.from <= data.from && benchmark.to >= data.to {
        return None;
    }
    Some(Note::warning(format!(
        "BENCHMARK OF ANOTHER TIME: {} has prices in the bars from {} to {}, the run is from {} to {}. Its figures are of its own \
         time; excess return is not told.",
        benchmark.name,
        number::time(benchmark.from),
        number::time(benchmark.to),
        number::time(data.from),
        number::time(data.to),
    )))
}
