//! The way of each decision: what was wanted, measured, approved, refused or cut, and traded; and what the host did by itself.

use std::collections::BTreeMap;

use super::view::View;
use crate::backtest::RunResult;
use crate::report::measure::comparison;
use crate::report::{Block, DecisionFilter, Fact, Note, Section, number, wording};
use ct_core::order::{Explained, Fill, Refusal};
use ct_core::order::{Size, SizingBasis};
use ct_core::risk::BreakerEvent;
use ct_core::risk::BreakerEventKind;
use ct_core::units::{Price, Timestamp};

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

    /// `None` of what concerns all instruments.
    fn symbol(&self) -> Option<&str> {
        match self {
            Self::Refused(refusal) => Some(&refusal.symbol),
            Self::Filled(fill) => Some(&fill.symbol),
            Self::Breaker(event) => event.symbol.as_deref(),
            Self::Decided(explained) => Some(&explained.symbol),
        }
    }
}

/// The decisions of a run that was asked to explain itself, between them what the host did for reasons of its own; of these what
/// `filter` lets through.
pub(super) fn section(view: &View<'_>, filter: &DecisionFilter) -> Option<Section> {
    let result = view.result;
    if result.explained.is_empty() {
        return None;
    }
    let mut steps = steps(result);
    steps.retain(|step| filter.lets_through(step.place().0, step.symbol()));
    let mut events = events(view);
    let followed = followed(result);
    let listed = steps.iter().take(STEPS_LISTED);
    let facts = listed.map(|step| fact(view, *step, &mut events, &followed)).collect();
    let mut blocks = vec![Block::Properties(facts)];
    let more = steps.len().saturating_sub(STEPS_LISTED);
    if more > 0 {
        let more = number::count(more as u64);
        blocks.push(Block::Note(Note::plain(format!("And {more} more in the JSON result."))));
    }
    if steps.is_empty() {
        blocks = vec![Block::Note(Note::plain("No decision is among those that were asked for."))];
    }
    Some(Section::detail("Decisions", blocks))
}

fn steps(result: &RunResult) -> Vec<Step<'_>> {
    let refusals = result.refusals.iter().filter(|refusal| refusal.decision.is_none());
    let fills = result.fills.iter().filter(|fill| fill.decision.is_none());
    let mut steps: Vec<Step<'_>> = result.explained.iter().map(Step::Decided).collect();
    steps.extend(refusals.map(Step::Refused));
    steps.extend(fills.map(Step::Filled));
    steps.extend(result.breakers.iter().map(Step::Breaker));
    steps.sort_by_key(Step::place);
    steps
}

/// The decision after each one on the same instrument, by the number of the earlier one.
fn followed(result: &RunResult) -> BTreeMap<u64, &Explained> {
    let mut last: BTreeMap<&str, u64> = BTreeMap::new();
    let mut followed = BTreeMap::new();
    for explained in &result.explained {
        if let Some(before) = last.insert(&explained.symbol, explained.decision) {
            followed.insert(before, explained);
        }
    }
    followed
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
fn fact(
    view: &View<'_>,
    step: Step<'_>,
    events: &mut BTreeMap<u64, Events<'_>>,
    followed: &BTreeMap<u64, &Explained>,
) -> Fact {
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
            let next = followed.get(decision).copied();
            Fact::new(name, way(view, (explained, next), &events))
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

/// The way of a decision, beside the next one on its instrument if there is one.
fn way(
    view: &View<'_>,
    (explained, next): (&Explained, Option<&Explained>),
    events: &Events<'_>,
) -> String {
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
        steps.push(format!("nothing traded{}", untraded(view, explained, next)));
    }
    steps.join(" → ")
}

/// Why a decision with an order has traded nothing, where that can be told.
fn untraded(view: &View<'_>, explained: &Explained, next: Option<&Explained>) -> String {
    let replaced = next.map(|next| format!("#{} came first", next.decision));
    if let Some(limit) = explained.limit {
        let limit = number::significant(limit.to_f64());
        let until = replaced.unwrap_or_else(|| "until the end".to_owned());
        return format!(": the limit of {limit} was not reached; {until}");
    }
    if explained.time >= view.result.data.to {
        return ": the run ended before the next open".to_owned();
    }
    let held = explained.held.to_f64();
    if explained.target != 0.0 && held * explained.target > 0.0 {
        return ": what is held is as near to it as lots allow".to_owned();
    }
    replaced.map_or_else(String::new, |replaced| format!(": {replaced}"))
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
    let tag = explained.tag.as_deref().map(|tag| format!(" '{tag}'")).unwrap_or_default();
    let prices = [
        (" at a limit of", explained.limit),
        (", stop", explained.stop),
        (", take-profit", explained.take_profit),
    ];
    let price = |(name, price): (&str, Option<Price>)| {
        Some(format!("{name} {}", number::significant(price?.to_f64())))
    };
    let prices: String = prices.into_iter().filter_map(price).collect();
    format!("{wanted}{tag}{prices} (equity {equity}, held {held})")
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
mod tests;
