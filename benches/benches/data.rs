//! Kept prices and checks on 2.6 million one-minute bars, five years of them, against reading each number once.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ct_host::data::store::{Addition, Store};
use ct_host::data::validate::{Subject, ValidationSettings, validate};
use ct_host::data::{SampleSpec, SeriesKey, TimeRange, sample};
use ct_host::market::{Bars, resample};
use ct_host::units::Interval;

const ROWS: usize = 2_600_000;
const MINUTE_MS: i64 = 60_000;

/// Every number once: what no check can be faster than.
fn sum(bars: &Bars) -> f64 {
    let columns = [bars.open(), bars.high(), bars.low(), bars.close(), bars.volume()];
    let times: i64 = bars.times().iter().sum();
    columns.iter().flat_map(|column| column.iter()).sum::<f64>() + times as f64
}

fn kept(bars: &Bars, folder: &std::path::Path) -> Option<(Store, SeriesKey)> {
    let store = Store::new(folder);
    let key = SeriesKey {
        exchange: "bench".to_owned(),
        symbol: "BTC/USDT".to_owned(),
        interval: bars.interval(),
    };
    let end_ms = bars.times().last()? + MINUTE_MS;
    let mut editor = store.edit(&key, &mut || ()).ok()?;
    let range = TimeRange::from_ms(0, end_ms);
    let (rows, source) = (bars.to_raw(), "bench".to_owned());
    editor.add(Addition { range, rows, source, notes: Vec::new() }).ok()?;
    editor.finish().ok()?;
    Some((store, key))
}

fn data(criterion: &mut Criterion) {
    // The sample market is as calm and as wild as a real one; most bars of a market are no finding.
    let spec = SampleSpec { rows: ROWS, interval_ms: MINUTE_MS, ..SampleSpec::default() };
    let minute = Interval::from_ms(MINUTE_MS);
    let made = minute.map(|minute| Bars::new(minute, sample(&spec)));
    let Ok(Ok(bars)) = made else { unreachable!("the sample market makes sound bars") };
    let Ok(folder) = tempfile::tempdir() else { unreachable!("a folder for the bench's files") };
    let Some((store, key)) = kept(&bars, folder.path()) else {
        unreachable!("the bench's own prices can be kept in {}", folder.path().display())
    };
    let opened = || store.series(&key).ok().flatten();
    let mut group = criterion.benchmark_group("data_2600000_bars");
    group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("sum_of_every_number", |bencher| bencher.iter(|| black_box(sum(&bars))));
    group.bench_function("open_kept", |bencher| {
        bencher.iter(|| black_box(opened().map(|series| series.bars())));
    });
    group.bench_function("open_kept_and_compare_checksums", |bencher| {
        bencher.iter(|| black_box(opened().map(|series| series.verified_bars())));
    });
    group.bench_function("validate", |bencher| {
        let subject = Subject::new(bars.interval(), &bars);
        bencher.iter(|| black_box(validate(&subject, &ValidationSettings::default())));
    });
    group.bench_function("resample_to_1h", |bencher| {
        bencher.iter(|| black_box(resample(&bars, Interval::HOUR)).is_ok());
    });
    group.finish();
}

criterion_group!(benches, data);
criterion_main!(benches);
