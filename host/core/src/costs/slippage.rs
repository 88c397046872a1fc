//! Slippage: the price moves between decision and fill, always against the order.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::participation::share_of_volume;
use super::{PriceRequest, frictions::bounded_rate};
use crate::units::{Price, Quantity, Rate, Rounding, UnitsError, bps, positive};

/// How much worse than the reference price a taker fills.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Slippage {
    /// The same share of the price at all times.
    Fixed(FixedSlippage),
    /// More in wild markets.
    Volatility(VolatilitySlippage),
    /// More for orders that are large against the bar's volume.
    VolumeShare(VolumeShareSlippage),
}

/// The same share of the price at all times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FixedSlippage {
    /// In basis points of the price.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub bps: Rate,
}

/// `max(floor, multiple × σ)`, where `σ` is the deviation of the log returns of the `costs.volatility_rows` bars before the
/// fill; the floor until two returns are known. At most the whole price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VolatilitySlippage {
    /// Smallest slippage, in basis points of the price.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub floor_bps: Rate,
    /// Slippage as a multiple of the bars' volatility.
    #[schemars(schema_with = "positive")]
    pub multiple: f64,
}

/// `floor + coefficient × (quantity ÷ bar volume)²`, the volume-share model of Zipline. The share is taken as 1 when the bar's
/// volume is zero or smaller than the order. At most the whole price.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VolumeShareSlippage {
    /// Slippage of the smallest order, in basis points of the price.
    #[serde(with = "bps")]
    #[schemars(schema_with = "bps::schema")]
    pub floor_bps: Rate,
    /// Slippage of an order as large as the bar's volume, as a share of the price.
    pub coefficient: Rate,
}

impl Default for Slippage {
    /// No slippage.
    fn default() -> Self {
        Self::Fixed(FixedSlippage::default())
    }
}

impl Default for VolatilitySlippage {
    fn default() -> Self {
        Self { floor_bps: Rate::from_bps(1.0).unwrap_or_default(), multiple: 0.1 }
    }
}

impl Default for VolumeShareSlippage {
    fn default() -> Self {
        Self { floor_bps: Rate::ZERO, coefficient: Rate::from_fraction(0.1).unwrap_or_default() }
    }
}

impl Slippage {
    /// What slippage adds to the price of one base asset of `quantity`, rounded up to 1e-12.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn of(
        &self,
        request: &PriceRequest,
        quantity: Quantity,
    ) -> Result<Price, UnitsError> {
        let rate = match self {
            Self::Fixed(fixed) => fixed.bps,
            Self::Volatility(linked) => {
                request.conditions.linked_rate(linked.floor_bps, linked.multiple)?
            }
            Self::VolumeShare(linked) => {
                let share = share_of_volume(quantity, request.volume);
                let added = linked.coefficient.to_fraction() * share * share;
                bounded_rate(linked.floor_bps.to_fraction() + added)?
            }
        };
        rate.of(request.reference_price, Rounding::Up)
    }

    /// Whether it depends on the quantity and on the volume of the bar.
    pub(super) const fn depends_on_volume(&self) -> bool {
        matches!(self, Self::VolumeShare(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::costs::{Conditions, Liquidity};
    use crate::order::Side;

    fn slippage(model: Slippage, quantity: f64, volatility: Option<f64>) -> String {
        let request = PriceRequest {
            side: Side::Sell,
            liquidity: Liquidity::Taker,
            reference_price: Price::from_f64(200.0).unwrap(),
            volume: 1_000.0,
            tick: Price::ZERO,
            limit: None,
            filled: Quantity::ZERO,
            conditions: Conditions { bar_volatility: volatility, ..Conditions::default() },
            row: 0,
            instrument: 0,
        };
        model.of(&request, Quantity::from_f64(quantity).unwrap()).unwrap().to_string()
    }

    #[test]
    fn fixed_slippage_is_a_share_of_the_price() {
        let fixed = Slippage::Fixed(FixedSlippage { bps: Rate::from_bps(5.0).unwrap() });
        assert_eq!(slippage(fixed, 1.0, Some(0.5)), "0.1");
    }

    #[test]
    fn volatile_markets_slip_more_and_calm_ones_keep_the_floor() {
        let linked = Slippage::Volatility(VolatilitySlippage {
            floor_bps: Rate::from_bps(1.0).unwrap(),
            multiple: 0.1,
        });
        assert_eq!(slippage(linked, 1.0, Some(0.02)), "0.4");
        assert_eq!(slippage(linked, 1.0, Some(0.0001)), "0.02");
        assert_eq!(slippage(linked, 1.0, None), "0.02");
    }

    /// Zipline's documentation: `volume_share ** 2 * price_impact * price`; 25 of 1000 at an impact of 0.1 are 0.0000625 of the
    /// price.
    #[test]
    fn volume_share_slippage_grows_with_the_square_of_the_share() {
        let linked = VolumeShareSlippage::default();
        assert_eq!(slippage(Slippage::VolumeShare(linked), 25.0, None), "0.0125");
        assert_eq!(slippage(Slippage::VolumeShare(linked), 0.0, None), "0");
        assert_eq!(slippage(Slippage::VolumeShare(linked), 5_000.0, None), "20");
        let floored = VolumeShareSlippage { floor_bps: Rate::from_bps(1.0).unwrap(), ..linked };
        assert_eq!(slippage(Slippage::VolumeShare(floored), 25.0, None), "0.0325");
    }
}
