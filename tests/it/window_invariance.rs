//! Any way of cutting rows into windows gives the same bytes.

use std::collections::BTreeSet;

use ct_host::backtest::{Backtest, Dataset, Origin};
use ct_host::engine::{Needs, Outcome, Scope, Setup, Strategy};
use ct_host::market::Panel;
use ct_host::order::{FillReason, Rule, Verdict};
use ct_host::plugin::{Instance, Plugin};
use ct_host::units::Timestamp;
use ct_tests::bars::{SplitMix64, panel_of};
use ct_tests::cuts::RandomCuts;
use ct_tests::reactive::Reactive;
use ct_tests::run::{assert_same, run};
use ct_tests::script::Script;
use ct_tests::{plugins, random};
use proptest::prelude::{ProptestConfig, proptest};

/// A random market with random settings; everything else hangs on the seed.
#[derive(Debug)]
struct Trial {
    seed: u64,
    panel: Panel,
    setup: Setup,
    first_row: usize,
    window_rows: usize,
}

impl Trial {
    fn new(seed: u64, rows: usize, instruments: usize) -> Self {
        let mut random = SplitMix64(seed);
        let panel = panel_of(random::instruments(&mut random, rows, instruments));
        let setup = random::settings(&mut random).checked().unwrap();
        let first_row = random.pick(&[0, 1, 17]);
        let window_rows = 2 + random.below(60);
        Self { seed, panel, setup, first_row, window_rows }
    }

    fn random(&self) -> SplitMix64 {
        SplitMix64(self.seed ^ 0x5eed)
    }

    /// Runs what `new` makes in windows of one row, of a random number and of all rows, and in windows of random lengths. The
    /// outcomes must be the same.
    fn check<S: Strategy>(&self, needs: Needs, new: impl Fn(usize) -> S) -> Outcome {
        let instruments = self.panel.series().len();
        let members = if needs.scope == Scope::Portfolio { 1 } else { instruments };
        let strict = self.outcome(needs, (0..members).map(&new), 1);
        for window_rows in [self.window_rows, self.panel.rows()] {
            let other = self.outcome(needs, (0..members).map(&new), window_rows);
            assert_same(&strict, &other, &format!("windows of 1 and of {window_rows} rows"));
        }
        let cut = |place| RandomCuts::new(new(place), instruments / members, self.seed);
        let other = self.outcome(needs, (0..members).map(cut), self.panel.rows());
        assert_same(&strict, &other, "windows of 1 row and of random lengths");
        strict
    }

    fn outcome<S: Strategy>(
        &self,
        needs: Needs,
        members: impl Iterator<Item = S>,
        window_rows: usize,
    ) -> Outcome {
        let mut members: Vec<S> = members.collect();
        let mut strategies: Vec<&mut dyn Strategy> =
            members.iter_mut().map(|member| member as &mut dyn Strategy).collect();
        let place = (self.first_row, window_rows);
        run(&self.panel, &self.setup, needs, &mut strategies, place)
    }

    fn check_script(&self, rows_between: usize) -> Outcome {
        let decisions = random::decisions(&mut self.random(), &self.panel, rows_between);
        self.check(Script::needs(), |_| Script::new(decisions.clone()))
    }

    fn check_reactive(&self, scope: Scope, rows_between: usize) -> Outcome {
        let new = |place| Reactive::new(self.seed + place as u64, rows_between);
        self.check(Reactive::needs(scope), new)
    }

    fn check_plugin(&self, plugin: &Plugin) -> Outcome {
        let arguments = plugins::random_arguments(plugin, &mut self.random());
        let symbols: Vec<&str> =
            self.panel.series().iter().map(|series| series.instrument().symbol.as_str()).collect();
        let new = |place: usize| -> Instance {
            let symbols = match plugin.descriptor().scope {
                Scope::Instrument => &symbols[place..=place],
                Scope::Portfolio => &symbols,
            };
            plugin.configure(symbols, self.panel.interval(), &arguments).unwrap()
        };
        self.check(new(0).needs(), new)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_scripted_decisions(
        seed: u64, rows in 20..500_usize, instruments in 1..=3_usize, rows_between in 2..60_usize,
    ) {
        Trial::new(seed, rows, instruments).check_script(rows_between);
    }

    #[test]
    fn of_decisions_that_hang_on_the_account(
        seed: u64, rows in 20..300_usize, instruments in 1..=3_usize, rows_between in 2..60_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        trial.check_reactive(Scope::Portfolio, rows_between);
        trial.check_reactive(Scope::Instrument, rows_between);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_plugins(seed: u64, rows in 20..400_usize, instruments in 1..=3_usize) {
        let trial = Trial::new(seed, rows, instruments);
        for plugin in plugins::all() {
            trial.check_plugin(plugin);
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
        for outcome in [trial.check_script(12), trial.check_reactive(Scope::Portfolio, 12)] {
            reasons.extend(outcome.fills.iter().map(|fill| fill.reason));
            let told = outcome.refusals.iter().map(|refusal| (refusal.rule, refusal.verdict));
            rules.extend(told);
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
