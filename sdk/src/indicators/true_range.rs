//! Wilder's true range: the range of a bar, with the gap from the bar before.

/// `max(high, previous close) - min(low, previous close)`, in the unit of the prices, at least 0.
///
/// Source: J. Welles Wilder, *New Concepts in Technical Trading Systems* (1978).
#[inline]
pub(super) fn true_range(high: f64, low: f64, previous_close: f64) -> f64 {
    let top = if previous_close > high { previous_close } else { high };
    let bottom = if previous_close < low { previous_close } else { low };
    top - bottom
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_belongs_to_the_range() {
        let with_close = |previous_close| true_range(12.0, 10.0, previous_close);
        let ranges: Vec<_> = [11.0, 15.0, 7.0].into_iter().map(with_close).collect();
        assert_eq!(ranges, [2.0, 5.0, 5.0]);
    }
}
