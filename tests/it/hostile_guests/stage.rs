//! Runs of a misbehaving guest, alone and beside an honest one.

use std::sync::LazyLock;

use ct_host::backtest::{Backtest, BacktestError, Dataset, Origin, Settings};
use ct_host::engine::{FaultKind, Outcome, Strategy, StrategyFault, Window};
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::order::{Decision, Fill, FillReason};
use ct_host::plugin::{Arguments, Instance, Plugin, Value};
use ct_host::risk::{FixedUnits, RiskSettings, Sizing};
use ct_host::units::{Interval, Quantity};
use ct_tests::bars::{HOUR_MS, SplitMix64, hourly};
use ct_tests::hostile::{self, Access};
use ct_tests::plugins::runtime;
use ct_tests::records::{Placed, place_of, placed, row_of};
use ct_tests::run::assert_same;

/// The row from which on the guest misbehaves; it holds a position then.
pub(super) const FAULT_ROW: usize = 148;
/// Rows of the test data.
const ROWS: usize = 300;
/// Sizes of windows that must all give the same run as one-row windows: such that rows are left over, and all rows at once.
const WINDOWS: [usize; 3] = [7, 64, 4_096];

/// The symbol on which the guest misbehaves.
pub(super) const VICTIM: &str = "BAD/USD";

/// The guest that does `misbehaviour`, loaded.
pub(super) fn plugin(misbehaviour: &str, access: Access) -> Plugin {
    runtime().load(&hostile::component(misbehaviour, access)).unwrap()
}

/// The guest that does nothing bad, loaded.
pub(super) fn honest(access: Access) -> &'static Plugin {
    static SIGNALS: LazyLock<Plugin> = LazyLock::new(|| plugin("", Access::Signals));
    static ACCOUNT: LazyLock<Plugin> = LazyLock::new(|| plugin("", Access::Account));
    match access {
        Access::Signals => &SIGNALS,
        Access::Account => &ACCOUNT,
    }
}

/// The instrument on which the guest misbehaves.
pub(super) fn alone() -> Dataset {
    dataset(&[VICTIM])
}

/// The same, behind one on which the guest is honest.
pub(super) fn beside_another() -> Dataset {
    dataset(&["GOOD/USD", VICTIM])
}

fn dataset(symbols: &[&str]) -> Dataset {
    let instruments = symbols.iter().map(|&symbol| {
        let seed = if symbol == VICTIM { 1 } else { 2 };
        (Instrument::unrestricted(symbol), walk(seed))
    });
    Dataset::new(instruments.collect(), Origin::Synthetic).unwrap()
}

/// Bars that go up and down, without gaps.
fn walk(seed: u64) -> Bars {
    let mut random = SplitMix64(seed);
    let mut close = 100.0;
    let row = |_| {
        let open = close;
        close = open * (1.0 + 0.02 * (random.unit() - 0.5));
        [open, open.max(close) * 1.001, open.min(close) * 0.999, close, 1_000.0]
    };
    hourly(&(0..ROWS).map(row).collect::<Vec<_>>())
}

/// One unit of base asset in each decision, so that instruments do not take cash from each other.
fn settings() -> Settings {
    let sizing = Sizing::Units(FixedUnits { units: Quantity::from_f64(1.0).unwrap() });
    Settings { risk: RiskSettings { sizing, ..RiskSettings::default() }, ..Settings::default() }
}

/// A run in which the guest misbehaves from [`FAULT_ROW`] on.
pub(super) fn run(
    plugin: &Plugin,
    data: &Dataset,
    window_rows: usize,
) -> Result<Outcome, BacktestError> {
    let row = Value::Integer(FAULT_ROW.try_into().unwrap());
    let arguments = Arguments::new(plugin.descriptor(), &[("row", row)]).unwrap();
    Backtest::new(plugin, data)
        .settings(settings())
        .arguments(arguments)
        .window_rows(window_rows)
        .outcome()
}

/// Asserts that `bad` ends its instance on [`FAULT_ROW`] with this kind of fault and `message`, alone and beside an honest
/// instance, whatever the size of windows is, and that nothing else changes. Both guests have the same `access`.
pub(super) fn assert_contained(bad: &Plugin, access: Access, kind: FaultKind, message: &str) {
    for data in [alone(), beside_another()] {
        let outcome = run_in_all_windows(bad, &data);
        let expected = run(honest(access), &data, 1).unwrap();
        assert_only_victim_failed(data.panel(), &outcome, &expected);
        let fault = &outcome.faults[0];
        assert!(fault.kind == kind && fault.detail.contains(message), "{message}: {fault:?}");
    }
}

/// The run in windows of every size, all of them equal.
pub(super) fn run_in_all_windows(plugin: &Plugin, data: &Dataset) -> Outcome {
    let strict = run(plugin, data, 1).unwrap();
    for window_rows in WINDOWS {
        let outcome = run(plugin, data, window_rows).unwrap();
        assert_same(&strict, &outcome, &format!("windows of 1 and of {window_rows} rows"));
    }
    strict
}

/// Asserts that the [`VICTIM`], which is the last instrument, failed on [`FAULT_ROW`] and was left at the next open, and that until
/// then, and on all other instruments to the end, everything is as in the `honest` run.
fn assert_only_victim_failed(panel: &Panel, outcome: &Outcome, honest: &Outcome) {
    let [report] = &outcome.faults[..] else { panic!("one fault: {:?}", outcome.faults) };
    let victim = outcome.positions.len() - 1;
    assert_eq!((report.row, row_of(panel, report.time)), (Some(FAULT_ROW as u64), FAULT_ROW));
    assert_eq!(report.symbols, [VICTIM]);
    assert_eq!(place_of(panel, VICTIM), victim);
    let until_fault = |placed: &&Placed<'_>| placed.instrument != victim || placed.row <= FAULT_ROW;
    // Decisions are counted over all instruments, so that their numbers differ from the fault on.
    let unnumbered =
        |placed: &Placed<'_>| (placed.row, Fill { decision: None, ..placed.fill.clone() });
    let expected: Vec<(usize, Fill)> =
        placed(panel, honest).iter().filter(until_fault).map(unnumbered).collect();
    let (leaving, found): (Vec<Placed<'_>>, Vec<Placed<'_>>) = placed(panel, outcome)
        .into_iter()
        .partition(|placed| placed.fill.reason == FillReason::Fault);
    let found: Vec<(usize, Fill)> = found.iter().map(unnumbered).collect();
    assert_eq!(found, expected, "fills other than the one that leaves");
    let [leaving] = leaving[..] else { panic!("one fill leaves: {leaving:?}") };
    assert_eq!((leaving.row, leaving.instrument), (FAULT_ROW + 1, victim));
    assert!(outcome.positions[victim].is_flat());
}

/// An instance that misbehaves from the first row on.
pub(super) fn instance(plugin: &Plugin) -> Instance {
    configure(plugin).unwrap()
}

/// The same, or why there is none.
pub(super) fn configure(plugin: &Plugin) -> Result<Instance, StrategyFault> {
    let arguments = Arguments::new(plugin.descriptor(), &[]).unwrap();
    plugin.configure(&[VICTIM], Interval::from_ms(HOUR_MS).unwrap(), &arguments)
}

/// What comes of the first row.
pub(super) fn advance(instance: &mut Instance) -> Result<Vec<Decision>, StrategyFault> {
    let window = Window {
        first_row: 0,
        rows: 1,
        times: &[],
        open: &[],
        high: &[],
        low: &[],
        close: &[100.0],
        volume: &[],
    };
    let mut decisions = Vec::new();
    instance.advance(&window, None, &mut decisions).map(|_| decisions)
}
