//! Which columns are the volumes in the base and in the quote asset.

use super::columns::{Name, one_of};
use super::error::FileProblem;
use super::field::Field;

/// Names that mean the volume in the base asset, the surest first.
pub(super) const BASE_NAMES: &[&str] = &[
    "basevolume",
    "volumebase",
    "basevol",
    "volbase",
    "baseassetvolume",
    "volumefrom",
    "volume",
    "vol",
    "5volume",
    "v",
];

/// Names that mean the volume in the quote asset.
const QUOTE_NAMES: &[&str] = &[
    "quotevolume",
    "volumequote",
    "quotevol",
    "volquote",
    "quoteassetvolume",
    "volumeto",
    "volumecurrency",
    "turnover",
    "notional",
];

/// Parts of the names of volumes that are something else.
const OTHER_MARKS: [&str; 8] =
    ["quote", "taker", "buy", "sell", "currency", "notional", "volumeto", "weighted"];

/// Assets that pairs are quoted in and that are hardly ever a base asset here.
pub(super) const QUOTE_ONLY_ASSETS: [&str; 14] = [
    "usd", "eur", "gbp", "jpy", "krw", "try", "aud", "brl", "usdt", "usdc", "busd", "fdusd",
    "tusd", "dai",
];

/// Assets that are the quote asset of a pair if another asset is named beside them, in this order.
pub(super) const QUOTE_OR_BASE_ASSETS: [&str; 3] = ["btc", "eth", "bnb"];

/// The position of the volume in the base asset; none if `names` has no volume at all.
///
/// A column that says so (`volume`, `base volume`, `volume from`) is taken first. Otherwise each column that names an
/// asset (`Volume ETH`, `Volume_(BTC)`) is a candidate, and the one in the pair's quote asset is ruled out.
pub(super) fn position(names: &[Name]) -> Result<Option<usize>, FileProblem> {
    for alias in BASE_NAMES {
        let known = names.iter().enumerate().filter(|(_, name)| name.plain == *alias);
        if let Some(position) = one_of(Field::Volume, known)? {
            return Ok(Some(position));
        }
    }
    let other = names.iter().find(|name| is_other_volume(name));
    let by_asset: Vec<_> =
        names.iter().enumerate().filter(|(_, name)| asset(name).is_some()).collect();
    let quote = match other {
        Some(other) => Some(other),
        None => quote_asset_volume(&by_asset),
    };
    let base = by_asset
        .iter()
        .copied()
        .filter(|(_, name)| quote.is_none_or(|quote| quote.plain != name.plain));
    match (one_of(Field::Volume, base)?, quote) {
        (None, Some(quote)) => Err(FileProblem::QuoteVolume(quote.shown())),
        (position, _) => Ok(position),
    }
}

/// The position of the volume in the quote asset, if one column says so or names the pair's quote asset.
pub(super) fn quote_position(names: &[Name]) -> Option<usize> {
    let known = || names.iter().position(|name| QUOTE_NAMES.contains(&name.plain.as_str()));
    let by_asset: Vec<_> =
        names.iter().enumerate().filter(|(_, name)| asset(name).is_some()).collect();
    let of_asset = || {
        let quote = quote_asset_volume(&by_asset)?;
        names.iter().position(|name| name.plain == quote.plain)
    };
    known().or_else(of_asset)
}

/// The one of `volumes` that is in the quote asset of the pair.
fn quote_asset_volume<'a>(volumes: &[(usize, &'a Name)]) -> Option<&'a Name> {
    let of_asset = |wanted: &&str| volumes.iter().find(|(_, name)| asset(name) == Some(*wanted));
    let surely_quote = QUOTE_ONLY_ASSETS.iter().find_map(of_asset);
    let maybe_quote =
        || QUOTE_OR_BASE_ASSETS.iter().filter(|_| volumes.len() > 1).find_map(of_asset);
    surely_quote.or_else(maybe_quote).map(|(_, name)| *name)
}

/// The asset in `Volume BTC` or `Volume_(BTC)`. Assets stand in capitals, which tells them from `volume_mean`.
fn asset(name: &Name) -> Option<&str> {
    let asset = name.plain.strip_prefix("volume").or_else(|| name.plain.strip_suffix("volume"))?;
    name.written.contains(&asset.to_uppercase()).then_some(asset)
}

fn is_other_volume(name: &Name) -> bool {
    name.plain.contains("vol") && OTHER_MARKS.iter().any(|mark| name.plain.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(names: &[&str]) -> Result<Option<usize>, String> {
        let names: Vec<Name> = names.iter().map(|name| Name::new((*name).to_owned())).collect();
        position(&names).map_err(|problem| problem.to_string())
    }

    #[test]
    fn the_volume_in_the_base_asset_is_taken() {
        for (names, expected) in [
            (&["Volume USD", "Volume BTC"][..], 1),
            (&["Volume BTC", "Volume ETH"], 1),
            (&["Volume BNB", "Volume ETH"], 0),
            (&["Volume USDT", "Volume USD"], 0),
            (&["Volume BTC"], 0),
            (&["Quote asset volume", "vol"], 1),
            (&["quote_volume", "BTC_volume"], 1),
            (&["volume_quote", "volume base"], 1),
            (&["volume", "Volume USD"], 0),
        ] {
            assert_eq!(found(names), Ok(Some(expected)), "{names:?}");
        }
        assert_eq!(found(&["close", "trades", "volatility", "volume_mean"]), Ok(None));
    }

    #[test]
    fn the_volume_in_the_quote_asset_is_told_apart() {
        for (names, expected) in [
            (&["Volume BTC", "Volume USD"][..], Some(1)),
            (&["Volume USDT", "Volume BTC"], Some(0)),
            (&["volume", "Quote asset volume", "Taker buy quote asset volume"], Some(1)),
            (&["Volume From", "Volume To"], Some(1)),
            (&["Volume_(BTC)", "Volume_(Currency)"], Some(1)),
            (&["Volume BTC"], None),
            (&["close", "volume"], None),
        ] {
            let names: Vec<Name> = names.iter().map(|name| Name::new((*name).to_owned())).collect();
            assert_eq!(quote_position(&names), expected);
        }
    }

    #[test]
    fn a_volume_in_the_quote_asset_is_never_taken() {
        for names in [
            &["Volume USD"][..],
            &["quote_volume"],
            &["Volume To"],
            &["Taker buy quote asset volume"],
        ] {
            let error = found(names).unwrap_err();
            assert!(error.contains("is a volume in the quote asset"), "{names:?}: {error}");
        }
        let error = found(&["Volume SOL", "Volume ADA"]).unwrap_err();
        assert!(error.contains("could both be the column volume"), "{error}");
    }
}
