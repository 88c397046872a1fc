//! What a strategy decides on a row cannot hang on what comes after it; and one that tries to look is caught.

use std::sync::Mutex;

use ct_host::backtest::{Backtest, BacktestError, Dataset, LookAheadProof, Origin, RunResult};
use ct_host::market::{Bars, Instrument, Panel, RawColumns, Series};
use ct_host::order::{Decision, Fill};
use ct_host::plugin::{Arguments, Plugin, built_ins};
use ct_host::risk::{Sizing, VolatilityTarget};
use ct_host::settings::{AtEnd, Settings};
use ct_tests::bars::{SplitMix64, panel_of, random_walk};
use ct_tests::hostile::{self, Access};
use ct_tests::plugins;
use ct_tests::recorded::Recorded;
use ct_tests::records::placed;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

/// What strategies decided up to some row, one list for each instance, and what came of it.
#[derive(Debug, PartialEq)]
struct Past {
    decisions: Vec<Vec<Decision>>,
    /// With their rows.
    fills: Vec<(usize, Fill)>,
    equity_bits: Vec<u64>,
}

/// The past of `plugin` up to and including `row`, in windows of `window_rows`.
fn past(trial: &Trial, plugin: &Plugin, row: usize, window_rows: usize) -> Past {
    let arguments = arguments(trial, plugin);
    let new = |place| trial.instance(plugin, &arguments, place);
    let records: Vec<Mutex<Vec<Decision>>> =
        trial.panel.series().iter().map(|_| Mutex::default()).collect();
    let recorded = |place: usize| Recorded::new(new(place), &records[place]);
    let outcome = trial.run(new(0).needs(), recorded, window_rows);
    assert!(outcome.faults.is_empty(), "{:?}", outcome.faults);
    let decided = |decision: &Decision| decision.row <= row;
    let known = (row + 1).saturating_sub(outcome.first_row);
    Past {
        decisions: records
            .into_iter()
            .map(|record| record.into_inner().unwrap().into_iter().filter(decided).collect())
            .collect(),
        fills: placed(&trial.panel, &outcome)
            .into_iter()
            .filter(|placed| placed.row <= row)
            .map(|placed| (placed.row, placed.fill.clone()))
            .collect(),
        equity_bits: outcome.equity.into_iter().take(known).map(f64::to_bits).collect(),
    }
}

fn arguments(trial: &Trial, plugin: &Plugin) -> Arguments {
    match plugin.descriptor().name.as_str() {
        "hostile" => Arguments::new(plugin.descriptor(), &[]).unwrap(),
        _ => trial.arguments(plugin),
    }
}

/// The trial without the sale of everything on the last row, which a shorter run makes earlier.
fn open_ended(mut trial: Trial) -> Trial {
    trial.setup.account.at_end = AtEnd::Mark;
    trial
}

/// The trial without the rows behind `row`.
fn cut_off(trial: &Trial, row: usize) -> Trial {
    Trial { panel: trial.panel.part(0..row + 1), ..trial.clone() }
}

/// The trial with another future behind `row`: other prices, and other bars missing.
fn altered(trial: &Trial, row: usize, random: &mut SplitMix64) -> Trial {
    let series = trial.panel.series().iter();
    let instruments = series.map(|series| {
        let bars = altered_bars(&trial.panel, series, row, random);
        (series.instrument().clone(), bars)
    });
    Trial { panel: panel_of(instruments.collect()), ..trial.clone() }
}

fn altered_bars(panel: &Panel, series: &Series, row: usize, random: &mut SplitMix64) -> Bars {
    let mut columns = RawColumns::default();
    for (place, &time) in panel.times().iter().enumerate() {
        let future = place > row;
        let factor = if future { 0.5 + random.unit() } else { 1.0 };
        let missing = future && random.unit() < 0.1 && place + 1 < panel.rows();
        if series.close()[place].is_nan() || missing {
            continue;
        }
        columns.time.push(time);
        columns.open.push(series.open()[place] * factor);
        columns.high.push(series.high()[place] * factor);
        columns.low.push(series.low()[place] * factor);
        columns.close.push(series.close()[place] * factor);
        columns.volume.push(series.volume()[place] * factor);
    }
    Bars::new(panel.interval(), columns).unwrap()
}

/// Whether the past up to `row` is the same without the rows behind it, and with other ones.
fn is_blind(trial: &Trial, plugin: &Plugin, row: usize, window_rows: usize) -> bool {
    let mut random = SplitMix64(trial.seed ^ row as u64);
    let expected = past(trial, plugin, row, window_rows);
    [cut_off(trial, row), altered(trial, row, &mut random)]
        .iter()
        .all(|other| past(other, plugin, row, window_rows) == expected)
}

/// Whether large windows, which hold the future, lead to the same decisions as windows of one row, which do not.
fn passes_the_strict_comparison(trial: &Trial, plugin: &Plugin) -> bool {
    let last = trial.panel.rows();
    past(trial, plugin, last, 1) == past(trial, plugin, last, 64)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn the_future_changes_nothing(
        seed: u64, rows in 20..300_usize, instruments in 1..=3_usize,
        row in 0..300_usize, window_rows in 1..90_usize,
    ) {
        let trial = open_ended(Trial::new(seed, rows, instruments));
        let row = row % trial.panel.rows();
        for plugin in plugins::all() {
            for window_rows in [window_rows, rows] {
                let name = &plugin.descriptor().name;
                assert!(is_blind(&trial, plugin, row, window_rows), "{name} up to row {row}");
            }
        }
    }
}

/// The guest that takes the last close of its window for that of the first row, or its honest twin.
fn guest(misbehaviour: &str, access: Access) -> Plugin {
    plugins::runtime().load(&hostile::component(misbehaviour, access)).unwrap()
}

#[test]
fn a_strategy_that_peeks_is_caught_by_the_strict_comparison() {
    let trial = open_ended(Trial::new(1, 300, 1));
    for access in [Access::Signals, Access::Account] {
        assert!(!passes_the_strict_comparison(&trial, &guest("peek", access)), "{access:?}");
        assert!(passes_the_strict_comparison(&trial, &guest("", access)), "{access:?}");
    }
    for plugin in plugins::all() {
        let name = &plugin.descriptor().name;
        assert!(passes_the_strict_comparison(&trial, plugin), "{name}");
    }
}

/// A run of `plugin` in windows of at most `window_rows`, over three random walks.
fn run(plugin: &Plugin, window_rows: usize) -> Result<RunResult, BacktestError> {
    let instruments = ["A/USDT", "B/USDT", "C/USDT"].into_iter().zip(1..).map(|(symbol, seed)| {
        (Instrument::unrestricted(symbol), random_walk(seed, 30_000, 60_000))
    });
    let data = Dataset::new(instruments.collect(), Origin::Synthetic).unwrap();
    Backtest::new(plugin, &data).window_rows(window_rows).run()
}

#[test]
fn a_run_itself_asks_again_and_fails_where_a_strategy_peeks() {
    let error = run(&guest("peek", Access::Signals), 2_048).unwrap_err();
    let BacktestError::LookAhead { strategy, difference, .. } = &error else { panic!("{error}") };
    assert_eq!(strategy, "hostile");
    assert!(difference.contains("with later bars in its memory"), "{difference}");
    // The twin saves nothing that could be taken up: it is asked about the first window of each of its three instances.
    let sample = run(&guest("", Access::Signals), 2_048).unwrap().look_ahead;
    assert!(matches!(sample, LookAheadProof::Sample { rows: 8.. }), "{sample:?}");
}

/// Whoever reads its account takes in the rows before the period first: one row, here, for the volatility that sizes it, which a
/// second instance does not know.
#[test]
fn what_is_not_asked_from_its_first_row_on_is_not_asked_from_nothing() {
    let plugin = guest("", Access::Account);
    let mut settings = Settings::default();
    settings.risk.sizing = Sizing::VolatilityTarget(VolatilityTarget::default());
    for seed in 1..=48 {
        let instrument = Instrument::unrestricted("A/USDT");
        let bars = random_walk(seed, 3_000, 60_000);
        let data = Dataset::new(vec![(instrument, bars)], Origin::Synthetic).unwrap();
        let (from, to) = (data.panel().time(1), data.panel().time(2_999));
        let backtest = Backtest::new(&plugin, &data).settings(settings.clone()).period(from, to);
        let result = backtest.run().unwrap();
        assert_eq!((result.data.warm_up_rows, result.faults), (1, Vec::new()), "seed {seed}");
    }
}

#[test]
fn several_strategies_that_read_their_account_go_one_bar_at_a_time() {
    let result = run(&guest("", Access::Account), 2_048).unwrap();
    assert_eq!(result.look_ahead, LookAheadProof::RowByRow);
}

#[test]
fn one_bar_at_a_time_and_what_is_built_in_need_no_sample() {
    let peeking = run(&guest("peek", Access::Signals), 1).unwrap();
    assert_eq!(peeking.look_ahead, LookAheadProof::RowByRow);
    for built_in in built_ins() {
        let plugin = plugins::runtime().load(built_in.bytes).unwrap();
        assert_eq!(run(&plugin, 2_048).unwrap().look_ahead, LookAheadProof::BuiltIn);
    }
}

#[test]
fn a_strategy_that_peeks_is_caught_by_another_future() {
    let trial = open_ended(Trial::new(1, 300, 1));
    let rows = || (0..300).step_by(4);
    for access in [Access::Signals, Access::Account] {
        let (cheat, twin) = (guest("peek", access), guest("", access));
        let caught = rows().filter(|&row| !is_blind(&trial, &cheat, row, 64)).count();
        assert!(caught > 10, "{access:?}: caught on {caught} of {} rows", rows().count());
        assert!(rows().all(|row| is_blind(&trial, &twin, row, 64)), "{access:?}");
    }
}

#[test]
fn in_windows_of_one_row_there_is_nothing_to_see() {
    let trial = open_ended(Trial::new(1, 300, 1));
    let rows = || (0..300).step_by(4);
    for access in [Access::Signals, Access::Account] {
        let (cheat, twin) = (guest("peek", access), guest("", access));
        let last = trial.panel.rows();
        assert_eq!(past(&trial, &cheat, last, 1), past(&trial, &twin, last, 1), "{access:?}");
        assert!(rows().all(|row| is_blind(&trial, &cheat, row, 1)), "{access:?}");
    }
}
