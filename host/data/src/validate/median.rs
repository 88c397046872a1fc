//! Medians, and samples for medians of long columns.

/// The largest sample: its median differs from that of all values by less than a hundredth of a deviation.
const SAMPLE_MAX: usize = 1 << 16;

/// The median of `values`, which are reordered; `None` without any. The mean of the middle two for an even number.
pub(super) fn median(values: &mut [f64]) -> Option<f64> {
    let middle = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    if values.is_empty() {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if !is_even {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(f64::midpoint(lower, upper))
}

/// Places out of `rows`: all of them if they are not more than 65 536. Otherwise one out of each of 65 536 equal parts, at
/// a place in the part that changes from part to part, so that no daily or weekly rhythm lines up with them. The places
/// are always the same.
pub(super) fn strata(rows: usize) -> impl Iterator<Item = usize> {
    /// 2^32 divided by the golden ratio: its multiples spread evenly modulo 2^32.
    const GOLDEN: u64 = 0x9e37_79b9;
    let parts = rows.min(SAMPLE_MAX);
    (0..parts).map(move |part| {
        let (start, end) = (part * rows / parts, (part + 1) * rows / parts);
        let spread = ((part as u64).wrapping_mul(GOLDEN)) & 0xffff_ffff;
        let offset = (spread * (end - start) as u64) >> 32;
        start + usize::try_from(offset).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle() {
        assert_eq!(median(&mut []), None);
        assert_eq!(median(&mut [3.0]), Some(3.0));
        assert_eq!(median(&mut [9.0, 1.0, 3.0]), Some(3.0));
        assert_eq!(median(&mut [9.0, 1.0, 3.0, 4.0]), Some(3.5));
    }

    #[test]
    fn a_sample_takes_one_of_each_part() {
        assert!(strata(1_000).eq(0..1_000));
        let rows = 2_629_440;
        let places: Vec<usize> = strata(rows).collect();
        assert_eq!(places.len(), SAMPLE_MAX);
        assert!(
            places.is_sorted_by(|a, b| a < b) && places.last().is_some_and(|last| *last < rows)
        );
        // Every hour of the day is met equally often.
        let mut hours = [0_usize; 24];
        for place in places {
            hours[place / 60 % 24] += 1;
        }
        assert!(hours.iter().all(|count| count.abs_diff(SAMPLE_MAX / 24) < 200), "{hours:?}");
    }
}
