//! The rows that a window has been given so far: sound ones, unsound ones, and ones that contradict each other.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::grid::Grid;
use crate::TimeRange;
use crate::raw_columns::{push, rows, values};
use ct_core::market::RawColumns;

/// One bar as a source gave it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) time: i64,
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) close: f64,
    pub(super) volume: f64,
}

impl Row {
    /// Open, high, low, close and volume.
    pub(super) const fn values(&self) -> [f64; 5] {
        [self.open, self.high, self.low, self.close, self.volume]
    }

    /// What [`Bars`](ct_core::market::Bars) take, on the grid.
    fn is_sound(&self, grid: Grid) -> bool {
        self.time >= 0
            && grid.allows(self.time)
            && self.low > 0.0
            && self.low <= self.open
            && self.low <= self.close
            && self.open <= self.high
            && self.close <= self.high
            && self.high < f64::INFINITY
            && (0.0..f64::INFINITY).contains(&self.volume)
    }

    /// Orders two states of the same bar: while a bar is open its volume only grows and its range only widens. The rest
    /// makes the choice the same in whatever order they come.
    fn later_state(&self, other: &Self) -> Ordering {
        self.volume
            .total_cmp(&other.volume)
            .then(self.high.total_cmp(&other.high))
            .then(other.low.total_cmp(&self.low))
            .then(self.close.total_cmp(&other.close))
            .then(self.open.total_cmp(&other.open))
    }
}

/// Two rows of one time with different values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Contradiction {
    /// The later state of the bar: the one with more volume.
    pub(super) kept: Row,
    pub(super) dropped: Row,
}

/// What one page added to a [`Sheet`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Taken {
    /// From the first to the end of the last row within the range asked for; `None` when there was none.
    pub(super) span: Option<TimeRange>,
    /// Whether there were rows that are no bars.
    pub(super) has_unsound: bool,
}

/// All rows given so far.
#[derive(Debug)]
pub(super) struct Sheet {
    grid: Grid,
    rows: BTreeMap<i64, Row>,
    unsound: BTreeMap<i64, Row>,
    contradictions: Vec<Contradiction>,
}

impl Sheet {
    pub(super) const fn new(grid: Grid) -> Self {
        Self { grid, rows: BTreeMap::new(), unsound: BTreeMap::new(), contradictions: Vec::new() }
    }

    /// Takes the rows of `page` that open in `range`. Equal rows given twice count once.
    pub(super) fn take_in(&mut self, page: &RawColumns, range: TimeRange) -> Taken {
        let mut rows: Vec<Row> = rows_of(page).filter(|row| range.contains(row.time)).collect();
        rows.sort_by_key(|row| row.time);
        let span = rows.first().zip(rows.last()).map(|(first, last)| {
            TimeRange::from_ms(first.time, last.time.saturating_add(self.grid.step_ms()))
        });
        let mut has_unsound = false;
        for row in rows {
            if row.is_sound(self.grid) && !self.overlaps(row.time) {
                self.unsound.remove(&row.time);
                self.insert(row);
            } else if !self.rows.contains_key(&row.time) {
                has_unsound = true;
                self.unsound.insert(row.time, row);
            }
        }
        Taken { span, has_unsound }
    }

    /// Sound rows, by time.
    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.rows.values()
    }

    /// Rows that are no bars and for whose time no sound row came, by time.
    pub(super) fn unsound(&self) -> impl Iterator<Item = &Row> {
        self.unsound.values()
    }

    pub(super) fn contradictions(&self) -> &[Contradiction] {
        &self.contradictions
    }

    /// The last sound row before `ms`.
    pub(super) fn before(&self, ms: i64) -> Option<i64> {
        self.rows.range(..ms).next_back().map(|(&time, _)| time)
    }

    /// The first sound row at or after `ms`.
    pub(super) fn at_or_after(&self, ms: i64) -> Option<i64> {
        self.rows.range(ms..).next().map(|(&time, _)| time)
    }

    fn insert(&mut self, row: Row) {
        let Some(held) = self.rows.get_mut(&row.time) else {
            self.rows.insert(row.time, row);
            return;
        };
        if *held == row {
            return;
        }
        let (kept, dropped) = match row.later_state(held) {
            Ordering::Greater => (row, *held),
            Ordering::Less | Ordering::Equal => (*held, row),
        };
        *held = kept;
        let contradiction = Contradiction { kept, dropped };
        if !self.contradictions.contains(&contradiction) {
            self.contradictions.push(contradiction);
        }
    }

    /// True when a bar that opens at `ms` would overlap another one: only possible where the grid is not certain.
    fn overlaps(&self, ms: i64) -> bool {
        let step_ms = self.grid.step_ms();
        self.before(ms).is_some_and(|time| ms - time < step_ms)
            || self.at_or_after(ms + 1).is_some_and(|time| time - ms < step_ms)
    }
}

fn rows_of(page: &RawColumns) -> impl Iterator<Item = Row> {
    let values = values(page).map(Vec::as_slice);
    page.time.iter().zip(rows(values)).map(|(&time, [open, high, low, close, volume])| Row {
        time,
        open,
        high,
        low,
        close,
        volume,
    })
}

/// The rows as columns.
pub(super) fn columns_of<'a>(rows: impl IntoIterator<Item = &'a Row>) -> RawColumns {
    let mut columns = RawColumns::default();
    for row in rows {
        push(&mut columns, row.time, row.values());
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: i64 = 60_000;

    fn row(time: i64, close: f64, volume: f64) -> Row {
        Row { time, open: 10.0, high: 12.0, low: 8.0, close, volume }
    }

    fn sheet(interval: &str, rows: &[Row]) -> (Sheet, Taken) {
        let mut sheet = Sheet::new(Grid::new(interval.parse().unwrap()));
        let taken = sheet.take_in(&columns_of(rows), TimeRange::from_ms(0, 400 * 86_400_000));
        (sheet, taken)
    }

    #[test]
    fn equal_rows_count_once_and_order_does_not_matter() {
        let rows = [row(MINUTE, 9.0, 1.0), row(0, 9.5, 2.0), row(MINUTE, 9.0, 1.0)];
        let (sheet, taken) = sheet("1m", &rows);
        assert_eq!(sheet.rows().map(|row| row.time).collect::<Vec<_>>(), [0, MINUTE]);
        assert!(sheet.contradictions().is_empty() && !taken.has_unsound);
        assert_eq!(taken.span, Some(TimeRange::from_ms(0, 2 * MINUTE)));
    }

    #[test]
    fn of_two_states_of_a_bar_the_later_one_is_kept_in_whatever_order_they_come() {
        let (early, late) = (row(0, 9.0, 1.0), row(0, 9.2, 1.5));
        for rows in [[early, late], [late, early]] {
            let (sheet, _) = sheet("1m", &rows);
            assert_eq!(sheet.rows().copied().collect::<Vec<_>>(), [late]);
            assert_eq!(sheet.contradictions(), [Contradiction { kept: late, dropped: early }]);
        }
    }

    #[test]
    fn rows_that_are_no_bars_are_set_aside() {
        let unsound = [
            Row { low: 0.0, ..row(0, 9.0, 1.0) },
            Row { high: 9.0, ..row(0, 9.0, 1.0) },
            Row { open: f64::NAN, ..row(0, 9.0, 1.0) },
            row(0, 13.0, 1.0),
            row(0, 9.0, -1.0),
            row(MINUTE / 2, 9.0, 1.0),
        ];
        for bad in unsound {
            let (sheet, taken) = sheet("1m", &[bad]);
            assert!(taken.has_unsound && sheet.rows().next().is_none(), "{bad:?}");
            assert_eq!(sheet.unsound().count(), 1);
        }
        let (mut sheet, _) = sheet("1m", &[row(0, 13.0, 1.0)]);
        sheet.take_in(&columns_of(&[row(0, 9.0, 1.0)]), TimeRange::from_ms(0, MINUTE));
        assert_eq!((sheet.rows().count(), sheet.unsound().count()), (1, 0));
    }

    #[test]
    fn days_may_open_at_any_hour_but_not_overlap() {
        let hour = 60 * MINUTE;
        let rows = [16, 40, 60, 84].map(|hours| row(hours * hour, 9.0, 1.0));
        let (sheet, taken) = sheet("1d", &rows);
        assert_eq!(sheet.rows().map(|row| row.time / hour).collect::<Vec<_>>(), [16, 40, 84]);
        assert!(taken.has_unsound);
    }
}
