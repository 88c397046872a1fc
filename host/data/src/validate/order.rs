//! Rows in the wrong order, and rows that are there twice.

use super::FindingKind;
use super::arrangement::{Arrangement, Direction, Repeated};
use super::collector::{Collector, Place, Wording};
use super::rows::Rows;
use ct_core::units::Timestamp;

/// Whether so many of `rows` conflict with others of their time that they are no mistakes to choose from, but rows of several
/// series, or times that lack a part: more than 5, and more than 1 %.
pub(crate) const fn are_many_conflicts(conflicts: usize, rows: usize) -> bool {
    conflicts > 5 && conflicts > rows / 100
}

/// Adds a finding for the order of the file, and for each run of displaced or repeated rows.
pub(super) fn check(rows: &Rows<'_>, arrangement: &Arrangement, findings: &mut Collector<'_>) {
    if arrangement.direction == Direction::Descending {
        let at = Place { row: 0, time_ms: rows.time_ms(0), rows: rows.len() };
        findings.add(FindingKind::Descending, at, || Wording {
            found: "the rows run from newest to oldest".to_owned(),
            expected: "oldest to newest".to_owned(),
            advice: "nothing: the rows are reversed when they are read",
        });
    }
    check_displaced(rows, arrangement, findings);
    let is_conflict = |repeated: &&Repeated| kind_of(rows, **repeated) != FindingKind::Duplicate;
    let conflicts = arrangement.repeated.iter().filter(is_conflict).count();
    let advice = if are_many_conflicts(conflicts, rows.len()) {
        "so many rows conflict that they may be of several instruments or intervals, or their times lack a part: take one of \
         these, or correct the times"
    } else {
        "remove the wrong row, or let repair keep the one with more volume"
    };
    let mut repeated = arrangement.repeated.iter().peekable();
    while let Some(first) = repeated.next() {
        let kind = kind_of(rows, *first);
        let mut length = 1;
        let goes_on = |next: &&Repeated, length| {
            next.row == first.row + length && kind_of(rows, **next) == kind
        };
        while repeated.next_if(|next| goes_on(next, length)).is_some() {
            length += 1;
        }
        let at = Place { row: first.row, time_ms: rows.time_ms(first.row), rows: length };
        let there = findings.elsewhere(first.row, first.other);
        findings.add(kind, at, || repeated_wording(rows, *first, (&there, advice)));
    }
}

fn check_displaced(rows: &Rows<'_>, arrangement: &Arrangement, findings: &mut Collector<'_>) {
    let mut displaced = arrangement.displaced.iter().peekable();
    while let Some(&row) = displaced.next() {
        let mut length = 1;
        while displaced.next_if(|next| **next == row + length).is_some() {
            length += 1;
        }
        let time_ms = rows.time_ms(row);
        findings.add(FindingKind::OutOfOrder, Place { row, time_ms, rows: length }, || {
            let neighbour = if row == 0 { length } else { row - 1 };
            let side = if row == 0 { "before" } else { "after" };
            Wording {
                found: format!(
                    "{} stands {side} {}",
                    Timestamp::clamped(time_ms),
                    Timestamp::clamped(rows.time_ms(neighbour))
                ),
                expected: match arrangement.direction {
                    Direction::Ascending => "rows from oldest to newest".to_owned(),
                    Direction::Descending => "rows from newest to oldest".to_owned(),
                },
                advice: "look for rows that were copied or joined by mistake, or let repair sort the rows",
            }
        });
    }
}

fn kind_of(rows: &Rows<'_>, repeated: Repeated) -> FindingKind {
    if rows.bar(repeated.row).is_same(&rows.bar(repeated.other)) {
        FindingKind::Duplicate
    } else {
        FindingKind::ConflictingDuplicate
    }
}

/// `there` is where the other row is, if not in the same file.
fn repeated_wording(
    rows: &Rows<'_>,
    repeated: Repeated,
    (there, advice): (&str, &'static str),
) -> Wording {
    let (bar, other) = (rows.bar(repeated.row), rows.bar(repeated.other));
    let pairs = bar.named().into_iter().zip(other.values());
    let differences: Vec<_> = pairs
        .filter(|((_, value), other)| value.to_bits() != other.to_bits())
        .map(|((name, value), other)| format!("{name} {value} here and {other} there"))
        .collect();
    if differences.is_empty() {
        return Wording {
            found: "a row that is there twice".to_owned(),
            expected: "each time once".to_owned(),
            advice: "nothing: one of the two is dropped",
        };
    }
    Wording {
        found: format!("the time is there twice: {}{there}", differences.join(", ")),
        expected: "each time once".to_owned(),
        advice,
    }
}
