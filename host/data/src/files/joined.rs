//! Several price files of one series as one: months of an archive, downloads that overlap.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::PathBuf;

use super::csv::RowLines;
use super::label::Label;
use super::price_file::PriceFile;
use super::remark::Remark;
use crate::raw_columns::{append, values};
use crate::validate::Rows;

/// The rows of `files`, which are of one series, as one file: from oldest to newest, or as all of them run, and where files do
/// not run alike one after the other. A row that two files have with the same values is there once, as a [`Remark`] tells; rows
/// of the same time with different values both stay, for [`validate`](crate::validate) to find.
///
/// `None` without files.
pub fn joined(files: Vec<(PathBuf, PriceFile)>) -> Option<PriceFile> {
    let count = files.len();
    let mut files = files.into_iter();
    let (first_path, first) = files.next()?;
    if count == 1 {
        return Some(first);
    }
    let mut direction = Direction::of(&first.columns.time);
    let mut ends = Vec::with_capacity(count);
    let mut parts = Vec::with_capacity(count);
    let mut add = |path: PathBuf, rows: usize, lines: Option<RowLines>| {
        let end = ends.last().copied().unwrap_or_default() + rows;
        ends.push(end);
        parts.push((path.display().to_string(), lines, end));
    };
    let mut all = first;
    add(first_path, all.columns.time.len(), all.lines.take());
    all.label.data_version = None;
    for (path, file) in files {
        let PriceFile { columns, quote_volume, lines, label, .. } = file;
        direction = direction.with(Direction::of(&columns.time));
        append(&mut all.columns, &columns.time, values(&columns).map(Vec::as_slice));
        all.quote_volume = all.quote_volume.zip(quote_volume).map(|(mut all, more)| {
            all.extend(more);
            all
        });
        all.label = agreed(&all.label, &label);
        add(path, columns.time.len(), lines);
    }
    all.lines = Some(RowLines::of_files(parts));
    let (order, rows_shared) = order(&Rows::from(&all.columns), &ends, direction);
    all.keep(&order);
    all.remarks = Vec::new();
    if rows_shared > 0 {
        all.remarks.push(Remark::SharedRows { rows: rows_shared });
    }
    Some(all)
}

/// What both labels say.
fn agreed(one: &Label, other: &Label) -> Label {
    let exchange =
        one.exchange.clone().filter(|exchange| Some(exchange) == other.exchange.as_ref());
    Label {
        exchange,
        symbol: one.symbol.clone().or_else(|| other.symbol.clone()),
        interval: one.interval.or(other.interval),
        data_version: None,
    }
}

/// How the rows of files run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    /// Fewer than two rows.
    Any,
    Ascending,
    Descending,
    Mixed,
}

impl Direction {
    fn of(times: &[i64]) -> Self {
        let (first, last) = (times.first(), times.last());
        if first == last {
            return if times.iter().all(|time| Some(time) == first) {
                Self::Any
            } else {
                Self::Mixed
            };
        }
        if times.is_sorted() {
            Self::Ascending
        } else if times.is_sorted_by(|before, time| before >= time) {
            Self::Descending
        } else {
            Self::Mixed
        }
    }

    fn with(self, other: Self) -> Self {
        match (self, other) {
            (Self::Any, one) | (one, Self::Any) => one,
            (one, other) if one == other => one,
            _ => Self::Mixed,
        }
    }
}

/// The rows to keep, in their order, and how many are left out because another file has them too. The rows of each file go up
/// to one of `ends`.
fn order(rows: &Rows<'_>, ends: &[usize], direction: Direction) -> (Vec<usize>, u64) {
    let time = |row: &usize| rows.time_ms(*row);
    let file = |row: usize| ends.partition_point(|end| *end <= row);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(time);
    let mut is_shared = vec![false; rows.len()];
    let groups = order.chunk_by(|one, other| time(one) == time(other));
    for alike in groups.filter(|alike| alike.len() > 1) {
        let mut first_files = BTreeMap::new();
        for row in alike {
            let values = rows.bar(*row).values().map(f64::to_bits);
            let first_file = *first_files.entry(values).or_insert(file(*row));
            if let Some(shared) = is_shared.get_mut(*row) {
                *shared = first_file != file(*row);
            }
        }
    }
    match direction {
        Direction::Any | Direction::Ascending => {}
        Direction::Descending => order.sort_by_key(|row| Reverse(time(row))),
        Direction::Mixed => {
            let mut starts = vec![i64::MAX; ends.len()];
            for row in 0..rows.len() {
                if let Some(start) = starts.get_mut(file(row)) {
                    *start = rows.time_ms(row).min(*start);
                }
            }
            order.sort_by_key(|row| (starts.get(file(*row)).copied(), file(*row), *row));
        }
    }
    let kept = |row: &usize| !is_shared.get(*row).copied().unwrap_or_default();
    let order: Vec<usize> = order.into_iter().filter(kept).collect();
    let shared = (rows.len() - order.len()) as u64;
    (order, shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::FileFormat;
    use crate::validate::{Subject, ValidationSettings, validate};
    use ct_core::market::RawColumns;
    use ct_core::units::Interval;

    /// A file with bars of these hours, whose prices are `close` more than the hour.
    fn file(name: &str, hours: &[i64], close: f64) -> (PathBuf, PriceFile) {
        let prices: Vec<f64> = hours.iter().map(|hour| *hour as f64 + close).collect();
        let columns = RawColumns {
            time: hours.iter().map(|hour| 1_704_067_200_000 + hour * 3_600_000).collect(),
            open: prices.clone(),
            high: prices.clone(),
            low: prices.clone(),
            close: prices,
            volume: vec![1.0; hours.len()],
        };
        let file = PriceFile {
            format: FileFormat::Parquet,
            columns,
            quote_volume: None,
            lines: None,
            label: Label::default(),
            remarks: Vec::new(),
        };
        (name.into(), file)
    }

    fn hours(file: &PriceFile) -> Vec<i64> {
        file.columns.time.iter().map(|time| (time - 1_704_067_200_000) / 3_600_000).collect()
    }

    #[test]
    fn files_are_put_in_order_whatever_order_they_are_named_in() {
        let all: Vec<i64> = (0..9).collect();
        for parts in [
            [&all[0..3], &all[3..6], &all[6..9]],
            [&all[6..9], &all[0..3], &all[3..6]],
            [&[0, 4, 8], &[1, 2, 3], &[5, 6, 7]],
            [&[], &[0], &[1, 2, 3, 4, 5, 6, 7, 8]],
        ] {
            let files = parts.map(|hours| file("a", hours, 100.0)).to_vec();
            let joined = joined(files).unwrap();
            assert_eq!(hours(&joined), all, "{parts:?}");
            assert_eq!(
                joined.columns.close.last().map(|close| close.to_bits()),
                Some(108_f64.to_bits())
            );
            assert_eq!(joined.remarks, []);
        }
        let newest_first = [file("a", &[1, 0], 100.0), file("b", &[3, 2], 100.0)].to_vec();
        assert_eq!(hours(&joined(newest_first).unwrap()), [3, 2, 1, 0]);
        // Nothing is put in order that is not in order itself: validation tells.
        let mixed = [file("a", &[5, 4, 6], 100.0), file("b", &[0, 1], 100.0)].to_vec();
        assert_eq!(hours(&joined(mixed).unwrap()), [0, 1, 5, 4, 6]);
    }

    #[test]
    fn rows_that_two_files_share_count_once() {
        let files = [file("a", &[0, 1, 2, 3], 100.0), file("b", &[2, 3, 4], 100.0)].to_vec();
        let joined = joined(files).unwrap();
        assert_eq!(hours(&joined), [0, 1, 2, 3, 4]);
        assert_eq!(joined.remarks, [Remark::SharedRows { rows: 2 }]);
    }

    #[test]
    fn what_a_file_says_twice_or_two_files_differently_is_left_to_be_found() {
        let files = [file("a", &[0, 1, 1, 2, 3], 100.0), file("b", &[2, 4], 200.0)].to_vec();
        let joined = joined(files).unwrap();
        assert_eq!(hours(&joined), [0, 1, 1, 2, 2, 3, 4]);
        let subject = Subject {
            lines: joined.lines.as_ref(),
            ..Subject::new(Interval::HOUR, &joined.columns)
        };
        let report = validate(&subject, &ValidationSettings::default());
        let found = report.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(found.contains("a, bar 3 (2024-01-01T01:00:00Z): duplicate"), "{found}");
        let conflict = "b, bar 1 (2024-01-01T02:00:00Z): conflicting duplicate: the time is there twice: open 202 here \
                        and 102 there";
        assert!(found.contains(conflict) && found.contains("there, in a, bar 4;"), "{found}");
    }
}
