//! What a file says about its series, as key and value in its metadata.

use crate::files::label::Label;

const EXCHANGE: &str = "exchange";
const SYMBOL: &str = "symbol";
const INTERVAL: &str = "interval";
const DATA_VERSION: &str = "data_version";

/// Characters of a text of the metadata, at most: what is longer is something else.
const CHARACTERS_MAX: usize = 128;

/// Key and value of everything that `label` knows.
pub(super) fn to_metadata(label: &Label) -> Vec<(String, String)> {
    let pairs = [
        (EXCHANGE, label.exchange.clone()),
        (SYMBOL, label.symbol.clone()),
        (INTERVAL, label.interval.map(|interval| interval.to_string())),
        (DATA_VERSION, label.data_version.clone()),
    ];
    pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
}

/// The label in the metadata of a file; `value` gives the value of a key.
pub(super) fn from_metadata<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Label {
    let text = |key| value(key).filter(|text| is_sound(text)).map(str::to_owned);
    Label {
        exchange: text(EXCHANGE),
        symbol: text(SYMBOL),
        interval: value(INTERVAL).and_then(|text| text.parse().ok()),
        data_version: text(DATA_VERSION),
    }
}

/// Whether a text may be shown and used: metadata of other programs can hold anything.
fn is_sound(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= CHARACTERS_MAX
        && !text.chars().any(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_survive_as_metadata() {
        let label = Label {
            exchange: Some("binance".to_owned()),
            symbol: Some("BTC/USDT".to_owned()),
            interval: "1h".parse().ok(),
            data_version: None,
        };
        let metadata = to_metadata(&label);
        assert_eq!(metadata.len(), 3);
        let value = |wanted: &str| {
            metadata.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str())
        };
        assert_eq!(from_metadata(value), label);
    }

    #[test]
    fn what_is_no_label_is_ignored() {
        let long = "x".repeat(200);
        for text in ["", "a\u{1b}[2J", long.as_str()] {
            assert_eq!(from_metadata(|_| Some(text)), Label::default(), "{text:?}");
        }
    }
}
