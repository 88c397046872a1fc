//! A column that names something in each row, such as the instrument: a number for each name.

use std::collections::BTreeMap;

/// Different names in one column, at most: a column of more names none.
pub(super) const NAMES_MAX: usize = 10_000;

/// The names of a column, row by row.
#[derive(Clone, Debug, Default)]
pub(super) struct NameColumn {
    names: Vec<String>,
    numbers: BTreeMap<Vec<u8>, u32>,
    /// For each row the place of its name.
    of_row: Vec<u32>,
    /// The name that was one too many: no others are kept.
    one_too_many: Option<String>,
}

impl NameColumn {
    /// Adds a row with the name `text`; an empty one is a name like others. A name too many empties the column.
    pub(super) fn push(&mut self, text: &[u8]) {
        if let Some(number) = self.number(text) {
            self.of_row.push(number);
        }
    }

    /// Adds the rows of `other`, as [`NameColumn::push`] does.
    pub(super) fn append(&mut self, other: &Self) {
        if let Some(last) = &other.one_too_many {
            self.give_up(last.clone());
        }
        let numbers: Option<Vec<u32>> =
            other.names.iter().map(|name| self.number(name.as_bytes())).collect();
        let Some(numbers) = numbers else { return };
        let number = |row: &u32| numbers.get(*row as usize).copied().unwrap_or_default();
        self.of_row.extend(other.of_row.iter().map(number));
    }

    /// The name that was more than names can be, if there was one: the column is empty then.
    pub(super) fn one_too_many(&self) -> Option<&str> {
        self.one_too_many.as_deref()
    }

    /// Which of the names that of `row` is.
    pub(super) fn place(&self, row: usize) -> Option<usize> {
        self.of_row.get(row).map(|number| *number as usize)
    }

    /// Each name that is there.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// The name of `row`; empty where there is no such row.
    pub(super) fn name(&self, row: usize) -> &str {
        let number = self.of_row.get(row).copied().unwrap_or(u32::MAX);
        self.names.get(number as usize).map(String::as_str).unwrap_or_default()
    }

    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        self.of_row.len()
    }

    /// `None` when names are not kept any more.
    fn number(&mut self, text: &[u8]) -> Option<u32> {
        if self.one_too_many.is_some() {
            return None;
        }
        let last = self.of_row.last().copied();
        let is_last = |number: &u32| {
            self.names.get(*number as usize).is_some_and(|name| name.as_bytes() == text)
        };
        if let Some(number) = last.filter(is_last).or_else(|| self.numbers.get(text).copied()) {
            return Some(number);
        }
        let name = String::from_utf8_lossy(text).into_owned();
        if self.names.len() >= NAMES_MAX {
            self.give_up(name);
            return None;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.to_vec(), number);
        self.names.push(name);
        Some(number)
    }

    fn give_up(&mut self, last: String) {
        *self = Self { one_too_many: Some(last), ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_keep_the_names_of_their_rows() {
        let column = |names: &[&str]| {
            let mut column = NameColumn::default();
            for name in names {
                column.push(name.as_bytes());
            }
            column
        };
        let mut all = column(&["B", "A", "B"]);
        all.append(&column(&["A", "C", "", "A"]));
        let names: Vec<&str> = (0..all.len()).map(|row| all.name(row)).collect();
        assert_eq!(names, ["B", "A", "B", "A", "C", "", "A"]);
        assert_eq!(all.names(), ["B", "A", "C", ""]);
    }

    #[test]
    fn a_column_of_endless_names_keeps_none() {
        let mut column = NameColumn::default();
        (0..20_000_u32).for_each(|row| column.push(row.to_string().as_bytes()));
        assert_eq!((column.one_too_many(), column.len()), (Some("10000"), 0));
        let mut all = NameColumn::default();
        all.push(b"A");
        all.append(&column);
        all.push(b"A");
        assert_eq!((all.one_too_many(), all.names().len()), (Some("10000"), 0));
    }
}
