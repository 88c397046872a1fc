//! Defects planted at random in clean bars: exactly those are found.

use proptest::prelude::*;

use super::bars::{HOUR, Random, Row, all_listed, clean, columns, findings, hour, report};
use crate::validate::FindingKind::{self, *};
use crate::validate::{Rows, Subject, validate};

/// Rows that one defect has for itself.
const ROOM: usize = 120;
/// Where in its room a defect stands.
const PLACE: usize = 60;

const KINDS: [FindingKind; 16] = [
    OutOfOrder,
    Duplicate,
    ConflictingDuplicate,
    OffGrid,
    Gap,
    LongHole,
    TickerReuse,
    NotFinite,
    NonPositivePrice,
    InconsistentOhlc,
    NegativeVolume,
    Spike,
    BadTick,
    StaleRun,
    ZeroVolumeRun,
    CopiedRows,
];

/// Changes that last for the rest of the series.
#[derive(Clone, Copy)]
struct Shift {
    price: f64,
    hours: i64,
}

/// Plants a defect of `kind` in `rows`, and gives the place of the finding and how many bars it covers.
fn plant(kind: FindingKind, rows: &mut Vec<Row>, shift: &mut Shift, amount: usize) -> (usize, u64) {
    let row = rows[PLACE];
    let mut covered = 1;
    let mut place = PLACE;
    match kind {
        OutOfOrder => {
            place = PLACE + 2 + amount % 9;
            let moved = rows.remove(PLACE);
            rows.insert(place, moved);
        }
        Duplicate | ConflictingDuplicate => {
            place = PLACE + 1;
            let volume = row.volume + if kind == Duplicate { 0.0 } else { 1.0 };
            rows.insert(place, Row { volume, ..row });
        }
        OffGrid => rows[PLACE].time += 60_000 * (1 + whole(amount) % 29),
        Gap => {
            covered = 1 + amount % 20;
            rows.drain(PLACE..PLACE + covered);
        }
        LongHole | TickerReuse => {
            covered = 168 + amount;
            let price = if kind == LongHole { 1.0 } else { 30.0 };
            for row in &mut rows[PLACE..] {
                *row = Row { time: row.time + whole(covered) * HOUR, ..row.scaled(price) };
            }
            shift.hours += whole(covered);
            shift.price *= price;
        }
        NotFinite => rows[PLACE].high = f64::NAN,
        NonPositivePrice => rows[PLACE].low = 0.0,
        InconsistentOhlc => rows[PLACE].high = row.low * 0.9,
        NegativeVolume => rows[PLACE].volume = -row.volume,
        Spike => {
            rows[PLACE..].iter_mut().for_each(|row| *row = row.scaled(1.25));
            shift.price *= 1.25;
        }
        BadTick => rows[PLACE] = row.scaled(if amount.is_multiple_of(2) { 1.25 } else { 0.75 }),
        StaleRun => {
            covered = 12 + amount % 9;
            for stale in &mut rows[PLACE + 1..PLACE + covered] {
                *stale = stale.with_prices_of(&row);
            }
        }
        ZeroVolumeRun => {
            covered = 12 + amount % 9;
            rows[PLACE..PLACE + covered].iter_mut().for_each(|row| row.volume = 0.0);
        }
        CopiedRows => {
            covered = 3 + amount % 9;
            for place in PLACE..PLACE + covered {
                let from = rows[place - 20];
                rows[place] = Row { volume: from.volume, ..rows[place].with_prices_of(&from) };
            }
        }
        other => unreachable!("{other}"),
    }
    (place, covered as u64)
}

fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap()
}

/// Clean bars with defects of `kinds`, and the findings that they are.
fn planted(kinds: &[FindingKind], seed: u64) -> (Vec<Row>, Vec<(FindingKind, u64, u64)>) {
    let mut random = Random::new(seed);
    let mut rows: Vec<Row> = Vec::new();
    let mut expected = Vec::new();
    let mut shift = Shift { price: 1.0, hours: 0 };
    for (room, kind) in
        clean((kinds.len() + 1) * ROOM, seed).chunks(ROOM).zip(kinds.iter().map(Some).chain([None]))
    {
        let shifted = |row: &Row| {
            let row = row.scaled(shift.price);
            Row { time: row.time + shift.hours * HOUR, ..row }
        };
        let mut room: Vec<Row> = room.iter().map(shifted).collect();
        if let Some(kind) = kind {
            let amount = random.below(1_000);
            let (place, covered) = plant(*kind, &mut room, &mut shift, amount);
            expected.push((*kind, (rows.len() + place) as u64, covered));
        }
        rows.append(&mut room);
    }
    (rows, expected)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn exactly_the_planted_defects_are_found(
        kinds in prop::collection::vec(prop::sample::select(&KINDS[..]), 0..20),
        seed in 1_u64..1_000_000,
    ) {
        let (rows, expected) = planted(&kinds, seed);
        prop_assert_eq!(findings(&report(&rows)), expected);
    }

    /// The same defects in a file that runs from newest to oldest.
    #[test]
    fn as_many_are_found_in_a_descending_file(
        kinds in prop::collection::vec(prop::sample::select(&KINDS[..]), 0..20),
        seed in 1_u64..1_000_000,
    ) {
        let (mut rows, _) = planted(&kinds, seed);
        let ascending = report(&rows).counts;
        rows.reverse();
        let mut descending = report(&rows).counts;
        prop_assert!(descending.remove(&Descending).is_some());
        prop_assert_eq!(descending, ascending);
    }
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let kinds: Vec<FindingKind> = KINDS.iter().copied().cycle().take(600).collect();
    // Rows reach over several blocks.
    let (rows, _) = planted(&kinds, 7);
    assert!(rows.len() > 70_000);
    let columns = columns(&rows);
    let subject = Subject::new(hour(), Rows::from(&columns));
    let reports = [1, 2, 5].map(|threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| validate(&subject, &all_listed()))
    });
    assert!(reports[0].findings.len() >= 600);
    assert_eq!(reports[0], reports[1]);
    assert_eq!(reports[0], reports[2]);
}
