//! Lowest and highest of many numbers at once.

/// Lowest and highest of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extremes {
    /// Positive infinity where there are no numbers.
    pub(super) lowest: f64,
    /// Negative infinity where there are no numbers.
    pub(super) highest: f64,
}

/// Numbers that are compared side by side.
const LANES: usize = 8;

impl Extremes {
    /// Those of `values`. What is not a number counts for nothing.
    pub(super) fn of(values: &[f64]) -> Self {
        // One running extreme per lane: a single one would wait for itself at every number.
        let mut lowest = [f64::INFINITY; LANES];
        let mut highest = [f64::NEG_INFINITY; LANES];
        let (groups, rest) = values.as_chunks::<LANES>();
        for group in groups {
            for (low, value) in lowest.iter_mut().zip(group) {
                *low = lower(*value, *low);
            }
            for (high, value) in highest.iter_mut().zip(group) {
                *high = higher(*value, *high);
            }
        }
        for ((low, high), value) in lowest.iter_mut().zip(&mut highest).zip(rest) {
            *low = lower(*value, *low);
            *high = higher(*value, *high);
        }
        Self {
            lowest: lowest.into_iter().fold(f64::INFINITY, lower),
            highest: highest.into_iter().fold(f64::NEG_INFINITY, higher),
        }
    }
}

// Written out, for `f64::min` and `f64::max` cost several instructions where these cost one.

/// The lower of two numbers; `than` where `value` is none.
const fn lower(value: f64, than: f64) -> f64 {
    if value < than { value } else { than }
}

/// The higher of two numbers; `than` where `value` is none.
pub(super) const fn higher(value: f64, than: f64) -> f64 {
    if value > than { value } else { than }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extremes_are_found_in_every_place_of_every_length() {
        for length in 2..40 {
            for place in 0..length {
                let mut values = vec![1.0; length];
                values[place] = -2.0;
                values[(place + 1) % length] = 3.0;
                let extremes = Extremes { lowest: -2.0, highest: 3.0 };
                assert_eq!(Extremes::of(&values), extremes, "{place} of {length}");
            }
        }
    }

    #[test]
    fn nothing_has_no_extremes() {
        let none = Extremes { lowest: f64::INFINITY, highest: f64::NEG_INFINITY };
        assert_eq!(Extremes::of(&[]), none);
        assert_eq!(Extremes::of(&[f64::NAN; 11]), none);
    }
}
