//! Whether a column tells rows of the same time apart.

use super::name_column::NameColumn;
use crate::validate::{Rows, are_many_conflicts};

/// Whether rows of the same time and of the same name in each of `keys` conflict so often that they are no mistakes, and
/// `column` has another value in each of them.
pub(super) fn tells_apart(column: &NameColumn, keys: &[&NameColumn], rows: &Rows<'_>) -> bool {
    /// Of so many conflicts one may be a mistake of its own.
    const MISTAKES_PER: usize = 10;
    if rows.time.is_sorted_by(|before, time| before < time) {
        return false;
    }
    let key = |row: usize| -> (i64, Vec<Option<usize>>) {
        (rows.time_ms(row), keys.iter().map(|key| key.place(row)).collect())
    };
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_cached_key(|row| (key(*row), column.place(*row)));
    let (mut conflicts, mut told) = (0, 0);
    for group in order.chunk_by(|one, other| key(*one) == key(*other)) {
        let Some((first, others)) = group.split_first() else { continue };
        if others.iter().all(|row| rows.bar(*row).is_same(&rows.bar(*first))) {
            continue;
        }
        conflicts += others.len();
        told += group.chunk_by(|one, other| column.place(*one) == column.place(*other)).count() - 1;
    }
    are_many_conflicts(conflicts, rows.len()) && (conflicts - told) * MISTAKES_PER <= conflicts
}
