//! Windows against sources that give too little, nothing, or something else.

use proptest::prelude::*;

use super::super::sheet::columns_of;
use super::*;

const HOUR: i64 = 3_600_000;

/// A source for which hours are bars, with its bad habits.
#[derive(Clone, Debug)]
struct Fake {
    /// Hours that have a bar.
    bars: Vec<i64>,
    rows_max: usize,
    gives: Gives,
    /// Requests, counted from 0, that are answered without any row.
    blank: Vec<usize>,
    /// Requests that are answered without the bars of some hours.
    forgetful: Vec<(usize, Vec<i64>)>,
    requests: Vec<TimeRange>,
}

#[derive(Clone, Copy, Debug)]
enum Gives {
    FirstRows,
    LastRows,
}

fn bar(hour: i64) -> Row {
    let open = 100.0 + hour as f64;
    Row { time: hour * HOUR, open, high: open + 2.0, low: open - 2.0, close: open, volume: 1.0 }
}

fn hours(from: i64, to: i64) -> TimeRange {
    TimeRange::from_ms(from * HOUR, to * HOUR)
}

impl Fake {
    fn new(bars: impl IntoIterator<Item = i64>) -> Self {
        Self {
            bars: bars.into_iter().collect(),
            rows_max: usize::MAX,
            gives: Gives::FirstRows,
            blank: Vec::new(),
            forgetful: Vec::new(),
            requests: Vec::new(),
        }
    }

    fn page(&mut self, range: TimeRange) -> RawColumns {
        let number = self.requests.len();
        self.requests.push(range);
        if self.blank.contains(&number) {
            return RawColumns::default();
        }
        let forgotten: Vec<i64> = self
            .forgetful
            .iter()
            .filter(|(request, _)| *request == number)
            .flat_map(|(_, hours)| hours.clone())
            .collect();
        let mut rows: Vec<Row> = self
            .bars
            .iter()
            .filter(|hour| range.contains(*hour * HOUR) && !forgotten.contains(hour))
            .map(|&hour| bar(hour))
            .collect();
        let surplus = rows.len().saturating_sub(self.rows_max);
        match self.gives {
            Gives::FirstRows => rows.truncate(self.rows_max),
            Gives::LastRows => drop(rows.drain(..surplus)),
        }
        columns_of(&rows)
    }

    fn ask_all(&mut self, mut window: Window) -> Findings {
        while let Some(request) = window.request() {
            assert!(self.requests.len() < 10_000, "no end of requests");
            let page = self.page(request);
            window.answer(&page, Timestamp::clamped(i64::MAX));
        }
        window.findings()
    }
}

fn window(range: TimeRange, proof: Proof) -> Window {
    Window::new(range, Grid::new("1h".parse().unwrap()), proof)
}

fn known_hours(findings: &Findings) -> Vec<i64> {
    findings.known.iter().flat_map(|known| &known.rows).map(|row| row.time / HOUR).collect()
}

/// The requests, findings and known hours of a window of ten hours.
fn ten_hours(fake: &mut Fake) -> (usize, Findings) {
    let findings = fake.ask_all(window(hours(0, 10), Proof::Complete));
    (fake.requests.len(), findings)
}

#[test]
fn a_full_answer_takes_one_request() {
    let (requests, findings) = ten_hours(&mut Fake::new(0..10));
    assert_eq!((requests, known_hours(&findings).len()), (1, 10));
    assert_eq!(findings.known[0].range, hours(0, 10));
    assert!(findings.empty.is_empty());
}

#[test]
fn a_gap_between_rows_is_asked_for_once_more_with_the_whole_window() {
    let mut fake = Fake::new([0, 1, 2, 6, 7, 8, 9]);
    let (requests, findings) = ten_hours(&mut fake);
    assert_eq!((requests, &findings.empty[..]), (2, &[hours(3, 6)][..]));
    assert_eq!(fake.requests, [hours(0, 10), hours(0, 10)]);
    let mut forgetful =
        Fake { forgetful: vec![(0, vec![4, 5])], ..Fake::new([0, 1, 2, 3, 4, 5, 6, 8, 9]) };
    assert_eq!(ten_hours(&mut forgetful).1.empty, [hours(7, 8)]);
}

#[test]
fn what_lies_beyond_the_rows_is_asked_for_with_the_row_next_to_it() {
    let mut listed_late = Fake::new(4..10);
    let (_, findings) = ten_hours(&mut listed_late);
    assert_eq!(listed_late.requests, [hours(0, 10), hours(0, 5)]);
    assert_eq!((findings.empty, findings.known[0].range), (vec![hours(0, 4)], hours(0, 10)));
    let mut ended_early = Fake::new(0..7);
    assert_eq!(ten_hours(&mut ended_early).1.empty, [hours(7, 10)]);
    assert_eq!(ended_early.requests, [hours(0, 10), hours(6, 10)]);
}

#[test]
fn a_source_with_smaller_pages_than_promised_loses_nothing() {
    for gives in [Gives::FirstRows, Gives::LastRows] {
        let mut fake = Fake { rows_max: 4, gives, ..Fake::new(0..10) };
        let (requests, findings) = ten_hours(&mut fake);
        assert_eq!((requests, known_hours(&findings).len()), (3, 10), "{gives:?}");
        assert!(findings.empty.is_empty());
    }
}

#[test]
fn an_empty_answer_is_asked_for_once_more() {
    let (requests, findings) = ten_hours(&mut Fake::new([]));
    assert_eq!((requests, &findings.empty[..]), (2, &[hours(0, 10)][..]));
    assert_eq!(findings.known, [Known { range: hours(0, 10), rows: Vec::new() }]);
    let mut once_blank = Fake { blank: vec![0], ..Fake::new(0..10) };
    let (requests, findings) = ten_hours(&mut once_blank);
    assert_eq!((requests, known_hours(&findings).len()), (2, 10));
}

#[test]
fn rows_that_stay_unsound_leave_their_time_unknown() {
    let mut window = window(hours(0, 4), Proof::Complete);
    let bad = Row { low: -1.0, ..bar(1) };
    let page = columns_of(&[bar(0), bad, bar(2), bar(3)]);
    for _ in 0..2 {
        assert_eq!(window.request(), Some(hours(0, 4)));
        window.answer(&page, Timestamp::clamped(i64::MAX));
    }
    assert_eq!(window.request(), None);
    let findings = window.findings();
    let ranges: Vec<TimeRange> = findings.known.iter().map(|known| known.range).collect();
    assert_eq!((ranges, findings.unsound), (vec![hours(0, 1), hours(2, 4)], vec![bad]));
}

#[test]
fn a_row_off_the_grid_leaves_both_times_it_touches_unknown() {
    let mut window = window(hours(0, 4), Proof::Complete);
    let bad = Row { time: HOUR + HOUR / 2, ..bar(1) };
    while window.request().is_some() {
        window.answer(&columns_of(&[bar(0), bad, bar(3)]), Timestamp::clamped(i64::MAX));
    }
    let findings = window.findings();
    let ranges: Vec<TimeRange> = findings.known.iter().map(|known| known.range).collect();
    assert_eq!(ranges, [hours(0, 1), hours(3, 4)]);
}

#[test]
fn bars_that_have_not_closed_and_their_time_are_not_known() {
    let mut window = window(hours(0, 10), Proof::Complete);
    window.answer(&columns_of(&(0..6).map(bar).collect::<Vec<_>>()), hours(5, 5).from);
    assert_eq!(window.request(), None);
    let findings = window.findings();
    assert_eq!(findings.known[0].range, hours(0, 5));
    assert_eq!(known_hours(&findings), [0, 1, 2, 3, 4]);
}

#[test]
fn a_source_of_the_newest_bars_proves_nothing_about_earlier_ones() {
    let mut fake = Fake { rows_max: 4, gives: Gives::LastRows, ..Fake::new([0, 1, 2, 6, 7, 9]) };
    let findings = fake.ask_all(window(hours(0, 10), Proof::NewestOnly));
    assert_eq!(findings.known[0].range, hours(2, 10));
    assert_eq!(findings.empty, [hours(3, 6), hours(8, 9)]);
    let nothing = Fake::new([]).ask_all(window(hours(0, 10), Proof::NewestOnly));
    assert!(nothing.known.is_empty() && nothing.empty.is_empty());
}

#[test]
fn rows_of_a_file_prove_only_themselves() {
    let mut fake = Fake::new([2, 3, 6]);
    let findings = fake.ask_all(window(hours(0, 10), Proof::RowsOnly));
    let ranges: Vec<TimeRange> = findings.known.iter().map(|known| known.range).collect();
    assert_eq!((fake.requests.len(), ranges), (1, vec![hours(2, 4), hours(6, 7)]));
}

#[test]
fn weeks_that_open_on_another_day_than_ours_are_known_without_gaps() {
    const DAY: i64 = 24 * HOUR;
    let thursdays: Vec<Row> =
        (0..4).map(|week| Row { time: week * 7 * DAY, ..bar(week) }).collect();
    let range = TimeRange::from_ms(-3 * DAY, 25 * DAY);
    let mut window = Window::new(range, Grid::new("1w".parse().unwrap()), Proof::Complete);
    window.answer(&columns_of(&thursdays), Timestamp::clamped(i64::MAX));
    assert_eq!(window.request(), None);
    let findings = window.findings();
    assert_eq!(findings.known.len(), 1);
    assert_eq!(findings.known[0].range.to.as_ms(), 28 * DAY);
}

fn faulty_source() -> impl Strategy<Value = Fake> {
    let bars = prop_oneof![
        proptest::collection::vec(0.0..1.0_f64, 40).prop_map(|dice| (dice, 0.95)),
        proptest::collection::vec(0.0..1.0_f64, 40).prop_map(|dice| (dice, 0.3)),
    ];
    let bars = bars.prop_map(|(dice, share)| {
        (0..).zip(dice).filter(|(_, die)| *die < share).map(|(hour, _)| hour).collect::<Vec<i64>>()
    });
    let gives = prop_oneof![Just(Gives::FirstRows), Just(Gives::LastRows)];
    let rows_max = prop_oneof![Just(usize::MAX), 2..40_usize];
    // No two neighbouring answers are faulty: nothing can be proved by a source that errs twice in a row.
    let blank = proptest::collection::btree_set(0..20_usize, 0..4)
        .prop_map(|set| set.into_iter().map(|number| number * 2).collect::<Vec<_>>());
    (bars, rows_max, gives, blank).prop_map(|(bars, rows_max, gives, blank)| Fake {
        rows_max,
        gives,
        blank,
        ..Fake::new(bars)
    })
}

proptest! {
    #[test]
    fn what_is_known_is_what_the_source_holds(mut fake in faulty_source()) {
        let findings = fake.ask_all(window(hours(0, 40), Proof::Complete));
        prop_assert_eq!(known_hours(&findings), fake.bars.clone());
        prop_assert_eq!(findings.known.len(), 1);
        prop_assert_eq!(findings.known[0].range, hours(0, 40));
        let empty = findings.empty.iter().map(|range| range.length_ms() / HOUR).sum::<i64>();
        prop_assert_eq!(usize::try_from(empty).unwrap(), 40 - fake.bars.len());
        // Four for a sparse window, three for each page of a source that gives less, and those that were blank.
        let pages = fake.bars.len() / (fake.rows_max.min(40) - 1) + 1;
        let most = 4 + 3 * pages + fake.blank.len();
        prop_assert!(fake.requests.len() <= most, "{} of {most}", fake.requests.len());
    }

    #[test]
    fn rows_forgotten_once_are_found(
        mut fake in faulty_source(),
        forgotten in proptest::collection::vec(0..40_i64, 1..10),
    ) {
        fake.rows_max = usize::MAX;
        fake.blank.clear();
        fake.forgetful = vec![(0, forgotten)];
        let findings = fake.ask_all(window(hours(0, 40), Proof::Complete));
        prop_assert_eq!(known_hours(&findings), fake.bars.clone());
    }
}
