//! Strategies side by side: the order of what they say, and one that takes the place of another.

use super::super::test_market::{Market, still};
use super::super::test_strategy::{Told, deciding, needs, reads};
use super::*;
use crate::engine::Needs;

const ROWS: usize = 40;

/// Forty hours of three instruments.
fn panel() -> Panel {
    Market::new("1h", &[&[still(100.0); ROWS][..]; 3]).panel
}

fn member(strategy: &mut Told, needs: Needs, instrument: usize) -> Member<'_> {
    Member::new(strategy, needs, instrument..instrument + 1)
}

/// Two that do not read the account, of the first two instruments.
fn two<'a>(first: &'a mut Told, second: &'a mut Told) -> Vec<Member<'a>> {
    vec![member(first, needs(0), 0), member(second, needs(0), 1)]
}

/// An account whose cash is the first instrument of who asks.
fn account(instruments: &Range<usize>) -> AccountView {
    AccountView { cash: instruments.start as f64, positions: Vec::new() }
}

/// What the strategies say up to row `end`, in the order in which it is carried out: row, instrument, tag of the decision or fault.
fn said(
    strategies: &mut Strategies<'_>,
    panel: &Panel,
    rows: Range<usize>,
) -> Vec<(usize, usize, String)> {
    let (mut row, mut said, goes_on) = (rows.start, Vec::new(), &mut || true);
    while row < rows.end {
        let known = strategies.known_until(panel, row, goes_on).min(rows.end);
        let end = strategies.decide(panel, &(row..known), account, goes_on);
        assert!(end > row && end <= known, "{row} {end} {known}");
        while let Some(event) = strategies.next_event(end - 1) {
            let (row, instrument) = event.place();
            let tag = match event {
                StrategyEvent::Decision(decision) => decision.tag.unwrap_or_default().into_string(),
                StrategyEvent::Failure(failure) => failure.fault.to_string(),
            };
            said.push((row, instrument, tag));
        }
        row = end;
    }
    said
}

fn lines(said: &[(usize, usize, String)]) -> Vec<(usize, usize, &str)> {
    said.iter().map(|(row, instrument, tag)| (*row, *instrument, tag.as_str())).collect()
}

#[test]
fn what_they_say_is_carried_out_by_rows_and_then_by_instruments() {
    for (window_rows, needs) in [(1, needs(0)), (7, needs(0)), (64, needs(0)), (64, reads(0))] {
        let (panel, mut first) = (panel(), deciding(&[3, 20]));
        let (mut second, mut third) = (deciding(&[3, 9]), deciding(&[1, 20]).failing_at(25));
        let members = vec![
            member(&mut first, needs, 0),
            member(&mut second, needs, 1),
            member(&mut third, needs, 2),
        ];
        let said = said(&mut Strategies::new(members, window_rows), &panel, 0..ROWS);
        let expected = [
            (1, 2, "0..=1"),
            (3, 0, "0..=3"),
            (3, 1, "0..=3"),
            (9, 1, "0..=9"),
            (20, 0, "0..=20"),
            (20, 2, "0..=20"),
            (25, 2, "as told"),
        ];
        assert_eq!(lines(&said), expected, "{window_rows}");
    }
}

#[test]
fn one_that_reads_the_account_takes_all_with_it_row_by_row() {
    let (panel, mut first, mut second) = (panel(), deciding(&[3]), deciding(&[5]));
    let members = vec![member(&mut first, needs(0), 0), member(&mut second, reads(0), 1)];
    said(&mut Strategies::new(members, 64), &panel, 0..ROWS);
    assert_eq!((first.windows.len(), second.windows.len()), (ROWS, ROWS));
    assert_eq!((first.windows[0].1, second.windows[0].1), (None, Some(1.0)));
}

/// Runs three strategies to `row` and swaps the second, which decides on rows 4, 14 and 24, for one that decides on every fifth row
/// from 5 on and warms up over 6 rows. Gives what is said, and what the others have seen.
fn swapped_at(row: usize, window_rows: usize, new_needs: Needs) -> Vec<(usize, usize, String)> {
    let (panel, mut first) = (panel(), deciding(&[14, 24, 34]));
    let (mut second, mut third) = (deciding(&[4, 14, 24]), deciding(&[4, 20]).failing_at(30));
    let fives: Vec<usize> = (5..ROWS).step_by(5).collect();
    let mut new = deciding(&fives);
    let members = vec![
        member(&mut first, needs(0), 0),
        member(&mut second, needs(0), 1),
        member(&mut third, needs(0), 2),
    ];
    let mut strategies = Strategies::new(members, window_rows);
    let mut all = said(&mut strategies, &panel, 0..row);
    strategies.swap(&panel, row, member(&mut new, new_needs, 1), account).unwrap();
    all.extend(said(&mut strategies, &panel, row..ROWS));
    assert_eq!((first.seen(), first.restarts), (0..ROWS, 0), "the others are where they were");
    assert_eq!(new.seen(), row - 6..ROWS);
    all
}

#[test]
fn one_that_takes_the_place_of_another_decides_from_the_next_row_on() {
    let expected = [
        (4, 1, "0..=4"),
        (4, 2, "0..=4"),
        (14, 0, "0..=14"),
        // The new one has thrown away what it decided on rows 5 and 10, and the other what it decided on row 14.
        (15, 1, "6..=15"),
        (20, 1, "6..=20"),
        (20, 2, "0..=20"),
        (24, 0, "0..=24"),
        (25, 1, "6..=25"),
        (30, 1, "6..=30"),
        (30, 2, "as told"),
        (34, 0, "0..=34"),
        (35, 1, "6..=35"),
    ];
    // In large windows the others are ahead of the row in which it comes.
    for window_rows in [1, 5, 12, 16, 64] {
        for new_needs in [needs(6), reads(6)] {
            let said = swapped_at(12, window_rows, new_needs);
            assert_eq!(lines(&said), expected, "{window_rows}, {new_needs:?}");
        }
    }
}

#[test]
fn one_that_came_later_is_taken_again_through_its_own_rows_only() {
    for needs in [needs(6), reads(6)] {
        let (panel, mut old) = (panel(), deciding(&[]));
        let mut new = deciding(&[8, 22]).failing_at(30);
        let mut strategies = Strategies::new(vec![member(&mut old, needs, 0)], 64);
        said(&mut strategies, &panel, 0..12);
        strategies.swap(&panel, 12, member(&mut new, needs, 0), account).unwrap();
        let said = said(&mut strategies, &panel, 12..ROWS);
        assert_eq!(lines(&said), [(22, 0, "6..=22"), (30, 0, "as told")]);
        assert_eq!((new.seen(), new.restarts), (6..30, 1));
        assert!(new.windows.iter().all(|(_, cash)| cash.is_some() == needs.reads_account));
    }
}

#[test]
fn one_that_failed_makes_way_for_another() {
    let (panel, mut old, mut new) = (panel(), deciding(&[]).failing_at(3), deciding(&[14]));
    let mut strategies = Strategies::new(vec![member(&mut old, needs(0), 0)], 1);
    said(&mut strategies, &panel, 0..12);
    strategies.swap(&panel, 12, member(&mut new, needs(0), 0), account).unwrap();
    assert_eq!(lines(&said(&mut strategies, &panel, 12..ROWS)), [(14, 0, "12..=14")]);
    assert_eq!(old.seen(), 0..3);
}

#[test]
fn a_swap_that_cannot_be_made_changes_nothing() {
    let (mut panel, mut old) = (panel(), deciding(&[25]));
    let mut strategies = Strategies::new(vec![member(&mut old, needs(0), 1)], 1);
    said(&mut strategies, &panel, 0..20);
    let (mut long, mut other) = (deciding(&[21]), deciding(&[21]));
    let mut failing = deciding(&[21]).failing_at(17);
    let told = strategies.swap(&panel, 20, member(&mut other, needs(0), 2), account).unwrap_err();
    assert_eq!(told, "a strategy of instruments 2..3: expected those of one of [1..2]");
    panel.forget_before(20);
    assert_eq!(panel.first_row(), 20, "half of the rows can be forgotten");
    let mut again = deciding(&[21]);
    let told = strategies.swap(&panel, 20, member(&mut again, needs(1), 1), account).unwrap_err();
    assert!(told.contains("warms up over 1 rows: 0 have been run and are not forgotten"), "{told}");
    let panel = self::panel();
    let told = strategies.swap(&panel, 20, member(&mut long, needs(21), 1), account).unwrap_err();
    assert!(told.contains("over 21 rows: 20 have been run"), "{told}");
    let told = strategies.swap(&panel, 20, member(&mut failing, needs(5), 1), account).unwrap_err();
    assert_eq!(told, "the strategy failed in its warm-up, in row 17: as told");
    assert_eq!(lines(&said(&mut strategies, &panel, 20..ROWS)), [(25, 1, "0..=25")]);
}

#[test]
fn they_go_on_where_they_were() {
    let (panel, mut first, mut second) = (panel(), deciding(&[3, 30]), deciding(&[15, 30]));
    let mut strategies = Strategies::new(two(&mut first, &mut second), 24);
    let mut all = said(&mut strategies, &panel, 0..10);
    let progress = strategies.progress();
    let mut strategies = Strategies::resume(two(&mut first, &mut second), progress);
    all.extend(said(&mut strategies, &panel, 10..ROWS));
    let expected = [(3, 0, "0..=3"), (15, 1, "0..=15"), (30, 0, "0..=30"), (30, 1, "0..=30")];
    assert_eq!(lines(&all), expected);
}

#[test]
fn in_windows_of_one_row_nothing_is_kept_to_go_through_it_again() {
    let (panel, mut strategy) = (panel(), deciding(&[3]));
    let mut strategies = Strategies::new(vec![member(&mut strategy, reads(0), 0)], 16);
    said(&mut strategies, &panel, 0..20);
    let progress = strategies.progress();
    assert!(!progress.members[0].history.is_empty() && strategies.may_replay());
    let progress = progress.in_windows_of(1);
    assert!(progress.members[0].history.is_empty());
    let mut strategies = Strategies::resume(vec![member(&mut strategy, reads(0), 0)], progress);
    said(&mut strategies, &panel, 20..ROWS);
    assert!(!strategies.may_replay());
    assert!(strategies.progress().members[0].history.is_empty());
}

#[test]
fn windows_are_no_larger_than_their_memory() {
    let (panel, mut strategy, mut wide) = (panel(), deciding(&[]), deciding(&[]));
    let mut strategies = Strategies::new(vec![member(&mut strategy, needs(0), 0)], usize::MAX);
    assert_eq!(strategies.horizon.window_rows, WINDOW_BYTES_MAX / 8);
    let columns = crate::engine::Columns::CLOSE.and(crate::engine::Columns::LOW);
    let needs = Needs { columns, ..needs(0) };
    strategies.swap(&panel, 0, member(&mut wide, needs, 0), account).unwrap();
    assert_eq!(strategies.horizon.window_rows, WINDOW_BYTES_MAX / 16);
}

#[test]
#[should_panic(expected = "2 strategies go on where 1 were")]
fn as_many_go_on_as_there_were() {
    let (mut first, mut second) = (deciding(&[]), deciding(&[]));
    let progress = Strategies::new(vec![member(&mut first, needs(0), 0)], 1).progress();
    let _ = Strategies::resume(two(&mut first, &mut second), progress);
}

#[test]
#[should_panic(expected = "strategies with instruments in common")]
fn an_instrument_belongs_to_one_strategy() {
    let (mut first, mut second) = (deciding(&[]), deciding(&[]));
    let members = vec![member(&mut first, needs(0), 0), Member::new(&mut second, needs(0), 0..2)];
    let _ = Strategies::new(members, 1);
}
