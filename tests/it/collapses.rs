//! Markets that went to nothing in 2022, generated in their shape, and the real ones where they are at hand: with the default rules
//! an account survives each of them; without breakers it does not, and the report shows what happened.

use std::fmt::Write;
use std::path::PathBuf;

use ct_host::backtest::Settings;
use ct_host::data::FileBudget;
use ct_host::data::files::read_file;
use ct_host::engine::{Outcome, Strategy};
use ct_host::market::{Bars, Instrument, Panel, RawColumns};
use ct_host::order::{FillReason, Rule};
use ct_host::portfolio::Position;
use ct_host::risk::{BreakerEventKind, BreakerSettings};
use ct_host::units::{Interval, Timestamp};
use ct_tests::real_data::real_hours;
use ct_tests::records::{placed, row_of};
use ct_tests::run::run;
use ct_tests::script::{Script, go};

use crate::program::{ct_host, folder, output};

const HOUR_MS: i64 = 3_600_000;

/// Hours before a generated collapse, in which the price rises.
const CALM_HOURS: i32 = 1_500;

/// A collapse, as its price relative to that at its start, hour by hour.
struct Shape {
    name: &'static str,
    hours: i32,
    price: fn(f64) -> f64,
    /// What may be left of the cash without breakers.
    left_without: f64,
}

/// `at` runs from 0 at the start of the collapse to 1 at its end.
const SHAPES: [Shape; 3] = [
    // Faster and faster, by 99.99 % in four days.
    Shape { name: "LUNA", hours: 96, price: |at| 10_f64.powf(-4.0 * at * at), left_without: 0.001 },
    // A peg that breaks twice: to 0.7, back to 0.9, then to 0.1.
    Shape { name: "UST", hours: 72, price: broken_peg, left_without: 0.2 },
    // Nine tenths in three days, evenly.
    Shape { name: "FTT", hours: 72, price: |at| 10_f64.powf(-at), left_without: 0.2 },
];

fn broken_peg(at: f64) -> f64 {
    match at {
        at if at < 0.3 => 1.0 - at,
        at if at < 0.5 => 0.7 + (at - 0.3),
        at => 0.9 - 1.6 * (at - 0.5),
    }
}

/// A rise by a half, then the collapse.
fn closes(shape: &Shape) -> Vec<f64> {
    let calm =
        (0..CALM_HOURS).map(|hour| 80.0 * (1.0 + 0.5 * f64::from(hour) / f64::from(CALM_HOURS)));
    let start = 120.0;
    let collapse = (1..=shape.hours)
        .map(|hour| start * (shape.price)(f64::from(hour) / f64::from(shape.hours)));
    calm.chain(collapse).collect()
}

/// Hourly bars from close to close, each opening where the last one closed.
fn columns(closes: &[f64]) -> RawColumns {
    let mut columns = RawColumns::default();
    let mut open = closes[0];
    for (hour, &close) in (0..).zip(closes) {
        columns.time.push(1_640_995_200_000 + hour * HOUR_MS);
        columns.open.push(open);
        columns.high.push(open.max(close) * 1.002);
        columns.low.push(open.min(close) * 0.998);
        columns.close.push(close);
        columns.volume.push(1_000.0);
        open = close;
    }
    columns
}

/// The hourly bars of a symbol from `from` to `to`, if the file is there.
fn real(symbol: &str, from: &str, to: &str) -> Option<Bars> {
    let file = read_file(&real_hours(symbol)?, &FileBudget::default(), &mut |_| {}).unwrap();
    let bars = Bars::new(Interval::HOUR, file.columns).unwrap();
    let time = |text: &str| text.parse::<Timestamp>().unwrap();
    Some(bars.between(time(from), time(to)))
}

/// Buys at the first open, whatever comes.
fn hold(panel: &Panel, settings: &Settings) -> Outcome {
    let mut script = Script::new(vec![go(0, 1.0)]);
    let mut strategies: [&mut dyn Strategy; 1] = [&mut script];
    let setup = settings.clone().checked().unwrap();
    run(panel, &setup, Script::needs(), &mut strategies, (0, 2_048))
}

/// Half of the peak is what the default breaker gives up; what is lost beyond it is lost between the close at which it trips and
/// the next open, and to costs.
fn check(name: &str, bars: &Bars, left_without: f64) {
    let settings = Settings::default();
    let cash = settings.account.cash.to_f64();
    let instrument = Instrument::unrestricted("COIN/USDT");
    let panel = Panel::new(vec![(instrument, bars.clone())]).unwrap();
    let outcome = hold(&panel, &settings);
    let trip = outcome
        .breaker_events
        .iter()
        .find(|event| event.rule == Rule::Drawdown && event.kind == BreakerEventKind::Tripped)
        .unwrap();
    let peak = outcome.equity.iter().copied().fold(cash, f64::max);
    let left = *outcome.equity.last().unwrap();
    // Until the breaker tripped, no close was at half of the peak.
    let tripped = row_of(&panel, trip.time);
    let before = outcome.equity[tripped - 1];
    assert!(before > 0.5 * peak, "{name}: {before} of {peak}");
    // Flat at the next open, and flat for good.
    let fills = placed(&panel, &outcome);
    let exit = fills.last().unwrap();
    assert_eq!((exit.fill.reason, exit.row), (FillReason::Breaker, tripped + 1), "{name}");
    assert!(outcome.positions.iter().all(Position::is_flat), "{name}");
    assert!(left > 0.3 * peak, "{name}: {left} of {peak}");

    let mut without = settings.clone();
    without.risk.breakers = BreakerSettings::none();
    let outcome = hold(&panel, &without);
    let rest = *outcome.equity.last().unwrap();
    assert!(rest < left_without * cash, "{name}: {rest}");
    assert!(outcome.breaker_events.is_empty() && !outcome.positions[0].is_flat());
}

#[test]
fn an_account_survives_generated_collapses() {
    for shape in &SHAPES {
        let bars = Bars::new(Interval::HOUR, columns(&closes(shape))).unwrap();
        check(shape.name, &bars, shape.left_without);
    }
}

#[test]
fn an_account_survives_real_collapses() {
    for (symbol, from, to, left_without) in [
        // From 86 in March 2022 to 0.00005 on 13 May.
        ("LUNAUSDT", "2022-03-01", "2022-05-14", 0.000_01),
        // A stablecoin; a quarter of a dollar at the last bar, after less than that.
        ("USTUSDT", "2022-04-01", "2022-05-14", 0.3),
        // From 25 to 2 in the second week of November 2022.
        ("FTTUSDT", "2022-10-01", "2022-11-15", 0.1),
    ] {
        if let Some(bars) = real(symbol, from, to) {
            check(symbol, &bars, left_without);
        }
    }
}

/// The prices of `shape`, as a file in `folder`.
fn file(folder: &tempfile::TempDir, shape: &Shape) -> PathBuf {
    let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
    let columns = columns(&closes(shape));
    for (row, time) in columns.time.iter().enumerate() {
        let (open, high) = (columns.open[row], columns.high[row]);
        let (low, close) = (columns.low[row], columns.close[row]);
        writeln!(text, "{time},{open},{high},{low},{close},1000").unwrap();
    }
    let path = folder.path().join(format!("{}USDT.csv", shape.name));
    std::fs::write(&path, text).unwrap();
    path
}

/// The average of 500 hours stays above that of 1000 all through a collapse of a few days: the strategy holds on.
#[test]
fn the_report_shows_what_happened() {
    for shape in &SHAPES {
        let folder = folder();
        let path = file(&folder, shape);
        let report = |more: &[&str]| {
            let mut command = ct_host(&folder);
            command.arg("backtest").arg("--data").arg(&path);
            command.args(["--param", "fast=500", "--param", "slow=1000", "--bad-data", "warn"]);
            output(command.args(more))
        };
        let protected = report(&[]);
        assert!(protected.contains("BREAKER TRIPPED: drawdown of 5"), "{protected}");
        assert!(protected.contains("Every position was closed at the next open."), "{protected}");
        let exposed = report(&["--no-risk"]);
        assert!(!exposed.contains("BREAKER TRIPPED"), "{exposed}");
        let lost = |report: &str| -> f64 {
            // The last column of the strategy's row beside the benchmark's.
            let mut rows = report.lines().filter(|line| line.starts_with(" Strategy "));
            let row = rows.rfind(|line| line.ends_with('%')).unwrap();
            let percent = row.split_whitespace().rev().nth(1).unwrap();
            percent.trim_start_matches('-').parse().unwrap()
        };
        assert!((50.0..65.0).contains(&lost(&protected)), "{protected}");
        assert!(lost(&exposed) > 100.0 * (1.0 - 1.5 * shape.left_without), "{exposed}");
    }
}
