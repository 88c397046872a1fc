//! Runs one of the bench's tasks over and over, for a profiler.
use ct_benches::setting::*;
use ct_host::backtest::*;
use ct_host::engine::*;
use ct_host::plugin::*;
use ct_tests::native::Native;
use std::ops::ControlFlow;
use std::time::Instant;
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let only = std::env::args().nth(2).unwrap_or_default();
    let w: usize = std::env::args().nth(3).map(|x| x.parse().unwrap()).unwrap_or(2048);
    let data = dataset(ROWS);
    let panel = data.panel();
    let runtime = Runtime::new(&RuntimeSettings::default()).unwrap();
    let sma = runtime.load(&ct_tests::plugins::from_source("sma_crossover")).unwrap();
    let acc = runtime.load(&ct_tests::plugins::from_source("account_sma")).unwrap();
    let slow: i64 = std::env::args().nth(4).map(|x| x.parse().unwrap()).unwrap_or(50);
    let args = Arguments::new(sma.descriptor(), &[("slow", Value::Integer(slow))]).unwrap();
    let mut best = [f64::INFINITY; 5];
    let names = ["loop", "native", "sandbox", "account", "strategy only"];
    for _ in 0..n {
        for k in 0..5 {
            if !only.is_empty() && names[k] != only {
                continue;
            }
            let t = Instant::now();
            match k {
                0 => {
                    std::hint::black_box(ct_benches::native_loop::sma_crossover(panel));
                }
                1 => {
                    let settings = settings();
                    let setup = settings.checked().unwrap();
                    let mut native = Native::<ct_sdk::Signals<sma_crossover::SmaCrossover>>::new(
                        &["T"],
                        panel.interval(),
                        &args,
                    )
                    .unwrap();
                    let needs = native.needs();
                    let feed = Feed::new(
                        panel,
                        needs,
                        vec![Member::new(&mut native as &mut dyn Strategy, 0..1)],
                        w,
                    );
                    let o = Machine::new(panel, &setup, 0)
                        .unwrap()
                        .run(feed, |_| ControlFlow::Continue(()))
                        .unwrap();
                    std::hint::black_box(metrics(panel, &settings, &o));
                }
                2 | 3 => {
                    let o = Backtest::new(if k == 2 { &sma } else { &acc }, &data)
                        .settings(settings())
                        .window_rows(w)
                        .outcome()
                        .unwrap();
                    std::hint::black_box(metrics(panel, &settings(), &o));
                }
                _ => {
                    let mut inst = sma.configure(&["T"], panel.interval(), &args).unwrap();
                    let mut out = Vec::new();
                    let close = panel.series()[0].close();
                    let mut row = 0;
                    let mut nd = 0usize;
                    while row < ROWS {
                        let end = (row + w).min(ROWS);
                        inst.advance(
                            &Window {
                                first_row: row,
                                rows: end - row,
                                times: &[],
                                open: &[],
                                high: &[],
                                low: &[],
                                close: &close[row..end],
                                volume: &[],
                            },
                            None,
                            &mut out,
                        )
                        .unwrap();
                        nd += out.len();
                        out.clear();
                        row = end;
                    }
                }
            }
            best[k] = best[k].min(t.elapsed().as_secs_f64() * 1e3);
        }
    }
    for (name, ms) in names.iter().zip(best) {
        println!(
            "{name:14} {ms:8.2} ms  {:6.2} ns/bar  x{:.2} of loop  x{:.2} of native",
            ms * 1e6 / ROWS as f64,
            ms / best[0],
            ms / best[1]
        );
    }
}
