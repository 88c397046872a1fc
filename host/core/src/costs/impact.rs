//! Market impact: a large order moves the price against itself.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PriceRequest;
use super::frictions::bounded_rate;
use super::participation::share_of_volume;
use crate::units::{Price, Quantity, Rate, Rounding, UnitsError, bps, positive};

/// How a taker's own order moves the price.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Impact {
    /// Not at all.
    #[default]
    None,
    /// With the square root of the order's share of the bar's volume.
    BarVolume(BarVolumeImpact),
    /// The square-root law with daily volatility and daily volume.
    SquareRoot(SquareRootImpact),
}

/// `coefficient × √(quantity ÷ bar volume)`; the share is taken as 1 when the bar's volume is zero or smaller than the order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BarVolumeImpact {
    /// Impact of an order as large as the bar's volume, in basis points of the price.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub coefficient_bps: Rate,
}

/// `y × σ × √(quantity ÷ volume)`, with the daily volatility `σ` and the volume of the 24 hours before the fill. Empirically
/// `y` is about 1 (Tóth et al. 2011, Phys. Rev. X 1, 021006).
///
/// `σ` is the deviation of the log returns of the 24 hours before the fill, or of `costs.volatility_rows` bars if those are
/// longer, times √(bars in a day). The quantity is that of the order so far: an order that takes several bars is not cheaper
/// for that. Without a volume, or one smaller than the order, the share is taken as 1. Until two returns
/// are known there is no impact. At most the whole price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SquareRootImpact {
    /// The law's constant.
    #[schemars(schema_with = "positive")]
    pub y: f64,
}

impl Default for SquareRootImpact {
    fn default() -> Self {
        Self { y: 1.0 }
    }
}

impl Impact {
    /// What the order's own weight adds to the price of one base asset of `quantity`, rounded up to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn of(
        &self,
        request: &PriceRequest,
        quantity: Quantity,
    ) -> Result<Price, UnitsError> {
        let fraction = match self {
            Self::None => return Ok(Price::ZERO),
            Self::BarVolume(law) => {
                let share = share_of_volume(quantity, request.volume);
                law.coefficient_bps.to_fraction() * share.sqrt()
            }
            Self::SquareRoot(law) => {
                let conditions = request.conditions;
                let traded = request.filled.plus(quantity)?;
                let share = share_of_volume(traded, conditions.day_volume.unwrap_or_default());
                law.y * conditions.day_volatility.unwrap_or_default() * share.sqrt()
            }
        };
        bounded_rate(fraction)?.of(request.reference_price, Rounding::Up)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::costs::{Conditions, Liquidity};
    use crate::order::Side;

    fn request(price: f64, volume: f64, conditions: Conditions) -> PriceRequest {
        PriceRequest {
            side: Side::Buy,
            liquidity: Liquidity::Taker,
            reference_price: Price::from_f64(price).unwrap(),
            volume,
            tick: Price::ZERO,
            limit: None,
            filled: Quantity::ZERO,
            conditions,
            row: 0,
            instrument: 0,
        }
    }

    fn square_root(y: f64, day: Option<(f64, f64)>, quantity: f64) -> String {
        let conditions = Conditions {
            day_volatility: day.map(|(volatility, _)| volatility),
            day_volume: day.map(|(_, volume)| volume),
            ..Conditions::default()
        };
        let law = Impact::SquareRoot(SquareRootImpact { y });
        let quantity = Quantity::from_f64(quantity).unwrap();
        law.of(&request(1.0, 0.0, conditions), quantity).unwrap().to_string()
    }

    /// Tóth et al. 2011, formula 1, in numpy 2.4.6: `y * sigma * np.sqrt(q / v)` gives 0.0015 and 0.004024812326644826.
    #[test]
    fn square_root_impact_is_the_published_law() {
        assert_eq!(square_root(1.0, Some((0.03, 20_000.0)), 50.0), "0.0015");
        assert_eq!(square_root(0.8, Some((0.045, 98_765.4)), 1_234.5), "0.004024812327");
        assert_eq!(square_root(0.8, Some((0.045, 98_765.4)), -1_234.5), "0.004024812327");
    }

    #[test]
    fn the_share_is_all_where_the_volume_is_missing_or_smaller() {
        for volume in [0.0, 10.0, 50.0] {
            assert_eq!(square_root(1.0, Some((0.03, volume)), 50.0), "0.03");
        }
        assert_eq!(square_root(1.0, Some((30.0, 0.0)), 50.0), "1");
        assert_eq!(square_root(1.0, None, 50.0), "0");
    }

    #[test]
    fn bar_volume_impact_grows_with_the_root_of_the_share() {
        let coefficient_bps = Rate::from_bps(100.0).unwrap();
        let law = Impact::BarVolume(BarVolumeImpact { coefficient_bps });
        for (quantity, volume, expected) in
            [(4.0, 400.0, "0.1"), (1.0, 400.0, "0.05"), (800.0, 400.0, "1"), (4.0, 0.0, "1")]
        {
            let quantity = Quantity::from_f64(quantity).unwrap();
            let request = request(100.0, volume, Conditions::default());
            assert_eq!(law.of(&request, quantity).unwrap().to_string(), expected);
        }
        let any = Quantity::from_f64(4.0).unwrap();
        let free = Impact::None.of(&request(100.0, 1.0, Conditions::default()), any).unwrap();
        assert_eq!(free, Price::ZERO);
    }
}
