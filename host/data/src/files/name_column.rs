//! A column that names something in each row, such as the instrument: a number for each name.

use std::collections::BTreeMap;

use super::error::{FileProblem, shown};

/// Different names in one column, at most: a column of more names none.
const NAMES_MAX: usize = 10_000;

/// The names of a column, row by row.
#[derive(Clone, Debug, Default)]
pub(super) struct NameColumn {
    names: Vec<String>,
    numbers: BTreeMap<Vec<u8>, u32>,
    /// For each row the place of its name.
    of_row: Vec<u32>,
}

impl NameColumn {
    /// Adds a row with the name `text`; an empty one is a name like others.
    ///
    /// # Errors
    /// [`FileProblem::Names`] when there are too many names.
    pub(super) fn push(&mut self, text: &[u8]) -> Result<(), FileProblem> {
        let number = self.number(text)?;
        self.of_row.push(number);
        Ok(())
    }

    /// Adds the rows of `other`.
    ///
    /// # Errors
    /// As [`NameColumn::push`].
    pub(super) fn append(&mut self, other: &Self) -> Result<(), FileProblem> {
        let mut numbers = Vec::with_capacity(other.names.len());
        for name in &other.names {
            numbers.push(self.number(name.as_bytes())?);
        }
        let number = |row: &u32| numbers.get(*row as usize).copied().unwrap_or_default();
        self.of_row.extend(other.of_row.iter().map(number));
        Ok(())
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

    fn number(&mut self, text: &[u8]) -> Result<u32, FileProblem> {
        let last = self.of_row.last().copied();
        let is_last = |number: &u32| {
            self.names.get(*number as usize).is_some_and(|name| name.as_bytes() == text)
        };
        if let Some(number) = last.filter(is_last).or_else(|| self.numbers.get(text).copied()) {
            return Ok(number);
        }
        let name = String::from_utf8_lossy(text).into_owned();
        if self.names.len() >= NAMES_MAX {
            return Err(FileProblem::Names { limit: NAMES_MAX, last: shown(&name) });
        }
        let number = u32::try_from(self.names.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.to_vec(), number);
        self.names.push(name);
        Ok(number)
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
                column.push(name.as_bytes()).unwrap();
            }
            column
        };
        let mut all = column(&["B", "A", "B"]);
        all.append(&column(&["A", "C", "", "A"])).unwrap();
        let names: Vec<&str> = (0..all.len()).map(|row| all.name(row)).collect();
        assert_eq!(names, ["B", "A", "B", "A", "C", "", "A"]);
        assert_eq!(all.names(), ["B", "A", "C", ""]);
    }

    #[test]
    fn a_column_of_endless_names_is_refused() {
        let mut column = NameColumn::default();
        let error = (0..20_000).find_map(|row: u32| column.push(row.to_string().as_bytes()).err());
        assert!(error.unwrap().to_string().contains("more than 10000"));
    }
}
