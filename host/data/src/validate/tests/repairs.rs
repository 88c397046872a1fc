//! Whatever is wrong, a repair gives bars, says what it did, and has nothing to do the second time.

use proptest::prelude::*;

use super::bars::{HOUR, Random, Row, START, clean, columns, hour, report};
use crate::validate::FindingKind::*;
use crate::validate::{
    Clipping, ConflictRule, OffGridRule, RepairAction, RepairSettings, Rows, Subject,
    ValidationSettings, repair, validate,
};
use ct_core::market::{Bars, RawColumns};
use ct_core::units::Timestamp;

fn repaired(rows: &[Row], settings: &RepairSettings) -> (Vec<(RepairAction, u64)>, RawColumns) {
    let repaired = repair(columns(rows), hour(), settings).unwrap();
    Bars::new(hour(), repaired.rows.clone()).unwrap();
    (repaired.repairs.iter().map(|repair| (repair.action, repair.rows)).collect(), repaired.rows)
}

#[test]
fn sound_rows_stay_as_they_are() {
    let rows = clean(300, 1);
    assert_eq!(repaired(&rows, &RepairSettings::default()), (vec![], columns(&rows)));
}

#[test]
fn every_step_is_recorded() {
    let mut rows = clean(300, 1);
    rows[10].close = f64::NAN;
    rows[20].time += 60_000;
    rows.insert(31, rows[30]);
    rows.insert(41, Row { volume: 1.0, ..rows[40] });
    rows.swap(50, 51);
    rows[60].time = -1;
    let settings = RepairSettings {
        now: Timestamp::from_ms(START + 298 * HOUR).ok(),
        ..RepairSettings::default()
    };
    let (repairs, columns) = repaired(&rows, &settings);
    assert_eq!(
        repairs,
        [
            (RepairAction::DroppedUnsound, 1),
            (RepairAction::DroppedUnsound, 1),
            (RepairAction::Sorted, 1),
            (RepairAction::DroppedDuplicate, 1),
            (RepairAction::DroppedConflict, 1),
            (RepairAction::DroppedUnfinished, 1),
            (RepairAction::DroppedUnfinished, 1),
            (RepairAction::DroppedOffGrid, 1),
        ]
    );
    assert_eq!(columns.time.len(), 295);
}

#[test]
fn conflicts_follow_the_rule() {
    let mut rows = clean(50, 1);
    for (volume, place) in [(3.0, 11), (900.0, 12), (5.0, 13)] {
        rows.insert(place, Row { volume, ..rows[10] });
    }
    for (rule, expected) in [
        (ConflictRule::First, rows[10].volume),
        (ConflictRule::Last, 5.0),
        (ConflictRule::MoreVolume, 900.0),
    ] {
        let settings = RepairSettings { conflicts: rule, ..RepairSettings::default() };
        let repaired = repair(columns(&rows), hour(), &settings).unwrap();
        assert_eq!(repaired.rows.volume[10].to_bits(), expected.to_bits(), "{rule:?}");
        assert_eq!(repaired.repairs.len(), 3);
        let kept = repaired.repairs.iter().map(|repair| repair.after.unwrap().volume);
        assert!(kept.into_iter().all(|volume| volume.to_bits() == expected.to_bits()));
        let mut dropped: Vec<f64> =
            repaired.repairs.iter().map(|repair| repair.before.unwrap().volume).collect();
        dropped.push(expected);
        dropped.sort_by(f64::total_cmp);
        assert_eq!(dropped, [3.0, 5.0, rows[10].volume, 900.0]);
    }
}

#[test]
fn gaps_up_to_a_length_are_filled_flat() {
    let mut rows = clean(100, 1);
    rows.drain(70..75);
    rows.drain(40..42);
    let settings = RepairSettings { filled_bars_max: 4, ..RepairSettings::default() };
    let repaired = repair(columns(&rows), hour(), &settings).unwrap();
    assert_eq!(repaired.synthetic, [START + 40 * HOUR, START + 41 * HOUR]);
    let close = rows[39].close;
    for place in [40, 41] {
        let columns = &repaired.rows;
        let prices = [&columns.open, &columns.high, &columns.low, &columns.close];
        assert!(prices.iter().all(|column| column[place].to_bits() == close.to_bits()));
        assert_eq!(columns.volume[place].to_bits(), 0);
    }
    let [filled] = repaired.repairs[..] else { panic!("{:?}", repaired.repairs) };
    assert_eq!((filled.action, filled.rows), (RepairAction::Filled, 2));
    assert_eq!(repaired.rows.time.len(), 95);
}

#[test]
fn bad_ticks_are_cut_to_their_neighbours() {
    let mut rows = clean(400, 1);
    let before = rows[200];
    rows[200] = before.scaled(1.3);
    rows[300].low *= 0.8;
    rows[350..].iter_mut().for_each(|row| *row = row.scaled(1.5));
    let settings = RepairSettings { bad_ticks: Clipping::Neighbours, ..RepairSettings::default() };
    let (repairs, columns) = repaired(&rows, &settings);
    assert_eq!(repairs, [(RepairAction::Clipped, 1), (RepairAction::Clipped, 1)]);
    let highest = rows[199].high.max(rows[201].high);
    assert_eq!(columns.high[200].to_bits(), highest.to_bits());
    assert_eq!(columns.close[300].to_bits(), rows[300].close.to_bits(), "only the wick is wrong");
    let left =
        validate(&Subject::new(hour(), Rows::from(&columns)), &ValidationSettings::default());
    assert_eq!(
        (left.count(BadTick).rows, left.count(Spike).rows),
        (0, 1),
        "prices that stay, stay"
    );
}

#[test]
fn records_of_any_value_are_saved_and_read_back() {
    let mut rows = clean(30, 1);
    (rows[5].close, rows[5].high) = (f64::NAN, f64::INFINITY);
    let repaired = repair(columns(&rows), hour(), &RepairSettings::default()).unwrap();
    let json = serde_json::to_string(&repaired.repairs).unwrap();
    assert!(json.contains(r#""high":"inf""#) && json.contains(r#""close":"NaN""#), "{json}");
    let read: Vec<crate::validate::Repair> = serde_json::from_str(&json).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), json);
}

/// Makes `count` random changes to clean rows; each may hit what another has changed.
fn spoiled(count: usize, seed: u64) -> Vec<Row> {
    let mut rows = clean(260, seed);
    let mut random = Random::new(seed ^ 0xfeed);
    for _ in 0..count {
        let (at, other) = (random.below(rows.len()), random.below(rows.len()));
        match random.below(16) {
            0 => rows[at].open = f64::NAN,
            1 => rows[at].volume = f64::NEG_INFINITY,
            2 => rows[at].low = -1.0,
            3 => rows[at].high = rows[at].low / 2.0,
            4 => rows[at].time = [i64::MIN, -1, i64::MAX][other % 3],
            5 => rows[at].time = rows[other].time,
            6 => {
                let later_ms = 700_000 * i64::try_from(other).unwrap();
                rows[at].time = rows[at].time.saturating_add(later_ms);
            }
            7 => rows.insert(other, rows[at]),
            8 => rows.insert(other, Row { volume: 3.0, ..rows[at] }),
            9 => rows.swap(at, other),
            10 => rows[at] = rows[at].scaled(1.0 + other as f64 / 100.0),
            11 => rows[at].high *= 2.0,
            12 => rows[at].low /= 2.0,
            13 => drop(rows.drain(at..rows.len().min(at + 9))),
            14 => rows[at.min(other)..].iter_mut().for_each(|row| *row = row.scaled(1.4)),
            _ => rows.reverse(),
        }
        if rows.is_empty() {
            break;
        }
    }
    rows
}

fn any_settings() -> impl Strategy<Value = RepairSettings> {
    let conflicts = prop::sample::select(vec![
        ConflictRule::MoreVolume,
        ConflictRule::First,
        ConflictRule::Last,
    ]);
    let off_grid = prop::sample::select(vec![OffGridRule::Drop, OffGridRule::Keep]);
    let bad_ticks = prop::sample::select(vec![Clipping::Keep, Clipping::Neighbours]);
    let now = prop::option::of(0_i64..400);
    (conflicts, off_grid, bad_ticks, now, 0_usize..30).prop_map(
        |(conflicts, off_grid, bad_ticks, now, filled_bars_max)| RepairSettings {
            conflicts,
            off_grid,
            now: now.and_then(|hours| Timestamp::from_ms(START + hours * HOUR).ok()),
            bad_ticks,
            filled_bars_max,
            thresholds: ValidationSettings::default(),
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn a_repair_gives_bars_and_a_second_one_nothing_more(
        count in 0_usize..40,
        seed in 1_u64..1_000_000,
        settings in any_settings(),
    ) {
        let rows = spoiled(count, seed);
        let first = repair(columns(&rows), hour(), &settings).unwrap();
        if let Err(error) = Bars::new(hour(), first.rows.clone()) {
            prop_assert!(false, "{error}");
        }
        prop_assert!(first.synthetic.iter().all(|time| first.rows.time.binary_search(time).is_ok()));
        let second = repair(first.rows.clone(), hour(), &settings).unwrap();
        prop_assert_eq!(second.repairs, vec![]);
        prop_assert_eq!(second.rows, first.rows);
    }

    /// What a repair promises to put right is not found any more.
    #[test]
    fn repaired_rows_have_no_repairable_findings(count in 0_usize..40, seed in 1_u64..1_000_000) {
        let rows = spoiled(count, seed);
        let found = report(&rows);
        let repaired = repair(columns(&rows), hour(), &RepairSettings::default()).unwrap();
        let left = validate(
            &Subject::new(hour(), Rows::from(&repaired.rows)),
            &ValidationSettings::default(),
        );
        prop_assert!(left.counts.keys().all(|kind| !kind.is_repairable()), "{:?}", left.counts);
        let errors = found.counts.keys().any(|kind| kind.is_repairable());
        prop_assert_eq!(errors, !repaired.repairs.is_empty());
    }
}
