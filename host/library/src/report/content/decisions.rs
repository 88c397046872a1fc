//! The way of each decision: what was wanted, measured, approved, refused or cut, and traded; and what the host did by itself.

use std::collections::BTreeMap;

use super::view::View;
use crate::report::measure::comparison;
use crate::report::{Block, Fact, Note, Section, number, wording};
use ct_core::order::{Explained, Fill, Refusal};
use ct_core::order::{Size, SizingBasis};
use ct_core::risk::BreakerEvent;
use ct_core::risk::BreakerEventKind;
use ct_core::units::Timestamp;

/// Events that are shown of one decision: an order that is filled in many parts has many.
const EVENTS_MAX: usize = 8;

/// Steps that are listed; the JSON result has all.
const STEPS_LISTED: usize = 100_000;

/// What the rules and the market did to a decision.
#[derive(Default)]
struct Events<'a> {
    refusals: Vec<&'a Refusal>,
    fills: Vec<&'a Fill>,
}

/// What happens in a bar, in the order in which it does: decisions, and what the host did for reasons of its own.
#[derive(Clone, Copy)]
enum Step<'a> {
    Refused(&'a Refusal),
    Filled(&'a Fill),
    Breaker(&'a BreakerEvent),
    Decided(&'a Explained),
}

impl Step<'_> {
    const fn place(&self) -> (Timestamp, u8) {
        match self {
            Self::Refused(refusal) => (refusal.time, 0),
            Self::Filled(fill) => (fill.time, 1),
            Self::Breaker(event) => (event.time, 2),
            Self::Decided(explained) => (explained.time, 3),
        }
    }
}

/// The decisions of a run that was asked to explain itself, between them what the host did for reasons of its own.
pub(super) fn section(view: &View<'_>) -> Option<Section> {
    let result = view.result;
    if result.explained.is_empty() {
        return None;
    }
    let refusals = result.refusals.iter().filter(|refusal| refusal.decision.is_none());
    let fills = result.fills.iter().filter(|fill| fill.decision.is_none());
    let mut steps: Vec<Step<'_>> = result.explained.iter().map(Step::Decided).collect();
    steps.extend(refusals.map(Step::Refused));
    steps.extend(fills.map(Step::Filled));
    steps.extend(result.breakers.iter().map(Step::Breaker));
    steps.sort_by_key(Step::place);
    let mut events = events(view);
    let listed = steps.iter().take(STEPS_LISTED);
    let facts = listed.map(|step| fact(view, *step, &mut events)).collect();
    let mut blocks = vec![Block::Properties(facts)];
    let more = steps.len().saturating_sub(STEPS_LISTED);
    if more > 0 {
        let more = number::count(more as u64);
        blocks.push(Block::Note(Note::plain(format!("And {more} more in the JSON result."))));
    }
    Some(Section::detail("Decisions", blocks))
}

/// What became of each decision, by its number.
fn events<'a>(view: &View<'a>) -> BTreeMap<u64, Events<'a>> {
    let mut events: BTreeMap<u64, Events<'_>> = BTreeMap::new();
    for refusal in &view.result.refusals {
        if let Some(decision) = refusal.decision {
            events.entry(decision).or_default().refusals.push(refusal);
        }
    }
    for fill in &view.result.fills {
        if let Some(decision) = fill.decision {
            events.entry(decision).or_default().fills.push(fill);
        }
    }
    events
}

/// A step in words. What became of a decision is told once: a second one of the same number, which no run has, gets nothing.
fn fact(view: &View<'_>, step: Step<'_>, events: &mut BTreeMap<u64, Events<'_>>) -> Fact {
    match step {
        Step::Refused(found) => {
            let name = named(view, "host", found.time, Some(&found.symbol));
            Fact::new(name, refused(view, found))
        }
        Step::Filled(fill) => {
            Fact::new(named(view, "host", fill.time, Some(&fill.symbol)), filled(fill))
        }
        Step::Breaker(event) => {
            let name = named(view, "breaker", event.time, event.symbol.as_deref());
            Fact::new(name, breaker(view, event))
        }
        Step::Decided(explained) => {
            let Explained { decision, time, symbol, .. } = explained;
            let name = named(view, &format!("#{decision}"), *time, Some(symbol));
            let events = events.remove(decision).unwrap_or_default();
            Fact::new(name, way(view, explained, &events))
        }
    }
}

/// What it is, its bar, and its symbol where there are several.
fn named(view: &View<'_>, what: &str, time: Timestamp, symbol: Option<&str>) -> String {
    let time = number::time(time);
    match symbol {
        Some(symbol) if view.is_portfolio() => format!("{what} {time} {symbol}"),
        _ => format!("{what} {time}"),
    }
}

fn way(view: &View<'_>, explained: &Explained, events: &Events<'_>) -> String {
    let mut steps = vec![wanted(view, explained)];
    let (before, after): (Vec<_>, Vec<_>) =
        events.refusals.iter().partition(|refusal| refusal.time <= explained.time);
    steps.extend(explained.basis.map(measured));
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

fn wanted(view: &View<'_>, explained: &Explained) -> String {
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

fn measured(basis: SizingBasis) -> String {
    match basis {
        SizingBasis::Stop { distance } => {
            format!("stop {} away", number::significant(distance.to_f64()))
        }
        SizingBasis::AverageTrueRange { distance } => {
            format!(
                "average true range puts a stop {} away",
                number::significant(distance.to_f64())
            )
        }
        SizingBasis::Volatility { annual, share } => format!(
            "volatility {} a year makes {} of the capital",
            number::percent(annual),
            number::percent(share)
        ),
        SizingBasis::Kelly { fraction: Some(fraction), sample, share } => format!(
            "Kelly fraction {} of {} makes {} of the capital",
            number::ratio(fraction),
            number::count(sample as u64),
            number::percent(share)
        ),
        SizingBasis::Kelly { fraction: None, sample, share } => format!(
            "only {} to take a Kelly fraction from: fallback of {} of the capital",
            number::count(sample as u64),
            number::percent(share)
        ),
        SizingBasis::EqualRisk { annual, weight } => format!(
            "volatility {} a year has a weight of {}",
            number::percent(annual),
            number::percent(weight)
        ),
    }
}

fn breaker(view: &View<'_>, event: &BreakerEvent) -> String {
    let (rule, kind) = (wording::rule(event.rule), wording::breaker_event(event.kind));
    let compared = comparison(view.numbers, event.rule, event.value, Some(event.limit));
    let compared = compared.map_or_else(String::new, |compared| format!(" ({compared})"));
    let action = match event.kind {
        BreakerEventKind::Tripped => format!(": {}", wording::breaker_action(event.action)),
        BreakerEventKind::Rearmed => String::new(),
    };
    format!("{rule} {kind}{compared}{action}")
}

fn approved(view: &View<'_>, explained: &Explained) -> String {
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

fn refused(view: &View<'_>, refusal: &Refusal) -> String {
    let (verdict, rule) = (wording::verdict(refusal.verdict), wording::rule(refusal.rule));
    match comparison(view.numbers, refusal.rule, refusal.value, refusal.limit) {
        Some(comparison) => format!("{verdict}: {rule} ({comparison})"),
        None => format!("{verdict}: {rule}"),
    }
}

fn filled(fill: &Fill) -> String {
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
    use crate::report::example;
    use ct_core::order::Rule;

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
        let refusal = Refusal {
            time: example::hour(4),
            rule: Rule::NoStop,
            verdict: ct_core::order::Verdict::Refused,
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
    fn what_was_measured_comes_before_what_was_approved() {
        let distance = ct_core::units::Price::from_f64(2.5).unwrap();
        for (basis, expected) in [
            (SizingBasis::Stop { distance }, "→ stop 2.50000 away →"),
            (
                SizingBasis::AverageTrueRange { distance },
                "→ average true range puts a stop 2.50000 away →",
            ),
            (
                SizingBasis::Volatility { annual: 0.8, share: 0.5 },
                "→ volatility 80.00 % a year makes 50.00 % of the capital →",
            ),
            (
                SizingBasis::Kelly { fraction: Some(0.2), sample: 25, share: 0.0714 },
                "→ Kelly fraction 0.200 of 25 makes 7.14 % of the capital →",
            ),
            (
                SizingBasis::Kelly { fraction: None, sample: 3, share: 0.1 },
                "→ only 3 to take a Kelly fraction from: fallback of 10.00 % of the capital →",
            ),
            (
                SizingBasis::EqualRisk { annual: 0.6, weight: 0.25 },
                "→ volatility 60.00 % a year has a weight of 25.00 % →",
            ),
        ] {
            let mut result = example::result();
            example::explain(&mut result);
            result.explained[0].basis = Some(basis);
            let way = shown(&result)[0].1.clone();
            assert!(way.contains(expected), "{way}");
        }
    }

    #[test]
    fn what_the_host_does_by_itself_stands_between_the_decisions() {
        use ct_core::order::FillReason;
        let mut result = example::result();
        example::explain(&mut result);
        result.fills[1].decision = None;
        result.fills[1].reason = FillReason::Breaker;
        let tripped = example::drawdown(28, BreakerEventKind::Tripped);
        result.breakers = vec![tripped];
        let names: Vec<_> = shown(&result).into_iter().map(|(name, _)| name).collect();
        let expected = [
            "#0 2024-01-01 04:00",
            "breaker 2024-01-02 04:00",
            "#1 2024-01-02 05:00",
            "host 2024-01-02 06:00",
        ];
        assert_eq!(names, expected);
        let ways: Vec<_> = shown(&result).into_iter().map(|(_, way)| way).collect();
        assert_eq!(ways[1], "drawdown tripped (52.30 % > 50.00 %): closes everything");
        assert_eq!(ways[3], "sold 99 at 109.945 on 2024-01-02 06:00 (breaker)");
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
