//! Which symbol the name of a price file tells.

use std::path::Path;

use super::freqtrade_name::FreqtradeName;
use super::volume::{QUOTE_ONLY_ASSETS, QUOTE_OR_BASE_ASSETS};

/// Bases that tell where a word with several ends is parted: `BNBUSD` is no pair in BUSD, and `DOTUSD` none in TUSD.
const KNOWN_BASES: [&str; 20] = [
    "BTC", "ETH", "BNB", "SOL", "XRP", "ADA", "DOGE", "DOT", "SHIB", "LTC", "BCH", "TRX", "LINK",
    "AVAX", "ARB", "UNI", "BAT", "USDT", "USDC", "XLM",
];

/// Letters of the shortest word that is taken for a pair.
const PAIR_LENGTH_MIN: usize = 5;

/// The symbol, such as `BTC/USDT`, that the name of `path` tells, where base and quote asset can be told apart: `BTCUSDT-1m-2024-01.csv`,
/// `Binance_BTCUSDT_1h.csv`, `btc-usdt.csv`, `BTC_USDT-5m.feather`.
///
/// ```
/// use ct_data::files::pair_of_name;
/// assert_eq!(pair_of_name("BTCUSDT-1m-2024-01.csv".as_ref()).as_deref(), Some("BTC/USDT"));
/// assert_eq!(pair_of_name("bitcoin.csv".as_ref()), None);
/// ```
pub fn pair_of_name(path: &Path) -> Option<String> {
    if let Some(label) = FreqtradeName::of(path).and_then(|name| name.label().ok()) {
        return label.symbol;
    }
    let name = path.file_name()?.to_string_lossy().into_owned();
    let stem = name.split_once('.').map_or(name.as_str(), |(stem, _)| stem);
    let words: Vec<&str> = stem.split(['_', '-', ' ']).collect();
    words.iter().find_map(|word| pair(word, words.len() == 1)).or_else(|| {
        // The last two that may be a pair: `binance_eth_btc` has no asset called BINANCE.
        let mut neighbours = words.iter().zip(words.iter().skip(1)).rev();
        neighbours.find_map(|(base, quote)| {
            let (base, quote) = (base.to_uppercase(), quote.to_uppercase());
            let is_pair = is_asset(&base) && quotes().any(|known| known == quote);
            is_pair.then(|| format!("{base}/{quote}"))
        })
    })
}

/// The pair that `word` is, which stands in capitals unless it is all of the name.
fn pair(word: &str, is_alone: bool) -> Option<String> {
    let upper = word.to_uppercase();
    if word.len() < PAIR_LENGTH_MIN || !(is_alone || word == upper) {
        return None;
    }
    let parted = quotes().filter_map(|quote| {
        let base = upper.strip_suffix(&quote)?;
        // `STETH` and `amateur` are no pairs; in dollars even one letter is an asset.
        let is_long = base.len() >= 3 || quote.contains("USD");
        let is_pair = is_asset(base) && is_long && (word == upper || quote.contains("USD"));
        is_pair.then(|| (base.to_owned(), quote))
    });
    let parted: Vec<(String, String)> = parted.collect();
    let mut known = parted.iter().filter(|(base, _)| KNOWN_BASES.contains(&base.as_str()));
    match (parted.as_slice(), known.next(), known.next()) {
        ([(base, quote)], ..) | (_, Some((base, quote)), None) => Some(format!("{base}/{quote}")),
        _ => None,
    }
}

fn quotes() -> impl Iterator<Item = String> {
    QUOTE_ONLY_ASSETS.iter().chain(&QUOTE_OR_BASE_ASSETS).map(|asset| asset.to_uppercase())
}

/// Whether `text`, in capitals, may be an asset: letters and digits, but no number or interval.
fn is_asset(text: &str) -> bool {
    const LENGTH_MAX: usize = 12;
    text.len() <= LENGTH_MAX
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_and_quote_are_told_apart_where_they_can_be() {
        for (name, expected) in [
            ("data/BTCUSDT-1m-2024-01.csv", Some("BTC/USDT")),
            ("BTCUSDT-1m-2024-01.zip", Some("BTC/USDT")),
            ("Binance_BTCUSDT_1h.csv", Some("BTC/USDT")),
            ("binance_BTCUSDT_1h_2017-2024.csv.gz", Some("BTC/USDT")),
            ("binance_BTCUSDT.csv", Some("BTC/USDT")),
            ("1000SHIBUSDT_15m.csv.zst", Some("1000SHIB/USDT")),
            ("btc-usdt.csv", Some("BTC/USDT")),
            ("btcusdt.csv", Some("BTC/USDT")),
            ("BTC_USDT-5m.feather", Some("BTC/USDT")),
            ("BTC_USDT_USDT-5m-futures.feather", Some("BTC/USDT:USDT")),
            ("Bitstamp_BTC_USD_1h.csv", Some("BTC/USD")),
            ("binance_eth_btc.parquet", Some("ETH/BTC")),
            ("ETHBTC-1d.csv", Some("ETH/BTC")),
            ("BTCFDUSD-1d.csv", Some("BTC/FDUSD")),
            ("BNBUSD_1h.csv", Some("BNB/USD")),
            ("DOTUSD_1h.csv", Some("DOT/USD")),
            ("BTCBUSD_1h.csv", Some("BTC/BUSD")),
            ("XYZBUSD_1h.csv", None),
            ("EURUSD_2023.csv", Some("EUR/USD")),
            ("bitcoin.csv", None),
            ("amateur.csv", None),
            ("prices-2024.csv", None),
            ("STETH-1h.csv", None),
            ("AAPL_1d.csv", None),
            ("20240101_1h.csv", None),
            ("2024_usdt.csv", None),
            ("usdt.csv", None),
        ] {
            assert_eq!(pair_of_name(name.as_ref()).as_deref(), expected, "{name}");
        }
    }
}
