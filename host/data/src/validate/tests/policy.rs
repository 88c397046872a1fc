//! What each policy does with each kind of defect.

use super::bars::{HOUR, Row, clean, columns, hour, report};
use crate::validate::{
    FindingKind, OffGridRule, Policy, RepairSettings, Subject, ValidationSettings, validate,
};
use ct_core::units::Timestamp;

/// The close of the last bar, UTC milliseconds.
fn rows_end(rows: &[Row]) -> i64 {
    rows.last().unwrap().time + HOUR
}

/// The number of bars that `policy` makes of the rows, or why it refuses them.
fn admitted(policy: &Policy, rows: &[Row]) -> Result<usize, String> {
    let admitted = policy.admit(columns(rows), &report(rows), None);
    admitted.map(|bars| bars.rows.time.len()).map_err(|refused| refused.to_string())
}

#[test]
fn a_policy_refuses_what_it_cannot_answer_for() {
    let clean = || clean(400, 1);
    let with = |spoil: fn(&mut Vec<Row>)| {
        let mut rows = clean();
        spoil(&mut rows);
        rows
    };
    let repair = Policy::Repair(RepairSettings::default());
    // Bars after refuse, warn and repair; None where they are refused.
    for (rows, expected) in [
        (clean(), [Some(400); 3]),
        (with(|rows| rows.reverse()), [Some(400); 3]),
        (with(|rows| rows.insert(200, rows[200])), [Some(400); 3]),
        (with(|rows| drop(rows.drain(200..210))), [Some(390); 3]),
        (with(|rows| rows.swap(200, 201)), [None, Some(400), Some(400)]),
        (with(|rows| rows[200].time += 60_000), [None, Some(399), Some(399)]),
        (with(|rows| rows[200].close = f64::NAN), [None, None, Some(399)]),
        (with(|rows| rows.insert(200, rows[200].scaled(1.001))), [None, None, Some(400)]),
        (
            with(|rows| {
                for row in &mut rows[200..] {
                    *row = Row { time: row.time + 99 * HOUR, ..row.scaled(50.0) };
                }
            }),
            [None, Some(400), None],
        ),
    ] {
        for (policy, expected) in
            [&Policy::Refuse, &Policy::Warn, &repair].into_iter().zip(expected)
        {
            assert_eq!(
                admitted(policy, &rows).ok(),
                expected,
                "{policy:?} {:?}",
                report(&rows).counts
            );
        }
    }
    let text = admitted(&Policy::Refuse, &with(|rows| rows[200].close = f64::NAN)).unwrap_err();
    assert!(
        text.starts_with(
            "the data has errors (not a number: 1): error: bar 201 (2024-01-09T08:00:00Z)"
        ),
        "{text}"
    );
    // A bar that has not closed is left out whatever the policy.
    let now = Timestamp::from_ms(rows_end(&clean()) - 1).ok();
    for policy in [&Policy::Refuse, &Policy::Warn, &repair] {
        let columns = columns(&clean());
        let subject = Subject { now, ..Subject::new(hour(), &columns) };
        let report = validate(&subject, &ValidationSettings::default());
        let bars = policy.admit(columns.clone(), &report, now).unwrap();
        assert_eq!((bars.rows.time.len(), bars.repairs.len()), (399, 1), "{policy:?}");
    }
    let keep = RepairSettings { off_grid: OffGridRule::Keep, ..RepairSettings::default() };
    let late = with(|rows| rows[399].time += 60_000);
    assert_eq!(admitted(&Policy::Repair(keep), &late), Ok(400));
}

#[test]
fn many_conflicts_are_no_mistakes_to_choose_from() {
    // Every bar twice, as of two instruments in one file.
    let mixed: Vec<Row> =
        clean(400, 1).into_iter().flat_map(|row| [row, row.scaled(0.1)]).collect();
    let repair = Policy::Repair(RepairSettings::default());
    for policy in [&Policy::Refuse, &Policy::Warn, &repair] {
        let error = admitted(policy, &mixed).unwrap_err();
        assert!(error.contains("so many rows conflict"), "{error}");
        assert!(!error.contains("choose to repair"), "{error}");
        assert!(!error.contains("let repair"), "{error}");
    }
    // Six of a hundred are too many, five are not.
    for (conflicts, expected) in [(5, true), (6, false)] {
        let mut rows = clean(94, 1);
        for place in 0..conflicts {
            rows.insert(10 * (place + 1), rows[10 * (place + 1)].scaled(1.001));
        }
        assert_eq!(admitted(&repair, &rows).is_ok(), expected, "{conflicts}");
    }
}

#[test]
fn what_is_left_after_a_repair_is_an_error() {
    // A row off the grid, at the old price, hides that the prices go to another level.
    let mut rows = clean(400, 1);
    for row in &mut rows[200..] {
        *row = row.scaled(20.0);
    }
    let late = Row { time: rows[200].time + 60_000, ..rows[199] };
    rows.insert(201, late);
    assert_eq!(report(&rows).count(FindingKind::LevelShift).findings, 0);
    let error = admitted(&Policy::Repair(RepairSettings::default()), &rows).unwrap_err();
    assert!(error.contains("level shift: 1") && error.contains("left after the repair"), "{error}");
}
