//! The instruments that a server lists, and their rules.

use super::Decimal;

/// One instrument that a server lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// What is traded, such as `BTC`.
    pub base: String,
    /// What it is paid in, such as `USDT`.
    pub quote: String,
    /// What its orders must keep to and what they cost.
    pub rules: Rules,
}

/// The rules of an instrument. What an exchange does not tell is `None` in [`Exchange::rules`](super::Exchange::rules).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Step of prices, in quote asset. A power of ten, since some exchanges tell it as a count of digits.
    pub tick: Option<Decimal>,
    /// Step of quantities, in base asset. A power of ten.
    pub lot: Option<Decimal>,
    /// Smallest quantity of an order, in base asset.
    pub quantity_min: Option<Decimal>,
    /// Smallest worth of an order, in quote asset.
    pub notional_min: Option<Decimal>,
    /// Fee of an order that rests, as a fraction.
    pub maker_fee: Option<Decimal>,
    /// Fee of an order that takes, as a fraction.
    pub taker_fee: Option<Decimal>,
}

impl Listing {
    /// `BTC/USDT`, `BTC/USD`, `ETH/USDT` and `ZORK/USDT`, which exists nowhere else.
    pub fn usual() -> Vec<Self> {
        let large = Rules {
            tick: Some(Decimal::step(2)),
            lot: Some(Decimal::step(5)),
            quantity_min: Some(Decimal::new(1, 4)),
            notional_min: Some(Decimal::new(5, 0)),
            maker_fee: Some(Decimal::new(11, 4)),
            taker_fee: Some(Decimal::new(17, 4)),
        };
        let dollar = Rules { tick: Some(Decimal::step(1)), ..large };
        let ether =
            Rules { lot: Some(Decimal::step(4)), quantity_min: Some(Decimal::new(2, 3)), ..large };
        let small = Rules {
            tick: Some(Decimal::step(8)),
            lot: Some(Decimal::step(0)),
            quantity_min: Some(Decimal::new(10, 0)),
            notional_min: Some(Decimal::new(1, 0)),
            ..large
        };
        let listing = |(base, quote, rules): (&str, &str, Rules)| Self {
            base: base.to_owned(),
            quote: quote.to_owned(),
            rules,
        };
        [
            ("BTC", "USDT", large),
            ("BTC", "USD", dollar),
            ("ETH", "USDT", ether),
            ("ZORK", "USDT", small),
        ]
        .map(listing)
        .to_vec()
    }

    /// The listing of `symbol`: the usual one, or one with the rules of `BTC/USDT` under another name.
    pub fn of(symbol: &str) -> Self {
        let usual = Self::usual();
        let known = usual.iter().find(|listing| listing.symbol() == symbol).cloned();
        let (base, quote) = symbol.split_once('/').unwrap_or((symbol, "USDT"));
        known.or_else(|| usual.into_iter().next()).map_or_else(
            || unreachable!("there are usual listings"),
            |listing| Self { base: base.to_owned(), quote: quote.to_owned(), ..listing },
        )
    }

    /// Base and quote asset, such as `BTC/USDT`.
    pub fn symbol(&self) -> String {
        format!("{}/{}", self.base, self.quote)
    }
}

impl Rules {
    /// The texts of tick, lot, smallest quantity, smallest notional; `0` for what is not there.
    pub(super) fn texts(&self) -> [String; 4] {
        let text = |value: Option<Decimal>| value.unwrap_or_default().to_string();
        [text(self.tick), text(self.lot), text(self.quantity_min), text(self.notional_min)]
    }

    /// Digits behind the point of prices and of quantities.
    pub(super) fn digits(&self) -> [u8; 2] {
        [self.tick, self.lot].map(|step| step.unwrap_or_default().digits())
    }

    /// Maker and taker fee, each `scale` times as large: 100 for percent.
    pub(super) fn fees(&self, scale: i64) -> [Decimal; 2] {
        [self.maker_fee, self.taker_fee].map(|fee| {
            let fee = fee.unwrap_or_default();
            Decimal::new(fee.units() * scale, fee.digits()).trimmed()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_symbol_can_be_listed() {
        assert_eq!(Listing::of("BTC/USD").rules.tick, Some(Decimal::step(1)));
        let other = Listing::of("SOL/USDT");
        assert_eq!(
            (other.symbol().as_str(), other.rules),
            ("SOL/USDT", Listing::of("BTC/USDT").rules)
        );
    }

    #[test]
    fn fees_scale_to_percent() {
        let [maker, taker] = Listing::of("BTC/USDT").rules.fees(100);
        assert_eq!([maker.to_string(), taker.to_string()], ["0.11", "0.17"]);
    }
}
