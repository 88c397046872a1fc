//! Which instrument each row of a file is of, as its columns tell, and which rows are taken.
//!
//! Rows of several instruments are no series: put together they would look like one with conflicting duplicates, of which a
//! repair keeps some of each.

use super::columns::Name;
use super::error::FileProblem;
use super::name_column::NameColumn;
use super::options::ReadOptions;
use super::remark::Remark;
use crate::same_symbol::is_same_symbol;

/// Names of columns that name the instrument.
const INSTRUMENT_NAMES: &[&str] = &[
    "symbol",
    "symbols",
    "symbolid",
    "symbolname",
    "ticker",
    "tickers",
    "tic",
    "pair",
    "pairname",
    "currencypair",
    "tradingpair",
    "product",
    "productid",
    "productcode",
    "instrument",
    "instrumentid",
    "instrumentname",
    "instrumentcode",
    "instid",
    "instname",
    "market",
    "marketid",
    "marketname",
    "contract",
    "contractid",
    "contractcode",
    "security",
    "securityid",
    "isin",
    "figi",
    "ric",
    "asset",
    "assetid",
    "assetname",
    "coin",
    "coinid",
    "coinname",
    "crypto",
    "cryptoname",
    "currency",
    "name",
    "code",
    "tscode",
    "slug",
    "s",
];

/// Names of columns by which rows of one instrument may still be of several series.
const SERIES_NAMES: &[&str] = &[
    "baseasset",
    "basecurrency",
    "quoteasset",
    "quotecurrency",
    "exchange",
    "exchangeid",
    "exchangename",
    "venue",
    "interval",
    "timeframe",
    "resolution",
    "granularity",
];

/// Whether a column called `name` says what its rows are of.
pub(super) fn names_series(name: &Name) -> bool {
    let plain = name.plain.as_str();
    INSTRUMENT_NAMES.contains(&plain) || SERIES_NAMES.contains(&plain)
}

/// Whether a first value may be a name: an identifier may be a whole number, but prices and shares are none.
pub(super) fn may_be_name(value: &[u8]) -> bool {
    super::number::parse(value).is_none() || value.iter().all(u8::is_ascii_digit)
}

/// A column that says what its rows are of.
#[derive(Debug)]
pub(super) struct SeriesColumn {
    /// Its name as it stands in the file; where the file has no names, which cell it is.
    pub(super) name: String,
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

/// The rows of the instrument that `options` name, or all where `columns` name one alone.
///
/// # Errors
/// [`FileProblem::Instruments`] when there are several and none of them, or more than one, is the one to take;
/// [`FileProblem::NoInstruments`] when one is to be taken and nothing names any.
pub(super) fn choose(
    columns: &[SeriesColumn],
    options: &ReadOptions,
) -> Result<Chosen, FileProblem> {
    let differing: Vec<&SeriesColumn> =
        columns.iter().filter(|column| column.values.names().len() > 1).collect();
    let groups = match (differing.as_slice(), &options.instrument) {
        ([], None) => return Ok(agreeing(columns, options)),
        ([], Some(_)) if columns.iter().all(|column| column.values.len() == 0) => {
            return Err(FileProblem::NoInstruments);
        }
        ([], Some(_)) => Groups::of(&columns.iter().take(1).collect::<Vec<_>>())?,
        _ => Groups::of(&differing)?,
    };
    groups.chosen(options)
}

/// All rows, and what they say of the symbol that was asked for.
fn agreeing(columns: &[SeriesColumn], options: &ReadOptions) -> Chosen {
    let names = |column: &&SeriesColumn| {
        INSTRUMENT_NAMES.contains(&Name::new(column.name.clone()).plain.as_str())
    };
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
    /// Names in the order in which the file has them, and which of them each row is of.
    rows: NameColumn,
}

impl Groups {
    fn of(columns: &[&SeriesColumn]) -> Result<Self, FileProblem> {
        let shown: Vec<String> =
            columns.iter().map(|column| super::error::shown(&column.name)).collect();
        let rows = match columns {
            [one] => one.values.clone(),
            several => joined(several)?,
        };
        Ok(Self { columns: shown.join(" and "), rows })
    }

    fn chosen(self, options: &ReadOptions) -> Result<Chosen, FileProblem> {
        let names = self.rows.names();
        let wanted = options.instrument.as_ref().or(options.symbol.as_ref());
        let equal = names.iter().find(|name| Some(*name) == wanted);
        let mut alike =
            names.iter().filter(|name| wanted.is_some_and(|wanted| is_same_symbol(name, wanted)));
        let taken = match (equal, alike.next(), alike.next()) {
            (Some(equal), ..) => equal.clone(),
            (None, Some(one), None) => one.clone(),
            _ => return Err(self.refused(options.instrument.as_deref())),
        };
        let rows = (0..self.rows.len()).filter(|row| self.rows.name(*row) == taken).collect();
        Ok(Chosen { instrument: Some(taken), rows: Some(rows), remarks: Vec::new() })
    }

    fn refused(&self, wanted: Option<&str>) -> FileProblem {
        /// Instruments that a message lists.
        const SHOWN_MAX: usize = 10;
        let names = self.rows.names();
        let mut counts = vec![0_usize; names.len()];
        let places: std::collections::BTreeMap<&str, usize> =
            names.iter().enumerate().map(|(place, name)| (name.as_str(), place)).collect();
        for row in 0..self.rows.len() {
            let place = places.get(self.rows.name(row));
            if let Some(count) = place.and_then(|place| counts.get_mut(*place)) {
                *count += 1;
            }
        }
        let mut listed: Vec<String> = names
            .iter()
            .zip(counts)
            .take(SHOWN_MAX)
            .map(|(name, rows)| format!("{} ({rows} rows)", super::error::shown(name)))
            .collect();
        if names.len() > SHOWN_MAX {
            listed.push(format!("and {} more", names.len() - SHOWN_MAX));
        }
        let found = listed.join(", ");
        match wanted {
            Some(wanted) => FileProblem::OtherInstruments {
                wanted: super::error::shown(wanted),
                columns: self.columns.clone(),
                found,
            },
            None => FileProblem::Instruments {
                count: names.len(),
                columns: self.columns.clone(),
                found,
            },
        }
    }
}

/// The names of several columns as one, parted by spaces.
fn joined(columns: &[&SeriesColumn]) -> Result<NameColumn, FileProblem> {
    let rows = columns.first().map_or(0, |column| column.values.len());
    let mut all = NameColumn::default();
    for row in 0..rows {
        let names: Vec<&str> = columns.iter().map(|column| column.values.name(row)).collect();
        all.push(names.join(" ").as_bytes())?;
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, values: &[&str]) -> SeriesColumn {
        let mut names = NameColumn::default();
        for value in values {
            names.push(value.as_bytes()).unwrap();
        }
        SeriesColumn { name: name.to_owned(), values: names }
    }

    fn asked(instrument: Option<&str>, symbol: Option<&str>) -> ReadOptions {
        let text = |text: Option<&str>| text.map(str::to_owned);
        ReadOptions { instrument: text(instrument), symbol: text(symbol), ..ReadOptions::default() }
    }

    fn chosen(columns: &[SeriesColumn], options: &ReadOptions) -> Result<Chosen, String> {
        choose(columns, options).map_err(|problem| problem.to_string())
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

    #[test]
    fn prices_are_no_names() {
        for (value, expected) in
            [("BTC", true), ("17", true), ("", true), ("1.5", false), ("-2", false)]
        {
            assert_eq!(may_be_name(value.as_bytes()), expected, "{value}");
        }
    }
}
