//! A run that an operator speaks to is the same however its rows come, to the last bit: with finer bars, with strategies that fail
//! and make way for others, with everything torn down and rebuilt, given away and forgotten in between.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};

use ct_host::engine::{
    Command, Drained, Machine, Member, Needs, Outcome, Prices, Scope, Strategies, Strategy,
};
use ct_host::market::{Bars, ClosedBar, FinerBars, Panel, TimedBar};
use ct_host::order::{FillReason, Intrabar, Rule};
use ct_host::plugin::Plugin;
use ct_host::risk::RiskSettings;
use ct_host::settings::Settings;
use ct_host::units::Timestamp;
use ct_tests::bars::SplitMix64;
use ct_tests::plugins::{self, sound};
use ct_tests::quarters::quarters_of;
use ct_tests::random;
use ct_tests::reactive::Reactive;
use ct_tests::remembering::{Failing, Remembering};
use ct_tests::run::assert_same;
use ct_tests::script::Script;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

use crate::steps::{append, assert_same_records, closed_bar};

/// Rows that every strategy warms up over. As many are never forgotten under the settings of the trials.
const WARM_UP_ROWS: usize = 12;

/// What an operator says between two rows.
#[derive(Debug)]
enum Said {
    Command(Command),
    /// Another strategy has the place of this one.
    Swap(usize),
}

/// The `generation`-th strategy that has a place.
type Make<'a> = dyn Fn(usize, u64) -> (Box<dyn Strategy>, Needs) + 'a;

/// Prices, settings, strategies, and what an operator says after which number of rows.
struct Operated<'a> {
    trial: &'a Trial,
    finer: Vec<Option<Bars>>,
    setup: Settings,
    members: Vec<Range<usize>>,
    make: &'a Make<'a>,
    said: Vec<(usize, Said)>,
}

/// How the rows of a run come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Up to the next row at which something is said.
    InPieces,
    /// The same, and everything is torn down and rebuilt after each piece.
    TornDown,
    /// Appended one by one; what was put out is given away, and what nothing looks at any more is forgotten.
    Forgetting,
}

/// What came of a run.
struct Run {
    outcome: Outcome,
    drained: Drained,
    /// What the machine answered to what it could not do.
    answers: Vec<String>,
    swaps: usize,
    rows_forgotten: usize,
}

/// The strategies of a run, and the generation of each.
type Crew = Vec<(Box<dyn Strategy>, Needs, u64)>;

impl<'a> Operated<'a> {
    fn new(trial: &'a Trial, members: Vec<Range<usize>>, make: &'a Make<'a>) -> Self {
        let mut random = SplitMix64(trial.seed ^ 0x0be);
        let mut setup = trial.setup.clone();
        if random.below(2) == 0 {
            setup.fills.intrabar = Intrabar::Detail;
        }
        let rows = trial.panel.rows();
        let mut said: Vec<(usize, Said)> = (0..10)
            .map(|_| (1 + random.below(rows - 1), said(&mut random, trial, &members)))
            .collect();
        said.sort_by_key(|(row, _)| *row);
        let finer = quarters_of(&mut random, &trial.panel);
        Self { trial, finer, setup, members, make, said }
    }

    /// The strategy that takes a place, for the first time or after another.
    fn make(&self, place: usize, generation: u64) -> (Box<dyn Strategy>, Needs, u64) {
        let (strategy, needs) = (self.make)(place, generation);
        let mut random = SplitMix64(self.trial.seed ^ ((place as u64) << 8) ^ generation);
        let fails_at = random.below(2 * self.trial.panel.rows());
        let strategy = Failing::new(strategy, (fails_at > 0).then_some(fails_at));
        let needs = Needs { warm_up_rows: WARM_UP_ROWS, ..needs };
        (Box::new(strategy), needs, generation)
    }

    fn run(&self, way: Way, window_rows: usize, ends: &BTreeSet<usize>) -> Run {
        let Trial { panel, first_row, .. } = self.trial;
        let (mut known, mut finer) = self.beginning(way);
        let mut machine = sound(Machine::new(&known, &self.setup, *first_row)).explaining();
        let mut crew: Crew = (0..self.members.len()).map(|place| self.make(place, 0)).collect();
        let mut drained = Drained { first_row: *first_row, ..Drained::default() };
        let (mut answers, mut swaps, mut progress) = (Vec::new(), 0, None);
        for end in ends.iter().copied().chain([panel.rows()]) {
            match way {
                Way::Forgetting => self.grow(&mut known, &mut finer, end),
                Way::InPieces | Way::TornDown => known = panel.part(0..end),
            }
            let mut newcomers = self.newcomers(end, &crew);
            let members =
                crew.iter_mut().zip(&self.members).map(|((strategy, needs, _), range)| {
                    Member::new(&mut **strategy, *needs, range.clone())
                });
            let mut together = match progress.take() {
                None => Strategies::new(members.collect(), window_rows),
                Some(progress) => Strategies::resume(members.collect(), progress),
            };
            let prices = Prices { panel: &known, finer: finer.bars() };
            sound(machine.advance(prices, &mut together, |_| ControlFlow::Continue(())));
            let mut arrived = BTreeMap::new();
            let mut next = newcomers.iter_mut().enumerate();
            for said in self.said_at(end) {
                let answer = match said {
                    Said::Command(command) => machine.command(prices, command),
                    Said::Swap(place) => {
                        let (number, (strategy, needs, _)) = next.next().unwrap();
                        let range = self.members[*place].clone();
                        let member = Member::new(&mut **strategy, *needs, range);
                        machine.swap(prices, &mut together, member).inspect(|()| {
                            arrived.insert(*place, number);
                        })
                    }
                };
                answers.extend(answer.err().map(|error| error.to_string()));
            }
            if way == Way::Forgetting {
                append(&mut drained, machine.drain(prices));
                machine.forget(&mut known, &together);
                finer.forget_before(&known);
            }
            progress = Some(together.progress());
            let mut newcomers: Vec<_> = newcomers.into_iter().map(Some).collect();
            for (place, number) in arrived {
                crew[place] = newcomers[number].take().unwrap();
                swaps += 1;
            }
            if way != Way::InPieces {
                machine = machine.clone();
                crew = self.rebuilt(crew);
            }
        }
        let prices = Prices { panel: &known, finer: finer.bars() };
        let outcome = sound(machine.finish(prices));
        Run { outcome, drained, answers, swaps, rows_forgotten: known.first_row() }
    }

    fn said_at(&self, end: usize) -> impl Iterator<Item = &Said> {
        self.said.iter().filter(move |(row, _)| *row == end).map(|(_, said)| said)
    }

    /// The strategies that take a place after row `end`.
    fn newcomers(&self, end: usize, crew: &Crew) -> Crew {
        let swaps = self.said_at(end).filter_map(|said| match said {
            Said::Swap(place) => Some(*place),
            Said::Command(_) => None,
        });
        // Rows tell two of them apart, where one was refused.
        swaps.map(|place| self.make(place, crew[place].2 + 1 + end as u64)).collect()
    }

    /// New instances that are where those of `crew` are. One that has failed is not asked again.
    fn rebuilt(&self, crew: Crew) -> Crew {
        let again = crew.into_iter().enumerate().map(|(place, (mut before, _, generation))| {
            let (mut after, needs, _) = self.make(place, generation);
            if let Ok(Some(state)) = before.save() {
                sound(after.load(&state));
            }
            (after, needs, generation)
        });
        again.collect()
    }

    /// The prices that are there at the start.
    fn beginning(&self, way: Way) -> (Panel, FinerBars) {
        let panel = &self.trial.panel;
        if way != Way::Forgetting {
            return (panel.part(0..1), sound(FinerBars::new(panel, self.finer.clone())));
        }
        let known = panel.part(0..1);
        let (from, to) = (known.time(0), row_end(&known, 0));
        let cut = |bars: &Option<Bars>| bars.as_ref().map(|bars| bars.between(from, to));
        let finer = FinerBars::new(&known, self.finer.iter().map(cut).collect());
        (known, sound(finer))
    }

    /// Appends the rows before `end` that are not there.
    fn grow(&self, known: &mut Panel, finer: &mut FinerBars, end: usize) {
        let panel = &self.trial.panel;
        for row in known.rows()..end {
            let bars: Vec<_> = panel.series().iter().map(|bars| closed_bar(bars, row)).collect();
            sound(known.append(panel.times()[row], &bars));
            let (from, to) = (panel.time(row), row_end(panel, row));
            let inside = |bars: &Option<Bars>| match bars {
                Some(bars) => timed(&bars.between(from, to)),
                None => Vec::new(),
            };
            let inside: Vec<Vec<TimedBar>> = self.finer.iter().map(inside).collect();
            sound(finer.append(known, &inside));
        }
    }

    /// All ways must come to the same.
    fn check(&self, window_rows: usize) -> [Run; 2] {
        let rows = self.trial.panel.rows();
        let said: BTreeSet<usize> = self.said.iter().map(|(row, _)| *row).collect();
        let whole = self.run(Way::InPieces, window_rows, &said);
        let every: BTreeSet<usize> = (1..rows).collect();
        let mut random = SplitMix64(!self.trial.seed);
        let pieces: BTreeSet<usize> = (0..rows / 20).map(|_| 1 + random.below(rows - 1)).collect();
        let same = |way, window_rows, ends: &BTreeSet<usize>, what| {
            let run = self.run(way, window_rows, ends);
            assert_same(&whole.outcome, &run.outcome, what);
            assert_eq!(whole.answers, run.answers, "{what}");
        };
        same(Way::InPieces, 1, &said, "windows of one row");
        same(Way::TornDown, 1, &every, "row after row");
        same(Way::TornDown, window_rows, &(&said | &pieces), "random pieces, torn down");
        let mut forgetting = self.run(Way::Forgetting, 1, &every);
        assert_eq!(whole.answers, forgetting.answers, "forgetting");
        let rest = std::mem::take(&mut forgetting.outcome.faults);
        forgetting.drained.faults.extend(rest);
        assert_eq!(forgetting.drained.faults, whole.outcome.faults);
        let outcome = forgetting.outcome.clone();
        assert_same_records(forgetting.drained.clone(), outcome, &whole.outcome);
        [whole, forgetting]
    }
}

fn row_end(panel: &Panel, row: usize) -> Timestamp {
    Timestamp::clamped(panel.time(row).as_ms() + panel.interval().as_ms())
}

fn timed(bars: &Bars) -> Vec<TimedBar> {
    let bar = |place: usize| {
        let of = |column: &[f64]| column[place];
        let (open, high, low) = (of(bars.open()), of(bars.high()), of(bars.low()));
        let (close, volume) = (of(bars.close()), of(bars.volume()));
        (bars.times()[place], ClosedBar { open, high, low, close, volume })
    };
    (0..bars.len()).map(bar).collect()
}

fn said(random: &mut SplitMix64, trial: &Trial, members: &[Range<usize>]) -> Said {
    let place = random.below(members.len());
    Said::Command(match random.below(12) {
        0 => Command::Halt,
        1 => Command::Flatten,
        2 => Command::Freeze,
        3 => Command::Rearm,
        4 => Command::Settings(Box::new(other_settings(random, trial))),
        5 | 6 => Command::Reopen(members[place].clone()),
        7..9 => Command::Resume,
        _ => return Said::Swap(place),
    })
}

/// Settings that look no further back than those of `trial`.
fn other_settings(random: &mut SplitMix64, trial: &Trial) -> Settings {
    let seed = random.next_bits();
    let other = Trial::with_every_rule(seed, 1, trial.panel.series().len()).setup;
    let mut setup = trial.setup.clone();
    let RiskSettings { limits, breakers, margin, .. } = other.risk;
    setup.risk = RiskSettings { limits, breakers, margin, ..setup.risk };
    (setup.costs.fees, setup.fills) = (other.costs.fees, other.fills);
    if random.below(2) == 0 {
        setup.fills.intrabar = Intrabar::Detail;
    }
    setup
}

/// Instruments one by one or in pairs.
fn members(seed: u64, instruments: usize) -> Vec<Range<usize>> {
    let (mut random, mut members, mut start) = (SplitMix64(seed ^ 0xc4e3), Vec::new(), 0);
    while start < instruments {
        let end = (start + 1 + random.below(2)).min(instruments);
        members.push(start..end);
        start = end;
    }
    members
}

/// Strategies linked natively: of some trials all, of some none reads its account.
fn of_native(trial: &Trial, window_rows: usize, rows_between: usize) -> [Run; 2] {
    let members = members(trial.seed, trial.panel.series().len());
    let ranges = members.clone();
    let make = |place: usize, generation: u64| -> (Box<dyn Strategy>, Needs) {
        let mut random = SplitMix64(trial.seed ^ (generation << 16) ^ place as u64);
        let seed = random.next_bits();
        let scope = Scope::Portfolio;
        let kind = match trial.seed % 3 {
            0 => random.below(2),
            1 => 2 + random.below(2),
            _ => random.below(4),
        };
        match kind {
            0 if ranges[place].len() == 1 => {
                let decisions =
                    random::decisions(&mut SplitMix64(seed), &trial.panel, rows_between);
                let script = Script::new(decisions).of_instrument(ranges[place].start);
                (Box::new(script), Script::needs())
            }
            0 | 1 => (Box::new(Remembering::new(seed, rows_between)), Remembering::needs(false)),
            2 => (Box::new(Remembering::new(seed, rows_between)), Remembering::needs(true)),
            _ => (Box::new(Reactive::new(seed, rows_between)), Reactive::needs(scope)),
        }
    };
    Operated::new(trial, members, &make).check(window_rows)
}

/// Plugins: those of one instrument, one for each, or the one of all.
fn of_plugins(trial: &Trial, window_rows: usize) -> [Run; 2] {
    let instruments = trial.panel.series().len();
    let scope = if trial.seed.is_multiple_of(2) { Scope::Instrument } else { Scope::Portfolio };
    let all: Vec<&Plugin> =
        plugins::all().iter().filter(|plugin| plugin.descriptor().scope == scope).collect();
    let members: Vec<Range<usize>> = match scope {
        Scope::Instrument => (0..instruments).map(|place| place..place + 1).collect(),
        Scope::Portfolio => std::iter::once(0..instruments).collect(),
    };
    let make = |place: usize, generation: u64| -> (Box<dyn Strategy>, Needs) {
        let mut random = SplitMix64(trial.seed ^ (generation << 16) ^ place as u64);
        let plugin = all[random.below(all.len())];
        let instance = trial.instance(plugin, &trial.arguments(plugin), place);
        let needs = instance.needs();
        assert!(needs.warm_up_rows <= WARM_UP_ROWS, "{needs:?}");
        (Box::new(instance), needs)
    };
    Operated::new(trial, members, &make).check(window_rows)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]

    #[test]
    fn by_strategies_linked_natively(
        seed: u64, rows in 20..300_usize, instruments in 1..=4_usize,
        window_rows in 2..90_usize, rows_between in 2..30_usize,
    ) {
        of_native(&Trial::with_every_rule(seed, rows, instruments), window_rows, rows_between);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(6) })]

    #[test]
    fn by_plugins(
        seed: u64, rows in 20..200_usize, instruments in 1..=3_usize, window_rows in 2..90_usize,
    ) {
        of_plugins(&Trial::with_every_rule(seed, rows, instruments), window_rows);
    }
}

/// The trials above prove little where nothing of it happens.
#[test]
fn operators_and_strategies_act_in_the_trials() {
    let (reasons, rules) = (RefCell::new(BTreeSet::new()), RefCell::new(BTreeSet::new()));
    let (mut swaps, mut faults, mut refused, mut forgotten) = (0, 0, 0, 0);
    for seed in 0..30 {
        let trial = Trial::with_every_rule(seed, 300, 3);
        let [whole, forgetting] = of_native(&trial, 64, 5);
        rules.borrow_mut().extend(whole.outcome.refusal_counts.keys().map(|(rule, _)| *rule));
        reasons.borrow_mut().extend(whole.outcome.fills.iter().map(|fill| fill.reason));
        swaps += whole.swaps;
        faults += whole.outcome.faults.len();
        refused += whole.answers.len();
        forgotten += forgetting.rows_forgotten;
    }
    let (reasons, rules) = (reasons.into_inner(), rules.into_inner());
    assert!(swaps > 40 && faults > 20 && refused > 0, "{swaps} {faults} {refused}");
    assert!(forgotten > 3_000, "{forgotten} of 9000 rows were forgotten");
    assert!(reasons.contains(&FillReason::Manual) && reasons.contains(&FillReason::Fault));
    assert!(rules.contains(&Rule::Halted) && rules.contains(&Rule::Frozen), "{rules:?}");
}
