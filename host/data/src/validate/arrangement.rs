//! The order of rows: which way the file runs, which rows stand in the wrong place, which times are there twice.

/// The way in which the rows of a file run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Oldest first.
    Ascending,
    /// Newest first.
    Descending,
}

/// A row with the time of another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Repeated {
    pub(super) row: usize,
    /// The row with that time that counts.
    pub(super) other: usize,
}

/// How rows stand in a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Arrangement {
    pub(super) direction: Direction,
    /// One row of each time, by ascending time.
    pub(super) order: Vec<usize>,
    /// Rows that stand in the wrong place; ascending.
    pub(super) displaced: Vec<usize>,
    /// Rows whose time another row has; ascending.
    pub(super) repeated: Vec<Repeated>,
}

/// Finds out how `rows`, which ascend, stand in the file with `times`.
///
/// A row stands in the wrong place if it is not part of the longest subsequence that runs the way of the file: those are the
/// fewest rows that would have to move. Of rows with the same time, one in its place counts before others, and one met
/// earlier, in the way of the file, before later ones.
pub(super) fn arrange(times: &[i64], mut rows: Vec<usize>) -> Arrangement {
    let time = |row: usize| times.get(row).copied().unwrap_or_default();
    let direction = direction(rows.iter().map(|row| time(*row)));
    if direction == Direction::Descending {
        rows.reverse();
    }
    let keys: Vec<i64> = rows.iter().map(|row| time(*row)).collect();
    let in_place = longest_ascending(&keys);
    let mut sorted: Vec<(i64, bool, usize)> =
        rows.iter().zip(&in_place).map(|(row, in_place)| (time(*row), !*in_place, *row)).collect();
    sorted.sort_unstable();
    let mut order: Vec<usize> = Vec::with_capacity(sorted.len());
    let (mut displaced, mut repeated) = (Vec::new(), Vec::new());
    for (time_ms, is_displaced, row) in sorted {
        match order.last() {
            Some(&other) if time(other) == time_ms => repeated.push(Repeated { row, other }),
            _ => {
                order.push(row);
                if is_displaced {
                    displaced.push(row);
                }
            }
        }
    }
    displaced.sort_unstable();
    repeated.sort_unstable_by_key(|repeated| repeated.row);
    Arrangement { direction, order, displaced, repeated }
}

/// The way that most steps go.
fn direction(times: impl Iterator<Item = i64>) -> Direction {
    let (mut ascending, mut descending) = (0_usize, 0_usize);
    let mut before = None;
    for time in times {
        match before {
            Some(before) if before < time => ascending += 1,
            Some(before) if before > time => descending += 1,
            _ => {}
        }
        before = Some(time);
    }
    if descending > ascending { Direction::Descending } else { Direction::Ascending }
}

/// For each key, whether it is part of the longest ascending subsequence; of equal keys that could be, the first is. Patience
/// sorting, C. Schensted, "Longest increasing and decreasing subsequences", 1961.
fn longest_ascending(keys: &[i64]) -> Vec<bool> {
    const NONE: usize = usize::MAX;
    // The place of the smallest key that ends a subsequence of each length, and the place before each.
    let mut ends: Vec<(i64, usize)> = Vec::new();
    let mut before = Vec::with_capacity(keys.len());
    for (place, &key) in keys.iter().enumerate() {
        let length = match ends.last() {
            Some((end, _)) if *end < key => ends.len(),
            _ => ends.partition_point(|(end, _)| *end < key),
        };
        let previous = length.checked_sub(1).and_then(|shorter| ends.get(shorter));
        before.push(previous.map_or(NONE, |(_, place)| *place));
        match ends.get_mut(length) {
            Some(end) if end.0 == key => {}
            Some(end) => *end = (key, place),
            None => ends.push((key, place)),
        }
    }
    let mut is_part = vec![false; keys.len()];
    let mut next = ends.last().map_or(NONE, |(_, place)| *place);
    while let Some(part) = is_part.get_mut(next) {
        *part = true;
        next = before.get(next).copied().unwrap_or(NONE);
    }
    is_part
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arranged(times: &[i64]) -> Arrangement {
        arrange(times, (0..times.len()).collect())
    }

    #[test]
    fn the_fewest_rows_are_called_displaced() {
        for (times, displaced, direction) in [
            (&[1, 2, 3][..], &[][..], Direction::Ascending),
            (&[3, 2, 1], &[], Direction::Descending),
            (&[9, 1, 2, 3], &[0], Direction::Ascending),
            (&[1, 2, 3, 0], &[3], Direction::Ascending),
            (&[1, 9, 2, 3, 4], &[1], Direction::Ascending),
            (&[1, 2, 5, 6, 3, 4, 7, 8, 9], &[2, 3], Direction::Ascending),
            (&[5, 4, 1, 3, 2, 0], &[2], Direction::Descending),
            (&[], &[], Direction::Ascending),
            (&[7], &[], Direction::Ascending),
        ] {
            let found = arranged(times);
            assert_eq!(
                (&found.displaced[..], found.direction),
                (displaced, direction),
                "{times:?}"
            );
            assert!(found.order.is_sorted_by_key(|row| times[*row]));
        }
    }

    #[test]
    fn a_copy_in_another_place_is_repeated_and_not_displaced() {
        let found = arranged(&[1, 2, 3, 4, 2, 5]);
        assert_eq!(found.repeated, [Repeated { row: 4, other: 1 }]);
        assert_eq!((found.displaced, found.order), (vec![], vec![0, 1, 2, 3, 5]));
        let early = arranged(&[1, 4, 2, 3, 4, 5]);
        assert_eq!(early.repeated, [Repeated { row: 1, other: 4 }]);
        let equal = arranged(&[3, 2, 2, 1]);
        assert_eq!(equal.repeated, [Repeated { row: 1, other: 2 }]);
        assert_eq!(equal.order, [3, 2, 0]);
    }
}
