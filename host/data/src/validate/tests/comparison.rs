//! Two sources side by side.

use super::bars::{Row, clean, columns, hour};
use crate::validate::FindingKind::*;
use crate::validate::{Comparison, ComparisonSettings, Severity, Source, Subject, compare};

fn compared(left: &[Row], right: &[Row]) -> Comparison {
    let (left, right) = (columns(left), columns(right));
    let subjects = [&left, &right].map(|rows| Subject::new(hour(), rows));
    compare(&subjects[0], &subjects[1], &ComparisonSettings::default()).unwrap()
}

#[test]
fn one_source_agrees_with_itself() {
    let rows = clean(300, 1);
    let found = compared(&rows, &rows);
    assert_eq!((found.common, found.equal, found.worst), (300, 300, None));
    assert_eq!(found.price_difference_max, Some(0.0));
    let apart = compared(&rows[..100], &rows[150..]);
    assert_eq!((apart.common, apart.left.outside, apart.right.outside), (0, 100, 150));
    assert_eq!(apart.price_difference_max, None);
    assert_eq!(compared(&rows, &[]).left.outside, 300);
}

#[test]
fn prices_beyond_the_tolerance_disagree() {
    let rows = clean(300, 1);
    let mut other = rows.clone();
    other[50] = other[50].scaled(1.005);
    other[100..103].iter_mut().for_each(|row| *row = row.scaled(1.02));
    let found = compared(&rows, &other);
    assert_eq!((found.equal, found.price_differences), (296, 3));
    let [finding] = &found.findings[..] else { panic!("{:?}", found.findings) };
    assert_eq!((finding.kind, finding.rows), (SourceDisagreement, 3));
    assert!(finding.found.contains("1.96 % apart"), "{finding}");
    assert_eq!(found.worst, Some(Severity::Warning));
}

#[test]
fn bars_of_one_source_are_counted_where_both_cover_the_time() {
    let rows = clean(300, 1);
    let mut left = rows[10..].to_vec();
    let mut right = rows[..290].to_vec();
    left.drain(100..105);
    right.remove(50);
    let found = compared(&left, &right);
    assert_eq!((found.left.only_here, found.left.outside), (1, 10));
    assert_eq!((found.right.only_here, found.right.outside), (5, 10));
    assert_eq!(found.common, 274);
    let lonely = found.counts[&OnlyInOneSource];
    assert_eq!((lonely.findings, lonely.rows), (2, 6));
}

#[test]
fn a_last_bar_that_alone_differs_was_unfinished() {
    let rows = clean(300, 1);
    let part = |row: Row| Row { close: row.open, volume: row.volume / 2.0, ..row };
    let mut early = rows[..200].to_vec();
    early[199] = part(early[199]);
    let found = compared(&early, &rows);
    assert_eq!(found.unfinished, Some(Source::Left));
    assert_eq!(found.counts.keys().collect::<Vec<_>>(), [&UnfinishedLastBar]);
    assert_eq!(compared(&rows, &early).unfinished, Some(Source::Right));
    // Another bar that differs: then these are two sources.
    let mut other = rows.clone();
    other[5].volume += 1.0;
    assert_eq!(compared(&early, &other).unfinished, None);
    // More volume than the finished bar: no part of it.
    early[199].volume = rows[199].volume * 2.0;
    assert_eq!(compared(&early, &rows).unfinished, None);
    // Not the last bar.
    let mut middle = rows.clone();
    middle[100] = part(middle[100]);
    assert_eq!(compared(&middle, &rows).unfinished, None);
}

#[test]
fn other_intervals_cannot_be_compared() {
    let rows = columns(&clean(10, 1));
    let (left, right) = (Subject::new(hour(), &rows), Subject::new("1d".parse().unwrap(), &rows));
    let error = compare(&left, &right, &ComparisonSettings::default()).unwrap_err();
    assert!(error.to_string().starts_with("bars of 1h cannot be compared with bars of 1d"));
}
