//! A page on its way into a series.

use std::collections::BTreeSet;

use super::StoreError;
use super::history::{HistoryRecord, REVISIONS_LISTED_MAX};
use super::part::Part;
use crate::{SeriesKey, TimeRange};
use ct_core::market::{Bars, Columns, RawColumns};
use ct_core::units::Timestamp;

/// What a source says of a stretch of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Addition {
    /// The stretch that is known from now on.
    pub range: TimeRange,
    /// All bars that open in it, in ascending order. Where there is none, the source has none.
    pub rows: RawColumns,
    /// Who says so, such as `binance`.
    pub source: String,
    /// What else happened. A row that one of these records tells of is not recorded as revised a second time.
    pub notes: Vec<HistoryRecord>,
}

/// What a page changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Bars at times that had none.
    pub rows_added: u64,
    /// Bars that were held already, the same in every value.
    pub rows_equal: u64,
    /// Bars that were held with other values.
    pub rows_revised: u64,
    /// Bars that were held, but are not in the page; they are gone.
    pub rows_withdrawn: u64,
}

impl Added {
    /// Every row that was held, and every row of the page, is counted once.
    fn check(self, held_rows: u64, page_rows: u64) {
        let both = self.rows_equal + self.rows_revised;
        assert!(both + self.rows_withdrawn == held_rows, "{self:?} of {held_rows} held rows");
        assert!(both + self.rows_added == page_rows, "{self:?} of {page_rows} rows of a page");
    }

    /// True when rows that were held are lost.
    pub(super) const fn revises(self) -> bool {
        self.rows_revised + self.rows_withdrawn > 0
    }

    /// True when other rows than before are held.
    pub(super) const fn changes_rows(self) -> bool {
        self.revises() || self.rows_added > 0
    }
}

/// The rows of `addition`, which are bars that open in its range.
///
/// # Errors
/// [`StoreError::Unsound`], [`StoreError::OutsideRange`].
pub(super) fn sound_rows(key: &SeriesKey, addition: &Addition) -> Result<Columns, StoreError> {
    let mut rows = addition.rows.clone();
    for volume in &mut rows.volume {
        // Minus zero becomes zero: the two are equal, but would not have the same hash.
        *volume += 0.0;
    }
    let columns = Columns::from(rows);
    let range = addition.range;
    Bars::new(key.interval, columns.clone()).map_err(|error| StoreError::Unsound {
        key: key.clone(),
        range,
        error: Box::new(error),
    })?;
    let ends = [columns.time.first().copied(), columns.time.last().copied()];
    match ends.into_iter().flatten().find(|time| !range.contains(*time)) {
        Some(time) => Err(StoreError::OutsideRange {
            key: key.clone(),
            range,
            time: Timestamp::clamped(time),
        }),
        None => Ok(columns),
    }
}

/// The held bars next to a page, UTC milliseconds: the last one that opens before it and the first one behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Neighbours {
    pub(super) before: Option<i64>,
    pub(super) after: Option<i64>,
}

impl Neighbours {
    /// The neighbours that `range` has in `parts`.
    pub(super) fn of(parts: &[Part], range: TimeRange) -> Self {
        let start = parts.partition_point(|part| part.last_ms() < range.from.as_ms());
        let behind = parts.partition_point(|part| part.first_ms() < range.to.as_ms());
        let cut = |index: usize| parts.get(index).map(|part| part.cut(range));
        let inside_before = cut(start).and_then(|[before, ..]| before);
        let whole_before = || start.checked_sub(1).and_then(|index| parts.get(index).cloned());
        let inside_after = behind.checked_sub(1).and_then(cut).and_then(|[.., after]| after);
        let whole_after = || parts.get(behind).cloned();
        Self {
            before: inside_before.or_else(whole_before).map(|part| part.last_ms()),
            after: inside_after.or_else(whole_after).map(|part| part.first_ms()),
        }
    }

    /// # Errors
    /// [`StoreError::Overlap`] when a bar of the page and a held one overlap.
    pub(super) fn check(self, key: &SeriesKey, page: &Columns) -> Result<(), StoreError> {
        let ends = [
            self.before.zip(page.time.first().copied()),
            self.after.zip(page.time.last().copied()),
        ];
        for (held, time) in ends.into_iter().flatten() {
            // Times of a file that nobody has verified may be any numbers.
            if time.abs_diff(held) < key.interval.as_ms().unsigned_abs() {
                return Err(StoreError::Overlap {
                    key: key.clone(),
                    time: Timestamp::clamped(time),
                    held: Timestamp::clamped(held),
                    interval: key.interval,
                });
            }
        }
        Ok(())
    }
}

/// How a page differs from what was held of its range.
#[derive(Debug, Default)]
pub(super) struct Difference {
    pub(super) added: Added,
    /// One for each revised or withdrawn row, up to a limit.
    pub(super) records: Vec<HistoryRecord>,
    /// The revised or withdrawn rows beyond the limit: the first, the last, and their number.
    unlisted: Option<(i64, i64, u64)>,
    /// Rows whose change the page's own records tell.
    told: BTreeSet<Timestamp>,
}

impl Difference {
    /// Compares the rows of `page` with `held`, parts that ascend and lie in its range.
    pub(super) fn between<'a>(
        held: impl Iterator<Item = &'a Columns>,
        page: &Columns,
        addition: &Addition,
    ) -> Self {
        let told = addition.notes.iter().filter_map(HistoryRecord::changed_row).collect();
        let mut difference = Self { told, ..Self::default() };
        let mut new = rows(page).peekable();
        let mut held_rows = 0;
        for (time, before) in held.flat_map(rows) {
            held_rows += 1;
            while new.next_if(|(earlier, _)| *earlier < time).is_some() {
                difference.added.rows_added += 1;
            }
            match new.next_if(|(same, _)| *same == time) {
                Some((_, after)) if after.map(f64::to_bits) == before.map(f64::to_bits) => {
                    difference.added.rows_equal += 1;
                }
                Some((_, after)) => {
                    difference.added.rows_revised += 1;
                    difference.list(time, before, Some(after), &addition.source);
                }
                None => {
                    difference.added.rows_withdrawn += 1;
                    difference.list(time, before, None, &addition.source);
                }
            }
        }
        difference.added.rows_added += new.count() as u64;
        difference.added.check(held_rows, page.time.len() as u64);
        difference.list_the_rest(&addition.source);
        difference
    }

    fn list(&mut self, time_ms: i64, before: [f64; 5], after: Option<[f64; 5]>, source: &str) {
        let time = Timestamp::clamped(time_ms);
        if self.told.contains(&time) {
            return;
        }
        if self.records.len() >= REVISIONS_LISTED_MAX {
            let (first, _, rows) = self.unlisted.unwrap_or((time_ms, time_ms, 0));
            self.unlisted = Some((first, time_ms, rows + 1));
            return;
        }
        let source = source.to_owned();
        self.records.push(match after {
            Some(after) => HistoryRecord::Revised { time, before, after, source },
            None => HistoryRecord::Withdrawn { time, before, source },
        });
    }

    fn list_the_rest(&mut self, source: &str) {
        if let Some((first, last, rows)) = self.unlisted.take() {
            let range = TimeRange::from_ms(first, last + 1);
            self.records.push(HistoryRecord::ManyRevised {
                range,
                rows,
                source: source.to_owned(),
            });
        }
    }
}

/// Time and values of each row.
fn rows(columns: &Columns) -> impl Iterator<Item = (i64, [f64; 5])> {
    let Columns { time, open, high, low, close, volume } = columns;
    let lengths = [open, high, low, close, volume].map(|column| column.len());
    assert!(lengths == [time.len(); 5], "{} times, but columns of {lengths:?}", time.len());
    let prices = open.iter().zip(high.iter()).zip(low.iter()).zip(close.iter());
    time.iter().zip(prices).zip(volume.iter()).map(
        |((&time, (((&open, &high), &low), &close)), &volume)| {
            (time, [open, high, low, close, volume])
        },
    )
}
