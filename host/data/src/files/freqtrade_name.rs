//! What freqtrade puts into the names of its candle files.

use std::path::Path;

use super::error::FileProblem;
use super::label::Label;

/// The parts of a name such as `BTC_USDT-1h.feather` or `BTC_USDT_USDT-1h-futures.json.gz`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FreqtradeName {
    symbol: String,
    timeframe: String,
    /// `futures`, `mark`, `funding_rate` and the like; spot candles have none.
    candles: Option<String>,
}

impl FreqtradeName {
    /// The parts of the name of `path`; `None` if freqtrade does not name files so.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let (stem, _) = name.split_once('.')?;
        let mut parts = stem.split('-');
        let (pair, timeframe, candles) = (parts.next()?, parts.next()?, parts.next());
        let mut assets = pair.split('_');
        let (base, quote, settle) = (assets.next()?, assets.next()?, assets.next());
        let all = [base, quote].into_iter().chain(settle);
        let named = all.clone().all(is_asset) && assets.next().is_none() && parts.next().is_none();
        let symbol = match settle {
            Some(settle) => format!("{base}/{quote}:{settle}"),
            None => format!("{base}/{quote}"),
        };
        (named && is_timeframe(timeframe)).then(|| Self {
            symbol,
            timeframe: timeframe.to_owned(),
            candles: candles.map(str::to_owned),
        })
    }

    /// What the name says about the series.
    ///
    /// # Errors
    /// [`FileProblem::NoTrades`] for candles of mark prices, funding rates and other things that are not traded at.
    pub(super) fn label(&self) -> Result<Label, FileProblem> {
        match self.candles.as_deref() {
            None | Some("spot" | "futures") => Ok(Label {
                symbol: Some(self.symbol.clone()),
                // Freqtrade's month, `1Mo`, is no fixed length.
                interval: self.timeframe.parse().ok(),
                ..Label::default()
            }),
            Some(candles) => Err(FileProblem::NoTrades(candles.to_owned())),
        }
    }
}

fn is_asset(text: &str) -> bool {
    !text.is_empty() && text.chars().all(char::is_alphanumeric)
}

fn is_timeframe(text: &str) -> bool {
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit());
    unit.len() < text.len() && matches!(unit, "s" | "m" | "h" | "d" | "w" | "M" | "Mo" | "y")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(name: &str) -> Option<(String, Option<String>)> {
        let label = FreqtradeName::of(Path::new(name))?.label().unwrap();
        Some((label.symbol?, label.interval.map(|interval| interval.to_string())))
    }

    #[test]
    fn symbol_and_interval_are_in_the_name() {
        for (name, symbol, interval) in [
            ("user_data/data/binance/BTC_USDT-1h.feather", "BTC/USDT", Some("1h")),
            ("1000SATS_USDT-15m.json.gz", "1000SATS/USDT", Some("15m")),
            ("BTC_USDT_USDT-5m-futures.feather", "BTC/USDT:USDT", Some("5m")),
            ("ETH_BTC-1Mo.json", "ETH/BTC", None),
        ] {
            let expected = Some((symbol.to_owned(), interval.map(str::to_owned)));
            assert_eq!(label(name), expected, "{name}");
        }
        for name in [
            "BTCUSDT-1h.feather",
            "BTC_USDT.feather",
            "BTC_USDT-hourly.feather",
            "BTC_USDT-2024-01.feather",
            "binance_BTC_USDT_x-1h.feather",
            "BTC_-1h.feather",
            "BTC_USDT-1h",
        ] {
            assert_eq!(label(name), None, "{name}");
        }
    }

    #[test]
    fn prices_that_nobody_traded_at_are_refused() {
        for name in ["BTC_USDT_USDT-8h-funding_rate.feather", "BTC_USDT_USDT-1h-mark.feather"] {
            let error = FreqtradeName::of(Path::new(name)).unwrap().label().unwrap_err();
            assert!(matches!(error, FileProblem::NoTrades(_)), "{name}");
        }
    }
}
