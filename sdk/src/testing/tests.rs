//! Tests of the harness itself.

use super::{Bars, Fill, Harness, capture, check_window_invariance};
use crate::{
    AccountStrategy, Bar, Candle, Columns, Context, Interval, Params, Setup, Signal,
    SignalStrategy, Signals, WithAccount, log,
};
use std::cell::Cell;

/// Enters on its first bar with what the symbol says.
#[ct_sdk::state]
struct Enter {
    signal: Option<Signal>,
}

impl AccountStrategy for Enter {
    type Params = ();

    fn new(_settings: &(), setup: &Setup) -> Result<Self, String> {
        let signal = match setup.symbol() {
            "market" => Signal::long(),
            "protected" => Signal::long().stop(90.0).take_profit(120.0),
            "short" => Signal::target(-0.5).stop(110.0).take_profit(80.0),
            "limit" => Signal::long().limit_for(95.0, 2),
            other => return Err(format!("no signal is called {other}")),
        };
        Ok(Self { signal: Some(signal) })
    }

    fn warm_up_rows(&self) -> u32 {
        0
    }

    fn on_bar(&mut self, _context: &Context<'_>, _bar: &Bar<'_>) -> Signal {
        self.signal.take().unwrap_or(Signal::hold())
    }
}

/// Open, high, low and close of each bar; the fills of a cash of 1000, as `row quantity@price`.
fn fills(symbol: &str, bars: &[[f64; 4]]) -> Vec<String> {
    let candle = |(hour, &[open, high, low, close]): (i64, &[f64; 4])| {
        let time = hour * Interval::HOUR.milliseconds();
        Candle { time, open, high, low, close, volume: 1.0 }
    };
    let bars = Bars::from_candles(Interval::HOUR, (0..).zip(bars).map(candle).collect());
    let run = Harness::<WithAccount<Enter>>::new().symbols([symbol]).cash(1000.0).run(&bars);
    let line = |fill: &Fill| format!("{} {}@{}", fill.row, fill.quantity, fill.price);
    run.fills.iter().map(line).collect()
}

const STILL: [f64; 4] = [100.0, 100.0, 100.0, 100.0];

#[test]
fn market_orders_fill_at_the_next_open() {
    assert_eq!(fills("market", &[STILL, [125.0, 130.0, 50.0, 60.0]]), ["1 8@125"]);
}

#[test]
fn protective_levels_close_the_position() {
    let entry = "1 10@100";
    let cases: [(&[f64; 4], &[&str]); 5] = [
        (&[100.0, 119.0, 91.0, 100.0], &[entry]),
        (&[100.0, 121.0, 99.0, 100.0], &[entry, "2 -10@120"]),
        (&[100.0, 101.0, 85.0, 100.0], &[entry, "2 -10@90"]),
        // A gap fills at the open.
        (&[80.0, 85.0, 75.0, 80.0], &[entry, "2 -10@80"]),
        // Both levels inside one bar: the stop.
        (&[100.0, 125.0, 85.0, 100.0], &[entry, "2 -10@90"]),
    ];
    for (bar, expected) in cases {
        assert_eq!(fills("protected", &[STILL, STILL, *bar]), expected, "{bar:?}");
    }
    // Levels are live in the bar of the entry.
    assert_eq!(fills("protected", &[STILL, [100.0, 100.0, 89.0, 95.0]]), ["1 10@100", "1 -10@90"]);
}

#[test]
fn shorts_are_mirrored() {
    let entry = "1 -5@100";
    let cases: [([f64; 4], &str); 3] = [
        ([100.0, 111.0, 95.0, 100.0], "2 5@110"),
        ([100.0, 105.0, 79.0, 85.0], "2 5@80"),
        ([115.0, 116.0, 112.0, 112.0], "2 5@115"),
    ];
    for (bar, exit) in cases {
        assert_eq!(fills("short", &[STILL, STILL, bar]), [entry, exit], "{bar:?}");
    }
}

#[test]
fn limit_orders_wait_for_their_price_and_expire() {
    let touched = [100.0, 101.0, 94.0, 96.0];
    let gap = [80.0, 81.0, 79.0, 80.0];
    assert_eq!(fills("limit", &[STILL, touched])[0][..4], *"1 10");
    assert!(fills("limit", &[STILL, touched])[0].ends_with("@95"));
    assert_eq!(fills("limit", &[STILL, STILL, gap]), ["2 12.5@80"]);
    assert_eq!(fills("limit", &[STILL, STILL, STILL, gap]), [""; 0]);
}

#[test]
#[should_panic(expected = "the strategy refuses its parameters: no signal is called other")]
fn refused_parameters_fail_the_test() {
    fills("other", &[STILL]);
}

#[test]
fn bars_come_from_a_price_file() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fuzz/seeds/csv/sound.csv");
    let bars = Bars::from_csv(file);
    assert!(bars.rows() > 1 && bars.candle(0, 0).is_some(), "{bars:?}");
}

#[test]
#[should_panic(expected = "none.csv: ")]
fn a_price_file_that_is_not_there_is_named() {
    Bars::from_csv("none.csv");
}

#[derive(Params)]
struct Lengths {
    #[param(default = 2)]
    fast: u32,
    #[param(default = 3)]
    slow: u32,
}

/// Takes two parameters and stays out.
#[ct_sdk::state]
struct Crossover {
    settled: u32,
}

impl SignalStrategy for Crossover {
    type Params = Lengths;

    fn new(settings: &Lengths, _setup: &Setup) -> Result<Self, String> {
        Ok(Self { settled: settings.fast.max(settings.slow) })
    }

    fn warm_up_rows(&self) -> u32 {
        self.settled
    }

    fn on_bar(&mut self, _bar: &Bar<'_>) -> Signal {
        Signal::flat()
    }
}

#[test]
fn unknown_parameters_are_refused_with_the_near_one() {
    let refused = |name| {
        let harness = Harness::<Signals<Crossover>>::new().param(name, 5);
        harness.configure(&Bars::from_closes(&[100.0])).err()
    };
    assert_eq!(refused("fast"), None);
    let near = "there is no parameter `fst`: did you mean `fast`? expected one of fast, slow";
    assert_eq!(refused("fst").as_deref(), Some(near));
    let far = "there is no parameter `threshold`: expected one of fast, slow";
    assert_eq!(refused("threshold").as_deref(), Some(far));

    let harness = Harness::<Signals<Leaking>>::new().param("fast", 5);
    let none = "there is no parameter `fast`: the strategy has none";
    assert_eq!(harness.configure(&Bars::from_closes(&[100.0])).err().as_deref(), Some(none));
}

#[test]
fn nested_captures_do_not_mix() {
    let ((), outer) = capture(|| {
        log::info("before");
        let ((), inner) = capture(|| log::warn("inside"));
        assert_eq!(inner.logs[0].text, "inside");
        log::info("after");
    });
    let texts: Vec<&str> = outer.logs.iter().map(|line| line.text.as_str()).collect();
    assert_eq!(texts, ["before", "after"]);
}

thread_local! {
    static BARS_SEEN: Cell<u32> = const { Cell::new(0) };
}

/// Counts its bars outside its state, which a restart does not bring back.
#[ct_sdk::state]
struct Leaking;

impl SignalStrategy for Leaking {
    type Params = ();
    const READS: Columns = Columns::CLOSE;

    fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
        BARS_SEEN.set(0);
        Ok(Self)
    }

    fn warm_up_rows(&self) -> u32 {
        0
    }

    fn on_bar(&mut self, _bar: &Bar<'_>) -> Signal {
        BARS_SEEN.set(BARS_SEEN.get() + 1);
        if BARS_SEEN.get() % 50 < 25 { Signal::flat() } else { Signal::long() }
    }
}

#[test]
#[should_panic(expected = "saved and restored")]
fn state_outside_the_struct_is_found() {
    check_window_invariance(&Harness::<Signals<Leaking>>::new(), &Bars::random_walk(300, 1));
}
