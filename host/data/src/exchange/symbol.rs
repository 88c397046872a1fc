//! Symbols as people write them.

use super::excerpt::excerpt;

/// Quote assets by which a symbol without a separator is taken apart, longest first where one ends in another.
const QUOTES: [&str; 10] =
    ["FDUSD", "USDT", "USDC", "TUSD", "USD", "EUR", "GBP", "BTC", "ETH", "BNB"];
/// Symbols that are proposed for an unknown one.
const PROPOSALS: usize = 3;
/// No symbol that somebody meant is longer.
const PROPOSED_BYTES_MAX: usize = 64;
/// Least likeness of a proposal, from 0 to 1.
const LIKENESS_MIN: f64 = 0.75;

/// What `text` may mean, most likely first: `btc/usdt`, `BTC-USDT`, `BTC_USDT` and `BTCUSDT` are all `BTC/USDT`.
pub(super) fn spellings(text: &str) -> Vec<String> {
    let upper = text.trim().to_uppercase();
    if upper.contains('/') {
        // As it is written first: some exchanges have assets in lower case.
        return vec![text.trim().to_owned(), upper];
    }
    if let Some((base, quote)) = upper.split_once(['-', '_']) {
        return vec![format!("{base}/{quote}")];
    }
    let split = |quote: &&str| {
        let base = upper.strip_suffix(*quote)?;
        (!base.is_empty()).then(|| format!("{base}/{quote}"))
    };
    QUOTES.iter().filter_map(split).collect()
}

/// The one of `symbols` that `text` means.
///
/// # Errors
/// What is wrong with it, and what it may have been meant to be.
pub(super) fn resolve<'a, I>(text: &str, symbols: I) -> Result<&'a str, String>
where
    I: Iterator<Item = &'a str> + Clone,
{
    let spellings = spellings(text);
    let find = |same: fn(&str, &str) -> bool| {
        spellings.iter().find_map(|spelling| symbols.clone().find(|symbol| same(symbol, spelling)))
    };
    if let Some(found) = find(str::eq).or_else(|| find(str::eq_ignore_ascii_case)) {
        return Ok(found);
    }
    let joined = |symbol: &str| symbol.replacen('/', "", 1).eq_ignore_ascii_case(text.trim());
    let mut matches = symbols.clone().filter(|symbol| joined(symbol));
    match (matches.next(), matches.next()) {
        (Some(only), None) => Ok(only),
        (Some(one), Some(other)) => {
            let [one, other] = [one, other].map(|symbol| excerpt(symbol, PROPOSED_BYTES_MAX));
            Err(format!("'{text}' may be {one} or {other}"))
        }
        (None, _) => Err(unknown(text, symbols)),
    }
}

fn unknown<'a>(text: &str, symbols: impl Iterator<Item = &'a str>) -> String {
    let wanted =
        spellings(text).into_iter().next().unwrap_or_else(|| text.to_owned()).to_uppercase();
    let mut alike: Vec<(f64, &str)> = symbols
        .filter(|symbol| symbol.len() <= PROPOSED_BYTES_MAX)
        .map(|symbol| (strsim::jaro_winkler(&wanted, symbol), symbol))
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .collect();
    alike.sort_by(|(one, one_symbol), (other, other_symbol)| {
        other
            .total_cmp(one)
            .then(one_symbol.len().cmp(&other_symbol.len()))
            .then(one_symbol.cmp(other_symbol))
    });
    let proposals: Vec<String> = alike
        .into_iter()
        .map(|(_, symbol)| excerpt(symbol, PROPOSED_BYTES_MAX))
        .take(PROPOSALS)
        .collect();
    if proposals.is_empty() {
        return format!(
            "there is no symbol '{text}': expected base and quote asset, such as BTC/USDT"
        );
    }
    format!("there is no symbol '{text}'; did you mean {}?", proposals.join(" or "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SYMBOLS: [&str; 6] =
        ["BTC/USDT", "ETH/BTC", "ETH/USDT", "AB/CDE", "ABC/DE", "BTC/USDT:USDT"];

    fn resolved(text: &str) -> Result<&'static str, String> {
        resolve(text, SYMBOLS.into_iter())
    }

    #[test]
    fn usual_spellings_are_understood() {
        for text in ["BTC/USDT", "btc/usdt", "BTC-USDT", "btc_usdt", "BTCUSDT", " btcusdt "] {
            assert_eq!(resolved(text), Ok("BTC/USDT"), "{text}");
        }
        assert_eq!(resolved("ETHBTC"), Ok("ETH/BTC"));
        assert_eq!(resolved("btc/usdt:usdt"), Ok("BTC/USDT:USDT"));
    }

    #[test]
    fn an_unknown_symbol_is_answered_with_similar_ones() {
        let error = resolved("BTC/USD").unwrap_err();
        assert!(
            error.starts_with("there is no symbol 'BTC/USD'; did you mean BTC/USDT"),
            "{error}"
        );
        assert!(resolved("").unwrap_err().contains("expected base and quote"));
        assert!(resolved("??").unwrap_err().contains("expected base and quote"));
    }

    #[test]
    fn an_ambiguous_symbol_is_not_guessed() {
        assert_eq!(resolved("ABCDE"), Err("'ABCDE' may be AB/CDE or ABC/DE".to_owned()));
    }
}
