//! Which columns of a file are those of bars, told by their names.

use super::error::{FileProblem, shown};
use super::field::Field;
use super::options::ReadOptions;
use super::volume;

/// The name of a column, as written and as compared.
#[derive(Debug)]
pub(super) struct Name {
    /// The text in the file.
    pub(super) written: String,
    /// Letters and digits only, in lower case: `Open Time`, `open_time` and `<OPENTIME>` are one.
    pub(super) plain: String,
}

impl Name {
    /// The name `written`.
    pub(super) fn new(written: String) -> Self {
        let letters = written.chars().filter(|character| character.is_alphanumeric());
        let plain = letters.flat_map(char::to_lowercase).collect();
        Self { written, plain }
    }

    /// The name for a message.
    pub(super) fn shown(&self) -> String {
        shown(&self.written)
    }
}

/// Names shown in a message, characters at most.
const NAMES_CHARACTERS_MAX: usize = 300;

/// The position of each column among the `names` of all, in the order of [`Field::ALL`], without a volume that is not
/// wanted. `note` is why these are taken for
/// names, where that is no matter of course.
///
/// # Errors
/// Columns that are not there, or that two could be.
pub(super) fn positions(
    names: &[Name],
    note: &'static str,
    options: &ReadOptions,
) -> Result<Vec<usize>, FileProblem> {
    let mut positions = Vec::with_capacity(Field::ALL.len());
    let mut missing = Vec::new();
    for field in options.fields().iter().copied() {
        let found = match field {
            Field::Time => best(aliases(field), names),
            Field::Volume => volume::position(names)?,
            _ => only(field, names)?,
        };
        match found {
            Some(found) => positions.push(found),
            None => missing.push(field.to_string()),
        }
    }
    if missing.is_empty() {
        return Ok(positions);
    }
    let found: Vec<String> = names.iter().map(Name::shown).collect();
    let found = found.join(", ").chars().take(NAMES_CHARACTERS_MAX).collect();
    Err(FileProblem::MissingColumns { missing: missing.join(", "), found, note })
}

/// Names of local times.
pub(super) const LOCAL_TIME_NAMES: [&str; 1] = ["localtime"];

/// Names in common use; for the time the best first: open times before others, numbers before text.
const fn aliases(field: Field) -> &'static [&'static str] {
    match field {
        Field::Time => &[
            "opentime",
            "timeopen",
            "opentimestamp",
            "timestampopen",
            "opentimems",
            "opentimeutc",
            "opendatetime",
            "klineopentime",
            "starttime",
            "startat",
            "startdate",
            "startts",
            "starttimestamp",
            "timeperiodstart",
            "periodstart",
            "candlebegintime",
            "begintime",
            "bucket",
            "timestampms",
            "timestamp",
            "timestamputc",
            "timestampgmt",
            "mts",
            "unixtimestamp",
            "unixtime",
            "unix",
            "datetime",
            "datetimeutc",
            "datetimegmt",
            "dateandtime",
            "gmttime",
            "utctime",
            "time",
            "timeutc",
            "timegmt",
            "date",
            "dateutc",
            "dategmt",
            "day",
            "epoch",
            "epochms",
            "localtime",
            "ts",
            "t",
            "index",
            // The unnamed index of pandas: in Parquet, in CSV that pandas has read again, and in CSV.
            "indexlevel0",
            "unnamed0",
            "",
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
fn only(field: Field, names: &[Name]) -> Result<Option<usize>, FileProblem> {
    let is_alias = |name: &Name| aliases(field).contains(&name.plain.as_str());
    one_of(field, names.iter().enumerate().filter(|(_, name)| is_alias(name)))
}

/// The position of the only one of `candidates`; an error if there are more.
pub(super) fn one_of<'a>(
    field: Field,
    mut candidates: impl Iterator<Item = (usize, &'a Name)>,
) -> Result<Option<usize>, FileProblem> {
    let Some((position, first)) = candidates.next() else { return Ok(None) };
    match candidates.next() {
        None => Ok(Some(position)),
        Some((_, second)) => {
            Err(FileProblem::Ambiguous { field, first: first.shown(), second: second.shown() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(header: &str) -> Result<Vec<usize>, String> {
        let names: Vec<Name> = header.split(',').map(|name| Name::new(name.to_owned())).collect();
        positions(&names, "", &ReadOptions::default()).map_err(|problem| problem.to_string())
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
            (",open,high,low,close,volume", [0, 1, 2, 3, 4, 5]),
            ("Unnamed: 0,open,high,low,close,volume", [0, 1, 2, 3, 4, 5]),
            ("MTS,OPEN,CLOSE,HIGH,LOW,VOLUME", [0, 1, 3, 4, 2, 5]),
            ("Gmt time,Open,High,Low,Close,Volume", [0, 1, 2, 3, 4, 5]),
            ("Timestamp (UTC),open,high,low,close,volume", [0, 1, 2, 3, 4, 5]),
            ("start_at,open,high,low,close,volume", [0, 1, 2, 3, 4, 5]),
            ("<DATE>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>", [0, 1, 2, 3, 4, 5]),
            ("timestamp,1. open,2. high,3. low,4. close,5. volume", [0, 1, 2, 3, 4, 5]),
            // CoinMarketCap: the column `timestamp` is the close time.
            (
                "timeOpen,timeClose,open,high,low,close,volume,marketCap,timestamp",
                [0, 2, 3, 4, 5, 6],
            ),
            ("Open,High,Low,Close,Volume,__index_level_0__", [5, 0, 1, 2, 3, 4]),
            ("symbol,close time,Open time,vol,close,low,high,open", [2, 7, 6, 5, 4, 3]),
            ("date,volume,Base Volume,open,high,low,close", [0, 3, 4, 5, 6, 2]),
        ] {
            assert_eq!(found(header), Ok(expected.to_vec()), "{header}");
        }
    }

    #[test]
    fn missing_and_ambiguous_columns_are_named() {
        for (names, expected) in [
            ("when,open,high,close,volume", "timestamp, low among 'when', 'open', 'high'"),
            ("when,open,high,low,close,trades", "timestamp, volume among 'when', 'open', 'high'"),
        ] {
            let missing = found(names).unwrap_err();
            assert!(missing.contains(&format!("no column for {expected}")), "{missing}");
        }
        let ambiguous = found("time,open,Open Price,high,low,close,volume").unwrap_err();
        assert!(
            ambiguous.contains("'open' and 'Open Price' could both be the column open"),
            "{ambiguous}"
        );
    }
}
