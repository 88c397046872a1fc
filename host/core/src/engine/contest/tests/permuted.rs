//! The order in which instruments are given changes nothing.

use std::ops::ControlFlow;

use proptest::prelude::{ProptestConfig, prop, prop_assert, proptest};
use proptest::strategy::Strategy as Generated;

use crate::costs::{FixedSlippage, Noise, Participation, Slippage};
use crate::engine::test_market::{Market, Prices, bars, bps, levels_at, money, price, rate};
use crate::engine::test_strategy::needs;
use crate::engine::{
    AccountView, Machine, Member, Outcome, SavedState, Strategies, Strategy, StrategyFault, Window,
};
use crate::market::Instrument;
use crate::order::{Action, Decision, Entry, Exposure, Intrabar};
use crate::risk::{BreakerSettings, FixedNotional, LosingStreak, Sizing, StreakScope};

/// Decides what it was told, for its only instrument.
struct Scripted(Vec<Decision>);

impl Strategy for Scripted {
    fn advance(
        &mut self,
        window: &Window<'_>,
        _account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let rows = window.first_row..window.first_row + window.rows;
        decisions.extend(self.0.iter().filter(|decision| rows.contains(&decision.row)).cloned());
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

/// Moves of a bar and what is decided at its close: whole per cents of the price.
type Step = (i32, i32, i32, Option<(i32, i32, i32, i32)>);

fn steps() -> impl Generated<Value = Vec<Step>> {
    let decision = (-2_i32..=2, -4_i32..=4, 1_i32..=4, 1_i32..=6);
    prop::collection::vec(
        (-4_i32..=4, 0_i32..=4, 0_i32..=4, prop::option::weighted(0.4, decision)),
        24,
    )
}

/// An instrument, its bars and its decisions.
fn scripted(symbol: &str, steps: &[Step]) -> (Instrument, Vec<Prices>, Vec<Decision>) {
    let (mut bars, mut decisions) = (Vec::new(), Vec::new());
    let mut last = 100.0;
    for (row, (moves, up, down, decided)) in steps.iter().enumerate() {
        let part = |per_cent: i32| f64::from(per_cent) / 100.0;
        let close = last * (1.0 + part(*moves));
        let (high, low) = (f64::max(last, close), f64::min(last, close));
        bars.push(Some([last, high * (1.0 + part(*up)), low * (1.0 - part(*down)), close]));
        last = close;
        let Some((target, offset, stop, profit)) = *decided else { continue };
        let level = |per_cent: i32| price(close * (1.0 + part(per_cent))).to_f64();
        let entry = match offset {
            0 => Entry::Market,
            _ => Entry::Limit { price: price(level(offset)), expires_after_rows: None },
        };
        let levels = if target < 0 {
            levels_at(level(stop), level(-profit))
        } else {
            levels_at(level(-stop), level(profit))
        };
        let target = Exposure::new(f64::from(target) / 2.0).unwrap();
        let action = Action::Move { target, entry };
        decisions.push(Decision { row, instrument: 0, action, levels, tag: None });
    }
    (Instrument::unrestricted(symbol), bars, decisions)
}

fn run(all: &[(&str, &Vec<Step>)], intrabar: Intrabar, leverage: f64) -> Outcome {
    let all = all.iter().map(|(symbol, steps)| scripted(symbol, steps));
    let (mut instruments, mut strategies) = (Vec::new(), Vec::new());
    for (instrument, prices, decisions) in all {
        instruments.push((instrument, bars("1h", &prices)));
        strategies.push(Scripted(decisions));
    }
    let mut market = Market::of(instruments);
    market.setup.fills.intrabar = intrabar;
    market.setup.risk.margin.leverage_max = rate(leverage);
    market.setup.risk.limits.gross_exposure_max = Some(rate(0.9 * leverage));
    market.setup.risk.limits.open_positions_max = Some(3);
    market.setup.costs.participation = Some(Participation { rate: rate(0.05) });
    market.setup.costs.slippage = Slippage::Fixed(FixedSlippage { bps: bps(5.0) });
    market.setup.costs.noise = Some(Noise { seed: 7, amplitude: rate(0.5) });
    let streak = LosingStreak {
        losses: 2,
        pause: Some("3h".parse().unwrap()),
        scope: StreakScope::Strategy,
    };
    market.setup.risk.breakers =
        BreakerSettings { losing_streak: Some(streak), ..BreakerSettings::none() };
    // Not enough for two of them.
    market.setup.risk.sizing =
        Sizing::Notional(FixedNotional { notional: money(600.0 * leverage) });
    let members = strategies.iter_mut().enumerate();
    let members = members.map(|(place, own)| Member::new(own, needs(0), place..place + 1));
    let strategies = Strategies::new(members.collect(), 8);
    let machine = Machine::new(&market.panel, &market.setup, 0).unwrap();
    machine.run((&market.panel).into(), strategies, |_| ControlFlow::Continue(())).unwrap()
}

/// All that a trader sees, to the last bit.
fn told(outcome: &Outcome) -> String {
    let Outcome { equity, fills, trades, refusals, breaker_events, ambiguous, cash, .. } = outcome;
    let bits: Vec<u64> = equity.iter().map(|equity| equity.to_bits()).collect();
    format!(
        "{fills:#?} {trades:#?} {refusals:#?} {breaker_events:#?} {ambiguous:#?} {cash} {bits:?}"
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn the_order_in_which_instruments_are_given_changes_nothing(
        given in prop::collection::vec(steps(), 4),
        first in 0_usize..24,
        nearest: bool,
        leverage in 1_i32..=2,
    ) {
        let symbols = ["ADA", "BTC", "ETH", "SOL"];
        let sorted: Vec<(&str, &Vec<Step>)> = symbols.into_iter().zip(&given).collect();
        // One of the 24 orders of four.
        let (mut rest, mut other, mut code) = (sorted.clone(), Vec::new(), first);
        for count in (1..=4).rev() {
            other.push(rest.remove(code % count));
            code /= count;
        }
        let intrabar = if nearest { Intrabar::OpenNearest } else { Intrabar::StopFirst };
        let [one, two] =
            [sorted, other].map(|all| run(&all, intrabar, f64::from(leverage)));
        prop_assert!(told(&one) == told(&two), "{} and {}", told(&one), told(&two));
    }
}

/// What the property is about happens in these markets.
#[test]
fn these_markets_have_contests() {
    let rises: Step = (1, 1, 1, None);
    let enters = |offset| (-2, 1, 2, Some((2, offset, 3, 3)));
    let steps = |offset| vec![rises, enters(offset), (-2, 1, 2, None), rises];
    let (one, two) = (steps(-1), steps(-1));
    let outcome = run(&[("ETH", &one), ("BTC", &two)], Intrabar::StopFirst, 1.0);
    let entered: Vec<&str> = outcome.fills.iter().map(|fill| &*fill.symbol).collect();
    assert_eq!(entered.first(), Some(&"BTC"));
    assert!(outcome.ambiguous.iter().any(|bar| bar.symbol == "ETH"), "{:?}", outcome.refusals);
}
