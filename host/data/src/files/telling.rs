//! Which columns say what the rows of a file are of, told by their names.

use super::columns::Name;

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
    "sym",
    "symbole",
    "kod",
    "token",
    "stock",
    "stockcode",
    "cusip",
    "secid",
    "permno",
    "gvkey",
    "conid",
    "sid",
    "uniqueid",
    "itemid",
    "epic",
    "underlying",
    "series",
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

/// The same, where the values are text: numbers under these names are something else.
const TEXT_NAMES: &[&str] = &[
    "base",
    "quote",
    "tf",
    "period",
    "freq",
    "frequency",
    "type",
    "markettype",
    "side",
    "pricetype",
    "source",
    "datatype",
];

/// Names of columns whose numbers may part the rows of one time: a key of the instrument, or the time of day.
const NUMBER_NAMES: &[&str] =
    &["id", "key", "label", "item", "hour", "hours", "hh", "minute", "minutes", "mm", "time"];

/// How surely a column says what its rows are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Telling {
    /// Rows with different values are never of one series.
    Always,
    /// Only if it tells rows of the same time apart: no list of names is complete.
    IfConflicting,
}

impl Telling {
    /// How surely the column `name` does, which holds text or not; `None`: it holds something else.
    pub(super) fn of(name: &Name, is_text: bool) -> Option<Self> {
        let plain = name.plain.as_str();
        let is_text_name = TEXT_NAMES.contains(&plain);
        let is_always = names_instrument(name) || SERIES_NAMES.contains(&plain);
        if is_always || (is_text && is_text_name) {
            return Some(Self::Always);
        }
        (is_text || is_text_name || NUMBER_NAMES.contains(&plain)).then_some(Self::IfConflicting)
    }
}

/// Whether a column called `name` names instruments.
pub(super) fn names_instrument(name: &Name) -> bool {
    INSTRUMENT_NAMES.contains(&name.plain.as_str())
}

/// Whether a first value may be a name: an identifier may be a whole number, but prices and shares are none.
pub(super) fn may_be_name(value: &[u8]) -> bool {
    super::number::parse(value).is_none() || value.iter().all(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_series_are_told_by_their_names() {
        for (name, text, number) in [
            ("Symbol", Some(Telling::Always), Some(Telling::Always)),
            ("stock_code", Some(Telling::Always), Some(Telling::Always)),
            ("tf", Some(Telling::Always), Some(Telling::IfConflicting)),
            ("price_type", Some(Telling::Always), Some(Telling::IfConflicting)),
            ("id", Some(Telling::IfConflicting), Some(Telling::IfConflicting)),
            ("Hour", Some(Telling::IfConflicting), Some(Telling::IfConflicting)),
            ("remarks of mine", Some(Telling::IfConflicting), None),
        ] {
            let name = Name::new(name.to_owned());
            assert_eq!([Telling::of(&name, true), Telling::of(&name, false)], [text, number]);
        }
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
