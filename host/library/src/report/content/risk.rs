//! What the rules between strategy and market did: breakers, refusals, and bars in which the order of events is unknown.

use std::collections::BTreeMap;

use super::view::View;
use crate::backtest::RunResult;
use crate::report::measure::measured;
use crate::report::{Block, Column, Fact, Note, Role, Section, Table, number, wording};
use ct_core::order::Refusal;
use ct_core::risk::BreakerEvent;
use ct_core::risk::BreakerEventKind;

/// Breaker events that are listed; the JSON result has all.
const EVENTS_LISTED: usize = 100;

/// Ambiguous bars that are listed.
const BARS_LISTED: usize = 10;

/// Whether a breaker tripped.
pub(super) fn any_tripped(result: &RunResult) -> bool {
    result.breakers.iter().any(|event| event.kind == BreakerEventKind::Tripped)
}

/// Whether a rule did anything, or the order of what happened in a bar is unknown.
pub(super) fn has_acted(result: &RunResult) -> bool {
    let refused = result.refusal_counts.iter().any(|count| count.count > 0);
    !result.breakers.is_empty() || refused || result.ambiguous_bars > 0
}

/// Breakers, refusals and ambiguous bars. It is read first when a breaker tripped.
pub(super) fn section(view: &View<'_>) -> Section {
    let mut blocks = vec![Block::Figures(figures(view))];
    blocks.extend(breakers(view));
    blocks.extend(refusals(view.result));
    blocks.extend(ambiguous_bars(view.result).map(Block::Note));
    let role = if any_tripped(view.result) { Role::Summary } else { Role::Detail };
    Section { title: "Risk".to_owned(), role, blocks }
}

fn figures(view: &View<'_>) -> Vec<Fact> {
    let result = view.result;
    let tripped =
        result.breakers.iter().filter(|event| event.kind == BreakerEventKind::Tripped).count();
    let mut figures = vec![
        Fact::new("Breakers tripped", number::count(tripped as u64)),
        Fact::new(
            "Refusals and cuts",
            number::count(number::total(result.refusal_counts.iter().map(|count| count.count))),
        ),
    ];
    figures.extend(view.metrics(&["max_drawdown", "worst_day", "exposure", "turnover"]));
    figures
}

fn breakers(view: &View<'_>) -> Vec<Block> {
    let events = &view.result.breakers;
    if events.is_empty() {
        return Vec::new();
    }
    let row = |event: &BreakerEvent| {
        vec![
            number::time(event.time),
            wording::rule(event.rule).to_owned(),
            event.symbol.as_deref().unwrap_or("all").to_owned(),
            wording::breaker_event(event.kind).to_owned(),
            measured(view.numbers, event.rule, event.value),
            measured(view.numbers, event.rule, Some(event.limit)),
            wording::breaker_action(event.action).to_owned(),
            view.numbers.quote(event.equity),
        ]
    };
    let table = Table {
        caption: "Breakers, by the bar at whose close they acted".to_owned(),
        columns: vec![
            Column::words("Bar"),
            Column::words("Breaker"),
            Column::words("Symbol"),
            Column::words("Event"),
            Column::numbers("Loss"),
            Column::numbers("Level"),
            Column::words("Action"),
            Column::numbers("Equity"),
        ],
        rows: events.iter().take(EVENTS_LISTED).map(row).collect(),
    };
    let more = events.len().saturating_sub(EVENTS_LISTED);
    let mut blocks = vec![Block::Table(table)];
    if more > 0 {
        let more = number::count(more as u64);
        blocks.push(Block::Note(Note::plain(format!("And {more} more in the JSON result."))));
    }
    blocks
}

/// Every rule that refused or cut, with the number of orders and its first and last time among those that are kept.
fn refusals(result: &RunResult) -> Vec<Block> {
    if result.refusal_counts.is_empty() {
        return vec![Block::Note(Note::plain("No order was refused or cut."))];
    }
    let mut kept: BTreeMap<_, Vec<&Refusal>> = BTreeMap::new();
    for refusal in &result.refusals {
        kept.entry((refusal.rule, refusal.verdict)).or_default().push(refusal);
    }
    let rows = result.refusal_counts.iter().map(|counted| {
        let kept = kept.get(&(counted.rule, counted.verdict));
        let time = |refusal: Option<&&Refusal>| {
            refusal.map(|refusal| number::time(refusal.time)).unwrap_or_default()
        };
        vec![
            wording::rule(counted.rule).to_owned(),
            wording::verdict(counted.verdict).to_owned(),
            number::count(counted.count),
            time(kept.and_then(|kept| kept.first())),
            time(kept.and_then(|kept| kept.last())),
        ]
    });
    let mut blocks = vec![Block::Table(Table {
        caption: "Orders that a rule refused or cut".to_owned(),
        columns: vec![
            Column::words("Rule"),
            Column::words("Verdict"),
            Column::numbers("Orders"),
            Column::words("First"),
            Column::words("Last"),
        ],
        rows: rows.collect(),
    })];
    if result.refusals_dropped > 0 {
        let dropped = number::count(result.refusals_dropped);
        let text = format!(
            "The result lists all but the last {dropped} of them; first and last are of those listed."
        );
        blocks.push(Block::Note(Note::plain(text)));
    }
    blocks
}

fn ambiguous_bars(result: &RunResult) -> Option<Note> {
    let (subject, verb) = match result.ambiguous_bars {
        0 => return None,
        1 => ("1 bar".to_owned(), "is"),
        bars => (format!("{} bars", number::count(bars)), "are"),
    };
    let listed: Vec<String> = result
        .ambiguous
        .iter()
        .take(BARS_LISTED)
        .map(|bar| format!("{} {}", bar.symbol, number::time(bar.time)))
        .collect();
    let more = if result.ambiguous_bars > listed.len() as u64 { ", …" } else { "" };
    Some(Note::warning(format!(
        "{subject} {verb} ambiguous: the order of events inside is unknown, and the worse one was taken: {}{more}.",
        listed.join(", ")
    )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::RefusalCount;
    use crate::report::{Document, Layout, example, text};
    use ct_core::engine::AmbiguousBar;
    use ct_core::order::{Rule, Verdict};

    /// The lines of the section as a terminal shows them.
    fn shown(result: &RunResult) -> Vec<String> {
        let sections = vec![section(&View::new(result))];
        let document = Document { sections, ..Document::default() };
        text(&document, Layout { width: 1_000, ..Layout::default() })
            .lines()
            .skip(3)
            .map(str::to_owned)
            .collect()
    }

    #[test]
    fn breakers_and_refusals_are_listed() {
        use BreakerEventKind::{Rearmed, Tripped};
        let mut result = example::result();
        example::explain(&mut result);
        result.breakers = vec![example::drawdown(5, Tripped), example::drawdown(9, Rearmed)];
        result.refusal_counts.push(RefusalCount {
            rule: Rule::Drawdown,
            verdict: Verdict::Refused,
            count: 12_345,
        });
        result.refusals_dropped = 12_345;
        let rule = |width| "─".repeat(width);
        let expected = [
            " Breakers tripped        1        Worst day        4.37 %",
            " Refusals and cuts  12,346        Time in market  52.08 %",
            " Maximum drawdown   0.00 %        Turnover          1.938",
            "",
            " Breakers, by the bar at whose close they acted",
            " Bar               Breaker   Symbol  Event           Loss    Level  Action               Equity",
            &rule(96),
            " 2024-01-01 05:00  drawdown  all     tripped      52.30 %  50.00 %  closes everything  4,770.00",
            " 2024-01-01 09:00  drawdown  all     armed again  52.30 %  50.00 %  closes everything  4,770.00",
            "",
            " Orders that a rule refused or cut",
            " Rule            Verdict  Orders  First             Last",
            &rule(69),
            " gross exposure  cut           1  2024-01-01 05:00  2024-01-01 05:00",
            " drawdown        refused  12,345",
            "",
            " The result lists all but the last 12,345 of them; first and last are of those listed.",
        ];
        assert_eq!(shown(&result), expected);
    }

    #[test]
    fn a_quiet_run_says_so() {
        let lines = shown(&example::result());
        assert_eq!(lines.last().unwrap(), " No order was refused or cut.");
    }

    #[test]
    fn the_first_ambiguous_bars_are_named() {
        let mut result = example::result();
        let bar = |hour| AmbiguousBar { time: example::hour(hour), symbol: "BTC/USDT".into() };
        result.ambiguous = vec![bar(3)];
        result.ambiguous_bars = 1;
        let line = |result: &RunResult| shown(result).last().unwrap().clone();
        assert!(line(&result).ends_with("was taken: BTC/USDT 2024-01-01 03:00."));
        result.ambiguous = (0..12).map(bar).collect();
        result.ambiguous_bars = 12_000;
        assert!(line(&result).starts_with(" ! 12,000 bars are ambiguous"));
        assert!(line(&result).ends_with("BTC/USDT 2024-01-01 09:00, …."));
    }
}
