//! Quantiles with linear interpolation, and the median.

/// The `percent`-th percentile of values sorted in ascending order, with linear interpolation
/// between the two closest ranks (NumPy's and pandas' default, type 7 of Hyndman and Fan).
/// `percent` is at most 100.
///
/// `None` without values.
pub fn percentile(sorted: &[f64], percent: usize) -> Option<f64> {
    let position = sorted.len().checked_sub(1)? * percent;
    let lower = sorted.get(position / 100)?;
    let upper = sorted.get(position / 100 + 1).unwrap_or(lower);
    Some(lower + (upper - lower) * ((position % 100) as f64 / 100.0))
}

/// The values sorted in ascending order.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The two middle values, which are the same for an odd count; their mean is the median. Reorders
/// the values: a selection costs far less than a sort. `None` without values.
pub fn middle_pair<T: Ord + Copy>(values: &mut [T]) -> Option<(T, T)> {
    let middle = values.len() / 2;
    let is_even = values.len().is_multiple_of(2);
    if values.is_empty() {
        return None;
    }
    let (below, upper, _) = values.select_nth_unstable(middle);
    let upper = *upper;
    let lower = if is_even { below.iter().max().copied()? } else { upper };
    Some((lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interpolates_between_ranks() {
        let values = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(percentile(&values, 0), Some(1.0));
        assert_eq!(percentile(&values, 50), Some(3.0));
        assert_eq!(percentile(&values, 100), Some(8.0));
        assert_eq!(percentile(&[5.0], 95), Some(5.0));
        assert_eq!(percentile(&[], 50), None);
    }

    #[test]
    fn middle_of_odd_and_even_counts() {
        assert_eq!(middle_pair(&mut [5, 1, 3]), Some((3, 3)));
        assert_eq!(middle_pair(&mut [5, 1, 3, 9]), Some((3, 5)));
        assert_eq!(middle_pair::<u64>(&mut []), None);
    }
}
