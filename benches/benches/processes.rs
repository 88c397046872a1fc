//! Whole processes, from the start of the program to its end: what a user waits for.
//!
//! `cargo xtask bench --process` builds the program first. Every case runs in turns with the first call of the hand-written
//! loop, in a process of its own too, so that the ratio holds on a busy machine; the minimum and the median are told.
#![expect(clippy::print_stdout, reason = "the table is what it is run for")]
#![expect(clippy::disallowed_methods, reason = "time is what it measures")]

use std::error::Error;
use std::fs;
use std::hint::black_box;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ct_benches::native_loop;
use ct_benches::setting::{CASH, ROWS};
use ct_host::data::store::{Addition, Store};
use ct_host::data::{SeriesKey, TimeRange};
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::units::Interval;
use ct_tests::bars::random_walk;

/// Measurements of each case.
const ROUNDS: usize = 9;

/// Bars of the case that measures the start.
const FEW_ROWS: usize = 1_000;

const MINUTE_MS: i64 = 60_000;

/// 2020-01-01.
const START_MS: i64 = 1_577_836_800_000;

/// First argument of a process that is to run the loop over the store that the second names.
const LOOP: &str = "--hand-written-loop";

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> Outcome<()> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == LOOP) {
        let folder = arguments.next().ok_or("the loop needs a data folder")?;
        return run_loop(Path::new(&folder));
    }
    measure(tempfile::tempdir()?.path())
}

/// One thing that users do.
struct Case {
    name: &'static str,
    arguments: &'static [&'static str],
    times: Vec<Duration>,
}

impl Case {
    const fn new(name: &'static str, arguments: &'static [&'static str]) -> Self {
        Self { name, arguments, times: Vec::new() }
    }
}

fn measure(folder: &Path) -> Outcome<()> {
    prepare(folder)?;
    let program = program()?;
    let mut cases = [
        Case::new("start: 1,000 bars of a CSV file", &["--data", "few.csv"]),
        Case::new("2.6 million kept bars", &["--config", "kept.yaml"]),
        Case::new("the same with --json", &["--config", "kept.yaml", "--json", "result.json"]),
        Case::new(
            "2.6 million bars of a CSV file",
            &["--config", "file.yaml", "--data", "all.csv"],
        ),
    ];
    let mut loops = Vec::new();
    // The first round fills the caches: of compiled plugins, of what is known of the prices, and of the system.
    for round in 0..=ROUNDS {
        let first_call = loop_process(folder)?;
        if round > 0 {
            loops.push(first_call);
        }
        for case in &mut cases {
            let mut command = Command::new(&program);
            command.current_dir(folder).arg("backtest").arg("--quiet").args(case.arguments);
            command.env("CT_HOST_DATA_DIR", folder.join("data"));
            command.env("CT_HOST_CACHE_DIR", folder.join("cache")).stdout(Stdio::null());
            let started = Instant::now();
            let status = command.status()?;
            if !status.success() {
                return Err(format!("{}: {status}", case.name).into());
            }
            if round > 0 {
                case.times.push(started.elapsed());
            }
        }
    }
    let [loop_min, loop_median] = summary(&mut loops);
    println!("{:<34}{:>10}{:>10}{:>14}", "", "min ms", "median", "x first call");
    println!("{:<34}{loop_min:>10.1}{loop_median:>10.1}", "hand-written loop, first call");
    for case in &mut cases {
        let [min, median] = summary(&mut case.times);
        println!("{:<34}{min:>10.1}{median:>10.1}{:>14.2}", case.name, median / loop_median);
    }
    Ok(())
}

/// Minimum and median, in milliseconds.
fn summary(times: &mut [Duration]) -> [f64; 2] {
    times.sort_unstable();
    let ms = |time: Option<&Duration>| time.map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0);
    [ms(times.first()), ms(times.get(times.len() / 2))]
}

/// The program that was built beside this bench.
fn program() -> Outcome<PathBuf> {
    let bench = std::env::current_exe()?;
    let built = bench.parent().and_then(Path::parent).ok_or("the bench is in no target folder")?;
    let program = built.join(format!("ct-host{}", std::env::consts::EXE_SUFFIX));
    if program.exists() {
        return Ok(program);
    }
    Err(format!("{} is not there: run `cargo xtask bench --process`", program.display()).into())
}

/// Puts the prices and configurations of all cases into `folder`.
fn prepare(folder: &Path) -> Outcome<()> {
    let mut rows = random_walk(7, ROWS, MINUTE_MS).to_raw();
    rows.time.iter_mut().for_each(|time| *time += START_MS);
    let bars = Bars::new(Interval::from_ms(MINUTE_MS)?, rows)?;
    keep(&Store::new(folder.join("data")), &bars)?;
    write_csv(&folder.join("all.csv"), &bars)?;
    write_csv(&folder.join("few.csv"), &bars.rows(0..FEW_ROWS))?;
    let account = format!(
        "account: {{ cash: {CASH} }}\nrisk:\n  sizing: {{ kind: units, units: 1 }}\n  breakers: {{ drawdown: [] }}\n"
    );
    let period = period(&bars);
    let kept = format!(
        "data: {{ exchange: bench, symbols: [TEST/USD], interval: 1m, from: {}, to: {} }}\naccess: {{ offline: true }}\n",
        period.from, period.to
    );
    fs::write(folder.join("kept.yaml"), account.clone() + &kept)?;
    fs::write(folder.join("file.yaml"), account)?;
    Ok(())
}

fn period(bars: &Bars) -> TimeRange {
    TimeRange::from_ms(START_MS, bars.times().last().map_or(START_MS, |time| time + MINUTE_MS))
}

fn key() -> Outcome<SeriesKey> {
    let interval = Interval::from_ms(MINUTE_MS)?;
    Ok(SeriesKey { exchange: "bench".to_owned(), symbol: "TEST/USD".to_owned(), interval })
}

fn keep(store: &Store, bars: &Bars) -> Outcome<()> {
    let mut editor = store.edit(&key()?, &mut || ())?;
    let (rows, source) = (bars.to_raw(), "bench".to_owned());
    editor.add(Addition { range: period(bars), rows, source, notes: Vec::new() })?;
    editor.finish()?;
    Ok(())
}

fn write_csv(path: &Path, bars: &Bars) -> Outcome<()> {
    let mut file = BufWriter::new(fs::File::create(path)?);
    writeln!(file, "timestamp,open,high,low,close,volume")?;
    let prices = bars.open().iter().zip(bars.high()).zip(bars.low()).zip(bars.close());
    for ((time, (((open, high), low), close)), volume) in
        bars.times().iter().zip(prices).zip(bars.volume())
    {
        writeln!(file, "{time},{open},{high},{low},{close},{volume}")?;
    }
    file.flush()?;
    Ok(())
}

/// How long the loop takes in a process that has never called it.
fn loop_process(folder: &Path) -> Outcome<Duration> {
    let output =
        Command::new(std::env::current_exe()?).arg(LOOP).arg(folder.join("data")).output()?;
    if !output.status.success() {
        return Err(format!("the loop: {}", String::from_utf8_lossy(&output.stderr)).into());
    }
    let nanoseconds: u64 = String::from_utf8(output.stdout)?.trim().parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}

/// Maps the prices, calls the loop once and prints how many nanoseconds that took.
fn run_loop(folder: &Path) -> Outcome<()> {
    let series = Store::new(folder).series(&key()?)?.ok_or("the bench's prices are not there")?;
    let bars = series.verified_bars()?;
    let panel = Panel::new(vec![(Instrument::unrestricted("TEST/USD"), bars)])?;
    let started = Instant::now();
    black_box(native_loop::sma_crossover(&panel));
    println!("{}", started.elapsed().as_nanos());
    Ok(())
}
