//! A strategy decides the same natively and in the sandbox.

use std::sync::Mutex;

use bollinger_breakout::BollingerBreakout;
use ct_host::engine::{AccountView, SavedState, Strategy, StrategyFault, Window};
use ct_host::order::Decision;
use ct_host::plugin::{Arguments, Instance, Plugin};
use ct_sdk::guest::Guest;
use ct_sdk::{Portfolio, Signals, WithAccount};
use ct_tests::bars::SplitMix64;
use ct_tests::native::Native;
use ct_tests::plugins;
use ct_tests::recorded::Recorded;
use ct_tests::run::assert_same;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};
use rsi_mean_reversion::RsiMeanReversion;
use sma_crossover::SmaCrossover;

use self::account_sma::AccountSma;
use self::rotation::Rotation;

#[path = "../guests/account-sma/src/lib.rs"]
#[expect(unreachable_pub, reason = "the guest is a library of its own")]
mod account_sma;
#[path = "../guests/rotation/src/lib.rs"]
#[expect(unreachable_pub, reason = "the guest is a library of its own")]
mod rotation;

/// Both forms of one strategy over the same trial: the same decisions, and the same outcome to the last bit.
fn check<G: Guest + Send>(trial: &Trial, plugin: &Plugin, arguments: &Arguments) {
    let name = &plugin.descriptor().name;
    let native = |place| -> Native<G> {
        let symbols = trial.symbols(plugin, place);
        Native::new(&symbols, trial.panel.interval(), arguments).unwrap()
    };
    let sandboxed = |place| trial.instance(plugin, arguments, place);
    let needs = sandboxed(0).needs();
    assert_eq!(native(0).needs(), needs, "{name}");
    let (natively, in_sandbox) = (Mutex::default(), Mutex::default());
    let one = trial.run(needs, |place| Recorded::new(native(place), &natively), 64);
    let other = trial.run(needs, |place| Recorded::new(sandboxed(place), &in_sandbox), 64);
    let (natively, in_sandbox): (Vec<_>, _) =
        (natively.into_inner().unwrap(), in_sandbox.into_inner().unwrap());
    assert!(!natively.is_empty() || trial.panel.rows() < 300, "{name} decides nothing");
    assert_eq!(natively, in_sandbox, "{name}");
    assert_same(&one, &other, name);
}

/// Every plugin against its native form, with the arguments that `choose` gives.
fn check_all(trial: &Trial, choose: impl Fn(&Plugin) -> Arguments) {
    let [sma, rsi, bollinger, account_sma, rotation] = plugins::all() else {
        unreachable!("five plugins")
    };
    check::<Signals<SmaCrossover>>(trial, sma, &choose(sma));
    check::<Signals<RsiMeanReversion>>(trial, rsi, &choose(rsi));
    check::<Signals<BollingerBreakout>>(trial, bollinger, &choose(bollinger));
    check::<WithAccount<AccountSma>>(trial, account_sma, &choose(account_sma));
    check::<Portfolio<Rotation>>(trial, rotation, &choose(rotation));
}

#[test]
fn on_the_sample_data_with_default_parameters() {
    check_all(&Trial::sample(), |plugin| Arguments::new(plugin.descriptor(), &[]).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(24) })]

    #[test]
    fn on_random_markets(seed: u64, rows in 20..500_usize, instruments in 1..=3_usize) {
        let trial = Trial::new(seed, rows, instruments);
        check_all(&trial, |plugin| trial.arguments(plugin));
    }

    #[test]
    fn and_goes_on_from_its_saved_state(
        seed: u64, rows in 20..300_usize, instruments in 1..=3_usize, window_rows in 1..40_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        for plugin in plugins::all() {
            let arguments = trial.arguments(plugin);
            let new = &|place| trial.instance(plugin, &arguments, place);
            let replaced = |place| Replaced {
                new: move || new(place),
                instance: new(place),
                random: SplitMix64(seed),
            };
            let needs = new(0).needs();
            let whole = trial.run(needs, new, window_rows);
            let in_parts = trial.run(needs, replaced, window_rows);
            assert_same(&whole, &in_parts, &plugin.descriptor().name);
        }
    }
}

/// An instance that is replaced by a new one with its state, before every third window on average.
struct Replaced<F> {
    new: F,
    instance: Instance,
    random: SplitMix64,
}

impl<F: Fn() -> Instance + Send> Strategy for Replaced<F> {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        if self.random.below(3) == 0 {
            let state = self.instance.save()?.unwrap();
            self.instance = (self.new)();
            self.instance.load(&state)?;
        }
        self.instance.advance(window, account, decisions)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.instance.restart()
    }
    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        self.instance.save()
    }

    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault> {
        self.instance.load(state)
    }
}
