//! What a run holds does not grow with the rows that it has seen, once what it put out is given away and its rows are forgotten.

use super::super::super::test_market::{Market, bars, money, rate};
use super::*;
use crate::costs::FeeTier;
use crate::market::{ClosedBar, FinerBars, TimedBar};
use crate::order::Intrabar;
use crate::risk::{BreakerAction, BreakerSettings, FixedNotional, LossBreaker, Rearm};
use crate::units::Price;

const HOUR_MS: i64 = 3_600_000;
const DAY: usize = 24;

/// Every day the same: long at two, out at nine; short by a limit order at noon, out at eight.
struct Daily;

impl Strategy for Daily {
    fn advance(
        &mut self,
        window: &Window<'_>,
        _account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let price = Price::from_f64(97.0).unwrap();
        let limit = Entry::Limit { price, expires_after_rows: None };
        let row = window.first_row;
        let (share, entry) = match row % DAY {
            2 => (1.0, Entry::Market),
            12 => (-1.0, limit),
            9 | 20 => (0.0, Entry::Market),
            _ => return Ok(window.rows),
        };
        let stop = Price::from_f64(if share < 0.0 { 108.0 } else { 92.0 }).ok();
        decisions.push(Decision {
            row,
            instrument: 0,
            action: Action::Move { target: Exposure::new(share).unwrap(), entry },
            levels: Levels { stop, take_profit: None },
            tag: Some("daily".into()),
        });
        Ok(window.rows)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        Ok(None)
    }

    fn load(&mut self, _state: &SavedState) -> Result<(), StrategyFault> {
        Ok(())
    }
}

/// Prices that go up and down within every day.
fn bar(row: usize) -> ClosedBar {
    let at = |row: usize| 100.0 + 10.0 * (row as f64 / DAY as f64 * std::f64::consts::TAU).sin();
    let (open, close) = (at(row % DAY), at(row % DAY + 1));
    let (high, low) = (open.max(close) + 0.5, open.min(close) - 0.5);
    ClosedBar { open, high, low, close, volume: 100.0 }
}

/// The bar of `row` in quarters: up to its high, down to its low, to the close, and there they stay.
fn quarters(row: usize) -> Vec<TimedBar> {
    let ClosedBar { open, high, low, close, volume } = bar(row);
    let ways = [(open, high), (high, low), (low, close), (close, close)];
    let quarter = |(place, (open, close)): (i64, (f64, f64))| {
        let (high, low) = (open.max(close), open.min(close));
        let time_ms = HOUR_MS * i64::try_from(row).unwrap() + HOUR_MS / 4 * place;
        (time_ms, ClosedBar { open, high, low, close, volume: volume / 4.0 })
    };
    (0..).zip(ways).map(quarter).collect()
}

/// A market of one row, with rules that remember days, fills and breakers.
fn market() -> Market {
    let ClosedBar { open, high, low, close, .. } = bar(0);
    let first = [Some([open, high, low, close])];
    let mut market = Market::new("1h", &[&first, &first]);
    let setup = &mut market.setup;
    setup.account.cash = money(100_000.0);
    let tier = |volume: f64| FeeTier {
        volume_min: money(volume),
        maker_bps: rate(1e-6),
        taker_bps: rate(2e-6),
    };
    setup.costs.fees.tiers = vec![tier(500.0), tier(5_000.0)];
    setup.costs.volatility_rows = 30;
    setup.risk.sizing = Sizing::Notional(FixedNotional { notional: money(100.0) });
    let daily_loss = vec![LossBreaker {
        loss: rate(1e-5),
        action: BreakerAction::Halt,
        reduce_to: rate(0.5),
        rearm: Rearm::NextPeriod,
    }];
    setup.risk.breakers = BreakerSettings { daily_loss, ..BreakerSettings::none() };
    (setup.fills.intrabar, setup.fills.latency_bars) = (Intrabar::Detail, 1);
    market
}

/// Values in what `thing` shows of itself: those of all its lists.
fn values(thing: &impl std::fmt::Debug) -> usize {
    format!("{thing:?}").matches(',').count()
}

/// The most that machine, strategies, panel and finer bars hold between two of the last half of `rows` rows, each row after the other.
/// Beside it fills and breakers, to see that something happens.
fn held(rows: usize) -> ([usize; 5], [usize; 2]) {
    let market = market();
    let mut panel = market.panel.clone();
    let finer = (0..2).map(|_| Some(bars("15m", &[]))).collect();
    let mut finer = FinerBars::new(&panel, finer).unwrap();
    let mut machine = Machine::new(&panel, &market.setup, 0).unwrap().explaining();
    let (mut one, mut other) = (Daily, Daily);
    let reads = Needs { reads_account: true, warm_up_rows: 20, ..NEEDS };
    let members = vec![Member::new(&mut one, NEEDS, 0..1), Member::new(&mut other, reads, 1..2)];
    let mut strategies = Strategies::new(members, 1);
    let (mut most, mut happened) = ([0; 5], [0; 2]);
    for row in 1..rows {
        panel.append(HOUR_MS * i64::try_from(row).unwrap(), &[Some(bar(row)); 2]).unwrap();
        finer.append(&panel, &[quarters(row), quarters(row)]).unwrap();
        let prices = Prices { panel: &panel, finer: finer.bars() };
        machine.advance(prices, &mut strategies, go_on).unwrap();
        let drained = machine.drain(prices);
        happened[0] += drained.fills.len();
        happened[1] += drained.breaker_events.len();
        machine.forget(&mut panel, &strategies);
        finer.forget_before(&panel);
        if row > rows / 2 {
            let kept = finer.bars().iter().flatten().map(Bars::len).sum();
            let room = machine.state.record.room();
            let held =
                [values(&machine), room, values(&strategies.progress()), panel.times().len(), kept];
            most = std::array::from_fn(|place| most[place].max(held[place]));
        }
    }
    (most, happened)
}

#[test]
fn what_a_run_holds_does_not_grow_with_its_rows() {
    let days = 60;
    let (held_before, happened) = held(days * DAY);
    assert!(happened[0] > 2 * days && happened[1] > days / 2, "{happened:?}");
    let (held_after, happened) = held(4 * days * DAY);
    assert!(happened[0] > 8 * days && happened[1] > 2 * days, "{happened:?}");
    assert_eq!(held_before, held_after);
    let [.., rows, finer] = held_after;
    assert!(rows < 150 && finer < 2 * 4 * 2 * rows, "{held_after:?}");
}
