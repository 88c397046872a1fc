//! Which neighbouring parts of a series are written into one file, and when.

use std::ops::Range;

use super::header::SEGMENT_ROWS_MAX;

/// Neighbours that are looked at together.
const WINDOW: usize = 16;

/// Neighbours are merged when all of them have at least this many times the rows of the largest of them, so that a row is
/// written again only when its file grows by this factor: a few times in its life, however many pages come.
const GROWTH_MIN: u64 = 4;

/// Parts from which all neighbours are merged whatever it costs, since the manifest lists each of them. Only revisions all
/// over a series lead there.
const PARTS_MAX: usize = 256;

/// Rows up to which a series is one file when an editing session ends: about 12 MB.
const SMALL_ROWS_MAX: u64 = 1 << 18;

/// A longer series is made one file when its largest part has less than this many times the rows of the others, so that
/// an update of a long series does not write all of it again.
const TAIL_RATIO: u64 = 8;

/// The parts after a page of a session, `sizes` being the rows of each: groups of neighbours, each to become one part.
pub(super) fn groups_after_page(sizes: &[u64]) -> Vec<Range<usize>> {
    let mut groups: Vec<Group> = single_groups(sizes);
    while let Some(start) = groups.windows(WINDOW).position(is_worth_merging) {
        merge(&mut groups, start..start + WINDOW);
    }
    let groups =
        if groups.len() > PARTS_MAX { groups_of_everything(sizes) } else { ranges(groups) };
    check_groups(sizes, &groups);
    groups
}

/// The parts when a session ends.
pub(super) fn groups_at_end(sizes: &[u64]) -> Vec<Range<usize>> {
    let rows: u64 = sizes.iter().sum();
    let largest = sizes.iter().copied().max().unwrap_or_default();
    let is_cheap = rows <= SMALL_ROWS_MAX || (rows - largest) * TAIL_RATIO >= largest;
    let groups = if is_cheap { groups_of_everything(sizes) } else { groups_after_page(sizes) };
    check_groups(sizes, &groups);
    groups
}

/// Neighbours, and their rows.
#[derive(Clone, Debug)]
struct Group {
    parts: Range<usize>,
    rows: u64,
}

fn single_groups(sizes: &[u64]) -> Vec<Group> {
    sizes.iter().enumerate().map(|(part, &rows)| Group { parts: part..part + 1, rows }).collect()
}

fn is_worth_merging(window: &[Group]) -> bool {
    let rows: u64 = window.iter().map(|group| group.rows).sum();
    let largest = window.iter().map(|group| group.rows).max().unwrap_or_default();
    rows <= SEGMENT_ROWS_MAX && rows >= GROWTH_MIN * largest
}

fn merge(groups: &mut Vec<Group>, range: Range<usize>) {
    let count = groups.len();
    let merged = groups.get(range.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (merged.first(), merged.last()) else {
        unreachable!("groups {range:?} of {count} are merged");
    };
    let parts = first.parts.start..last.parts.end;
    let rows = merged.iter().map(|group| group.rows).sum();
    groups.splice(range, [Group { parts, rows }]);
}

/// Every part is in one group, in order.
fn check_groups(sizes: &[u64], groups: &[Range<usize>]) {
    let mut next = 0;
    for group in groups {
        assert!(group.start == next && !group.is_empty(), "the group {group:?} comes after {next}");
        next = group.end;
    }
    assert!(next == sizes.len(), "the groups end at {next} of {} parts", sizes.len());
}

/// As few groups as the largest size of a file allows.
fn groups_of_everything(sizes: &[u64]) -> Vec<Range<usize>> {
    let mut groups: Vec<Group> = Vec::new();
    for group in single_groups(sizes) {
        match groups.last_mut() {
            Some(last) if last.rows + group.rows <= SEGMENT_ROWS_MAX => {
                last.parts.end = group.parts.end;
                last.rows += group.rows;
            }
            _ => groups.push(group),
        }
    }
    ranges(groups)
}

fn ranges(groups: Vec<Group>) -> Vec<Range<usize>> {
    groups.into_iter().map(|group| group.parts).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Adds pages at the places that `place` tells; the sizes at the end, the most parts there ever were, and how many rows
    /// were written for each row that was added.
    fn simulated(
        pages: usize,
        page_rows: u64,
        place: impl Fn(usize, usize) -> usize,
    ) -> (Vec<u64>, usize, f64) {
        let (mut sizes, mut parts_max, mut written) = (Vec::new(), 0, 0);
        for page in 0..pages {
            sizes.insert(place(page, sizes.len()), page_rows);
            let groups = groups_after_page(&sizes);
            written += page_rows;
            sizes = groups
                .into_iter()
                .map(|group| {
                    let rows = sizes[group.clone()].iter().sum();
                    written += if group.len() > 1 { rows } else { 0 };
                    rows
                })
                .collect();
            parts_max = parts_max.max(sizes.len());
        }
        (sizes, parts_max, written as f64 / (pages as u64 * page_rows) as f64)
    }

    #[test]
    fn thousands_of_pages_are_written_a_few_times_each_and_leave_few_parts() {
        type Place = fn(usize, usize) -> usize;
        let forwards: Place = |_, parts| parts;
        for (name, place, parts_limit, written_limit) in [
            ("forwards", forwards, 64, 6.0),
            ("backwards", |_, _| 0, 64, 6.0),
            ("inwards", |page, parts| if page % 2 == 0 { parts } else { 0 }, 64, 6.0),
            // Nobody fills thousands of holes one by one in no order; it works all the same.
            ("anywhere", |page, parts| page * 7_919 % (parts + 1), PARTS_MAX, 24.0),
        ] {
            let (sizes, parts_max, written) = simulated(5_000, 1_000, place);
            assert_eq!(sizes.iter().sum::<u64>(), 5_000_000, "{name}");
            assert!(parts_max <= parts_limit, "{name}: {parts_max} parts");
            assert!(written <= written_limit, "{name}: each row written {written} times");
        }
    }

    #[test]
    fn a_small_series_becomes_one_file_and_a_long_one_keeps_its_large_file() {
        let all = |parts: usize| -> Vec<Range<usize>> { std::iter::once(0..parts).collect() };
        assert_eq!(groups_at_end(&[200_000, 100, 1]), all(3));
        assert_eq!(groups_at_end(&[2_600_000, 1_440]), [0..1, 1..2]);
        assert_eq!(groups_at_end(&[2_600_000, 200_000, 200_000]), all(3));
        assert_eq!(groups_at_end(&[]), []);
    }

    #[test]
    fn no_file_grows_beyond_the_limit() {
        let half = SEGMENT_ROWS_MAX / 2;
        assert_eq!(groups_at_end(&[half, half, half]), [0..2, 2..3]);
        assert_eq!(groups_after_page(&[half; 20]).len(), 20);
    }

    #[test]
    fn alternating_sizes_cannot_grow_the_list_without_end() {
        let sizes: Vec<u64> =
            (0..300).map(|part| if part % 2 == 0 { 1 } else { 1 << (part % 20) }).collect();
        assert!(groups_after_page(&sizes).len() <= PARTS_MAX);
    }

    proptest! {
        #[test]
        fn every_part_is_in_one_group_in_order(sizes in proptest::collection::vec(1..3_000_000_u64, 0..400)) {
            for groups in [groups_after_page(&sizes), groups_at_end(&sizes)] {
                let parts: Vec<usize> = groups.into_iter().flatten().collect();
                prop_assert!(parts.into_iter().eq(0..sizes.len()));
            }
        }
    }
}
