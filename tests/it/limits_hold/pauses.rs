//! Losing streaks and rests, counted here from the trades.

use ct_host::engine::Outcome;
use ct_host::order::{FillReason, Trade};
use ct_host::risk::{LosingStreak, PauseAfter, StreakScope};
use ct_host::units::Money;
use ct_tests::records::row_of;
use ct_tests::trial::Trial;

use super::close_ms;
use super::replay::Step;

/// No time ends it.
const FOR_GOOD: i64 = i64::MAX;

/// What bars instruments, and until when.
#[derive(Debug)]
struct Paused {
    /// Losses in a row, and the end of the pause, of the strategy or of each instrument.
    streaks: Vec<(u32, i64)>,
    /// Ends of rests.
    cool_downs: Vec<i64>,
}

/// A decision made before the end of a pause or a rest opens nothing from the exit on.
pub(super) fn check(trial: &Trial, outcome: &Outcome, steps: &[Step<'_>]) {
    let instruments = trial.panel.series().len();
    let mut paused = Paused {
        streaks: vec![(0, i64::MIN); instruments],
        cool_downs: vec![i64::MIN; instruments],
    };
    let mut trades = outcome.trades.iter();
    for step in steps {
        let fill = step.fill;
        if let (true, Some(decision)) = (step.enlarges, fill.decision) {
            let way = outcome.explained.iter().find(|way| way.decision == decision).unwrap();
            let decided_ms = close_ms(trial, row_of(&trial.panel, way.time));
            let until_ms = paused.until_ms(trial, step.instrument());
            assert!(decided_ms >= until_ms, "{fill:#?} of {way:?} although {paused:?}");
        }
        if step.held[step.instrument()] == 0 {
            let trade = trades.next().unwrap();
            assert_eq!((&trade.symbol, trade.exit_time), (&fill.symbol, fill.time));
            paused.note(trial, trade, step);
        }
    }
    assert_eq!(trades.count(), 0);
}

impl Paused {
    fn until_ms(&self, trial: &Trial, instrument: usize) -> i64 {
        let streak = trial.setup.risk.breakers.losing_streak;
        let streak = streak.map(|rule| self.streaks[place(rule, instrument)].1);
        self.cool_downs[instrument].max(streak.unwrap_or(i64::MIN))
    }

    /// Takes in a trade and the fill that ended it.
    fn note(&mut self, trial: &Trial, trade: &Trade, exit: &Step<'_>) {
        let exit_ms = close_ms(trial, exit.row());
        let instrument = exit.instrument();
        let lost = trade.net_pnl < Money::ZERO;
        let breakers = &trial.setup.risk.breakers;
        if let Some(rest) = breakers.cool_down
            && match rest.after {
                PauseAfter::Exit => true,
                PauseAfter::Loss => lost,
                PauseAfter::Stop => matches!(
                    trade.exit_reason,
                    FillReason::Stop | FillReason::Breaker | FillReason::Liquidation
                ),
            }
        {
            self.cool_downs[instrument] = exit_ms + rest.pause.as_ms();
        }
        let Some(rule) = breakers.losing_streak else { return };
        let (losses, until_ms) = &mut self.streaks[place(rule, instrument)];
        // What ends during a pause is not counted.
        if exit_ms < *until_ms {
            return;
        }
        *losses = if lost { *losses + 1 } else { 0 };
        if *losses == rule.losses {
            *losses = 0;
            *until_ms = rule.pause.map_or(FOR_GOOD, |pause| exit_ms + pause.as_ms());
        }
    }
}

fn place(rule: LosingStreak, instrument: usize) -> usize {
    if rule.scope == StreakScope::Strategy { 0 } else { instrument }
}
