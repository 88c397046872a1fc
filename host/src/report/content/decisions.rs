//! The way of each decision: what was wanted, approved, refused or cut, and traded.

use std::collections::BTreeMap;

use super::view::View;
use crate::backtest::{ExplainedRecord, FillRecord, RefusalRecord};
use crate::order::Size;
use crate::report::measure::comparison;
use crate::report::{Block, Fact, Note, Section, number, wording};

/// Decisions that are shown; the JSON result has all.
const SHOWN_MAX: usize = 1_000;

/// Events that are shown of one decision: an order that is filled in many parts has many.
const EVENTS_MAX: usize = 8;

/// What the rules and the market did to decisions, by their number.
#[derive(Default)]
struct Events<'a> {
    refusals: Vec<&'a RefusalRecord>,
    fills: Vec<&'a FillRecord>,
}

/// The decisions of a run that was asked to explain itself.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
    let result = view.result;
    if result.explained.is_empty() {
        return None;
    }
    let mut events: BTreeMap<u64, Events<'_>> = BTreeMap::new();
    for refusal in &result.refusals {
        if let Some(decision) = refusal.decision {
            events.entry(decision).or_default().refusals.push(refusal);
        }
    }
    for fill in &result.fills {
        if let Some(decision) = fill.decision {
            events.entry(decision).or_default().fills.push(fill);
        }
    }
    let none = Events::default();
    let fact = |explained: &ExplainedRecord| {
        let events = events.get(&explained.decision).unwrap_or(&none);
        Fact::new(name(view, explained), way(view, explained, events))
    };
    let facts = result.explained.iter().take(SHOWN_MAX).map(fact).collect();
    let mut blocks = vec![Block::Properties(facts)];
    let more = result.explained.len().saturating_sub(SHOWN_MAX);
    if more > 0 {
        let more = number::count(more as u64);
        blocks.push(Block::Note(Note::plain(format!("And {more} more in the JSON result."))));
    }
    Some(Section::detail("Decisions", blocks))
}

/// Number, bar, and symbol where there are several.
fn name(view: &View<'_>, explained: &ExplainedRecord) -> String {
    let (decision, time) = (explained.decision, number::time(explained.time));
    if view.is_portfolio() {
        format!("#{decision} {time} {}", explained.symbol)
    } else {
        format!("#{decision} {time}")
    }
}

fn way(view: &View<'_>, explained: &ExplainedRecord, events: &Events<'_>) -> String {
    let mut steps = vec![wanted(view, explained)];
    let (before, after): (Vec<_>, Vec<_>) =
        events.refusals.iter().partition(|refusal| refusal.time <= explained.time);
    steps.extend(before.into_iter().map(|refusal| refused(view, refusal)));
    steps.push(approved(view, explained));
    // A rule acts before the fill that it cuts.
    let refusals = after.into_iter().map(|found| (found.time, refused(view, found)));
    let fills = events.fills.iter().map(|found| (found.time, filled(found)));
    let mut later: Vec<_> = refusals.chain(fills).collect();
    later.sort_by_key(|(time, _)| *time);
    let more = later.len().saturating_sub(EVENTS_MAX);
    let acted = !later.is_empty();
    steps.extend(later.into_iter().take(EVENTS_MAX).map(|(_, text)| text));
    if more > 0 {
        steps.push(format!("and {} more", number::count(more as u64)));
    }
    let has_order = explained.approved.is_some() || !explained.held.is_zero();
    if has_order && !acted {
        steps.push("nothing traded".to_owned());
    }
    steps.join(" → ")
}

fn wanted(view: &View<'_>, explained: &ExplainedRecord) -> String {
    let target = explained.target;
    let wanted = if target == 0.0 {
        "flat".to_owned()
    } else {
        let direction = if target > 0.0 { "long" } else { "short" };
        format!("{} % {direction}", number::trimmed(target.abs() * 100.0))
    };
    let equity = view.numbers.quote(explained.equity);
    let held = number::quantity(explained.held.to_f64());
    format!("{wanted} (equity {equity}, held {held})")
}

fn approved(view: &View<'_>, explained: &ExplainedRecord) -> String {
    match explained.approved {
        Some(Size::Amount(amount)) => {
            format!("approved {} {}", view.numbers.quote(amount.to_f64()), view.of_quote_asset())
        }
        Some(Size::Units(units)) => {
            format!("approved {} of base asset", number::quantity(units.to_f64()))
        }
        None if explained.target != 0.0 => "nothing approved".to_owned(),
        None if explained.held.is_zero() => "nothing to close".to_owned(),
        None => "closing is always approved".to_owned(),
    }
}

fn refused(view: &View<'_>, refusal: &RefusalRecord) -> String {
    let (verdict, rule) = (wording::verdict(refusal.verdict), wording::rule(refusal.rule));
    match comparison(view.numbers, refusal.rule, refusal.value, refusal.limit) {
        Some(comparison) => format!("{verdict}: {rule} ({comparison})"),
        None => format!("{verdict}: {rule}"),
    }
}

fn filled(fill: &FillRecord) -> String {
    format!(
        "{} {} at {} on {} ({})",
        wording::done(fill.side),
        number::quantity(fill.quantity.to_f64()),
        number::significant(fill.price.to_f64()),
        number::time(fill.time),
        wording::fill_reason(fill.reason)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::RunResult;
    use crate::order::Rule;
    use crate::report::example;

    fn shown(result: &RunResult) -> Vec<(String, String)> {
        let section = section(&View::new(result)).unwrap();
        let Some(Block::Properties(facts)) = section.blocks.first() else { panic!("no facts") };
        facts.iter().map(|fact| (fact.name.clone(), fact.value.clone())).collect()
    }

    #[test]
    fn nothing_is_explained_unasked() {
        assert_eq!(section(&View::new(&example::result())), None);
    }

    #[test]
    fn a_decision_is_followed_to_its_fills() {
        let mut result = example::result();
        example::explain(&mut result);
        let expected = [
            (
                "#0 2024-01-01 04:00",
                "100 % long (equity 10,000.00, held 0) → approved 10,000.00 USDT \
                 → cut: gross exposure (100.00 % > 99.00 %) \
                 → bought 99 at 100.050 on 2024-01-01 05:00 (entry)",
            ),
            (
                "#1 2024-01-02 05:00",
                "flat (equity 10,000.00, held 99) → closing is always approved \
                 → sold 99 at 109.945 on 2024-01-02 06:00 (signal)",
            ),
        ];
        let expected = expected.map(|(name, way)| (name.to_owned(), way.to_owned()));
        assert_eq!(shown(&result), expected);
    }

    #[test]
    fn a_refused_decision_says_what_was_wrong() {
        let mut result = example::result();
        example::explain(&mut result);
        result.fills.clear();
        let refusal = RefusalRecord {
            time: example::hour(4),
            rule: Rule::NoStop,
            verdict: crate::order::Verdict::Refused,
            ..result.refusals[0].clone()
        };
        result.refusals = vec![refusal];
        result.explained.truncate(1);
        result.explained[0].approved = None;
        result.explained[0].target = -0.5;
        let expected = "50 % short (equity 10,000.00, held 0) → refused: no stop to size by → nothing approved";
        assert_eq!(shown(&result)[0].1, expected);
    }

    #[test]
    fn an_order_that_never_trades_says_so() {
        let mut result = example::result();
        example::explain(&mut result);
        result.fills.clear();
        result.refusals.clear();
        assert!(shown(&result)[0].1.ends_with("approved 10,000.00 USDT → nothing traded"));
        assert!(shown(&result)[1].1.ends_with("always approved → nothing traded"));
    }

    #[test]
    fn an_order_of_many_fills_is_cut_short() {
        let mut result = example::result();
        example::explain(&mut result);
        result.fills = vec![result.fills[0].clone(); 20];
        assert!(shown(&result)[0].1.ends_with("(entry) → and 13 more"));
    }
}
