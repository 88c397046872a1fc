//! A year of minutes of twenty instruments, row after row, as a session sees it: each row is appended, run, given away and
//! forgotten. The strategies are plugins that are called for every row.
//!
//! It tells how long that takes, and how much memory the process holds on the way: recovery from a journal is such a run.
#![expect(clippy::print_stdout, reason = "the table is what it is run for")]
#![expect(clippy::disallowed_methods, reason = "time is what it measures")]

use std::error::Error;
use std::fs;
use std::ops::ControlFlow;
use std::time::Instant;

use ct_benches::setting::settings;
use ct_host::engine::{Machine, Member, Strategies, Strategy};
use ct_host::market::{ClosedBar, Field, Instrument, Series};
use ct_host::plugin::{Arguments, Runtime, RuntimeSettings, built_ins};
use ct_tests::bars::{panel_of, random_walk};

const INSTRUMENTS: usize = 20;

/// Minutes of a year of 365 days.
const ROWS: usize = 525_600;

const MINUTE_MS: i64 = 60_000;

fn main() -> Result<(), Box<dyn Error>> {
    let instruments = (0..INSTRUMENTS).map(|place| {
        let bars = random_walk(place as u64, ROWS, MINUTE_MS);
        (Instrument::unrestricted(format!("A{place}/USD")), bars)
    });
    let year = panel_of(instruments.collect()).part(0..ROWS);
    let setup = settings().checked()?;
    let runtime = Runtime::new(&RuntimeSettings::default())?;
    let sma = built_ins().first().ok_or("there are built-in strategies")?;
    let plugin = runtime.load(sma.bytes)?;
    let arguments = Arguments::new(plugin.descriptor(), &[])?;
    let configure = |series: &Series| {
        plugin.configure(&[series.instrument().symbol.as_str()], year.interval(), &arguments)
    };
    let mut instances = year.series().iter().map(configure).collect::<Result<Vec<_>, _>>()?;
    let members = instances.iter_mut().enumerate().map(|(place, instance)| {
        let needs = instance.needs();
        Member::new(instance as &mut dyn Strategy, needs, place..place + 1)
    });
    let mut strategies = Strategies::new(members.collect(), 1);
    let mut panel = year.part(0..1);
    let mut machine = Machine::new(&panel, &setup, 0)?;
    let (mut fills, mut rows_kept, mut bars) = (0, 0, Vec::with_capacity(INSTRUMENTS));
    println!("memory before the first row: {}", memory());
    let start = Instant::now();
    for row in 1..=year.rows() {
        machine.advance((&panel).into(), &mut strategies, |_| ControlFlow::Continue(()))?;
        fills += machine.drain((&panel).into()).fills.len();
        machine.forget(&mut panel, &strategies);
        rows_kept = rows_kept.max(panel.rows() - panel.first_row());
        if row % (ROWS / 4) == 0 {
            println!("row {row}: {:.1} s, memory {}", start.elapsed().as_secs_f64(), memory());
        }
        if row < year.rows() {
            bars.clear();
            bars.extend(year.series().iter().map(|series| closed_bar(series, row)));
            panel.append(year.row_times().at(row), &bars)?;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let calls = (INSTRUMENTS * ROWS) as f64;
    println!(
        "{ROWS} rows of {INSTRUMENTS} instruments: {seconds:.1} s, {:.0} ns a bar, {fills} fills; at most {rows_kept} rows are kept",
        seconds * 1e9 / calls
    );
    Ok(())
}

fn closed_bar(series: &Series, row: usize) -> Option<ClosedBar> {
    let of = |field| series.rows(field).at(row);
    let [open, high, low] = [Field::Open, Field::High, Field::Low].map(of);
    let bar = ClosedBar { open, high, low, close: of(Field::Close), volume: of(Field::Volume) };
    (!open.is_nan()).then_some(bar)
}

/// What the process holds of the machine's memory, where the system tells; the year's prices are 600 MB of it.
fn memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    resident.map_or_else(|| "unknown".to_owned(), |size| size.trim().to_owned())
}
