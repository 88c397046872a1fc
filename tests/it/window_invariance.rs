//! Any way of cutting rows into windows gives the same bytes.

use std::collections::BTreeSet;

use ct_host::backtest::{Backtest, Dataset, Origin};
use ct_host::engine::{Needs, Outcome, Scope, Strategy};
use ct_host::market::Instrument;
use ct_host::order::{FillReason, Rule, Verdict};
use ct_host::risk::Shorting;
use ct_host::units::{Money, Quantity, Timestamp};
use ct_tests::bars::{SplitMix64, hourly, panel_of};
use ct_tests::cuts::RandomCuts;
use ct_tests::reactive::Reactive;
use ct_tests::records::placed;
use ct_tests::run::assert_same;
use ct_tests::script::{DecisionExt, Script, go};
use ct_tests::setup::plain_setup;
use ct_tests::trial::Trial;
use ct_tests::{plugins, random};
use proptest::prelude::{ProptestConfig, proptest};

/// Runs what `new` makes in windows of one row, of `window_rows` and of all rows, and in windows of random lengths. The
/// outcomes must be the same.
fn check<S: Strategy>(
    trial: &Trial,
    needs: Needs,
    window_rows: usize,
    new: impl Fn(usize) -> S,
) -> Outcome {
    let strict = trial.run(needs, &new, 1);
    for window_rows in [window_rows, trial.panel.rows()] {
        let other = trial.run(needs, &new, window_rows);
        assert_same(&strict, &other, &format!("windows of 1 and of {window_rows} rows"));
    }
    let instruments = match needs.scope {
        Scope::Portfolio => trial.panel.series().len(),
        Scope::Instrument => 1,
    };
    let cut = |place| RandomCuts::new(new(place), instruments, trial.seed);
    let other = trial.run(needs, cut, trial.panel.rows());
    assert_same(&strict, &other, "windows of 1 row and of random lengths");
    strict
}

fn check_script(trial: &Trial, window_rows: usize, rows_between: usize) -> Outcome {
    check(trial, Script::needs(), window_rows, |_| trial.script(rows_between))
}

fn check_reactive(trial: &Trial, scope: Scope, window_rows: usize, rows_between: usize) -> Outcome {
    check(trial, Reactive::needs(scope), window_rows, |place| trial.reactive(place, rows_between))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    #[test]
    fn of_scripted_decisions(
        seed: u64, rows in 20..500_usize, instruments in 1..=3_usize,
        window_rows in 2..90_usize, rows_between in 2..60_usize,
    ) {
        check_script(&Trial::new(seed, rows, instruments), window_rows, rows_between);
    }

    #[test]
    fn of_decisions_that_hang_on_the_account(
        seed: u64, rows in 20..300_usize, instruments in 1..=3_usize,
        window_rows in 2..90_usize, rows_between in 2..60_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        for scope in [Scope::Portfolio, Scope::Instrument] {
            check_reactive(&trial, scope, window_rows, rows_between);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn under_every_rule(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize,
        window_rows in 2..90_usize, rows_between in 2..30_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        check_script(&trial, window_rows, rows_between);
        for scope in [Scope::Portfolio, Scope::Instrument] {
            check_reactive(&trial, scope, window_rows, rows_between);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn of_plugins(
        seed: u64, rows in 20..400_usize, instruments in 1..=3_usize, window_rows in 2..90_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        for plugin in plugins::all() {
            let arguments = trial.arguments(plugin);
            let new = |place| trial.instance(plugin, &arguments, place);
            check(&trial, new(0).needs(), window_rows, new);
        }
    }

    #[test]
    fn of_backtests_of_a_period(
        seed: u64, start in 0..150_usize, rows in 2..100_usize, window_rows in 2..100_usize,
    ) {
        let mut random = SplitMix64(seed);
        let data = random::instruments(&mut random, 300, 2);
        let data = Dataset::new(data, Origin::Synthetic).unwrap();
        let times = data.panel().times();
        let time = |row: usize| Timestamp::from_ms(times[row]).unwrap();
        let settings = random::settings(&mut random);
        for plugin in plugins::all() {
            let backtest = Backtest::new(plugin, &data)
                .arguments(plugins::random_arguments(plugin, &mut random))
                .settings(settings.clone())
                .period(time(start), time(start + rows));
            let by_window = |rows| backtest.clone().window_rows(rows).outcome().unwrap();
            let strict = by_window(1);
            for window_rows in [window_rows, usize::MAX] {
                assert_same(&strict, &by_window(window_rows), &plugin.descriptor().name);
            }
        }
    }
}

/// A short position can leave a debt behind that is larger than what is still held: then the account is ruined on that row,
/// however long the window is.
#[test]
fn of_an_account_that_is_ruined_without_a_short_position() {
    let still = |price| [price, price, price, price, 1_000.0];
    let mut squeezed = vec![still(100.0); 2];
    squeezed.extend([still(215.0); 8]);
    let panel = panel_of(vec![
        (Instrument::unrestricted("SHORT/USD"), hourly(&squeezed)),
        (Instrument::unrestricted("LONG/USD"), hourly(&[still(10.0); 10])),
    ]);
    let (cash, units) = (Money::from_f64(1_000.0).unwrap(), Quantity::from_f64(9.0).unwrap());
    let mut setup = plain_setup(cash, units);
    setup.risk.limits.shorting = Shorting::Allowed;
    let trial = Trial { seed: 0, panel, setup, first_row: 0 };
    let script = Script::new(vec![go(0, -1.0).stop(110.0), go(0, 1.0).of(1)]);
    let outcome = check(&trial, Script::needs(), 5, |_| script.clone());
    // Cash: 1000 + 9 × 100 - 9 × 10 = 1810; the stop is jumped over: 1810 - 9 × 215 = -125. Equity is -125 + 90.
    let fills = placed(&trial.panel, &outcome);
    let fills: Vec<_> = fills.iter().map(|placed| (placed.row, placed.fill.reason)).collect();
    // The margin is gone at that open, so the other position is liquidated there, too.
    let (entry, stop) = (FillReason::Entry, FillReason::Stop);
    assert_eq!(fills, [(1, entry), (1, entry), (2, stop), (2, FillReason::Liquidation)]);
}

/// The trials above prove little if nothing happens in them.
#[test]
fn the_trials_hold_everything_that_can_happen() {
    let mut reasons = BTreeSet::new();
    let mut rules = BTreeSet::new();
    let (mut ambiguous, mut fills) = (0, 0);
    for seed in 0..150 {
        let trial = Trial::new(seed, 300, 1 + SplitMix64(seed).below(3));
        let (script, reactive) = (trial.script(12), trial.reactive(0, 12));
        for outcome in [
            trial.run(Script::needs(), |_| script.clone(), 64),
            trial.run(Reactive::needs(Scope::Portfolio), |_| reactive.clone(), 64),
        ] {
            reasons.extend(outcome.fills.iter().map(|fill| fill.reason));
            rules.extend(outcome.refusals.iter().map(|refusal| (refusal.rule, refusal.verdict)));
            ambiguous += outcome.ambiguous.len();
            fills += outcome.fills.len();
        }
    }
    for reason in [
        FillReason::Entry,
        FillReason::Exit,
        FillReason::Stop,
        FillReason::TakeProfit,
        FillReason::Liquidation,
        FillReason::EndOfRun,
    ] {
        assert!(reasons.contains(&reason), "no fill for {reason:?}");
    }
    for rule in [
        (Rule::ShortNotAllowed, Verdict::Cut),
        (Rule::PositionUnits, Verdict::Cut),
        (Rule::PositionNotional, Verdict::Cut),
        (Rule::NotionalMin, Verdict::Refused),
        (Rule::QuantityMin, Verdict::Refused),
        (Rule::Lot, Verdict::Refused),
        (Rule::Cash, Verdict::Cut),
        (Rule::Cash, Verdict::Refused),
        (Rule::Ruin, Verdict::Refused),
        (Rule::Expired, Verdict::Refused),
    ] {
        assert!(rules.contains(&rule), "{rule:?} does not occur");
    }
    assert!(ambiguous > 40 && fills > 5_000, "{ambiguous} ambiguous bars, {fills} fills");
}
