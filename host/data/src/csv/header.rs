//! Which columns a header names.

use super::{CsvProblem, Field, volume};

/// A header's cell, as written and as compared.
pub(super) struct Name {
    /// The text of the cell.
    pub(super) written: String,
    /// Letters and digits only, in lower case: `Open Time`, `open_time` and `<OPENTIME>` are one.
    pub(super) plain: String,
}

impl Name {
    /// The name in a header's cell.
    pub(super) fn new(cell: &[u8]) -> Self {
        let written = String::from_utf8_lossy(cell).into_owned();
        let letters = written.chars().filter(|character| character.is_alphanumeric());
        let plain = letters.flat_map(char::to_lowercase).collect();
        Self { written, plain }
    }

    /// The name for a message.
    pub(super) fn short(&self) -> String {
        const CHARACTERS_MAX: usize = 60;
        self.written.chars().take(CHARACTERS_MAX).collect()
    }
}

/// The position of each column among a header's `names`, in the order of [`Field::ALL`]. `line` is the header's text.
pub(super) fn positions(names: &[Name], line: &[u8]) -> Result<[usize; 6], CsvProblem> {
    let mut positions = [0; 6];
    let mut missing = Vec::new();
    for (position, field) in positions.iter_mut().zip(Field::ALL) {
        let found = match field {
            Field::Time => best(aliases(field), names),
            Field::Volume => volume::position(names)?,
            _ => only(field, names)?,
        };
        match found {
            Some(found) => *position = found,
            None => missing.push(field.to_string()),
        }
    }
    if missing.is_empty() {
        return Ok(positions);
    }
    let header = String::from_utf8_lossy(line).chars().take(200).collect();
    Err(CsvProblem::MissingColumns { missing: missing.join(", "), header })
}

/// Names in common use; for the time the best first: open times before others, numbers before text.
const fn aliases(field: Field) -> &'static [&'static str] {
    match field {
        Field::Time => &[
            "opentime",
            "timeopen",
            "starttime",
            "timestampms",
            "timestamp",
            "unixtimestamp",
            "unixtime",
            "unix",
            "datetime",
            "datetimeutc",
            "time",
            "timeutc",
            "date",
            "dateutc",
            "ts",
            "t",
        ],
        Field::Open => &["open", "openprice", "1open", "o"],
        Field::High => &["high", "highprice", "2high", "h"],
        Field::Low => &["low", "lowprice", "3low", "l"],
        Field::Close => &["close", "closeprice", "4close", "c"],
        Field::Volume => volume::BASE_NAMES,
    }
}

/// Position of the first of `aliases` that is there.
fn best(aliases: &[&str], names: &[Name]) -> Option<usize> {
    aliases.iter().find_map(|alias| names.iter().position(|name| name.plain == **alias))
}

/// Position of the one column that can be `field`.
fn only(field: Field, names: &[Name]) -> Result<Option<usize>, CsvProblem> {
    let is_alias = |name: &Name| aliases(field).contains(&name.plain.as_str());
    one_of(field, names.iter().enumerate().filter(|(_, name)| is_alias(name)))
}

/// The position of the only one of `candidates`; an error if there are more.
pub(super) fn one_of<'a>(
    field: Field,
    mut candidates: impl Iterator<Item = (usize, &'a Name)>,
) -> Result<Option<usize>, CsvProblem> {
    let Some((position, first)) = candidates.next() else { return Ok(None) };
    match candidates.next() {
        None => Ok(Some(position)),
        Some((_, second)) => {
            Err(CsvProblem::Ambiguous { field, first: first.short(), second: second.short() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(header: &str) -> Result<[usize; 6], String> {
        let names: Vec<Name> = header.split(',').map(|cell| Name::new(cell.as_bytes())).collect();
        positions(&names, header.as_bytes()).map_err(|problem| problem.to_string())
    }

    #[test]
    fn columns_are_found_under_the_names_in_common_use() {
        for (header, expected) in [
            ("timestamp,open,high,low,close,volume", [0, 1, 2, 3, 4, 5]),
            ("Volume,Close,Low,High,Open,Date", [5, 4, 3, 2, 1, 0]),
            // CryptoDataDownload, 2022 and 2019.
            ("unix,date,symbol,open,high,low,close,Volume BTC,Volume USD", [0, 3, 4, 5, 6, 7]),
            ("Date,Symbol,Open,High,Low,Close,Volume From,Volume To", [0, 2, 3, 4, 5, 6]),
            // Binance klines as pandas users save them.
            (
                "Open time,open,high,low,close,volume,Close time,Quote asset volume,Number of trades,\
                 Taker buy base asset volume,Taker buy quote asset volume,Ignore",
                [0, 1, 2, 3, 4, 5],
            ),
            // Kaggle's Bitstamp data, ccxt with an index column, MetaTrader, Alpha Vantage.
            (
                "Timestamp,Open,High,Low,Close,Volume_(BTC),Volume_(Currency),Weighted_Price",
                [0, 1, 2, 3, 4, 5],
            ),
            (",timestamp,open,high,low,close,volume", [1, 2, 3, 4, 5, 6]),
            ("<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>", [0, 1, 2, 3, 4, 5]),
            ("timestamp,1. open,2. high,3. low,4. close,5. volume", [0, 1, 2, 3, 4, 5]),
            // CoinMarketCap: the column `timestamp` is the close time.
            (
                "timeOpen,timeClose,open,high,low,close,volume,marketCap,timestamp",
                [0, 2, 3, 4, 5, 6],
            ),
        ] {
            assert_eq!(found(header), Ok(expected), "{header}");
        }
    }

    #[test]
    fn missing_and_ambiguous_columns_are_named() {
        let missing = found("when,open,high,close,volume").unwrap_err();
        assert!(missing.contains("no column for timestamp, low"), "{missing}");
        let ambiguous = found("time,open,Open Price,high,low,close,volume").unwrap_err();
        assert!(
            ambiguous.contains("'open' and 'Open Price' could both be the column open"),
            "{ambiguous}"
        );
    }
}
