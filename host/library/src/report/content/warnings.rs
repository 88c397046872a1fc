//! What a reader must know before any number.

use std::collections::{BTreeMap, BTreeSet};

use super::sizing;
use super::view::View;
use crate::backtest::Origin;
use crate::report::measure::measured;
use crate::report::{Note, number, wording};
use ct_core::engine::FaultReport;
use ct_core::order::Fill;
use ct_core::order::{FillReason, Rule, Verdict};
use ct_core::printable::printable_line;
use ct_core::risk::BreakerEvent;
use ct_core::risk::BreakerEventKind;
use ct_core::risk::DelistingAction;
use ct_core::settings::AtEnd;
use ct_core::units::Interval;
use ct_data::origin::address_of;

/// Strategies that failed, accounts that were ruined or liquidated, breakers that tripped, prices that nobody paid.
pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let mut notes: Vec<Note> = view.result.faults.iter().map(fault).collect();
    notes.extend(ruin(view));
    notes.extend(liquidation(view));
    notes.extend(breakers(view));
    notes.extend(closed(view));
    notes.extend(delistings(view));
    notes.extend(stale_marks(view));
    notes.extend(refused(view));
    notes.extend(sizing::notes(view));
    notes.extend(volume(view));
    notes.extend(elsewhere(view));
    if view.result.data.origin == Origin::Synthetic {
        notes.push(Note::warning(
            "SYNTHETIC DATA: these prices were generated, not traded. The result says nothing about any market.",
        ));
    }
    notes
}

/// Delistings that are told one by one; a result of others may hold any number.
const DELISTINGS_TOLD: usize = 20;

/// Instruments whose prices ended, and what became of their positions.
fn delistings(view: &View<'_>) -> Vec<Note> {
    let all = &view.result.delistings;
    let haircut = view.result.configuration.risk.delisting.haircut;
    let told = all.iter().take(DELISTINGS_TOLD).map(|found| {
        let became = match found.action {
            _ if found.quantity.is_zero() => "Nothing was held.".to_owned(),
            DelistingAction::Close => format!(
                "Its position was closed at the last price with a haircut of {}.",
                number::rate_percent(haircut)
            ),
            DelistingAction::Freeze => "Its position stays, marked at the last price.".to_owned(),
        };
        Note::warning(format!(
            "DELISTED: {} has no prices after {}, the last was {}. {became}",
            printable_line(&found.symbol),
            number::time(found.last_time),
            number::significant(found.last_price),
        ))
    });
    let mut notes: Vec<Note> = told.collect();
    let more = all.len().saturating_sub(DELISTINGS_TOLD);
    if more > 0 {
        let more = number::count(more as u64);
        notes.push(Note::warning(format!("And {more} more instruments have no prices any more.")));
    }
    notes
}

/// Positions whose last price is older than the end of the run.
fn stale_marks(view: &View<'_>) -> Vec<Note> {
    let all = &view.result.stale_marks;
    let became = match view.result.configuration.account.at_end {
        AtEnd::Mark => "is marked",
        AtEnd::Close => "was closed",
    };
    let told = all.iter().take(DELISTINGS_TOLD).map(|found| {
        Note::warning(format!(
            "OLD PRICE: {} has no prices after {}, {} before the end. Its position {became} at the last one, {}.",
            printable_line(&found.symbol),
            number::time(found.last_time),
            number::duration(found.age_ms),
            number::significant(found.last_price),
        ))
    });
    let mut notes: Vec<Note> = told.collect();
    let more = all.len().saturating_sub(DELISTINGS_TOLD);
    if more > 0 {
        let more = number::count(more as u64);
        notes.push(Note::warning(format!("And {more} more positions have old prices.")));
    }
    notes
}

/// An account that lay idle for good: what is per year is not of that time.
fn closed(view: &View<'_>) -> Option<Note> {
    let rule = view.result.closed_by?;
    Some(Note::warning(format!(
        "TRADED UNTIL {}, {} of {}: nothing was held or could be opened after that ({}). Figures per day and per year are of the \
         time traded; those over the whole period are beside them.",
        view.metric("traded_until"),
        view.metric("traded_ms"),
        view.metric("duration_ms"),
        wording::rule(rule),
    )))
}

/// Prices of an exchange that another address gave: whoever answers there says what they like.
fn elsewhere(view: &View<'_>) -> Option<Note> {
    let kept = view.result.data.sources.iter().filter_map(|source| source.series.as_ref());
    let names: BTreeSet<&str> = kept.map(|series| series.exchange.as_str()).collect();
    let foreign: Vec<_> = names.into_iter().filter(|name| address_of(name).is_some()).collect();
    (!foreign.is_empty()).then(|| {
        let names = foreign.join(", ");
        Note::warning(format!(
            "PRICES FROM ANOTHER ADDRESS than the exchange's own: {names}. They are what was answered there."
        ))
    })
}

fn fault(fault: &FaultReport) -> Note {
    let row = match fault.row {
        Some(row) => format!("row {}", number::count(row)),
        None => "warming up".to_owned(),
    };
    Note::failure(format!(
        "THE STRATEGY FAILED on {} at {} ({row}): {}: {}. Its positions were closed and stayed flat.",
        fault.symbols.join(", "),
        number::time(fault.time),
        wording::fault_kind(fault.kind),
        printable_line(&fault.detail).trim_end_matches('.'),
    ))
}

fn ruin(view: &View<'_>) -> Option<Note> {
    let first = fills(view, FillReason::Ruin).next()?;
    Some(Note::failure(format!(
        "THE ACCOUNT WAS RUINED in the bar {}: it was worth nothing any more, and nothing was traded from then on.",
        number::time(first.time)
    )))
}

fn liquidation(view: &View<'_>) -> Option<Note> {
    let first = fills(view, FillReason::Liquidation).next()?;
    let count = number::count(fills(view, FillReason::Liquidation).count() as u64);
    Some(Note::failure(format!(
        "LIQUIDATION: the margin did not cover the positions, first in the bar {}. Forced fills: {count}.",
        number::time(first.time)
    )))
}

/// Most of what the strategy wanted was not let through, and no breaker tells why.
fn refused(view: &View<'_>) -> Option<Note> {
    const REFUSED_MIN: u64 = 10;
    const SHARE_MIN: u64 = 10;
    let by_rule = view.result.refusal_counts.iter().filter(|counted| {
        let explained = [
            Rule::PortfolioStop,
            Rule::DailyLoss,
            Rule::WeeklyLoss,
            Rule::Drawdown,
            Rule::LosingStreak,
            Rule::Ruin,
            Rule::Fault,
            Rule::Expired,
        ];
        counted.verdict == Verdict::Refused && !explained.contains(&counted.rule)
    });
    let refused = number::total(by_rule.clone().map(|counted| counted.count));
    let entries = fills(view, FillReason::Entry).count() as u64;
    let most = by_rule.max_by_key(|counted| counted.count)?;
    if refused < REFUSED_MIN || refused < entries.saturating_mul(SHARE_MIN) {
        return None;
    }
    Some(Note::warning(format!(
        "HARDLY AN ORDER WENT THROUGH: {} were refused, {} of them by one rule ({}); fills that opened or enlarged a position: {}. \
         --explain tells the way of each decision.",
        number::count(refused),
        number::count(most.count),
        wording::rule(most.rule),
        number::count(entries)
    )))
}

/// Nobody fills a large part of a bar's volume at the bar's price.
fn volume(view: &View<'_>) -> Option<Note> {
    let used = view.result.volume_use;
    if used.fills_above_tenth == 0 {
        return None;
    }
    let most = used.share_max.map(|share| format!(", up to {}", number::percent(share)));
    Some(Note::warning(format!(
        "LARGE FOR THE MARKET: fills of more than a tenth of their bar's volume: {}{}. They would have moved the price: \
         --participation bounds what a bar fills, --set costs.impact adds what it costs.",
        number::count(used.fills_above_tenth),
        most.unwrap_or_default()
    )))
}

fn fills<'a>(view: &View<'a>, reason: FillReason) -> impl Iterator<Item = &'a Fill> {
    view.result.fills.iter().filter(move |fill| fill.reason == reason)
}

/// Breakers that are told one by one: a run has a few levels of each kind.
const BREAKERS_TOLD: usize = 100;

/// What happened to one breaker: to one rule and level, whatever the instrument.
struct Events<'a> {
    /// The first time that it tripped.
    first: &'a BreakerEvent,
    /// How often it tripped.
    trips: u64,
    /// The last event of each instrument.
    last: BTreeMap<Option<&'a str>, BreakerEventKind>,
}

/// One note for each breaker, however often it tripped, the strongest first: levels of one breaker are told apart.
fn breakers(view: &View<'_>) -> Vec<Note> {
    let mut tripped = tripped(view);
    tripped.sort_by_key(|events| std::cmp::Reverse(events.first.action));
    let more = tripped.len().saturating_sub(BREAKERS_TOLD);
    let told = tripped.iter().take(BREAKERS_TOLD);
    let mut notes: Vec<Note> = told.map(|events| breaker(view, events)).collect();
    if more > 0 {
        let more = number::count(more as u64);
        notes.push(Note::warning(format!("And {more} more breakers tripped.")));
    }
    notes
}

/// The breakers that tripped, in the order in which they first did.
fn tripped<'a>(view: &View<'a>) -> Vec<Events<'a>> {
    let mut places: BTreeMap<(Rule, u64), usize> = BTreeMap::new();
    let mut tripped: Vec<Events<'a>> = Vec::new();
    for event in &view.result.breakers {
        let key = (event.rule, event.limit.to_bits());
        if let Some(events) = places.get(&key).and_then(|place| tripped.get_mut(*place)) {
            events.add(event);
        } else if event.kind == BreakerEventKind::Tripped {
            places.insert(key, tripped.len());
            let mut events = Events { first: event, trips: 0, last: BTreeMap::new() };
            events.add(event);
            tripped.push(events);
        }
    }
    tripped
}

impl<'a> Events<'a> {
    fn add(&mut self, event: &'a BreakerEvent) {
        self.trips = self.trips.saturating_add(u64::from(event.kind == BreakerEventKind::Tripped));
        self.last.insert(event.symbol.as_deref(), event.kind);
    }
}

fn breaker(view: &View<'_>, events: &Events<'_>) -> Note {
    let first = events.first;
    let symbol = first.symbol.as_ref().map(|symbol| format!(" in {symbol}")).unwrap_or_default();
    let mut sentences = vec![
        format!(
            "BREAKER TRIPPED: {} of {}{symbol} in the bar {} (level {}).",
            wording::rule(first.rule),
            measured(view.numbers, first.rule, first.value),
            number::time(first.time),
            measured(view.numbers, first.rule, Some(first.limit)),
        ),
        deed(view, first),
    ];
    if events.trips > 1 {
        sentences.push(format!("It tripped {} times.", number::count(events.trips)));
    }
    sentences.extend(still_tripped(view, events));
    Note::warning(sentences.join(" "))
}

fn deed(view: &View<'_>, first: &BreakerEvent) -> String {
    match pause(view, first) {
        Some(pause) if first.symbol.is_some() => {
            format!("The instrument was not entered for {pause}.")
        }
        Some(pause) => format!("Nothing was entered for {pause}."),
        None => wording::breaker_deed(first.action).to_owned(),
    }
}

/// How long a losing streak pauses trading, where that ends by itself.
fn pause(view: &View<'_>, first: &BreakerEvent) -> Option<Interval> {
    let streak = view.result.configuration.risk.breakers.losing_streak?;
    if first.rule == Rule::LosingStreak { streak.pause } else { None }
}

/// Whether the breaker was still tripped at the end, and for which symbols. The end of a pause is no event.
fn still_tripped(view: &View<'_>, events: &Events<'_>) -> Option<String> {
    if pause(view, events.first).is_some() {
        return None;
    }
    let still = events.last.iter().filter(|(_, kind)| **kind == BreakerEventKind::Tripped);
    let still: Vec<Option<&str>> = still.map(|(symbol, _)| *symbol).collect();
    if still.is_empty() {
        return None;
    }
    let symbols: Vec<&str> = still.into_iter().flatten().collect();
    let place =
        if symbols.is_empty() { String::new() } else { format!(" in {}", symbols.join(", ")) };
    Some(format!("It was not armed again{place}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::{RefusalCount, RunResult, StaleMark};
    use crate::report::{Tone, example};
    use ct_core::engine::VolumeUse;
    use ct_core::risk::{BreakerAction, LosingStreak, StreakScope};

    fn told(change: impl FnOnce(&mut RunResult)) -> Vec<Note> {
        let mut result = example::result();
        change(&mut result);
        notes(&View::new(&result))
    }

    #[test]
    fn a_strategy_that_is_hardly_let_through_is_told() {
        let counted = |rule, count| RefusalCount { rule, verdict: Verdict::Refused, count };
        let notes = told(|result| {
            result.refusal_counts = vec![counted(Rule::Cash, 30), counted(Rule::Lot, 7)];
        });
        let expected = "HARDLY AN ORDER WENT THROUGH: 37 were refused, 30 of them by one rule (cash or margin); \
                        fills that opened or enlarged a position: 1. --explain tells the way of each decision.";
        assert_eq!(notes, [Note::warning(expected)]);
        // What a breaker refuses its own note explains, and nine refusals are not many.
        for (rule, count) in [(Rule::Drawdown, 500), (Rule::Cash, 9)] {
            let notes = told(|result| result.refusal_counts = vec![counted(rule, count)]);
            assert!(notes.is_empty(), "{notes:?}");
        }
    }

    #[test]
    fn fills_that_would_have_moved_the_market_are_told() {
        let notes = told(|result| {
            result.volume_use = VolumeUse { share_max: Some(2.5), fills_above_tenth: 3 };
        });
        let expected = "LARGE FOR THE MARKET: fills of more than a tenth of their bar's volume: 3, up to 250.00 %. \
                        They would have moved the price: --participation bounds what a bar fills, \
                        --set costs.impact adds what it costs.";
        assert_eq!(notes, [Note::warning(expected)]);
    }

    #[test]
    fn what_sizing_keeps_from_happening_is_told() {
        let risk = |text: &str| {
            let risk = serde_json::from_str(text).unwrap();
            told(move |result| result.configuration.risk = risk)
        };
        let leverage = "LEVERAGE IS OUT OF REACH: 3 is allowed, but sizing puts at most 100 % of the equity into positions. \
                        Raise the sizing's fraction or cap (--fraction 3) to use it.";
        assert_eq!(risk(r#"{"margin": {"leverage_max": 3}}"#), [Note::warning(leverage)]);
        for text in [
            r#"{"margin": {"leverage_max": 3}, "sizing": {"kind": "fraction", "fraction": 3}}"#,
            r#"{"margin": {"leverage_max": 3}, "sizing": {"kind": "units", "units": 3}}"#,
            r#"{"sizing": {"kind": "risk_share"}}"#,
            r#"{"sizing": {"kind": "risk_share", "missing_stop": "assume", "distance": "stop"}}"#,
        ] {
            assert_eq!(risk(text), [], "{text}");
        }
        let stops = "NO STOP IS PLACED where the strategy sets none: sizes assume one 2 × ATR(14) away, and more than 1 % of the \
                     equity can be lost. risk.sizing.missing_stop: place places it.";
        let assumed = r#"{"sizing": {"kind": "risk_share", "missing_stop": "assume"}}"#;
        assert_eq!(risk(assumed), [Note::warning(stops)]);
        let shorts = "SHORTS WERE LEFT OUT: decisions to be short that became flat: 37. --allow-short lets the strategy go short.";
        let counted =
            RefusalCount { rule: Rule::ShortNotAllowed, verdict: Verdict::Cut, count: 37 };
        let notes = told(|result| result.refusal_counts = vec![counted]);
        assert_eq!(notes, [Note::warning(shorts)]);
    }

    #[test]
    fn a_portfolio_that_never_used_its_capital_is_told() {
        let portfolio = |most: f64| {
            told(|result| {
                let symbols = (0..16).map(|coin| format!("C{coin}/USDT"));
                result.data.symbols = symbols.collect();
                result.metrics.activity.gross_exposure_max = Some(most);
                result.metrics.activity.gross_exposure_average = Some(0.24);
            })
        };
        let idle = "MOST CAPITAL LAY IDLE: never more than 25.00 % of the equity was in positions, on average 24.00 %. \
                    Each of 16 instruments is granted its own part of the capital only.";
        assert_eq!(portfolio(0.25), [Note::warning(idle)]);
        assert_eq!(portfolio(0.5), []);
    }

    #[test]
    fn a_position_at_an_old_price_is_told_with_its_age() {
        let notes = told(|result| {
            result.stale_marks = vec![StaleMark {
                symbol: "BTC/USDT".into(),
                last_time: example::hour(20),
                last_price: 105.5,
                age_ms: 100_800_000,
                quantity: result.fills[0].quantity,
            }];
        });
        let expected = "OLD PRICE: BTC/USDT has no prices after 2024-01-01 20:00, 1d 4h before the end. \
                        Its position is marked at the last one, 105.500.";
        assert_eq!(notes, [Note::warning(expected)]);
    }

    #[test]
    fn an_account_that_lay_idle_is_told_with_the_time_it_traded() {
        let notes = told(|result| {
            result.closed_by = Some(Rule::Drawdown);
            result.metrics.span.traded_until = Some(1_704_182_400_000);
            result.metrics.span.traded_ms = Some(115_200_000);
        });
        let expected = "TRADED UNTIL 2024-01-02 08:00, 1d 8h of 2d: nothing was held or could be opened after that \
                        (drawdown). Figures per day and per year are of the time traded; those over the whole period \
                        are beside them.";
        assert_eq!(notes, [Note::warning(expected)]);
    }

    #[test]
    fn a_breaker_that_stays_tripped_is_told_in_full() {
        let notes = told(|result| {
            result.breakers = vec![example::drawdown(30, BreakerEventKind::Tripped)];
        });
        let expected = "BREAKER TRIPPED: drawdown of 52.30 % in the bar 2024-01-02 06:00 (level 50.00 %). \
                        Every position was closed at the next open. It was not armed again.";
        assert_eq!(notes, [Note::warning(expected)]);
    }

    #[test]
    fn a_breaker_that_trips_often_is_told_once() {
        use BreakerEventKind::{Rearmed, Tripped};
        let notes = told(|result| {
            let events = [(5, Tripped), (10, Rearmed), (15, Tripped), (20, Rearmed)];
            result.breakers = events.map(|(hour, kind)| example::drawdown(hour, kind)).to_vec();
        });
        assert_eq!(notes.len(), 1);
        assert!(notes[0].text.ends_with("next open. It tripped 2 times."), "{notes:?}");
    }

    #[test]
    fn levels_are_told_apart_and_instruments_by_name() {
        let notes = told(|result| {
            let half = example::drawdown(5, BreakerEventKind::Tripped);
            let quarter = BreakerEvent { limit: 0.25, ..half.clone() };
            let streak = |symbol: &str, kind| BreakerEvent {
                rule: Rule::LosingStreak,
                symbol: Some(symbol.into()),
                value: Some(3.0),
                limit: 3.0,
                kind,
                ..half.clone()
            };
            result.breakers = vec![
                quarter,
                half.clone(),
                streak("BTC/USDT", BreakerEventKind::Tripped),
                streak("ETH/USDT", BreakerEventKind::Tripped),
                streak("BTC/USDT", BreakerEventKind::Rearmed),
            ];
        });
        assert_eq!(notes.len(), 3);
        assert!(notes[2].text.contains("losing streak of 3 in BTC/USDT"), "{notes:?}");
        assert!(notes[2].text.ends_with("2 times. It was not armed again in ETH/USDT."));
    }

    #[test]
    fn a_pause_ends_by_itself() {
        let notes = told(|result| {
            let tripped = example::drawdown(5, BreakerEventKind::Tripped);
            result.breakers = vec![BreakerEvent { rule: Rule::LosingStreak, ..tripped }];
            let pause = Some(Interval::HOUR);
            result.configuration.risk.breakers.losing_streak =
                Some(LosingStreak { losses: 3, pause, scope: StreakScope::Strategy });
        });
        assert!(notes[0].text.ends_with(". Nothing was entered for 1h."), "{notes:?}");
    }

    #[test]
    fn the_strongest_breaker_is_told_first() {
        let notes = told(|result| {
            let flatten = example::drawdown(9, BreakerEventKind::Tripped);
            let reduce =
                BreakerEvent { action: BreakerAction::Reduce, limit: 0.1, ..flatten.clone() };
            result.breakers = vec![reduce, flatten];
        });
        assert!(notes[0].text.contains("level 50.00 %"), "{notes:?}");
        assert!(notes[1].text.contains("Positions were cut"), "{notes:?}");
    }

    #[test]
    fn ruin_and_liquidation_are_failures() {
        for (reason, words) in [
            (FillReason::Ruin, "THE ACCOUNT WAS RUINED in the bar 2024-01-02 06:00"),
            (FillReason::Liquidation, "first in the bar 2024-01-02 06:00. Forced fills: 1."),
        ] {
            let notes = told(|result| result.fills[1].reason = reason);
            assert_eq!(notes[0].tone, Tone::Failure);
            assert!(notes[0].text.contains(words), "{notes:?}");
        }
    }
}
