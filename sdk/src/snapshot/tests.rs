//! Tests of saving and restoring, through a strategy.

use crate::guest::{Guest, LoadError, Snapshot};
use crate::testing::{Bars, Harness};
use crate::{Bar, Columns, Decision, Params, Setup, Signal, SignalStrategy, Signals, Window};

#[derive(Params)]
struct Settings {
    #[param(default = 3, min = 1, max = 9)]
    every: u32,
}

/// Turns its position every few bars, with a tag and a level, so that all of a signal is saved.
#[ct_sdk::state]
struct Turning {
    every: u32,
    bars_seen: u32,
    last: Signal,
}

impl SignalStrategy for Turning {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;
    const STATE_VERSION: u32 = 4;

    fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
        Ok(Self { every: settings.every, bars_seen: 0, last: Signal::flat() })
    }

    fn warm_up_rows(&self) -> u32 {
        self.every
    }

    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
        self.bars_seen += 1;
        if self.bars_seen.is_multiple_of(self.every) {
            self.last = if self.last == Signal::flat() {
                Signal::long().stop(bar.close() * 0.9).limit_for(bar.close(), 2).tag("turn")
            } else {
                Signal::flat()
            };
        }
        self.last
    }
}

type Strategy = Signals<Turning>;

fn fresh(every: i32) -> Strategy {
    let harness = Harness::<Strategy>::new().param("every", every);
    harness.configure(&Bars::from_closes(&[])).unwrap()
}

fn advance(strategy: &mut Strategy, close: &[f64]) -> Vec<Decision> {
    let rows = u32::try_from(close.len()).unwrap();
    let mut decisions = Vec::new();
    strategy.advance(&Window { rows, close, ..Window::default() }, None, &mut decisions);
    decisions
}

const CLOSES: [f64; 8] = [10.0, 11.0, 12.0, 13.0, 14.0, 15.0, 16.0, 17.0];

#[test]
fn a_restored_strategy_goes_on_as_if_nothing_happened() {
    let mut original = fresh(3);
    advance(&mut original, &CLOSES);
    let mut restored = fresh(3);
    restored.load(&original.save().unwrap()).unwrap();
    let expected = advance(&mut original, &CLOSES);
    assert_eq!(advance(&mut restored, &CLOSES), expected);
    assert_eq!(expected[0].tag, Some("turn"));
    assert_eq!(restored.save(), original.save());
}

#[test]
fn damaged_bytes_are_refused_and_change_nothing() {
    let mut original = fresh(3);
    advance(&mut original, &CLOSES);
    let good = original.save().unwrap();
    let mut strategy = fresh(3);
    advance(&mut strategy, &CLOSES[..1]);
    let before = strategy.save();
    let mut check = |bytes: Vec<u8>| {
        let damaged = Snapshot { version: good.version, bytes };
        assert_eq!(strategy.load(&damaged), Err(LoadError::Damaged), "{damaged:?}");
        assert_eq!(strategy.save(), before);
    };
    for index in 0..good.bytes.len() {
        let mut bytes = good.bytes.clone();
        bytes[index] ^= 0x10;
        check(bytes);
        check(good.bytes[..index].to_vec());
    }
    let longer = good.bytes.iter().copied().chain([0]).collect();
    check(longer);
    check(Vec::new());
}

#[test]
fn another_version_or_configuration_is_refused() {
    let good = fresh(3).save().unwrap();
    assert_eq!(good.version, 4);
    let older = Snapshot { version: 3, ..good.clone() };
    let error = fresh(3).load(&older).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state has version 3, the strategy reads 4; warm the strategy up instead"
    );
    let error = fresh(5).load(&good).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the state was saved with other parameters, instruments or interval; \
         warm the strategy up instead"
    );
}
