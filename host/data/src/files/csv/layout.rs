//! What a file looks like: separator, position of each column, number of cells, way of writing the time.

use super::numeric_time::{is_time_of_day, spreadsheet_day};
use super::time::{TimeFormat, TimeReading};
use crate::files::columns::Name;
use crate::files::error::{FileProblem, ValuePlace, shown};
use crate::files::field::Field;
use crate::files::number;
use crate::files::options::ReadOptions;
use crate::files::telling::{Telling, may_be_name};
use crate::files::unix_time;

/// How to read each row of a file.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) separator: u8,
    /// The columns in the order in which a row has them.
    pub(super) slots: Vec<Slot>,
    /// Number of cells of each row.
    pub(super) cells: usize,
    pub(super) time: TimeReading,
    /// Whether the time of day stands in a cell of its own.
    pub(super) has_time_of_day: bool,
    /// The columns that say what a row is of, or may do.
    pub(super) names: Vec<(String, Telling)>,
}

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// One of the six columns of a bar; the time, or its date where the time of day stands in a cell of its own.
    Column(Field),
    /// The time of day.
    TimeOfDay,
    /// The volume in the quote asset.
    QuoteVolume,
    /// What the row is of: the place of the column among those that say so.
    Name(usize),
}

/// Where a row has a column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) target: Target,
    /// Position of the cell, from 0.
    pub(super) cell: usize,
    /// Number of cells between this and the slot before it.
    pub(super) skipped: usize,
}

impl Slot {
    /// The problem of the `text` in a row's cell.
    #[cold]
    pub(super) fn problem(self, text: &[u8], expected: String) -> FileProblem {
        // Messages know one volume and one time: the number of the cell tells which.
        let field = match self.target {
            Target::Column(field) => field,
            Target::TimeOfDay => Field::Time,
            Target::QuoteVolume | Target::Name(_) => Field::Volume,
        };
        let found = match text {
            [] => "an empty cell".to_owned(),
            text => shown(&String::from_utf8_lossy(text)),
        };
        FileProblem::Value {
            place: ValuePlace::Cell { field, cell: self.cell + 1 },
            found,
            expected,
        }
    }

    /// How the first row, whose time is `text`, writes it.
    fn time_format(self, text: &[u8]) -> Result<TimeFormat, FileProblem> {
        TimeFormat::of(text).ok_or_else(|| {
            let hint = match spreadsheet_day(text) {
                Some(day) => format!(
                    "; it looks like the number of a spreadsheet for {day}: format the cells as yyyy-mm-dd hh:mm and save again"
                ),
                None => String::new(),
            };
            let expected = format!(
                "{}, or an ISO time such as 2024-01-31 23:00:00; another way of writing it has to be named{hint}",
                unix_time::EXPECTED
            );
            self.problem(text, expected)
        })
    }
}

/// The form of a file's rows, but for what its first row tells.
pub(super) struct Form {
    pub(super) separator: u8,
    /// The cells that are read, with their positions.
    pub(super) targets: Vec<(usize, Target)>,
    /// The columns that may say what a row is of, with their positions; and how surely, if not as their names tell.
    pub(super) names: Vec<(usize, Name, Option<Telling>)>,
    /// Position of a column called `date`, for rows whose time is one of day only.
    pub(super) date: Option<usize>,
    /// The name of the column of times, if it says that they are local ones.
    pub(super) local: Option<String>,
}

impl Layout {
    /// The layout of a file of `form` with the first row `cells`.
    pub(super) fn new(
        form: Form,
        cells: &[&[u8]],
        options: &ReadOptions,
    ) -> Result<Self, FileProblem> {
        let Form { separator, mut targets, names, date, local } = form;
        split_time(&mut targets, date, cells);
        let mut telling = Vec::new();
        for (cell, name, given) in names {
            let first = cells.get(cell).copied().unwrap_or_default();
            let is_taken = targets.iter().any(|(taken, _)| *taken == cell);
            if let Some(found) = given.or_else(|| telling_of(&name, first)).filter(|_| !is_taken) {
                targets.push((cell, Target::Name(telling.len())));
                telling.push((name.written, found));
            }
        }
        targets.sort_by_key(|(cell, _)| *cell);
        let mut next = 0;
        let slots = targets.into_iter().map(|(cell, target)| {
            let skipped = cell - next;
            next = cell + 1;
            Slot { target, cell, skipped }
        });
        let slots: Vec<Slot> = slots.collect();
        let zone = options.time_zone.clone();
        let time = TimeReading { format: TimeFormat::Iso, zone, is_instant: false };
        let has_time_of_day = slots.iter().any(|slot| slot.target == Target::TimeOfDay);
        let mut layout =
            Self { separator, slots, cells: cells.len(), time, has_time_of_day, names: telling };
        layout.tell_times(cells, options, local)?;
        Ok(layout)
    }

    /// Finds out how the first row, which has these cells, writes the time.
    fn tell_times(
        &mut self,
        cells: &[&[u8]],
        options: &ReadOptions,
        local: Option<String>,
    ) -> Result<(), FileProblem> {
        let time = self.slots.iter().find(|slot| slot.target == Target::Column(Field::Time));
        let Some(time) = time else { unreachable!("every layout has the time") };
        let text = self.time_text(cells);
        let format = match &options.time_format {
            Some(pattern) => TimeFormat::Pattern(pattern.clone()),
            None => time.time_format(&text)?,
        };
        let is_instant = format.is_instant(&text);
        if is_instant && options.time_zone.is_some() {
            return Err(FileProblem::NotLocal);
        }
        if let Some(column) = local.filter(|_| !is_instant && options.time_zone.is_none()) {
            return Err(FileProblem::LocalTimes(shown(&column)));
        }
        self.time.format = format;
        self.time.is_instant = is_instant;
        Ok(())
    }

    /// The time in a row with these cells, of both cells where there are two.
    pub(super) fn time_text(&self, cells: &[&[u8]]) -> Vec<u8> {
        let of = |target: Target| {
            let slot = self.slots.iter().find(|slot| slot.target == target);
            slot.and_then(|slot| cells.get(slot.cell)).copied()
        };
        let date = of(Target::Column(Field::Time)).unwrap_or_default();
        joined(date, of(Target::TimeOfDay))
    }
}

/// A date, and the time of day if it stands in a cell of its own.
pub(super) fn joined(date: &[u8], time_of_day: Option<&[u8]>) -> Vec<u8> {
    match time_of_day {
        Some(time) => [date, b" ", time].concat(),
        None => date.to_vec(),
    }
}

/// How surely the column `name` says what its rows are of, as its `first` value shows.
fn telling_of(name: &Name, first: &[u8]) -> Option<Telling> {
    let is_text = !first.is_empty()
        && number::parse(first).is_none()
        && TimeFormat::of(first).is_none()
        && !is_time_of_day(first);
    Telling::of(name, is_text).filter(|_| may_be_name(first))
}

/// Takes the column `date` for the date, if what was taken for the time is one of day only.
fn split_time(targets: &mut Vec<(usize, Target)>, date: Option<usize>, cells: &[&[u8]]) {
    let is_taken = |cell: usize| targets.iter().any(|(taken, _)| *taken == cell);
    let Some(date) = date.filter(|date| !is_taken(*date)) else { return };
    let time = targets.iter_mut().find(|(_, target)| *target == Target::Column(Field::Time));
    let Some((cell, target)) = time else { return };
    if cells.get(*cell).is_some_and(|first| is_time_of_day(first)) {
        *target = Target::TimeOfDay;
        targets.push((date, Target::Column(Field::Time)));
    }
}
