//! A whole backtest, sandboxed, against the same strategy linked natively and against a hand-written loop.

use std::hint::black_box;
use std::ops::ControlFlow;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ct_benches::native_loop;
use ct_benches::setting::{ROWS, dataset, guarded_settings, settings};
use ct_host::backtest::{Backtest, Dataset, Settings, statistics};
use ct_host::engine::{Machine, Member, Strategies, Strategy};
use ct_host::plugin::{Arguments, Plugin, Runtime, RuntimeSettings};
use ct_sdk::Signals;
use ct_tests::native::Native;
use ct_tests::plugins::from_source;
use sma_crossover::SmaCrossover;

fn plugin(runtime: &Runtime, name: &str) -> Plugin {
    runtime.load(&from_source(name)).unwrap_or_else(|error| unreachable!("{name}: {error}"))
}

fn sandboxed(plugin: &Plugin, data: &Dataset, window_rows: usize) -> f64 {
    under(&settings(), plugin, data, window_rows)
}

fn under(settings: &Settings, plugin: &Plugin, data: &Dataset, window_rows: usize) -> f64 {
    let backtest = Backtest::new(plugin, data).settings(settings.clone()).window_rows(window_rows);
    let outcome = backtest.outcome().unwrap_or_else(|error| unreachable!("{error}"));
    let metrics = statistics(data.panel(), settings, &outcome);
    metrics.growth.net_profit.unwrap_or_default()
}

fn linked_natively(data: &Dataset, arguments: &Arguments) -> f64 {
    let panel = data.panel();
    let settings = settings();
    let setup = settings.clone().checked().unwrap_or_else(|error| unreachable!("{error}"));
    let mut native =
        Native::<Signals<SmaCrossover>>::new(&["TEST/USD"], panel.interval(), arguments)
            .unwrap_or_else(|error| unreachable!("{error}"));
    let needs = native.needs();
    let member = Member::new(&mut native as &mut dyn Strategy, needs, 0..1);
    let strategies = Strategies::new(vec![member], 2_048);
    let outcome = Machine::new(panel, &setup, 0)
        .and_then(|machine| machine.run(panel.into(), strategies, |_| ControlFlow::Continue(())))
        .unwrap_or_else(|error| unreachable!("{error}"));
    statistics(panel, &settings, &outcome).growth.net_profit.unwrap_or_default()
}

fn backtest(criterion: &mut Criterion) {
    let data = dataset(ROWS);
    let runtime =
        Runtime::new(&RuntimeSettings::default()).unwrap_or_else(|error| unreachable!("{error}"));
    let sma = plugin(&runtime, "sma_crossover");
    let account = plugin(&runtime, "account_sma");
    let arguments =
        Arguments::new(sma.descriptor(), &[]).unwrap_or_else(|error| unreachable!("{error}"));
    let mut group = criterion.benchmark_group("sma_20_50");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(3))
        .throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("hand_written_loop", |bencher| {
        bencher.iter(|| black_box(native_loop::sma_crossover(data.panel())).equity.len());
    });
    group.bench_function("linked_natively", |bencher| {
        bencher.iter(|| linked_natively(&data, &arguments));
    });
    group.bench_function("sandboxed", |bencher| bencher.iter(|| sandboxed(&sma, &data, 2_048)));
    let guarded = guarded_settings();
    group.bench_function("sandboxed_under_every_rule", |bencher| {
        bencher.iter(|| under(&guarded, &sma, &data, 2_048));
    });
    group.bench_function("sandboxed_account", |bencher| {
        bencher.iter(|| sandboxed(&account, &data, 2_048));
    });
    group.finish();
    strict(criterion, &sma);
}

/// One row per call, on fewer rows: the strict form in which the next bar is not in the strategy's memory.
fn strict(criterion: &mut Criterion, plugin: &Plugin) {
    const ROWS: usize = 100_000;
    let data = dataset(ROWS);
    let mut group = criterion.benchmark_group("sma_20_50_strict");
    group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("sandboxed", |bencher| bencher.iter(|| sandboxed(plugin, &data, 1)));
    group.finish();
}

criterion_group!(benches, backtest);
criterion_main!(benches);
