//! A shared, immutable column of values, in memory or in a mapped file.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// Values that many readers share; cutting a part off copies nothing.
#[derive(Clone)]
pub struct Column<T> {
    values: Arc<dyn Values<T>>,
    range: Range<usize>,
}

/// Whatever keeps the values of a [`Column`]. It must give the same values every time.
pub trait Values<T>: Send + Sync {
    /// All of them.
    fn values(&self) -> &[T];
}

impl<T: Send + Sync> Values<T> for Vec<T> {
    fn values(&self) -> &[T] {
        self
    }
}

impl<T> Column<T> {
    /// A column of the values that `owner` keeps.
    pub fn shared(owner: Arc<dyn Values<T>>) -> Self {
        let range = 0..owner.values().len();
        Self { values: owner, range }
    }

    /// The part of this column in `range`, cut to what there is.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        let start = (self.range.start + range.start).min(self.range.end);
        let end = (self.range.start + range.end).clamp(start, self.range.end);
        Self { values: Arc::clone(&self.values), range: start..end }
    }
}

impl<T: Send + Sync + 'static> From<Vec<T>> for Column<T> {
    fn from(values: Vec<T>) -> Self {
        Self::shared(Arc::new(values))
    }
}

impl<T> Deref for Column<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        self.values.values().get(self.range.clone()).unwrap_or_default()
    }
}

impl<T> fmt::Debug for Column<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Column of {} values", self.len())
    }
}

impl<T: PartialEq> PartialEq for Column<T> {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_parts_are_cut_to_what_there_is() {
        let column = Column::from(vec![0, 1, 2, 3, 4]);
        assert_eq!(*column.part(1..4), [1, 2, 3]);
        assert_eq!(*column.part(1..4).part(1..99), [2, 3]);
        assert!(column.part(7..9).is_empty());
    }
}
