//! Whether two ways of writing a symbol mean the same one.

/// Whether both are the same symbol, however they are written: `BTC/USDT`, `BTCUSDT`, `btc-usdt`.
///
/// ```
/// use ct_data::is_same_symbol;
/// assert!(is_same_symbol("BTC/USDT", "btc-usdt"));
/// assert!(!is_same_symbol("BTC/USDT", "BTC/USD"));
/// ```
pub fn is_same_symbol(left: &str, right: &str) -> bool {
    let letters = |symbol: &str| {
        let letters = symbol.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_uppercase()).collect::<String>()
    };
    let plain = letters(left);
    // What has no letters, such as a name in Chinese, is only the same when it is equal.
    left == right || (!plain.is_empty() && plain == letters(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_can_be_written_in_several_ways() {
        assert!(is_same_symbol("BTC/USDT", "btc-usdt"));
        assert!(is_same_symbol("BTC/USDT", "BTCUSDT"));
        assert!(!is_same_symbol("BTC/USDT", "BTC/USD"));
        assert!(is_same_symbol("比特币", "比特币") && !is_same_symbol("比特币", "以太坊"));
    }
}
