//! The bid-ask spread. Whoever takes liquidity pays half of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Conditions;
use crate::units::{Price, Rate, Rounding, UnitsError, bps, positive};

/// The whole spread, from bid to ask, around the reference price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Spread {
    /// The same share of the price at all times.
    Fixed(FixedSpread),
    /// Wider in wild markets.
    Volatility(VolatilitySpread),
}

/// The same share of the price at all times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FixedSpread {
    /// The whole spread, in basis points of the price.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub bps: Rate,
}

/// `max(floor, multiple × σ)`, where `σ` is the deviation of the log returns of the `costs.volatility_rows` bars before the
/// fill; the floor until two returns are known. At most the whole price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VolatilitySpread {
    /// Smallest spread, in basis points of the price.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub floor_bps: Rate,
    /// Spread as a multiple of the bars' volatility.
    #[schemars(schema_with = "positive")]
    pub multiple: f64,
}

impl Default for Spread {
    /// No spread.
    fn default() -> Self {
        Self::Fixed(FixedSpread::default())
    }
}

impl Default for VolatilitySpread {
    fn default() -> Self {
        Self { floor_bps: Rate::from_bps(1.0).unwrap_or_default(), multiple: 0.05 }
    }
}

impl Spread {
    /// Half the spread around `price`: what a taker pays per base asset, rounded up to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn half_of(
        &self,
        price: Price,
        conditions: Conditions,
    ) -> Result<Price, UnitsError> {
        let whole = match self {
            Self::Fixed(fixed) => fixed.bps,
            Self::Volatility(linked) => {
                conditions.linked_rate(linked.floor_bps, linked.multiple)?
            }
        };
        whole.half().of(price, Rounding::Up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taker_pays_half_of_the_spread() {
        let price = Price::from_f64(100.0).unwrap();
        let volatility =
            |volatility| Conditions { bar_volatility: volatility, ..Conditions::default() };
        let fixed = Spread::Fixed(FixedSpread { bps: Rate::from_bps(4.0).unwrap() });
        let linked = Spread::Volatility(VolatilitySpread::default());
        for (spread, known, expected) in [
            (fixed, None, "0.02"),
            (Spread::default(), Some(0.5), "0"),
            (linked, None, "0.005"),
            (linked, Some(0.001), "0.005"),
            // 0.05 × 2 % is 10 basis points.
            (linked, Some(0.02), "0.05"),
        ] {
            assert_eq!(spread.half_of(price, volatility(known)).unwrap().to_string(), expected);
        }
    }
}
