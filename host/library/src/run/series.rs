//! Names of kept series.

use super::RunError;
use ct_data::SeriesKey;
use ct_data::store::Store;

/// What the snapshot `name` pins.
///
/// # Errors
/// [`RunError::Input`] when there is none.
pub fn snapshot_keys(store: &Store, name: &str) -> Result<Vec<SeriesKey>, RunError> {
    let snapshots = store.snapshots().map_err(RunError::run)?;
    let found = snapshots.into_iter().find(|snapshot| snapshot.name == name).ok_or_else(|| {
        RunError::input(format!(
            "there is no snapshot '{name}': ct-host data list shows those there are"
        ))
    })?;
    Ok(found.series.into_iter().map(|series| series.key).collect())
}

/// Whether two texts mean one symbol: `BTC/USDT`, `btc-usdt` and `BTCUSDT` do.
pub fn is_same_symbol(left: &str, right: &str) -> bool {
    let letters = |symbol: &str| {
        let letters = symbol.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_uppercase()).collect::<String>()
    };
    letters(left) == letters(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_symbol_can_be_written_in_several_ways() {
        assert!(is_same_symbol("BTC/USDT", "btc-usdt"));
        assert!(is_same_symbol("BTC/USDT", "BTCUSDT"));
        assert!(!is_same_symbol("BTC/USDT", "BTC/USD"));
    }
}
