//! The plugins that ship inside the host are those that the sources make.

use std::sync::Mutex;

use ct_host::plugin::{Arguments, Artifact, ArtifactKind, Plugin, built_ins};
use ct_tests::plugins;
use ct_tests::recorded::Recorded;
use ct_tests::run::assert_same;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

/// Every built-in plugin, and the one of this name that was built from source.
fn pairs() -> impl Iterator<Item = (Plugin, Plugin)> {
    built_ins().iter().map(|built_in| {
        let source = plugins::from_source(&built_in.name.replace('-', "_"));
        let load = |bytes: &[u8]| plugins::runtime().load(bytes).unwrap();
        (load(built_in.bytes), load(&source))
    })
}

fn check(trial: &Trial, choose: impl Fn(&Plugin) -> Arguments) {
    for (prebuilt, built) in pairs() {
        let arguments = choose(&prebuilt);
        let (one, other) = (Mutex::default(), Mutex::default());
        let run = |plugin: &Plugin, record| {
            let new = |place| trial.instance(plugin, &arguments, place);
            trial.run(new(0).needs(), |place| Recorded::new(new(place), record), 64)
        };
        let name = &prebuilt.descriptor().name;
        assert_same(&run(&prebuilt, &one), &run(&built, &other), name);
        assert_eq!(one.into_inner().unwrap(), other.into_inner().unwrap(), "{name}");
    }
}

#[test]
fn they_say_the_same_of_themselves() {
    let names: Vec<&str> = built_ins().iter().map(|built_in| built_in.name).collect();
    assert_eq!(names, ["sma-crossover", "rsi-mean-reversion", "bollinger-breakout"]);
    for ((prebuilt, built), name) in pairs().zip(names) {
        assert_eq!(prebuilt.descriptor(), built.descriptor());
        assert_eq!(prebuilt.descriptor().name, name);
    }
}

#[test]
fn they_import_only_what_they_may() {
    for built_in in built_ins() {
        let (artifact, _) = Artifact::read(built_in.bytes).unwrap();
        assert_eq!(artifact.kind(), ArtifactKind::Component);
        let imports = artifact.imports();
        assert!(
            imports.iter().all(|import| import == "ct:strategy/diagnostics@1.0.0"),
            "{}: {imports:?}",
            built_in.name
        );
        let exports = artifact.exports();
        assert!(exports.iter().any(|export| export == "ct:strategy/guest@1.0.0"), "{exports:?}");
    }
}

#[test]
fn they_decide_the_same_on_the_sample_data() {
    check(&Trial::sample(), |plugin| Arguments::new(plugin.descriptor(), &[]).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(12) })]

    #[test]
    fn they_decide_the_same_on_random_markets(
        seed: u64, rows in 20..400_usize, instruments in 1..=3_usize,
    ) {
        let trial = Trial::new(seed, rows, instruments);
        check(&trial, |plugin| trial.arguments(plugin));
    }
}
