//! From nothing to the first bar, with and without a compile cache; and what one instance costs.

use criterion::{Criterion, criterion_group, criterion_main};
use ct_host::engine::{Strategy, Window};
use ct_host::plugin::{
    Arguments, CacheKey, CacheSettings, Plugin, Runtime, RuntimeSettings, built_in,
};
use ct_host::units::Interval;

const STRATEGY: &str = "sma-crossover";

fn load(settings: &RuntimeSettings) -> Plugin {
    let Some(file) = built_in(STRATEGY) else { unreachable!("{STRATEGY} is built in") };
    let runtime = Runtime::new(settings).unwrap_or_else(|error| unreachable!("{error}"));
    runtime.load(file.bytes).unwrap_or_else(|error| unreachable!("{error}"))
}

/// Sets an instance up and hands it one bar.
fn first_bar(plugin: &Plugin) -> usize {
    let arguments = Arguments::new(plugin.descriptor(), &[]);
    let (Ok(arguments), Ok(interval)) = (arguments, Interval::from_ms(60_000)) else {
        unreachable!("defaults are sound");
    };
    let mut instance = plugin
        .configure(&["TEST/USD"], interval, &arguments)
        .unwrap_or_else(|fault| unreachable!("{fault}"));
    let none = [].as_slice();
    let close = [100.0].as_slice();
    let window = Window {
        first_row: 0,
        rows: 1,
        times: &[],
        open: none,
        high: none,
        low: none,
        close,
        volume: none,
    };
    instance.advance(&window, None, &mut Vec::new()).unwrap_or_else(|fault| unreachable!("{fault}"))
}

fn startup(criterion: &mut Criterion) {
    let Ok(folder) = tempfile::tempdir() else { unreachable!("a folder for the bench's files") };
    let cache = CacheSettings { folder: folder.path().to_owned(), key: CacheKey::new([1; 32]) };
    let warm = RuntimeSettings { cache: Some(cache), ..RuntimeSettings::default() };
    load(&warm);
    let mut group = criterion.benchmark_group("start_to_first_bar");
    group.sample_size(20);
    group.bench_function("warm_compile_cache", |bencher| bencher.iter(|| first_bar(&load(&warm))));
    group.bench_function("compiling", |bencher| {
        bencher.iter(|| first_bar(&load(&RuntimeSettings::default())));
    });
    let plugin = load(&warm);
    group.bench_function("another_instance", |bencher| bencher.iter(|| first_bar(&plugin)));
    group.finish();
}

criterion_group!(benches, startup);
criterion_main!(benches);
