//! A result together with the formats and the names of its report.

use std::collections::BTreeMap;

use crate::backtest::RunResult;
use crate::report::number::Numbers;
use crate::report::{Fact, UNDEFINED};
use ct_core::metrics::{MetricGroup, rows};

/// What every part of the report is made from.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub(super) result: &'a RunResult,
    pub(super) numbers: Numbers,
    /// Name of the quote asset where every symbol says the same one, as in `BTC/USDT`.
    quote_asset: Option<&'a str>,
    /// Every metric, written, in the order of the catalogue.
    metrics: Vec<(MetricGroup, &'static str, Fact)>,
}

impl<'a> View<'a> {
    pub(super) fn new(result: &'a RunResult) -> Self {
        let numbers = Numbers::for_account(result.initial_cash);
        let written = rows(&result.metrics)
            .iter()
            .map(|row| (row.group, row.key, Fact::new(row.name, numbers.metric(row))))
            .collect();
        Self { result, numbers, quote_asset: quote_asset(&result.data.symbols), metrics: written }
    }

    /// The metrics of `group`.
    pub(super) fn group(&self, group: MetricGroup) -> Vec<Fact> {
        let of_group = self.metrics.iter().filter(|(found, ..)| *found == group);
        of_group.map(|(_, _, fact)| fact.clone()).collect()
    }

    /// The metrics with these keys, in this order.
    pub(super) fn metrics(&self, keys: &[&str]) -> Vec<Fact> {
        let by_key: BTreeMap<&str, &Fact> =
            self.metrics.iter().map(|(_, key, fact)| (*key, fact)).collect();
        keys.iter().filter_map(|key| by_key.get(key).map(|fact| (*fact).clone())).collect()
    }

    /// The written value of the metric with this key.
    pub(super) fn metric(&self, key: &str) -> String {
        let found = self.metrics(&[key]).into_iter().next();
        found.map_or_else(|| UNDEFINED.to_owned(), |fact| fact.value)
    }

    /// `USDT`, or `of quote asset` behind an amount.
    pub(super) fn of_quote_asset(&self) -> &'a str {
        self.quote_asset.unwrap_or("of quote asset")
    }

    /// `USDT`, or `quote asset`.
    pub(super) fn quote_name(&self) -> &'a str {
        self.quote_asset.unwrap_or("quote asset")
    }

    /// True when the run has more than one instrument, and tables must say which is meant.
    pub(super) fn is_portfolio(&self) -> bool {
        self.result.data.symbols.len() > 1
    }

    /// The symbols, shortened when there are many: `BTC/USDT, ETH/USDT and 14 more`.
    pub(super) fn symbols(&self) -> String {
        const SHOWN_MAX: usize = 4;
        let symbols = &self.result.data.symbols;
        let shown: Vec<&str> = symbols.iter().take(SHOWN_MAX).map(String::as_str).collect();
        match symbols.len().saturating_sub(SHOWN_MAX) {
            0 => shown.join(", "),
            more => format!("{} and {more} more", shown.join(", ")),
        }
    }
}

fn quote_asset(symbols: &[String]) -> Option<&str> {
    let mut quotes = symbols.iter().map(|symbol| symbol.split_once('/').map(|(_, quote)| quote));
    let first = quotes.next()??;
    quotes.all(|other| other == Some(first)).then_some(first)
}
