//! Which columns of a file are those of bars.

use crate::csv::Field;
use crate::files::error::{FileProblem, short};

/// The columns of bars among those of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BarColumns {
    /// Position and name of each, in the order of [`Field::ALL`].
    found: [(usize, String); 6],
}

impl BarColumns {
    /// Finds them among the `names` of all columns.
    ///
    /// # Errors
    /// Columns that are not there, or that two could be.
    pub(super) fn among(names: &[&str]) -> Result<Self, FileProblem> {
        let plain: Vec<String> = names.iter().map(|name| plain(name)).collect();
        let mut found: [(usize, String); 6] = Default::default();
        let mut missing = Vec::new();
        for (place, field) in found.iter_mut().zip(Field::ALL) {
            let position = match field {
                Field::Time | Field::Volume => best(field, &plain),
                Field::Open | Field::High | Field::Low | Field::Close => {
                    only(field, &plain, names)?
                }
            };
            match position.and_then(|position| Some((position, names.get(position)?))) {
                Some((position, name)) => *place = (position, (*name).to_owned()),
                None => missing.push(field.to_string()),
            }
        }
        if missing.is_empty() {
            return Ok(Self { found });
        }
        let shown: Vec<_> = names.iter().map(|name| format!("'{}'", name.escape_debug())).collect();
        let shown: String = shown.join(", ").chars().take(NAMES_CHARACTERS_MAX).collect();
        Err(FileProblem::MissingColumns { missing: missing.join(", "), found: shown })
    }

    /// Positions of the columns in the file, ascending: what is to be read.
    pub(super) fn projection(&self) -> Vec<usize> {
        let mut positions: Vec<usize> = self.found.iter().map(|(position, _)| *position).collect();
        positions.sort_unstable();
        positions
    }

    /// For each column, in the order of [`Field::ALL`], its place among those that are read, and its name.
    pub(super) fn places(&self) -> impl Iterator<Item = (usize, &str)> {
        let projection = self.projection();
        self.found.iter().map(move |(position, name)| {
            (projection.partition_point(|other| other < position), name.as_str())
        })
    }

    /// Position in the file and name of each column, in the order of [`Field::ALL`].
    pub(super) fn positions(&self) -> impl Iterator<Item = (usize, &str)> {
        self.found.iter().map(|(position, name)| (*position, name.as_str()))
    }
}

/// Names of columns shown in a message, characters at most.
const NAMES_CHARACTERS_MAX: usize = 300;

/// Names in common use, as [`plain`] makes them. Of times and volumes the best first: open times before others, and the
/// base asset before what may be either.
const fn aliases(field: Field) -> &'static [&'static str] {
    match field {
        Field::Time => &[
            "opentime",
            "timestampms",
            "timestamp",
            "datetime",
            "time",
            "date",
            "ts",
            "unix",
            "index",
            // The unnamed index of pandas.
            "indexlevel0",
        ],
        Field::Open => &["open", "openprice"],
        Field::High => &["high", "highprice"],
        Field::Low => &["low", "lowprice"],
        Field::Close => &["close", "closeprice"],
        Field::Volume => &["basevolume", "volumebase", "baseassetvolume", "volume", "vol"],
    }
}

/// Letters and digits only, in lower case: `Open Time` and `open_time` are one.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Position of the first alias that is there.
fn best(field: Field, plain: &[String]) -> Option<usize> {
    aliases(field).iter().find_map(|alias| plain.iter().position(|name| name == alias))
}

/// Position of the one column that can be `field`.
fn only(field: Field, plain: &[String], names: &[&str]) -> Result<Option<usize>, FileProblem> {
    let is_alias = |name: &String| aliases(field).contains(&name.as_str());
    let mut candidates =
        plain.iter().zip(names).enumerate().filter(|(_, (name, _))| is_alias(name));
    let Some((position, (_, first))) = candidates.next() else { return Ok(None) };
    match candidates.next() {
        None => Ok(Some(position)),
        Some((_, (_, second))) => {
            Err(FileProblem::Ambiguous { field, first: short(first), second: short(second) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(names: &str) -> Result<Vec<usize>, String> {
        let names: Vec<&str> = names.split(',').collect();
        let columns = BarColumns::among(&names).map_err(|problem| problem.to_string())?;
        Ok(columns.positions().map(|(position, _)| position).collect())
    }

    #[test]
    fn columns_are_found_under_the_names_in_common_use() {
        for (names, expected) in [
            ("timestamp,open,high,low,close,volume", vec![0, 1, 2, 3, 4, 5]),
            ("date,open,high,low,close,volume", vec![0, 1, 2, 3, 4, 5]),
            ("Open,High,Low,Close,Volume,__index_level_0__", vec![5, 0, 1, 2, 3, 4]),
            (
                "open_time,open,high,low,close,volume,close_time,quote_volume",
                vec![0, 1, 2, 3, 4, 5],
            ),
            ("symbol,close time,Open time,vol,close,low,high,open", vec![2, 7, 6, 5, 4, 3]),
            ("date,volume,Base Volume,open,high,low,close", vec![0, 3, 4, 5, 6, 2]),
        ] {
            assert_eq!(positions(names), Ok(expected), "{names}");
        }
    }

    #[test]
    fn missing_and_ambiguous_columns_are_named() {
        let missing = positions("when,open,high,low,close,quote_volume").unwrap_err();
        assert!(
            missing.contains("no column for timestamp, volume among 'when', 'open'"),
            "{missing}"
        );
        let ambiguous = positions("time,open,Open Price,high,low,close,volume").unwrap_err();
        assert!(ambiguous.contains("'open' and 'Open Price' could both be"), "{ambiguous}");
    }

    #[test]
    fn places_are_those_after_the_projection() {
        let columns =
            BarColumns::among(&["x", "vol", "y", "close", "low", "high", "open", "t", "time"])
                .unwrap();
        assert_eq!(columns.projection(), [1, 3, 4, 5, 6, 8]);
        let places: Vec<_> = columns.places().collect();
        assert_eq!(
            places,
            [(5, "time"), (4, "open"), (3, "high"), (2, "low"), (1, "close"), (0, "vol")]
        );
    }
}
