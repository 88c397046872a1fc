//! Reading a price file, against touching each of its bytes once. `peers/polars_csv.py` compares with polars.

use std::fmt::Write;
use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ct_host::data::FileBudget;
use ct_host::data::files::read_file;
use ct_tests::bars::random_walk;

const ROWS: usize = 1_000_000;

fn price_file() -> String {
    // From 2020 on, as files from before 1990 are taken for a mistake.
    const START_MS: i64 = 1_577_836_800_000;
    let bars = random_walk(7, ROWS, 60_000);
    let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
    for (time, close) in bars.times().iter().zip(bars.close()) {
        let time = START_MS + time;
        let written = writeln!(text, "{time},{close:.2},{close:.2},{close:.2},{close:.2},12.34567");
        assert!(written.is_ok(), "writing to a string");
    }
    text
}

fn csv(criterion: &mut Criterion) {
    let Ok(folder) = tempfile::tempdir() else { unreachable!("a folder for the bench's files") };
    let path = folder.path().join("prices.csv");
    let text = price_file();
    let written = std::fs::write(&path, &text);
    assert!(written.is_ok(), "{written:?}");
    let mut group = criterion.benchmark_group("csv_million_rows");
    group.sample_size(10).throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read_and_sum_bytes", |bencher| {
        bencher.iter(|| {
            let bytes = std::fs::read(&path).unwrap_or_default();
            black_box(bytes.iter().map(|&byte| u64::from(byte)).sum::<u64>())
        });
    });
    group.bench_function("read_file", |bencher| {
        bencher.iter(|| black_box(read_file(&path, &FileBudget::default(), &mut |_| {})).is_ok());
    });
    group.finish();
}

criterion_group!(benches, csv);
criterion_main!(benches);
