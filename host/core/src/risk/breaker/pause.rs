//! Losing streaks, and cool-downs of instruments after exits.

use super::{
    BreakerAction, BreakerEvent, BreakerEventKind, BreakerSettings, CoolDown, LosingStreak,
    PauseAfter, StreakScope,
};
use crate::market::{InstrumentId, PerInstrument, Symbol};
use crate::order::{FillReason, Rule};
use crate::risk::Cut;
use crate::units::{Interval, Money, Timestamp};

/// Which instruments may not be entered after exits.
///
/// - A losing streak is a number of round trips in a row that lost, after costs: the strategy's, in the order of their exits, or
///   those of one instrument. One that came out even or better ends it. At the stated number all instruments, or that one, are
///   paused, for the stated time or until they are armed by hand, and the count starts again at zero. What ends while they are
///   paused is not counted.
/// - A cool-down pauses the instrument for the stated time after each exit of the stated kind.
///
/// Times count from the close of the bar of the exit, and a decision at the very end of the time is free: with hourly bars,
/// one hour stops the decision at the close of the bar of the exit and no other.
///
/// There are events when a losing streak pauses something and when it is armed by hand; those of the strategy name no
/// instrument. There are none for a pause that ends by itself, nor for cool-downs, which may follow every trade.
#[derive(Clone, Debug)]
pub struct Pauses {
    /// What the instruments are called.
    symbols: PerInstrument<Symbol>,
    streak: Option<LosingStreak>,
    cool_down: Option<CoolDown>,
    /// The streak of the strategy, where it is one for all instruments.
    of_strategy: Streak,
    /// That of each instrument, where it is one for each.
    of_instruments: PerInstrument<Streak>,
    /// When the cool-down of each instrument ends.
    cools_down_until_ms: PerInstrument<Option<i64>>,
    events: Vec<BreakerEvent>,
}

/// A round trip that has ended.
#[derive(Clone, Copy, Debug)]
pub struct Exit {
    /// The instrument.
    pub instrument: InstrumentId,
    /// Open time of the bar of the last fill.
    pub time: Timestamp,
    /// Close of that bar, in milliseconds since 1970 UTC.
    pub close_ms: i64,
    /// Profit after costs, in quote asset.
    pub net_pnl: Money,
    /// Why the position was left.
    pub reason: FillReason,
    /// Equity at the close before, in quote asset.
    pub equity: f64,
}

/// Losing trades in a row.
#[derive(Clone, Copy, Debug, Default)]
struct Streak {
    losses: u32,
    paused: Paused,
}

/// Whether a losing streak pauses what it is about.
#[derive(Clone, Copy, Debug, Default)]
enum Paused {
    #[default]
    Not,
    /// Before this time.
    Until(i64),
    /// Until it is armed.
    ByHand,
}

impl Pauses {
    /// Those of instruments with these `symbols`, none of which is paused.
    pub fn new(settings: &BreakerSettings, symbols: PerInstrument<Symbol>) -> Self {
        let instruments = symbols.values().len();
        Self {
            symbols,
            streak: settings.losing_streak,
            cool_down: settings.cool_down,
            of_strategy: Streak::default(),
            of_instruments: PerInstrument::new(instruments, |_| Streak::default()),
            cools_down_until_ms: PerInstrument::new(instruments, |_| None),
            events: Vec::new(),
        }
    }

    /// The same pauses under other settings: a rule that is as it was goes on, another one begins.
    pub(crate) fn under(self, settings: &BreakerSettings) -> Self {
        let mut new = Self::new(settings, self.symbols);
        if new.streak == self.streak {
            new.of_strategy = self.of_strategy;
            new.of_instruments = self.of_instruments;
        }
        if new.cool_down == self.cool_down {
            new.cools_down_until_ms = self.cools_down_until_ms;
        }
        Self { events: self.events, ..new }
    }

    /// Whether an exit can pause anything. If not, there is no need to note any.
    pub(crate) const fn is_watching(&self) -> bool {
        self.streak.is_some() || self.cool_down.is_some()
    }

    /// Takes in an exit. Those of one instrument come in order of time.
    ///
    /// # Panics
    /// When they do not, or there is no such instrument.
    pub fn note(&mut self, exit: &Exit) {
        if let Some(cool_down) = self.cool_down
            && exit.is_one(cool_down.after)
        {
            let until_ms = exit.close_ms.saturating_add(cool_down.pause.as_ms());
            let before = self.cools_down_until_ms[exit.instrument].replace(until_ms);
            assert!(before <= Some(until_ms), "{exit:?} comes after one that ends at {before:?}");
        }
        let Some(rule) = self.streak else { return };
        let streak = match rule.scope {
            StreakScope::Strategy => &mut self.of_strategy,
            StreakScope::Instrument => &mut self.of_instruments[exit.instrument],
        };
        if streak.paused.holds_at(exit.close_ms) {
            return;
        }
        assert!(
            streak.losses == 0 || streak.losses < rule.losses,
            "{exit:?}: {} losses in a row have paused nothing, at a limit of {}",
            streak.losses,
            rule.losses
        );
        streak.losses = if exit.lost() { streak.losses + 1 } else { 0 };
        if exit.lost() && streak.losses >= rule.losses {
            let losses = std::mem::take(&mut streak.losses);
            streak.paused = Paused::by(rule, exit.close_ms);
            self.events.push(BreakerEvent {
                time: exit.time,
                rule: Rule::LosingStreak,
                kind: BreakerEventKind::Tripped,
                action: BreakerAction::Halt,
                symbol: match rule.scope {
                    StreakScope::Strategy => None,
                    StreakScope::Instrument => Some(self.symbols[exit.instrument].clone()),
                },
                value: Some(f64::from(losses)),
                limit: f64::from(rule.losses),
                equity: exit.equity,
            });
        }
    }

    /// Why a decision at `time_ms` may not enter `instrument`, if so. A losing streak comes before a cool-down.
    ///
    /// # Panics
    /// When there is no such instrument.
    pub fn paused(&self, instrument: InstrumentId, time_ms: i64) -> Option<Cut> {
        if let Some(rule) = self.streak {
            let streak = match rule.scope {
                StreakScope::Strategy => &self.of_strategy,
                StreakScope::Instrument => &self.of_instruments[instrument],
            };
            if streak.paused.holds_at(time_ms) {
                let losses = f64::from(rule.losses);
                return Some(Cut { rule: Rule::LosingStreak, value: losses, limit: losses });
            }
        }
        let cool_down = self.cool_down?;
        let left_ms = self.cools_down_until_ms[instrument]?.saturating_sub(time_ms);
        (left_ms > 0).then(|| Cut {
            rule: Rule::CoolDown,
            value: hours(left_ms),
            limit: hours(cool_down.pause.as_ms()),
        })
    }

    /// Arms every losing streak by hand that pauses anything at `close_ms`, the close of the bar that opened at `time`. `equity`
    /// is that at the close. Cool-downs go on.
    pub fn rearm(&mut self, time: Timestamp, close_ms: i64, equity: f64) {
        let Some(rule) = self.streak else { return };
        let of_strategy = std::iter::once((None, &mut self.of_strategy));
        let of_instruments = self.of_instruments.values_mut().iter_mut().zip(self.symbols.values());
        let of_instruments = of_instruments.map(|(streak, symbol)| (Some(symbol), streak));
        for (symbol, streak) in of_strategy.chain(of_instruments) {
            if streak.paused.holds_at(close_ms) {
                streak.paused = Paused::Not;
                self.events.push(BreakerEvent {
                    time,
                    rule: Rule::LosingStreak,
                    kind: BreakerEventKind::Rearmed,
                    action: BreakerAction::Halt,
                    symbol: symbol.cloned(),
                    value: Some(0.0),
                    limit: f64::from(rule.losses),
                    equity,
                });
            }
        }
    }

    /// Gives away what has happened since it was asked last, in order of exits.
    pub(crate) fn drain_events(&mut self) -> impl Iterator<Item = BreakerEvent> {
        self.events.drain(..)
    }
}

impl Exit {
    fn lost(&self) -> bool {
        self.net_pnl < Money::ZERO
    }

    /// Whether it is an exit of the kind.
    fn is_one(&self, kind: PauseAfter) -> bool {
        match kind {
            PauseAfter::Stop => matches!(
                self.reason,
                FillReason::Stop | FillReason::Breaker | FillReason::Liquidation
            ),
            PauseAfter::Loss => self.lost(),
            PauseAfter::Exit => true,
        }
    }
}

impl Paused {
    /// From `close_ms` on.
    fn by(streak: LosingStreak, close_ms: i64) -> Self {
        match streak.pause {
            Some(pause) => Self::Until(close_ms.saturating_add(pause.as_ms())),
            None => Self::ByHand,
        }
    }

    const fn holds_at(self, time_ms: i64) -> bool {
        match self {
            Self::Not => false,
            Self::Until(end_ms) => time_ms < end_ms,
            Self::ByHand => true,
        }
    }
}

fn hours(ms: i64) -> f64 {
    ms as f64 / Interval::HOUR.as_ms() as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streak(losses: u32, pause: Option<&str>) -> BreakerSettings {
        let pause = pause.map(|pause| pause.parse().unwrap());
        let losing_streak = Some(LosingStreak { losses, pause, scope: StreakScope::Instrument });
        BreakerSettings { losing_streak, ..BreakerSettings::none() }
    }

    fn cool_down(after: PauseAfter) -> BreakerSettings {
        let cool_down = Some(CoolDown { after, pause: "3h".parse().unwrap() });
        BreakerSettings { cool_down, ..BreakerSettings::none() }
    }

    const fn hour_ms(hour: i64) -> i64 {
        hour * Interval::HOUR.as_ms()
    }

    /// Open time of the bar of an hour.
    const fn open_of(hour: i64) -> Timestamp {
        Timestamp::clamped(hour_ms(hour))
    }

    fn coin(instrument: usize) -> Symbol {
        format!("COIN{instrument}").as_str().into()
    }

    /// The pauses of as many instruments.
    fn pauses(settings: &BreakerSettings, instruments: usize) -> Pauses {
        Pauses::new(settings, (0..instruments).map(coin).collect())
    }

    /// An exit of `instrument` in the bar that closes at `hour`.
    fn exit(instrument: usize, hour: i64, net_pnl: f64, reason: FillReason) -> Exit {
        Exit {
            instrument: InstrumentId::new(instrument),
            time: open_of(hour - 1),
            close_ms: hour_ms(hour),
            net_pnl: Money::from_f64(net_pnl).unwrap(),
            reason,
            equity: 1_000.0,
        }
    }

    fn paused(pauses: &Pauses, instrument: usize, time_ms: i64) -> Option<Cut> {
        pauses.paused(InstrumentId::new(instrument), time_ms)
    }

    fn rule_at(pauses: &Pauses, instrument: usize, hour: i64) -> Option<Rule> {
        paused(pauses, instrument, hour_ms(hour)).map(|cut| cut.rule)
    }

    #[test]
    fn losses_in_a_row_bar_their_own_instrument_only() {
        let mut pauses = pauses(&streak(3, Some("4h")), 2);
        for (hour, pnl) in [(1, -1.0), (2, -1.0), (3, 0.0), (4, -1.0), (5, -1.0)] {
            pauses.note(&exit(0, hour, pnl, FillReason::Exit));
            pauses.note(&exit(1, hour, 5.0, FillReason::Exit));
        }
        // Two, then an even one, then two: just not three in a row.
        assert_eq!(paused(&pauses, 0, hour_ms(5)), None);
        assert_eq!(pauses.drain_events().count(), 0);
        pauses.note(&exit(0, 6, -0.01, FillReason::Stop));
        let cut = Cut { rule: Rule::LosingStreak, value: 3.0, limit: 3.0 };
        assert_eq!(paused(&pauses, 0, hour_ms(6)), Some(cut));
        assert_eq!(paused(&pauses, 0, hour_ms(9)), Some(cut));
        assert_eq!(paused(&pauses, 0, hour_ms(10)), None);
        assert_eq!(paused(&pauses, 1, hour_ms(6)), None);
        let events: Vec<_> = pauses.drain_events().collect();
        assert_eq!(
            events,
            [BreakerEvent {
                time: open_of(5),
                rule: Rule::LosingStreak,
                kind: BreakerEventKind::Tripped,
                action: BreakerAction::Halt,
                symbol: Some(coin(0)),
                value: Some(3.0),
                limit: 3.0,
                equity: 1_000.0,
            }]
        );
    }

    #[test]
    fn losses_of_the_strategy_bar_all_instruments() {
        let mut settings = streak(2, Some("2h"));
        settings.losing_streak.as_mut().unwrap().scope = StreakScope::Strategy;
        let mut pauses = pauses(&settings, 3);
        pauses.note(&exit(0, 1, -1.0, FillReason::Exit));
        pauses.note(&exit(1, 2, 1.0, FillReason::Exit));
        pauses.note(&exit(0, 3, -1.0, FillReason::Exit));
        // A gain elsewhere ended the streak.
        assert_eq!(rule_at(&pauses, 0, 3), None);
        pauses.note(&exit(2, 3, -1.0, FillReason::Stop));
        for instrument in 0..3 {
            assert_eq!(rule_at(&pauses, instrument, 4), Some(Rule::LosingStreak));
            assert_eq!(rule_at(&pauses, instrument, 5), None);
        }
        let of: Vec<_> = pauses.drain_events().map(|event| event.symbol).collect();
        assert_eq!(of, [None]);
    }

    #[test]
    fn after_a_streak_the_count_starts_again() {
        let mut pauses = pauses(&streak(2, Some("2h")), 1);
        for hour in [1, 2, 3] {
            pauses.note(&exit(0, hour, -1.0, FillReason::Exit));
        }
        // The third ended while the instrument was paused. It counts for nothing and makes the bar no longer.
        assert_eq!(rule_at(&pauses, 0, 3), Some(Rule::LosingStreak));
        assert_eq!(rule_at(&pauses, 0, 4), None);
        pauses.note(&exit(0, 5, -1.0, FillReason::Exit));
        assert_eq!(rule_at(&pauses, 0, 5), None);
        pauses.note(&exit(0, 6, -1.0, FillReason::Exit));
        assert_eq!(rule_at(&pauses, 0, 6), Some(Rule::LosingStreak));
        assert_eq!(pauses.drain_events().count(), 2);
    }

    #[test]
    fn without_a_time_only_a_hand_ends_a_streak() {
        let mut pauses = pauses(&streak(1, None), 3);
        pauses.note(&exit(1, 1, -1.0, FillReason::Exit));
        assert_eq!(rule_at(&pauses, 1, 1_000_000), Some(Rule::LosingStreak));
        pauses.drain_events().for_each(drop);
        pauses.rearm(open_of(9), hour_ms(10), 900.0);
        assert_eq!(rule_at(&pauses, 1, 10), None);
        let events: Vec<_> = pauses.drain_events().collect();
        let found = events.into_iter().map(|event| (event.time, event.kind, event.symbol));
        let expected = [(open_of(9), BreakerEventKind::Rearmed, Some(coin(1)))];
        assert_eq!(found.collect::<Vec<_>>(), expected);
        pauses.rearm(open_of(10), hour_ms(11), 900.0);
        assert_eq!(pauses.drain_events().count(), 0);
    }

    #[test]
    fn a_rest_follows_its_kind_of_exit() {
        use FillReason::{Breaker, Exit as Left, Liquidation, Stop, TakeProfit};
        for (after, rests) in [
            (PauseAfter::Stop, [true, true, true, false, false, false]),
            (PauseAfter::Loss, [false, true, true, true, false, false]),
            (PauseAfter::Exit, [true; 6]),
        ] {
            let exits = [
                (1.0, Stop),
                (-1.0, Breaker),
                (-1.0, Liquidation),
                (-1.0, Left),
                (0.0, Left),
                (2.0, TakeProfit),
            ];
            for ((pnl, reason), rests) in exits.into_iter().zip(rests) {
                let mut pauses = pauses(&cool_down(after), 1);
                pauses.note(&exit(0, 1, pnl, reason));
                assert_eq!(rule_at(&pauses, 0, 1).is_some(), rests, "{after:?}, {reason:?}, {pnl}");
            }
        }
    }

    #[test]
    fn a_rest_counts_from_the_last_exit_in_hours() {
        let mut pauses = pauses(&cool_down(PauseAfter::Exit), 1);
        pauses.note(&exit(0, 1, 1.0, FillReason::Exit));
        pauses.note(&exit(0, 2, 1.0, FillReason::Exit));
        let cut = |value| Some(Cut { rule: Rule::CoolDown, value, limit: 3.0 });
        assert_eq!(paused(&pauses, 0, hour_ms(2)), cut(3.0));
        assert_eq!(paused(&pauses, 0, hour_ms(5) - 1_800_000), cut(0.5));
        assert_eq!(paused(&pauses, 0, hour_ms(5)), None);
        pauses.rearm(open_of(3), hour_ms(4), 1_000.0);
        assert_eq!(paused(&pauses, 0, hour_ms(4)), cut(1.0));
        assert_eq!(pauses.drain_events().count(), 0);
    }

    #[test]
    fn nothing_set_bars_nothing() {
        let mut pauses = pauses(&BreakerSettings::none(), 1);
        assert!(!pauses.is_watching());
        pauses.note(&exit(0, 1, -1.0, FillReason::Stop));
        assert_eq!(paused(&pauses, 0, hour_ms(1)), None);
    }

    #[test]
    #[should_panic(expected = "instrument 7 of 1")]
    fn an_exit_of_an_instrument_that_is_not_there_is_loud() {
        pauses(&streak(1, None), 1).note(&exit(7, 1, -1.0, FillReason::Stop));
    }

    #[test]
    #[should_panic(expected = "comes after one that ends at")]
    fn exits_that_go_back_in_time_are_loud() {
        let mut pauses = pauses(&cool_down(PauseAfter::Exit), 1);
        pauses.note(&exit(0, 2, 1.0, FillReason::Exit));
        pauses.note(&exit(0, 1, 1.0, FillReason::Exit));
    }
}
