//! What a file says about the series in it.

use ct_core::units::Interval;

/// What is known about the series in a file; nothing of it is sure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Label {
    /// The exchange as ccxt calls it, such as `binance`.
    pub exchange: Option<String>,
    /// Base and quote asset, such as `BTC/USDT`.
    pub symbol: Option<String>,
    /// Length of a bar.
    pub interval: Option<Interval>,
    /// The hash of the bars in the data folder they came from.
    pub data_version: Option<String>,
}

const EXCHANGE: &str = "exchange";
const SYMBOL: &str = "symbol";
const INTERVAL: &str = "interval";
const DATA_VERSION: &str = "data_version";

/// Characters of a text of the metadata, at most: what is longer is something else.
const CHARACTERS_MAX: usize = 128;

impl Label {
    /// The label as metadata of a file: key and value of everything known.
    pub(super) fn metadata(&self) -> Vec<(String, String)> {
        let pairs = [
            (EXCHANGE, self.exchange.clone()),
            (SYMBOL, self.symbol.clone()),
            (INTERVAL, self.interval.map(|interval| interval.to_string())),
            (DATA_VERSION, self.data_version.clone()),
        ];
        pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect()
    }

    /// The label in the metadata of a file; `value` gives the value of a key.
    pub(super) fn from_metadata<'a>(value: impl Fn(&str) -> Option<&'a str>) -> Self {
        let text = |key| value(key).filter(|text| is_sound(text)).map(str::to_owned);
        Self {
            exchange: text(EXCHANGE),
            symbol: text(SYMBOL),
            interval: value(INTERVAL).and_then(|text| text.parse().ok()),
            data_version: text(DATA_VERSION),
        }
    }

    /// This label, and what only `other` knows.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            exchange: self.exchange.or(other.exchange),
            symbol: self.symbol.or(other.symbol),
            interval: self.interval.or(other.interval),
            data_version: self.data_version.or(other.data_version),
        }
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
        let metadata = label.metadata();
        assert_eq!(metadata.len(), 3);
        let value = |wanted: &str| {
            metadata.iter().find(|(key, _)| key == wanted).map(|(_, value)| value.as_str())
        };
        assert_eq!(Label::from_metadata(value), label);
    }

    #[test]
    fn what_is_no_label_is_ignored() {
        let long = "x".repeat(200);
        for text in ["", "a\u{1b}[2J", long.as_str()] {
            assert_eq!(Label::from_metadata(|_| Some(text)), Label::default(), "{text:?}");
        }
    }
}
