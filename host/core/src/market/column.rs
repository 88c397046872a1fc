//! A column of values: shared and immutable, in memory or in a mapped file, or one's own that grows.

use std::fmt;
use std::ops::{Deref, Range};
use std::sync::Arc;

/// Values that many readers share; cutting a part off copies nothing. A column that something is appended to has its values for
/// itself from then on.
#[derive(Clone)]
pub struct Column<T>(Kept<T>);

#[derive(Clone)]
enum Kept<T> {
    /// A part of what others may read, too.
    Shared { values: Arc<dyn Values<T>>, range: Range<usize> },
    /// Values of this column alone.
    Own(Vec<T>),
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

impl<T: Clone> Column<T> {
    /// Appends `value`.
    pub(crate) fn push(&mut self, value: T) {
        self.own().push(value);
    }

    /// Forgets the first `count` values.
    ///
    /// # Panics
    /// When there are fewer.
    pub(crate) fn forget(&mut self, count: usize) {
        let own = self.own();
        assert!(count <= own.len(), "{count} of {} values are forgotten", own.len());
        own.drain(..count);
    }

    fn own(&mut self) -> &mut Vec<T> {
        if let Kept::Shared { .. } = &self.0 {
            self.0 = Kept::Own(self.to_vec());
        }
        match &mut self.0 {
            Kept::Own(values) => values,
            Kept::Shared { .. } => unreachable!("made its own a line above"),
        }
    }
}

impl<T: Clone + Send + Sync + 'static> Column<T> {
    /// The part of this column in `range`, cut to what there is.
    #[must_use]
    pub fn part(&self, range: Range<usize>) -> Self {
        match &self.0 {
            Kept::Shared { values, range: whole } => {
                let start = (whole.start + range.start).min(whole.end);
                let end = (whole.start + range.end).clamp(start, whole.end);
                Self(Kept::Shared { values: Arc::clone(values), range: start..end })
            }
            Kept::Own(values) => {
                let start = range.start.min(values.len());
                let end = range.end.clamp(start, values.len());
                values.get(start..end).unwrap_or_default().to_vec().into()
            }
        }
    }
}

impl<T> Column<T> {
    /// A column of the values that `owner` keeps.
    pub fn shared(owner: Arc<dyn Values<T>>) -> Self {
        let range = 0..owner.values().len();
        Self(Kept::Shared { values: owner, range })
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
        match &self.0 {
            Kept::Shared { values, range } => {
                let values = values.values();
                let Some(part) = values.get(range.clone()) else { lost(range, values.len()) };
                part
            }
            Kept::Own(values) => values,
        }
    }
}

/// Whoever keeps the values gave more of them before.
#[cold]
fn lost(range: &Range<usize>, count: usize) -> ! {
    unreachable!("values {range:?} of {count}");
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

    #[test]
    fn a_column_that_grows_leaves_others_as_they_are() {
        let column = Column::from(vec![0, 1, 2, 3]);
        let mut grown = column.part(1..3);
        grown.push(9);
        grown.forget(1);
        assert_eq!(
            (&*column, &*grown, &*grown.part(0..1)),
            (&[0, 1, 2, 3][..], &[2, 9][..], &[2][..])
        );
    }
}
