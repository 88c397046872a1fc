//! A run that sees its rows come, and is torn down and rebuilt in between, is the run over all rows to the last bit: also when it
//! gives away what it puts out, and when an operator speaks in between.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use ct_host::engine::{
    Command, Drained, Machine, Member, Needs, Outcome, Prices, Scope, Strategies, Strategy,
};
use ct_host::market::{ClosedBar, Field, Series};
use ct_host::order::{FillReason, Rule};
use ct_host::plugin::{Instance, Plugin};
use ct_host::risk::{DelistingAction, DelistingRule};
use ct_host::units::Interval;
use ct_tests::bars::SplitMix64;
use ct_tests::plugins::{self, sound};
use ct_tests::reactive::Reactive;
use ct_tests::run::{SteppedRun, assert_same};
use ct_tests::script::Script;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

/// A trial, and how its strategies are made and rebuilt.
struct Stepped<'a, S> {
    trial: &'a Trial,
    needs: Needs,
    window_rows: usize,
    new: &'a dyn Fn(usize) -> S,
    rebuild: &'a dyn Fn(Vec<S>) -> Vec<S>,
}

impl<S: Strategy> Stepped<'_, S> {
    fn run(
        &self,
        window_rows: usize,
        ends: impl IntoIterator<Item = usize>,
        between: &mut dyn FnMut(&mut Machine, Prices<'_>),
    ) -> Outcome {
        let Trial { panel, setup, first_row, .. } = self.trial;
        let members = match self.needs.scope {
            Scope::Portfolio => 1,
            Scope::Instrument => panel.series().len(),
        };
        let run = SteppedRun {
            prices: panel.into(),
            setup,
            first_row: *first_row,
            needs: self.needs,
            window_rows,
        };
        run.outcome((0..members).map(self.new).collect(), self.rebuild, ends, between)
    }

    /// The last rows of random pieces.
    fn pieces(&self) -> BTreeSet<usize> {
        let mut random = SplitMix64(self.trial.seed);
        let rows = self.trial.panel.rows();
        let mut ends = BTreeSet::from([1 + random.below(40)]);
        while let Some(last) = ends.last().copied().filter(|last| *last < rows) {
            ends.insert(last + 1 + random.below(40));
        }
        ends.retain(|end| *end < rows);
        ends
    }

    /// All rows at once, one after the other, and in random pieces. The outcomes must be the same.
    fn check(&self) -> Outcome {
        let (rows, nothing) = (self.trial.panel.rows(), &mut |_: &mut Machine, _: Prices<'_>| {});
        let whole = self.trial.run(self.needs, self.new, self.window_rows);
        assert_same(&whole, &self.run(1, 1..rows, nothing), "all rows at once and one by one");
        let pieces = self.run(self.window_rows, self.pieces(), nothing);
        assert_same(&whole, &pieces, "all rows at once and in pieces");
        whole
    }

    /// What is given away in pieces is what the run over all rows has.
    fn check_drained(&self) -> Outcome {
        let whole = self.trial.run(self.needs, self.new, self.window_rows);
        let mut all = Drained { first_row: whole.first_row, ..Drained::default() };
        let mut drain = |machine: &mut Machine, prices: Prices<'_>| {
            append(&mut all, machine.drain(prices));
        };
        let rest = self.run(self.window_rows, self.pieces(), &mut drain);
        assert_same_records(all, rest, &whole);
        whole
    }

    /// A panel that gets row after row and forgets what nothing looks at any more.
    fn check_growing(&self) -> usize {
        let Trial { panel, setup, first_row, .. } = self.trial;
        let whole = self.trial.run(self.needs, self.new, 1);
        let mut grown = panel.part(0..1);
        let mut machine = sound(Machine::new(&grown, setup, *first_row)).explaining();
        let members = match self.needs.scope {
            Scope::Portfolio => 1,
            Scope::Instrument => panel.series().len(),
        };
        let mut strategies: Vec<S> = (0..members).map(self.new).collect();
        let instruments = panel.series().len() / members;
        let members = strategies.iter_mut().enumerate().map(|(place, strategy)| {
            Member::new(strategy, self.needs, place * instruments..(place + 1) * instruments)
        });
        let mut together = Strategies::new(members.collect(), 1);
        let mut all = Drained { first_row: whole.first_row, ..Drained::default() };
        let go_on = |_| ControlFlow::Continue(());
        for row in 1..=panel.rows() {
            sound(machine.advance((&grown).into(), &mut together, go_on));
            append(&mut all, machine.drain((&grown).into()));
            machine.forget(&mut grown, &together);
            if row < panel.rows() {
                let bars: Vec<_> =
                    panel.series().iter().map(|series| closed_bar(series, row)).collect();
                sound(grown.append(panel.times()[row], &bars));
            }
        }
        let rest = sound(machine.finish((&grown).into()));
        assert_same_records(all, rest, &whole);
        grown.first_row()
    }

    /// The same commands at the same rows, in windows of any size, with everything torn down at any rows between them.
    fn check_commands(&self) -> Outcome {
        let mut random = SplitMix64(!self.trial.seed);
        let rows = self.trial.panel.rows();
        let commands: Vec<(usize, Command)> = (0..6)
            .map(|_| (1 + random.below(rows - 1), command(&mut random, self.trial)))
            .collect();
        let at: BTreeSet<usize> = commands.iter().map(|(row, _)| *row).collect();
        let speak = &mut |machine: &mut Machine, prices: Prices<'_>| {
            let done = machine.next_row();
            for (_, command) in commands.iter().filter(|(row, _)| *row == done) {
                sound(machine.command(prices, command));
            }
        };
        let seldom = self.run(self.window_rows, at.clone(), speak);
        let rows = self.run(1, 1..rows, speak);
        assert_same(&seldom, &rows, "commands between large pieces and between rows");
        let pieces = self.run(self.window_rows, &at | &self.pieces(), speak);
        assert_same(&seldom, &pieces, "commands between large pieces and among others");
        seldom
    }
}

pub(crate) fn closed_bar(series: &Series, row: usize) -> Option<ClosedBar> {
    let of = |field| series.rows(field).at(row);
    let [open, high, low] = [Field::Open, Field::High, Field::Low].map(of);
    let bar = ClosedBar { open, high, low, close: of(Field::Close), volume: of(Field::Volume) };
    (!open.is_nan()).then_some(bar)
}

pub(crate) fn append(all: &mut Drained, drained: Drained) {
    assert_eq!(drained.first_row, all.first_row + all.equity.len());
    all.equity.extend(drained.equity);
    all.fills.extend(drained.fills);
    all.trades.extend(drained.trades);
    all.refusals.extend(drained.refusals);
    all.breaker_events.extend(drained.breaker_events);
    all.ambiguous.extend(drained.ambiguous);
    all.faults.extend(drained.faults);
    all.delistings.extend(drained.delistings);
    all.explained.extend(drained.explained);
    all.postings.extend(drained.postings);
}

/// `all` that was given away, and the `rest` that came at the end, are what the `whole` run has.
pub(crate) fn assert_same_records(mut all: Drained, rest: Outcome, whole: &Outcome) {
    if !rest.equity.is_empty() {
        // What is closed at the end changes the last equity, which is told again.
        assert_eq!((rest.first_row, rest.equity.len()), (all.first_row + all.equity.len() - 1, 1));
        all.equity.pop();
        all.equity.extend(rest.equity);
    }
    all.fills.extend(rest.fills);
    all.trades.extend(rest.trades);
    all.postings.extend(rest.ledger.postings());
    let bits = |equity: &[f64]| equity.iter().map(|equity| equity.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&all.equity), bits(&whole.equity));
    assert_eq!(all.fills, whole.fills);
    assert_eq!(all.trades, whole.trades);
    assert_eq!(all.refusals, whole.refusals);
    assert_eq!(all.breaker_events, whole.breaker_events);
    assert_eq!(all.ambiguous, whole.ambiguous);
    assert_eq!(all.delistings, whole.delistings);
    assert_eq!(all.explained, whole.explained);
    assert_eq!(all.postings, whole.ledger.postings());
    assert_eq!((rest.cash, rest.positions), (whole.cash, whole.positions.clone()));
    assert_eq!((rest.costs, rest.decisions), (whole.costs, whole.decisions));
}

fn command(random: &mut SplitMix64, trial: &Trial) -> Command {
    match random.below(6) {
        0 => Command::Halt,
        1 => Command::Flatten,
        2 => Command::Freeze,
        3 => Command::Rearm,
        4 => {
            let other = Trial::with_every_rule(random.next_bits(), 1, trial.panel.series().len());
            Command::Settings(Box::new(other.setup))
        }
        _ => Command::Resume,
    }
}

fn of_scripts(
    trial: &Trial,
    window_rows: usize,
    rows_between: usize,
    check: impl Fn(&Stepped<'_, Script>),
) {
    let script = trial.script(rows_between);
    check(&Stepped {
        trial,
        needs: Script::needs(),
        window_rows,
        new: &|_| script.clone(),
        rebuild: &|scripts| scripts.clone(),
    });
}

fn of_account_readers(
    trial: &Trial,
    window_rows: usize,
    rows_between: usize,
    check: impl Fn(&Stepped<'_, Reactive>),
) {
    for scope in [Scope::Portfolio, Scope::Instrument] {
        check(&Stepped {
            trial,
            needs: Reactive::needs(scope),
            window_rows,
            new: &|place| trial.reactive(place, rows_between),
            rebuild: &|strategies| strategies.clone(),
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn under_every_rule(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize,
        window_rows in 1..90_usize, rows_between in 2..30_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        of_scripts(&trial, window_rows, rows_between, |stepped| drop(stepped.check()));
        of_account_readers(&trial, window_rows, rows_between, |stepped| drop(stepped.check()));
    }

    #[test]
    fn that_are_drained(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize,
        window_rows in 1..90_usize, rows_between in 2..30_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        of_scripts(&trial, window_rows, rows_between, |stepped| drop(stepped.check_drained()));
        of_account_readers(&trial, window_rows, rows_between, |stepped| drop(stepped.check_drained()));
    }

    #[test]
    fn over_a_panel_that_grows_and_forgets(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize, rows_between in 2..30_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        of_scripts(&trial, 1, rows_between, |stepped| assert!(stepped.check_growing() < rows));
        of_account_readers(&trial, 1, rows_between, |stepped| {
            assert!(stepped.check_growing() < rows);
        });
    }

    #[test]
    fn with_commands_in_between(
        seed: u64, rows in 20..400_usize, instruments in 1..=4_usize,
        window_rows in 1..90_usize, rows_between in 2..30_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        of_scripts(&trial, window_rows, rows_between, |stepped| drop(stepped.check_commands()));
        of_account_readers(&trial, window_rows, rows_between, |stepped| {
            drop(stepped.check_commands());
        });
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(4) })]

    #[test]
    fn of_plugins_whose_state_is_saved(
        seed: u64, rows in 20..200_usize, instruments in 1..=3_usize, window_rows in 1..90_usize,
    ) {
        let trial = Trial::with_every_rule(seed, rows, instruments);
        for plugin in plugins::all() {
            check_plugin(&trial, plugin, window_rows);
        }
    }
}

fn check_plugin(trial: &Trial, plugin: &Plugin, window_rows: usize) {
    let arguments = trial.arguments(plugin);
    let new = |place| trial.instance(plugin, &arguments, place);
    let rebuild = |instances: Vec<Instance>| {
        let rebuilt = instances.into_iter().enumerate().map(|(place, mut before)| {
            let mut after = new(place);
            if let Some(state) = sound(before.save()) {
                sound(after.load(&state));
            }
            after
        });
        rebuilt.collect()
    };
    let needs = new(0).needs();
    Stepped { trial, needs, window_rows, new: &new, rebuild: &rebuild }.check();
}

/// The trial of `seed` in which an instrument counts as delisted after two missing bars.
fn with_delistings(seed: u64, rows: usize) -> Trial {
    let mut trial = Trial::with_every_rule(seed, rows, 4);
    let after = sound(Interval::from_ms(2 * trial.panel.interval().as_ms()));
    let action =
        if seed.is_multiple_of(2) { DelistingAction::Close } else { DelistingAction::Freeze };
    trial.setup.risk.delisting = DelistingRule { after, action, ..DelistingRule::default() };
    trial
}

#[test]
fn instruments_that_are_delisted() {
    let (delisted, closed) = (Cell::new(0), Cell::new(0));
    for seed in 0..60 {
        let trial = with_delistings(seed, 200);
        let check = |outcome: &Outcome| {
            delisted.set(delisted.get() + outcome.delistings.len());
            let fills = outcome.fills.iter();
            let of_delistings = fills.filter(|fill| fill.reason == FillReason::Delisting);
            closed.set(closed.get() + of_delistings.count());
        };
        of_scripts(&trial, 64, 5, |stepped| check(&stepped.check()));
        of_scripts(&trial, 64, 5, |stepped| check(&stepped.check_drained()));
        of_scripts(&trial, 1, 5, |stepped| assert!(stepped.check_growing() < 200));
        of_account_readers(&trial, 64, 5, |stepped| check(&stepped.check()));
    }
    let (delisted, closed) = (delisted.get(), closed.get());
    assert!(delisted > 100 && closed > 20, "{delisted} delistings, {closed} positions closed");
}

#[test]
fn rows_are_forgotten_in_the_trials() {
    let forgotten = Cell::new(0);
    for seed in 0..20 {
        let trial = Trial::with_every_rule(seed, 400, 2);
        of_scripts(&trial, 1, 5, |stepped| {
            forgotten.set(forgotten.get() + stepped.check_growing());
        });
    }
    assert!(forgotten.get() > 2_000, "{} of 8000 rows were forgotten", forgotten.get());
}

#[test]
fn commands_act_in_the_trials() {
    let (reasons, rules) = (RefCell::new(BTreeSet::new()), RefCell::new(BTreeSet::new()));
    for seed in 0..40 {
        let trial = Trial::with_every_rule(seed, 300, 2);
        of_account_readers(&trial, 64, 5, |stepped| {
            let outcome = stepped.check_commands();
            rules.borrow_mut().extend(outcome.refusal_counts.keys().map(|(rule, _)| *rule));
            reasons.borrow_mut().extend(outcome.fills.iter().map(|fill| fill.reason));
        });
    }
    let (reasons, rules) = (reasons.into_inner(), rules.into_inner());
    assert!(reasons.contains(&FillReason::Manual), "{reasons:?}");
    assert!(rules.contains(&Rule::Halted) && rules.contains(&Rule::Frozen), "{rules:?}");
}
