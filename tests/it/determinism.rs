//! The same inputs give the same bytes: on every run, in every thread, with every way of metering, in every environment.

use std::path::Path;
use std::process::Command;
use std::thread;

use ct_host::backtest::{Backtest, Dataset, LookAheadProof, Origin, RunResult, Settings};
use ct_host::costs::{
    FixedSlippage, FixedSpread, Impact, Participation, Slippage, Spread, SquareRootImpact,
};
use ct_host::data::{SampleSpec, sample};
use ct_host::market::{Bars, Instrument, RawColumns};
use ct_host::plugin::{
    Arguments, CacheKey, CacheSettings, Metering, Plugin, Runtime, RuntimeSettings, Value,
};
use ct_host::risk::{FixedFraction, Shorting, Sizing};
use ct_host::settings::AtEnd;
use ct_host::units::{Interval, Money, Price, Quantity, Rate};
use ct_tests::bars::SplitMix64;
use ct_tests::plugins;

fn columns(seed: u64) -> RawColumns {
    sample(&SampleSpec { rows: 800, seed, ..SampleSpec::default() })
}

fn dataset(instruments: Vec<(Instrument, RawColumns)>) -> Dataset {
    let interval = Interval::from_ms(3_600_000).unwrap();
    let checked = |(instrument, columns)| (instrument, Bars::new(interval, columns).unwrap());
    Dataset::new(instruments.into_iter().map(checked).collect(), Origin::Synthetic).unwrap()
}

fn sample_dataset() -> Dataset {
    let instrument = Instrument::unrestricted;
    dataset(vec![(instrument("A/USDT"), columns(203)), (instrument("B/USDT"), columns(7))])
}

/// The JSON of a run of each plugin with two instruments, a line each. `timing` is not filled in by the library.
fn lines(plugins: &[Plugin], data: &Dataset) -> Vec<String> {
    let run = |plugin: &Plugin| {
        let arguments = plugins::random_arguments(plugin, &mut SplitMix64(5));
        let result = Backtest::new(plugin, data).arguments(arguments).run().unwrap();
        assert!(!result.fills.is_empty(), "{} does nothing", plugin.descriptor().name);
        serde_json::to_string(&result).unwrap()
    };
    plugins.iter().map(run).collect()
}

fn reload(settings: &RuntimeSettings) -> Vec<String> {
    lines(&plugins::load_all(&Runtime::new(settings).unwrap()), &sample_dataset())
}

#[test]
fn of_two_runs() {
    let first = lines(plugins::all(), &sample_dataset());
    assert!(first == lines(plugins::all(), &sample_dataset()));
    assert!(first == reload(&RuntimeSettings::default()), "a plugin that is loaded again");
}

#[test]
fn of_four_threads_that_share_an_engine() {
    let data = sample_dataset();
    let alone = lines(plugins::all(), &data);
    thread::scope(|scope| {
        let threads = [(); 4].map(|()| scope.spawn(|| lines(plugins::all(), &data)));
        for thread in threads {
            assert!(thread.join().unwrap() == alone);
        }
    });
}

#[test]
fn of_runs_limited_by_the_clock_and_by_fuel() {
    let by = |metering| reload(&RuntimeSettings { metering, ..RuntimeSettings::default() });
    assert!(by(Metering::Deadline) == by(Metering::Fuel));
}

#[test]
fn of_compiled_code_that_comes_from_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let (path, key) = (folder.path().to_owned(), CacheKey::new([1; 32]));
    let cached = RuntimeSettings {
        cache: Some(CacheSettings { folder: path, key }),
        ..RuntimeSettings::default()
    };
    let compiled = reload(&cached);
    assert_eq!(folder.path().read_dir().unwrap().count(), plugins::all().len());
    assert!(compiled == reload(&cached), "taken from the cache");
    assert!(compiled == reload(&RuntimeSettings::default()), "without a cache");
}

/// Starts a line of [`told_to_another_process`].
const MARKER: &str = "the result of a run: ";

/// What [`of_two_environments`] looks at from outside.
#[test]
fn told_to_another_process() {
    for line in lines(plugins::all(), &sample_dataset()) {
        println!("{MARKER}{line}");
    }
}

/// The lines of [`told_to_another_process`] in a process with this environment and nothing else, in `folder`.
fn told(folder: &Path, environment: &[(&str, &str)]) -> Vec<String> {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "determinism::told_to_another_process", "--nocapture"])
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(folder)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let lines = text.lines().filter_map(|line| Some(line.split_once(MARKER)?.1.to_owned()));
    lines.collect()
}

#[test]
fn of_two_environments() {
    let here = lines(plugins::all(), &sample_dataset());
    let folder = tempfile::tempdir().unwrap();
    let other = [
        ("TZ", "Asia/Kathmandu"),
        ("LANG", "de_DE.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("RAYON_NUM_THREADS", "1"),
        ("HOME", "/nonexistent"),
        ("TMPDIR", "/nonexistent"),
    ];
    for environment in [&[][..], &other[..]] {
        assert!(told(folder.path(), environment) == here, "{environment:?}");
    }
}

fn run_id(data: &Dataset, settings: Settings, parameters: &[(&str, Value)]) -> String {
    let plugin = &plugins::all()[0];
    let arguments = Arguments::new(plugin.descriptor(), parameters).unwrap();
    Backtest::new(plugin, data).settings(settings).arguments(arguments).run().unwrap().run_id
}

/// Data that differ from [`sample_dataset`] in one thing, which the name tells.
fn other_data() -> Vec<(&'static str, Dataset)> {
    let instrument = Instrument::unrestricted;
    let b = || (instrument("B/USDT"), columns(7));
    let a = |change: fn(&mut Instrument), edit: fn(&mut RawColumns)| {
        let (mut instrument, mut columns) = (instrument("A/USDT"), columns(203));
        change(&mut instrument);
        edit(&mut columns);
        dataset(vec![(instrument, columns), b()])
    };
    vec![
        (
            "the last bit of a price",
            a(|_| {}, |columns| columns.high[700] = columns.high[700].next_up()),
        ),
        ("a volume", a(|_| {}, |columns| columns.volume[5] += 1.0)),
        ("a time", a(|_| {}, |columns| *columns.time.last_mut().unwrap() += 3_600_000)),
        ("a symbol", a(|instrument| instrument.symbol = "C/USDT".to_owned(), |_| {})),
        ("the order of instruments", dataset(vec![b(), (instrument("A/USDT"), columns(203))])),
        ("the number of instruments", dataset(vec![b()])),
        ("the tick", a(|instrument| instrument.tick = Price::from_f64(10.0).unwrap(), |_| {})),
        ("the lot", a(|instrument| instrument.lot = Quantity::from_f64(0.1).unwrap(), |_| {})),
        (
            "the minimum notional",
            a(|instrument| instrument.notional_min = Money::from_f64(1e6).unwrap(), |_| {}),
        ),
    ]
}

/// Settings that differ from the default in one thing, which the name tells.
fn other_settings() -> Vec<(&'static str, Settings)> {
    let mut all = Vec::new();
    let mut with = |name, change: fn(&mut Settings)| {
        let mut settings = Settings::default();
        change(&mut settings);
        all.push((name, settings));
    };
    with("cash", |settings| settings.account.cash = Money::from_f64(10_000.01).unwrap());
    with("the maker fee", |settings| settings.costs.fees.maker_bps = rate(0.002));
    with("the taker fee", |settings| settings.costs.fees.taker_bps = rate(0.002));
    with("the spread", |settings| {
        settings.costs.spread = Spread::Fixed(FixedSpread { bps: rate(0.002) });
    });
    with("slippage", |settings| {
        settings.costs.slippage = Slippage::Fixed(FixedSlippage { bps: rate(0.002) });
    });
    with("impact", |settings| {
        settings.costs.impact = Impact::SquareRoot(SquareRootImpact { y: 0.5 });
    });
    with("participation", |settings| {
        settings.costs.participation = Some(Participation { rate: rate(0.002) });
    });
    with("sizing", |settings| {
        settings.risk.sizing = Sizing::Fraction(FixedFraction { fraction: rate(0.5) });
    });
    with("shorting", |settings| settings.risk.limits.shorting = Shorting::Allowed);
    with("the largest position", |settings| {
        settings.risk.limits.position.units_max = Some(Quantity::from_f64(1.0).unwrap());
    });
    with("the largest notional", |settings| {
        settings.risk.limits.position.notional_max = Some(Money::from_f64(1.0).unwrap());
    });
    with("the end", |settings| settings.account.at_end = AtEnd::Close);
    all
}

fn rate(share: f64) -> Rate {
    Rate::from_fraction(share).unwrap()
}

#[test]
fn a_run_has_an_identity_of_everything_that_decides_its_result() {
    let data = sample_dataset();
    let mut ids = vec![("the sample", run_id(&data, Settings::default(), &[]))];
    for (name, data) in other_data() {
        ids.push((name, run_id(&data, Settings::default(), &[])));
    }
    for (name, settings) in other_settings() {
        ids.push((name, run_id(&data, settings, &[])));
    }
    for (name, value) in
        [("fast", Value::Integer(19)), ("slow", Value::Integer(51)), ("short", Value::Flag(true))]
    {
        ids.push((name, run_id(&data, Settings::default(), &[(name, value)])));
    }
    let default = |plugin| Backtest::new(plugin, &data);
    let (from, to) = (data.panel().time(100), data.panel().time(600));
    let sma = &plugins::all()[0];
    ids.push(("another plugin", default(&plugins::all()[1]).run().unwrap().run_id));
    ids.push(("a period", default(sma).period(from, to).run().unwrap().run_id));
    for (place, (name, id)) in ids.iter().enumerate() {
        for (other, other_id) in &ids[..place] {
            assert_ne!(id, other_id, "{name} and {other}");
        }
    }
}

#[test]
fn the_size_of_windows_does_not_show() {
    let data = sample_dataset();
    for plugin in plugins::all() {
        // What proves that a strategy does not look ahead is another thing.
        let by_window = |rows| {
            let result = Backtest::new(plugin, &data).window_rows(rows).run().unwrap();
            RunResult { look_ahead: LookAheadProof::None, ..result }
        };
        let strict = by_window(1);
        assert_eq!(strict.run_id.len(), 64);
        assert!(strict == by_window(100) && strict == by_window(usize::MAX));
    }
}
