//! A column by the numbers of its rows.

use std::ops::Range;

/// A column by the numbers of its rows, of which the first ones may be forgotten.
#[derive(Clone, Copy, Debug)]
pub struct Rows<'a, T> {
    first: usize,
    values: &'a [T],
}

impl<'a, T> Rows<'a, T> {
    pub(super) const fn new(first: usize, values: &'a [T]) -> Self {
        Self { first, values }
    }

    /// The values of `rows`; `None` when they are not all known.
    pub fn get(&self, rows: Range<usize>) -> Option<&'a [T]> {
        let start = rows.start.checked_sub(self.first)?;
        self.values.get(start..rows.end.checked_sub(self.first)?)
    }

    /// The values of `rows`.
    ///
    /// # Panics
    /// When they are not all known.
    pub fn of(&self, rows: Range<usize>) -> &'a [T] {
        let Some(values) = self.get(rows.clone()) else { self.unknown(&rows) };
        values
    }

    /// The values of the rows before `row` that are not forgotten.
    ///
    /// # Panics
    /// When `row` itself is forgotten, or lies behind the end.
    pub fn before(&self, row: usize) -> &'a [T] {
        self.of(self.first..row)
    }

    #[cold]
    fn unknown(&self, rows: &Range<usize>) -> ! {
        let (first, end) = (self.first, self.first + self.values.len());
        unreachable!("rows {rows:?}: known are {first} to {end}");
    }
}

impl<T: Copy> Rows<'_, T> {
    /// The value of `row`.
    ///
    /// # Panics
    /// When it is not known.
    pub fn at(&self, row: usize) -> T {
        let value = row.checked_sub(self.first).and_then(|place| self.values.get(place));
        let Some(value) = value else { self.unknown(&(row..row + 1)) };
        *value
    }
}

impl Rows<'_, i64> {
    /// The first row whose value is `least` or more; the end if there is none. Values ascend.
    pub fn first_from(&self, least: i64) -> usize {
        self.first + self.values.partition_point(|value| *value < least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_numbers_when_those_before_are_forgotten() {
        let rows = Rows::new(10, &[3, 5, 8_i64]);
        assert_eq!((rows.at(10), rows.of(11..13)), (3, &[5, 8][..]));
        assert_eq!((rows.get(9..11), rows.get(12..14)), (None, None));
        assert_eq!((rows.before(10), rows.before(11)), (&[][..], &[3][..]));
        assert_eq!(rows.before(13), [3, 5, 8]);
        assert_eq!((rows.first_from(4), rows.first_from(9)), (11, 13));
    }

    #[test]
    #[should_panic(expected = "rows 9..10: known are 10 to 11")]
    fn a_forgotten_row_is_loud() {
        Rows::new(10, &[3]).at(9);
    }

    #[test]
    #[should_panic(expected = "rows 10..12: known are 10 to 11")]
    fn what_was_before_a_row_behind_the_end_is_not_known() {
        let _ = Rows::new(10, &[3]).before(12);
    }

    #[test]
    #[should_panic(expected = "rows 10..9: known are 10 to 11")]
    fn what_was_before_a_forgotten_row_is_not_known() {
        let _ = Rows::new(10, &[3]).before(9);
    }
}
