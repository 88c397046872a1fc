//! Rows brought into order: by ascending time, each time once.

use std::borrow::Cow;

use super::arrangement::{Arrangement, arrange};
use super::blocks::by_block;
use super::rows::{Rows, gathered};
use super::soundness::{Unsound, unsound_rows};
use super::subject::Subject;
use ct_core::market::RawColumns;
use ct_core::units::Timestamp;

/// Rows by ascending time, each time once.
#[derive(Debug)]
pub(super) struct Table<'a> {
    columns: Columns<'a>,
    /// The row that each one was; `None`: they are the same.
    origin: Option<Vec<usize>>,
}

#[derive(Debug)]
enum Columns<'a> {
    Found(Rows<'a>),
    Gathered(RawColumns),
}

/// A subject, and what its order and its soundness are.
#[derive(Debug)]
pub(super) struct Prepared<'a> {
    /// `None` when the rows ascend strictly.
    pub(super) arrangement: Option<Arrangement>,
    pub(super) unsound: Vec<Unsound>,
    /// All rows with a possible time: those that fill a place on the time grid.
    pub(super) placed: Table<'a>,
    /// Those of them that can be bars. `None`: all of them.
    sound: Option<Table<'a>>,
    /// Volume in the quote asset of the sound rows.
    pub(super) quote_volume: Option<Cow<'a, [f64]>>,
}

impl Prepared<'_> {
    /// The rows that can be bars.
    pub(super) fn sound(&self) -> &Table<'_> {
        self.sound.as_ref().unwrap_or(&self.placed)
    }
}

impl Table<'_> {
    /// The rows of the table.
    pub(super) fn rows(&self) -> Rows<'_> {
        match &self.columns {
            Columns::Found(rows) => *rows,
            Columns::Gathered(columns) => columns.into(),
        }
    }

    /// The row that the one at `place` was.
    pub(super) fn row(&self, place: usize) -> usize {
        match &self.origin {
            Some(origin) => origin.get(place).copied().unwrap_or(place),
            None => place,
        }
    }
}

impl<'a> Table<'a> {
    /// Rows that ascend.
    pub(super) fn found(rows: Rows<'a>) -> Self {
        Self { columns: Columns::Found(rows), origin: None }
    }

    fn of(rows: &Rows<'a>, origin: Vec<usize>) -> Self {
        Self { columns: Columns::Gathered(gathered(rows, &origin)), origin: Some(origin) }
    }
}

/// Brings the rows of `subject` into order; rows in order are not copied.
pub(super) fn prepare<'a>(subject: &Subject<'a>) -> Prepared<'a> {
    let count = subject.rows.len();
    let rows = subject.rows.part(0, count);
    let unsound = unsound_rows(&rows);
    let has_possible_time = |row: &usize| Timestamp::from_ms(rows.time_ms(*row)).is_ok();
    let all_possible = unsound.iter().all(|fault| has_possible_time(&fault.row));
    let arrangement = (!all_possible || !ascends(rows.time))
        .then(|| arrange(rows.time, (0..count).filter(has_possible_time).collect()));
    let placed = match &arrangement {
        None => Table::found(rows),
        Some(arrangement) => Table::of(&rows, arrangement.order.clone()),
    };
    let is_sound = |row: &usize| unsound.binary_search_by_key(row, |fault| fault.row).is_err();
    let sound = (!unsound.is_empty()).then(|| {
        let by_time = (0..placed.rows().len()).map(|place| placed.row(place));
        Table::of(&rows, by_time.filter(is_sound).collect())
    });
    let quote_volume = subject.quote_volume.map(|quote| match sound.as_ref().unwrap_or(&placed) {
        Table { origin: Some(origin), .. } => Cow::Owned(
            origin.iter().map(|row| quote.get(*row).copied().unwrap_or(f64::NAN)).collect(),
        ),
        Table { origin: None, .. } => Cow::Borrowed(quote),
    });
    Prepared { arrangement, unsound, placed, sound, quote_volume }
}

fn ascends(times: &[i64]) -> bool {
    let blocks = by_block(times.len(), |block| {
        let block = times.get(block.start..times.len().min(block.end + 1)).unwrap_or_default();
        block
            .iter()
            .zip(block.iter().skip(1))
            .map(|(before, time)| u64::from(time <= before))
            .sum::<u64>()
    });
    blocks.into_iter().sum::<u64>() == 0
}
