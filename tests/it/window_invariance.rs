//! Any way of cutting rows into windows gives the same bytes.

use std::collections::BTreeSet;

use ct_host::backtest::{Backtest, Dataset, Origin};
use ct_host::engine::{Needs, Outcome, Scope, Strategy};
use ct_host::order::{FillReason, Rule, Verdict};
use ct_host::units::Timestamp;
use ct_tests::bars::SplitMix64;
use ct_tests::cuts::RandomCuts;
use ct_tests::reactive::Reactive;
use ct_tests::run::assert_same;
use ct_tests::script::Script;
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
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(16) })]

    #[test]
    fn of_plugins(
        seed: u64, rows in 20..400_usize, instruments in 1..=3_usize, window_rows in 2..90_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        for plugin in plugins::all() {
            let needs = trial.instance(plugin, 0).needs();
            check(&trial, needs, window_rows, |place| trial.instance(plugin, place));
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

/// The trials above prove little if nothing happens in them.
#[test]
fn the_trials_hold_everything_that_can_happen() {
    let mut reasons = BTreeSet::new();
    let mut rules = BTreeSet::new();
    let (mut ambiguous, mut fills) = (0, 0);
    for seed in 0..60 {
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
        FillReason::Ruin,
        FillReason::EndOfRun,
    ] {
        assert!(reasons.contains(&reason), "no fill for {reason:?}");
    }
    for rule in [
        (Rule::ShortNotAllowed, Verdict::Cut),
        (Rule::PositionMax, Verdict::Cut),
        (Rule::NotionalMin, Verdict::Refused),
        (Rule::Lot, Verdict::Refused),
        (Rule::Cash, Verdict::Cut),
        (Rule::Cash, Verdict::Refused),
        (Rule::Ruin, Verdict::Refused),
        (Rule::Expired, Verdict::Refused),
    ] {
        assert!(rules.contains(&rule), "{rule:?} does not occur");
    }
    assert!(ambiguous > 100 && fills > 3_000, "{ambiguous} ambiguous bars, {fills} fills");
}
