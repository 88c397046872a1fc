//! A run that sees its rows come, and is torn down and rebuilt in between, is the run over all rows to the last bit.

use ct_host::engine::{Needs, Outcome, Prices, Scope, Strategy};
use ct_host::plugin::{Instance, Plugin};
use ct_tests::bars::SplitMix64;
use ct_tests::plugins::{self, sound};
use ct_tests::reactive::Reactive;
use ct_tests::run::{assert_same, run_in_steps};
use ct_tests::script::Script;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

/// Runs what `new` makes over all rows at once, one row after the other, and in random pieces. The outcomes must be the same.
fn check<S: Strategy>(
    trial: &Trial,
    (needs, window_rows): (Needs, usize),
    new: impl Fn(usize) -> S,
    rebuild: impl Fn(Vec<S>) -> Vec<S>,
) -> Outcome {
    let whole = trial.run(needs, &new, window_rows);
    let members = match needs.scope {
        Scope::Portfolio => 1,
        Scope::Instrument => trial.panel.series().len(),
    };
    let stepped = |steps: &mut dyn Iterator<Item = usize>, window_rows| {
        let prices = Prices::from(&trial.panel);
        let strategies = (0..members).map(&new).collect();
        let place = (&trial.setup, trial.first_row);
        run_in_steps(prices, place, (needs, window_rows), (strategies, &rebuild), steps)
    };
    let rows = stepped(&mut std::iter::repeat(1), 1);
    assert_same(&whole, &rows, "all rows at once and one by one");
    let mut random = SplitMix64(trial.seed);
    let pieces = stepped(&mut std::iter::repeat_with(|| 1 + random.below(40)), window_rows);
    assert_same(&whole, &pieces, "all rows at once and in pieces");
    whole
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn of_decisions_under_every_rule(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize,
        window_rows in 1..90_usize, rows_between in 2..30_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        let script = trial.script(rows_between);
        check(&trial, (Script::needs(), window_rows), |_| script.clone(), |scripts| scripts.clone());
        for scope in [Scope::Portfolio, Scope::Instrument] {
            let new = |place| trial.reactive(place, rows_between);
            check(&trial, (Reactive::needs(scope), window_rows), new, |strategies| strategies.clone());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn of_plugins_whose_state_is_saved(
        seed: u64, rows in 20..200_usize, instruments in 1..=3_usize, window_rows in 1..90_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        for plugin in plugins::all() {
            check_plugin(&trial, plugin, window_rows);
        }
    }
}

fn check_plugin(trial: &Trial, plugin: &Plugin, window_rows: usize) {
    let arguments = trial.arguments(plugin);
    let new = |place| trial.instance(plugin, &arguments, place);
    let rebuild = |instances: Vec<Instance>| {
        let rebuilt = instances.into_iter().enumerate().map(|(place, mut before)| {
            let mut after = new(place);
            if let Some(state) = sound(before.save()) {
                sound(after.load(&state));
            }
            after
        });
        rebuilt.collect()
    };
    check(trial, (new(0).needs(), window_rows), new, rebuild);
}
