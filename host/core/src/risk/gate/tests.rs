//! What the gate answers, and what it may not be asked.

use super::*;
use crate::market::{Bars, Instrument, RawColumns};
use crate::order::Exposure;
use crate::risk::{BreakerAction, BreakerSettings, Closes, FixedUnits, LossBreaker, Rearm};
use crate::units::Interval;

const A: InstrumentId = InstrumentId::new(0);

/// Four hours of two instruments.
fn panel() -> Panel {
    let instruments = ["A/USD", "B/USD"].map(|symbol| {
        let closes = vec![10.0, 11.0, 10.0, 12.0];
        let columns = RawColumns {
            time: (0..4).map(|row| row * Interval::HOUR.as_ms()).collect(),
            open: closes.clone(),
            high: closes.clone(),
            low: closes.clone(),
            volume: closes.clone(),
            close: closes,
        };
        (Instrument::unrestricted(symbol), Bars::new(Interval::HOUR, columns).unwrap())
    });
    Panel::new(instruments.into()).unwrap()
}

fn cash() -> Money {
    Money::from_f64(1_000.0).unwrap()
}

/// Two units for a full position; half of that after a loss of a tenth.
fn settings() -> RiskSettings {
    let (action, rearm) = (BreakerAction::Reduce, Rearm::Manual);
    let loss = Rate::from_fraction(0.1).unwrap();
    let level = LossBreaker { loss, action, reduce_to: Rate::ONE.half(), rearm };
    RiskSettings {
        sizing: Sizing::Units(FixedUnits { units: Quantity::from_f64(2.0).unwrap() }),
        breakers: BreakerSettings { portfolio_stop: Some(level), ..BreakerSettings::none() },
        ..RiskSettings::default()
    }
}

/// What the gate says to a wish to be all long in the first instrument.
fn answer(gate: &mut Gate, panel: &Panel, instruments: usize) -> Answer {
    let portfolio = Portfolio::new(cash(), instruments, 0).unwrap();
    let target = Exposure::new(1.0).unwrap();
    let request = Request { row: 0, instrument: A, target, stop: None, limit: None };
    let (trades, pending, equity) = (&[], &[], cash().to_f64());
    let book =
        Book { panel, portfolio: &portfolio, trades, pending, own: None, equity, weights: 0.0 };
    gate.approve(&request, &book).unwrap()
}

#[test]
fn a_breaker_that_reduces_leaves_a_part() {
    let panel = panel();
    let mut gate = Gate::new(&settings(), &panel, cash());
    let units = |answer: &Answer| answer.order.unwrap().size().unwrap().value(1.0).to_bits();
    assert_eq!(units(&answer(&mut gate, &panel, 2)), 2.0_f64.to_bits());
    let (times_ms, equity) = (&[0], &[850.0]);
    let interval_ms = Interval::HOUR.as_ms();
    gate.breakers_mut().take_in(&Closes { first_row: 0, times_ms, interval_ms, equity });
    let answer = answer(&mut gate, &panel, 2);
    assert_eq!((units(&answer), answer.cuts.len()), (1.0_f64.to_bits(), 1));
}

#[test]
#[should_panic(expected = "1 positions in 2 instruments")]
fn an_account_of_other_instruments_is_loud() {
    let panel = panel();
    answer(&mut Gate::new(&settings(), &panel, cash()), &panel, 1);
}

#[test]
#[should_panic(expected = "row 0 is taken in after row 1 was to come")]
fn a_close_that_comes_twice_is_loud() {
    let mut gate = Gate::new(&settings(), &panel(), cash());
    let (times_ms, equity) = (&[0], &[990.0]);
    let interval_ms = Interval::HOUR.as_ms();
    for _ in 0..2 {
        gate.breakers_mut().take_in(&Closes { first_row: 0, times_ms, interval_ms, equity });
    }
}
