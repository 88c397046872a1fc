//! Which instrument each row of a file is of, as its columns tell, and which rows are taken.
//!
//! Rows of several instruments are no series: put together they would look like one with conflicting duplicates, of which a
//! repair keeps some of each.

use super::columns::Name;
use super::conflicts::tells_apart;
use super::error::{FileProblem, shown};
use super::name_column::{NAMES_MAX, NameColumn};
use super::options::ReadOptions;
use super::remark::Remark;
use super::telling::{Telling, names_instrument};
use crate::same_symbol::is_same_symbol;
use crate::validate::Rows;
use ct_core::market::RawColumns;

/// A column that says what its rows are of.
#[derive(Debug)]
pub(super) struct SeriesColumn {
    /// Its name as it stands in the file; where the file has no names, which cell it is.
    pub(super) name: String,
    pub(super) telling: Telling,
    pub(super) values: NameColumn,
}

/// The rows to take of a file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The instrument that was taken of several.
    pub(super) instrument: Option<String>,
    /// Its rows; `None`: all.
    pub(super) rows: Option<Vec<usize>>,
    pub(super) remarks: Vec<Remark>,
}

/// The rows of the instrument that `options` name, or all where `columns` of `rows` name one alone.
///
/// # Errors
/// [`FileProblem::Instruments`] when there are several and none of them, or more than one, is the one to take;
/// [`FileProblem::NoInstruments`] when one is to be taken and nothing names any; [`FileProblem::Nameless`] and
/// [`FileProblem::Names`].
pub(super) fn choose(
    columns: &[SeriesColumn],
    rows: &RawColumns,
    options: &ReadOptions,
) -> Result<Chosen, FileProblem> {
    let (always, maybe): (Vec<&SeriesColumn>, Vec<&SeriesColumn>) =
        columns.iter().partition(|column| column.telling == Telling::Always);
    if let Some(last) = always.iter().find_map(|column| column.values.one_too_many()) {
        return Err(FileProblem::Names { limit: NAMES_MAX, last: shown(last) });
    }
    let differs = |column: &&SeriesColumn| column.values.names().len() > 1;
    let mut differing: Vec<&SeriesColumn> = always.iter().copied().filter(differs).collect();
    let keys: Vec<&NameColumn> = differing.iter().map(|column| &column.values).collect();
    let rows = Rows::from(rows);
    let apart =
        maybe.into_iter().filter(differs).find(|column| tells_apart(&column.values, &keys, &rows));
    differing.extend(apart);
    let groups = match (differing.as_slice(), &options.instrument) {
        ([], None) => return Ok(agreeing(&always, options)),
        ([], Some(_)) if always.iter().all(|column| column.values.len() == 0) => {
            return Err(FileProblem::NoInstruments);
        }
        ([], Some(_)) => Groups::of(always.get(..1).unwrap_or_default(), None),
        _ => Groups::of(&differing, apart),
    };
    if let Some(last) = groups.rows.one_too_many() {
        return Err(FileProblem::Names { limit: NAMES_MAX, last: shown(last) });
    }
    groups.chosen(options)
}

/// All rows, and what they say of the symbol that was asked for.
fn agreeing(columns: &[&SeriesColumn], options: &ReadOptions) -> Chosen {
    let names = |column: &&&SeriesColumn| names_instrument(&Name::new(column.name.clone()));
    let found: Vec<(&str, &str)> = columns
        .iter()
        .filter(names)
        .filter_map(|column| Some((column.name.as_str(), column.values.names().first()?.as_str())))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    let remark = options.symbol.as_ref().and_then(|asked| {
        let agrees = found.iter().any(|(_, found)| is_same_symbol(found, asked));
        let (column, found) = found.first().filter(|_| !agrees)?;
        Some(Remark::OtherInstrument {
            column: (*column).to_owned(),
            found: (*found).to_owned(),
            asked: asked.clone(),
        })
    });
    Chosen { remarks: Vec::from_iter(remark), ..Chosen::default() }
}

/// The rows of each instrument.
struct Groups {
    /// The columns that tell them apart, for messages.
    columns: String,
    /// The last of these, if only the conflicts of the rows show that it does.
    apart: Option<String>,
    /// Names in the order in which the file has them, and which of them each row is of.
    rows: NameColumn,
}

impl Groups {
    fn of(columns: &[&SeriesColumn], apart: Option<&SeriesColumn>) -> Self {
        let names: Vec<String> = columns.iter().map(|column| shown(&column.name)).collect();
        let rows = match columns {
            [one] => one.values.clone(),
            several => joined(several),
        };
        let apart = apart.map(|column| shown(&column.name));
        Self { columns: names.join(" and "), apart, rows }
    }

    /// An instrument is taken as it is written, a symbol in whatever ways the file writes it.
    fn chosen(self, options: &ReadOptions) -> Result<Chosen, FileProblem> {
        let names = self.rows.names();
        let alike = |wanted: &str| -> Vec<&String> {
            names.iter().filter(|name| is_same_symbol(name, wanted)).collect()
        };
        let taken = match (&options.instrument, &options.symbol) {
            (Some(wanted), _) => match names.iter().find(|name| *name == wanted) {
                Some(equal) => vec![equal],
                None => alike(wanted),
            },
            (None, Some(symbol)) => alike(symbol),
            (None, None) => Vec::new(),
        };
        let may_be_several = options.instrument.is_none();
        let name = match taken.as_slice() {
            [one] => (*one).clone(),
            [first, ..] if may_be_several => (*first).clone(),
            _ => return Err(self.refused(options.instrument.as_deref())),
        };
        let nameless = names.iter().any(|name| name.trim().is_empty());
        if may_be_several && nameless {
            return Err(FileProblem::Nameless {
                columns: self.columns.clone(),
                found: self.found(),
            });
        }
        let is_taken = |row: &usize| taken.iter().any(|name| *name == self.rows.name(*row));
        let rows: Vec<usize> = (0..self.rows.len()).filter(is_taken).collect();
        let remark = (taken.len() > 1 || rows.len() < self.rows.len()).then(|| Remark::RowsTaken {
            columns: self.columns.clone(),
            taken: taken.iter().map(|name| shown(name)).collect::<Vec<String>>().join(", "),
            found: self.found(),
        });
        Ok(Chosen { instrument: Some(name), rows: Some(rows), remarks: Vec::from_iter(remark) })
    }

    fn refused(&self, wanted: Option<&str>) -> FileProblem {
        let (columns, found) = (self.columns.clone(), self.found());
        let count = self.rows.names().len();
        match (wanted, &self.apart) {
            (Some(wanted), _) => {
                FileProblem::OtherInstruments { wanted: shown(wanted), columns, found }
            }
            (None, Some(apart)) => FileProblem::RowsApart { column: apart.clone(), columns, found },
            (None, None) => FileProblem::Instruments { count, columns, found },
        }
    }

    /// The names with the number of rows of each, as far as a message shows them.
    fn found(&self) -> String {
        /// Instruments that a message lists.
        const SHOWN_MAX: usize = 10;
        let names = self.rows.names();
        let mut counts = vec![0_usize; names.len()];
        for place in (0..self.rows.len()).filter_map(|row| self.rows.place(row)) {
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        }
        let mut listed: Vec<String> = names
            .iter()
            .zip(counts)
            .take(SHOWN_MAX)
            .map(|(name, rows)| format!("{} ({rows} rows)", shown(name)))
            .collect();
        if names.len() > SHOWN_MAX {
            listed.push(format!("and {} more", names.len() - SHOWN_MAX));
        }
        listed.join(", ")
    }
}

/// The names of several columns as one, parted by spaces.
fn joined(columns: &[&SeriesColumn]) -> NameColumn {
    let rows = columns.first().map_or(0, |column| column.values.len());
    let mut all = NameColumn::default();
    for row in 0..rows {
        let names: Vec<&str> = columns.iter().map(|column| column.values.name(row)).collect();
        all.push(names.join(" ").as_bytes());
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, values: &[&str]) -> SeriesColumn {
        let mut names = NameColumn::default();
        for value in values {
            names.push(value.as_bytes());
        }
        let telling = Telling::of(&Name::new(name.to_owned()), true).unwrap();
        SeriesColumn { name: name.to_owned(), telling, values: names }
    }

    fn asked(instrument: Option<&str>, symbol: Option<&str>) -> ReadOptions {
        let text = |text: Option<&str>| text.map(str::to_owned);
        ReadOptions { instrument: text(instrument), symbol: text(symbol), ..ReadOptions::default() }
    }

    fn chosen(columns: &[SeriesColumn], options: &ReadOptions) -> Result<Chosen, String> {
        choose(columns, &RawColumns::default(), options).map_err(|problem| problem.to_string())
    }

    #[test]
    fn several_instruments_are_refused_by_name_unless_one_is_taken() {
        let columns = [column("symbol", &["BTCUSDT", "ETHUSDT", "BTCUSDT"])];
        let error = chosen(&columns, &ReadOptions::default()).unwrap_err();
        assert!(
            error.contains(
                "2 instruments in the column 'symbol': 'BTCUSDT' (2 rows), 'ETHUSDT' (1 rows)"
            ),
            "{error}"
        );
        for options in [asked(Some("ETH/USDT"), None), asked(None, Some("ethusdt"))] {
            let chosen = chosen(&columns, &options).unwrap();
            assert_eq!(
                (chosen.instrument.as_deref(), chosen.rows),
                (Some("ETHUSDT"), Some(vec![1]))
            );
        }
        let error = chosen(&columns, &asked(Some("SOL/USDT"), None)).unwrap_err();
        assert!(error.contains("no 'SOL/USDT' in the column 'symbol'"), "{error}");
        assert!(
            chosen(&columns, &asked(None, Some("SOL/USDT"))).unwrap_err().contains("2 instruments")
        );
    }

    #[test]
    fn one_name_throughout_is_fine_and_compared_with_what_was_asked_for() {
        let columns = [column("Name", &["Bitcoin"; 3]), column("Symbol", &["BTC-USDT"; 3])];
        assert_eq!(chosen(&columns, &ReadOptions::default()), Ok(Chosen::default()));
        assert_eq!(chosen(&columns, &asked(None, Some("BTC/USDT"))), Ok(Chosen::default()));
        let other = chosen(&columns, &asked(None, Some("ETH/USDT"))).unwrap();
        assert_eq!(other.rows, None);
        assert_eq!(
            other.remarks[0].to_string(),
            "the column 'Name' says 'Bitcoin', but the symbol that was asked for is ETH/USDT: is it the right file?"
        );
        let one = chosen(&columns[1..], &asked(Some("BTCUSDT"), None)).unwrap();
        assert_eq!(one.rows, Some(vec![0, 1, 2]));
        let none = chosen(&[], &asked(Some("BTCUSDT"), None)).unwrap_err();
        assert!(none.contains("no column names instruments"), "{none}");
    }

    #[test]
    fn a_symbol_is_taken_in_all_its_spellings_and_what_is_left_out_is_told() {
        let spellings = [column("symbol", &["BTC-USDT", "BTC/USDT", "BTC-USDT", "ETHUSDT"])];
        let all = chosen(&spellings, &asked(None, Some("BTC/USDT"))).unwrap();
        assert_eq!(all.rows, Some(vec![0, 1, 2]));
        assert_eq!(
            all.remarks[0].to_string(),
            "of 'BTC-USDT' (2 rows), 'BTC/USDT' (1 rows), 'ETHUSDT' (1 rows) in the column 'symbol' the rows of 'BTC-USDT', \
             'BTC/USDT' are taken"
        );
        // An instrument is what is written.
        let one = chosen(&spellings, &asked(Some("BTC/USDT"), None)).unwrap();
        assert_eq!((one.rows, one.remarks.len()), (Some(vec![1]), 1));
        assert!(chosen(&spellings, &asked(Some("btcusdt"), None)).is_err());
        let nameless = [column("symbol", &["BTCUSDT", "", "BTCUSDT"])];
        let error = chosen(&nameless, &asked(None, Some("BTC/USDT"))).unwrap_err();
        assert!(
            error.contains(
                "some rows have no name in the column 'symbol': 'BTCUSDT' (2 rows), '' (1 rows)"
            ),
            "{error}"
        );
        let named = chosen(&nameless, &asked(Some("BTCUSDT"), None)).unwrap();
        assert_eq!((named.rows, named.remarks.len()), (Some(vec![0, 2]), 1));
    }

    #[test]
    fn an_exchange_or_an_interval_tells_series_apart_too() {
        let columns = [
            column("symbol", &["BTCUSDT", "BTCUSDT", "ETHUSDT"]),
            column("exchange", &["binance", "kraken", "kraken"]),
            column("interval", &["1h"; 3]),
        ];
        let error = chosen(&columns, &ReadOptions::default()).unwrap_err();
        assert!(error.contains("3 instruments in the column 'symbol' and 'exchange'"), "{error}");
        let taken = chosen(&columns, &asked(Some("BTCUSDT kraken"), None)).unwrap();
        assert_eq!(taken.rows, Some(vec![1]));
        // A row without a name is of no instrument that is known.
        let gap = [column("ticker", &["BTC", "", "BTC"])];
        assert!(chosen(&gap, &ReadOptions::default()).unwrap_err().contains("'' (1 rows)"));
    }
}
