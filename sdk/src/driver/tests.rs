//! Tests of the loops over the rows of a window, through the harness that authors use.

use crate::testing::{AccountState, Bars, Decided, Harness, check_window_invariance};
use crate::{
    AccountStrategy, Bar, Columns, Context, LimitOrder, Portfolio, PortfolioStrategy, Position,
    Row, Setup, Signal, SignalStrategy, Signals, Targets, WithAccount,
};

/// Every close stands for a signal, so a test writes down what a strategy returns bar by bar.
const FLAT: f64 = 1.0;
const LONG: f64 = 2.0;
const HALF: f64 = 3.0;
const HOLD: f64 = 4.0;
const TAGGED: f64 = 5.0;
const REBALANCED: f64 = 6.0;
const STOP_90: f64 = 7.0;
const STOP_95: f64 = 8.0;
const BOTH: f64 = 9.0;
const LIMIT: f64 = 10.0;
const LIMIT_FOR_3: f64 = 11.0;
const LIMIT_STOP_90: f64 = 12.0;

fn signal(close: f64) -> Signal {
    match close {
        FLAT => Signal::flat(),
        LONG => Signal::long(),
        HALF => Signal::target(0.5),
        HOLD => Signal::hold().stop(1.0),
        TAGGED => Signal::long().tag("again"),
        REBALANCED => Signal::long().rebalance(),
        STOP_90 => Signal::long().stop(90.0),
        STOP_95 => Signal::long().stop(95.0).tag("higher"),
        BOTH => Signal::long().stop(95.0).take_profit(120.0),
        LIMIT => Signal::long().limit(99.0),
        LIMIT_FOR_3 => Signal::long().limit_for(99.0, 3),
        LIMIT_STOP_90 => Signal::long().stop(90.0).limit(99.0),
        _ => panic!("no signal is written as {close}"),
    }
}

#[ct_sdk::state]
struct Scripted;

impl SignalStrategy for Scripted {
    type Params = ();
    const READS: Columns = Columns::CLOSE;

    fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
        Ok(Self)
    }

    fn warm_up_rows(&self) -> u32 {
        0
    }

    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
        signal(bar.close())
    }
}

impl AccountStrategy for Scripted {
    type Params = ();
    const READS: Columns = Columns::CLOSE;

    fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
        Ok(Self)
    }

    fn warm_up_rows(&self) -> u32 {
        0
    }

    fn on_bar(&mut self, _context: &Context<'_>, bar: &Bar<'_>) -> Signal {
        signal(bar.close())
    }
}

/// `row target stop take-profit limit tag`, with `-` for what is absent.
fn line(decided: &Decided) -> String {
    let number = |value: Option<f64>| value.map_or("-".to_owned(), |value| value.to_string());
    let limit = decided.limit.map_or("-".to_owned(), |limit: LimitOrder| {
        format!("{}/{}", limit.price, limit.expires_after_rows)
    });
    format!(
        "{} {} {} {} {limit} {}",
        decided.row,
        number(decided.target),
        number(decided.stop),
        number(decided.take_profit),
        decided.tag.unwrap_or("-")
    )
}

fn check(closes: &[f64], expected: &[&str]) {
    let run = Harness::<Signals<Scripted>>::new().run(&Bars::from_closes(closes));
    let lines: Vec<String> = run.decisions.iter().map(line).collect();
    assert_eq!(lines, expected, "{closes:?}");
}

#[test]
fn only_a_change_is_sent() {
    check(&[FLAT, HOLD, FLAT], &[]);
    check(&[LONG, LONG, HOLD, LONG, FLAT, FLAT], &["0 1 - - - -", "4 0 - - - -"]);
    check(&[HALF, LONG, HALF], &["0 0.5 - - - -", "1 1 - - - -", "2 0.5 - - - -"]);
}

#[test]
fn a_tag_alone_is_not_a_change_and_rebalancing_is_always_one() {
    check(&[LONG, TAGGED, FLAT, TAGGED], &["0 1 - - - -", "2 0 - - - -", "3 1 - - - again"]);
    check(&[LONG, REBALANCED, REBALANCED], &["0 1 - - - -", "1 1 - - - -", "2 1 - - - -"]);
}

#[test]
fn moved_levels_keep_the_position() {
    check(
        &[STOP_90, STOP_90, STOP_95, BOTH, LONG, FLAT],
        &["0 1 90 - - -", "2 - 95 - - higher", "3 - 95 120 - -", "4 - - - - -", "5 0 - - - -"],
    );
}

#[test]
fn a_changed_limit_is_a_new_order() {
    check(
        &[LIMIT, LIMIT, LIMIT_FOR_3, LIMIT, LIMIT_STOP_90, LONG],
        &["0 1 - - 99/0 -", "2 1 - - 99/3 -", "3 1 - - 99/0 -", "4 - 90 - - -", "5 1 - - - -"],
    );
}

#[test]
fn missing_bars_are_left_out() {
    // `signal` panics on the NaN of a missing bar.
    let bars = Bars::from_closes(&[LONG, FLAT, FLAT, FLAT]).without(1..3);
    let harness = Harness::<Signals<Scripted>>::new();
    assert_eq!(harness.run(&bars).targets(), [(0, 1.0), (3, 0.0)]);
    check_window_invariance(&harness, &bars);
}

#[test]
fn one_instrument_means_one() {
    let one = Bars::from_closes(&[LONG]);
    let two = Bars::side_by_side(&[one.clone(), one]);
    let error = Harness::<Signals<Scripted>>::new().configure(&two).map(|_| ()).unwrap_err();
    assert_eq!(error, "the strategy looks at one instrument, but was given 2");
}

fn state(quantity: f64, working: bool) -> AccountState {
    let average_price = if quantity == 0.0 { 0.0 } else { 100.0 };
    AccountState { cash: 500.0, positions: vec![Position { quantity, average_price, working }] }
}

#[test]
fn the_same_signal_enters_again_after_the_position_is_gone() {
    let working = state(0.0, true);
    let held = state(2.0, false);
    let gone = state(0.0, false);
    let cases = [
        // The order still waits: nothing is sent again.
        (vec![gone.clone(), working.clone(), working, held.clone(), held.clone()], vec![0]),
        // Stopped out in row 2, and again in row 4.
        (vec![gone.clone(), held.clone(), gone.clone(), held, gone], vec![0, 2, 4]),
    ];
    for (states, rows) in cases {
        let harness = Harness::<WithAccount<Scripted>>::new().account_script(states);
        let run = harness.run(&Bars::from_closes(&[STOP_90; 5]));
        let expected: Vec<String> = rows.iter().map(|row| format!("{row} 1 90 - - -")).collect();
        assert_eq!(run.decisions.iter().map(line).collect::<Vec<_>>(), expected);
    }
}

#[test]
fn a_flat_account_is_what_a_flat_signal_asked_for() {
    let harness = Harness::<WithAccount<Scripted>>::new().account_script(vec![state(0.0, false)]);
    assert_eq!(harness.run(&Bars::from_closes(&[FLAT, FLAT, HOLD])).decisions, []);
}

/// Bets the same amount whatever it has: its decisions depend on the simulated fills.
#[ct_sdk::state]
struct Steady {
    bars_seen: u32,
}

impl AccountStrategy for Steady {
    type Params = ();
    const READS: Columns = Columns::CLOSE;

    fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
        Ok(Self { bars_seen: 0 })
    }

    fn warm_up_rows(&self) -> u32 {
        0
    }

    fn on_bar(&mut self, context: &Context<'_>, bar: &Bar<'_>) -> Signal {
        self.bars_seen += 1;
        bar.plot("value", context.position_value());
        match self.bars_seen % 7 {
            0 => Signal::target(5_000.0 / context.equity()).stop(bar.close() * 0.985),
            5 if context.position().quantity > 0.0 => Signal::flat(),
            _ => Signal::hold(),
        }
    }
}

#[test]
fn account_strategies_do_not_notice_how_windows_are_cut() {
    let harness = Harness::<WithAccount<Steady>>::new();
    for seed in 0..5 {
        let bars = Bars::random_walk(300, seed).without(40..43);
        assert!(harness.run(&bars).fills.len() > 10);
        check_window_invariance(&harness, &bars);
    }
}

/// Splits its target over the instruments that have a bar.
#[ct_sdk::state]
struct Split;

impl PortfolioStrategy for Split {
    type Params = ();
    const READS: Columns = Columns::TIME.union(Columns::CLOSE);

    fn new(_settings: &(), setup: &Setup) -> Result<Self, String> {
        if setup.symbols().len() < 2 { Err("needs two".to_owned()) } else { Ok(Self) }
    }

    fn warm_up_rows(&self) -> u32 {
        0
    }

    fn on_row(&mut self, row: &Row<'_>, targets: &mut Targets) {
        let present = row.bars().count();
        row.plot("present", present as f64);
        for (instrument, _) in row.bars() {
            targets.set(instrument, Signal::target(1.0 / present as f64));
        }
    }
}

#[test]
fn a_portfolio_sees_all_bars_of_a_time_and_what_is_not_set_stays() {
    let full = Bars::from_closes(&[10.0; 5]);
    let bars = Bars::side_by_side(&[full.clone(), full.clone().without(1..3), full]);
    let harness = Harness::<Portfolio<Split>>::new().symbols(["A", "B", "C"]);
    let run = harness.run(&bars);
    let decided: Vec<(u64, u32, Option<f64>)> =
        run.decisions.iter().map(|made| (made.row, made.instrument, made.target)).collect();
    let third = Some(1.0 / 3.0);
    let half = Some(0.5);
    let expected = [
        (0, 0, third),
        (0, 1, third),
        (0, 2, third),
        (1, 0, half),
        (1, 2, half),
        (3, 0, third),
        (3, 2, third),
    ];
    assert_eq!(decided, expected);
    assert_eq!(run.plotted("present"), [(0, 3.0), (1, 2.0), (2, 2.0), (3, 3.0), (4, 3.0)]);
    check_window_invariance(&harness, &bars);
}

/// Buys back what it lost, so it needs its account.
#[ct_sdk::state]
struct Refill;

impl PortfolioStrategy for Refill {
    type Params = ();
    const READS: Columns = Columns::CLOSE;
    const READS_ACCOUNT: bool = true;

    fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
        Ok(Self)
    }

    fn warm_up_rows(&self) -> u32 {
        0
    }

    fn on_row(&mut self, row: &Row<'_>, targets: &mut Targets) {
        for (instrument, bar) in row.bars() {
            let held = row.account().positions[instrument].quantity;
            if held == 0.0 {
                targets.set(instrument, Signal::target(0.5).stop(bar.close() * 0.99));
            }
        }
    }
}

#[test]
fn portfolios_that_read_the_account_decide_all_of_a_row_together() {
    let harness = Harness::<Portfolio<Refill>>::new();
    let bars = Bars::side_by_side(&[Bars::random_walk(200, 1), Bars::random_walk(200, 2)]);
    let run = harness.run(&bars);
    let first: Vec<u32> =
        run.decisions.iter().take_while(|made| made.row == 0).map(|made| made.instrument).collect();
    assert_eq!(first, [0, 1]);
    assert!(run.decisions.len() > 10);
    check_window_invariance(&harness, &bars);
}

#[test]
#[should_panic(expected = "set READS_ACCOUNT to true")]
fn an_account_that_was_not_asked_for_is_not_there() {
    #[ct_sdk::state]
    struct Curious;

    impl PortfolioStrategy for Curious {
        type Params = ();

        fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
            Ok(Self)
        }

        fn warm_up_rows(&self) -> u32 {
            0
        }

        fn on_row(&mut self, row: &Row<'_>, _targets: &mut Targets) {
            row.account();
        }
    }

    Harness::<Portfolio<Curious>>::new().run(&Bars::from_closes(&[1.0]));
}
