//! All frictions of a run together.

use serde::{Deserialize, Serialize};

use super::{FeeSchedule, FixedSlippage, FixedSpread, Liquidity, Participation, SquareRootImpact};
use crate::order::Side;
use crate::units::{Money, Price, Quantity, Rounding, UnitsError};

/// Fees, spread, slippage, impact and participation of a run.
///
/// The default is free trading; see [`crate::backtest::Settings`] for the pessimistic defaults of a backtest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CostModel {
    /// Exchange fees.
    pub fees: FeeSchedule,
    /// Bid-ask spread; paid by takers.
    pub spread: FixedSpread,
    /// Slippage; paid by takers.
    pub slippage: FixedSlippage,
    /// Market impact; paid by takers.
    pub impact: SquareRootImpact,
    /// Cap on each fill; `None`: a bar fills any order.
    pub participation: Option<Participation>,
}

/// What each friction adds to the price of one base asset; all zero or more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Frictions {
    /// Half the spread.
    pub spread: Price,
    /// Slippage and the way to the next tick.
    pub slippage: Price,
    /// Market impact.
    pub impact: Price,
}

/// An order at the moment of its execution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Execution {
    /// Direction.
    pub side: Side,
    /// Maker or taker.
    pub liquidity: Liquidity,
    /// Price without friction: the bar's open, or the level.
    pub reference_price: Price,
    /// Volume of the bar, in base asset.
    pub volume: f64,
    /// Grid of prices; zero for none.
    pub tick: Price,
}

impl CostModel {
    /// The price at which `quantity` is executed, and what each friction adds to it. Takers pay every friction and are
    /// rounded to the next tick against them; makers get the reference price.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn price(
        &self,
        execution: &Execution,
        quantity: Quantity,
    ) -> Result<(Price, Frictions), UnitsError> {
        let reference = execution.reference_price;
        if execution.liquidity == Liquidity::Maker {
            return Ok((reference, Frictions::default()));
        }
        let spread = self.spread.half_of(reference)?;
        let slippage = self.slippage.of(reference)?;
        let impact = self.impact.of(reference, quantity, execution.volume)?;
        let total = spread.plus(slippage)?.plus(impact)?;
        let price = match execution.side {
            Side::Buy => reference.plus(total)?.rounded_to(execution.tick, Rounding::Up),
            // However large the frictions, nobody pays to be rid of an asset.
            Side::Sell => {
                reference.minus(total.min(reference))?.rounded_to(execution.tick, Rounding::Down)
            }
        };
        let to_tick = price.minus(reference)?.abs().minus(total)?;
        let slippage = slippage.plus(to_tick)?;
        Ok((price, Frictions { spread, slippage, impact }))
    }

    /// What one base asset costs a buyer (or takes from a short seller's margin), fee included, before impact.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn unit_cost(&self, execution: &Execution, price: Price) -> Result<Price, UnitsError> {
        self.fees.rate(execution.liquidity).added_to(price, Rounding::Up)
    }

    /// The fee on `notional`.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub fn fee(&self, notional: Money, liquidity: Liquidity) -> Result<Money, UnitsError> {
        self.fees.fee(notional, liquidity)
    }

    /// Whether any friction depends on the volume of the bar.
    pub fn read_volume(&self) -> bool {
        self.participation.is_some() || self.impact != SquareRootImpact::default()
    }

    /// The part of `quantity` that a bar with this volume fills.
    ///
    /// # Errors
    /// [`UnitsError`] when the volume is no quantity.
    pub fn fillable(&self, quantity: Quantity, volume: f64) -> Result<Quantity, UnitsError> {
        match self.participation {
            Some(cap) => Ok(quantity.min(cap.quantity_max(volume)?)),
            None => Ok(quantity),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Rate;

    fn model() -> CostModel {
        CostModel {
            fees: FeeSchedule {
                maker: Rate::from_bps(2.0).unwrap(),
                taker: Rate::from_bps(10.0).unwrap(),
            },
            spread: FixedSpread { rate: Rate::from_bps(4.0).unwrap() },
            slippage: FixedSlippage { rate: Rate::from_bps(5.0).unwrap() },
            impact: SquareRootImpact { coefficient: Rate::from_bps(100.0).unwrap() },
            participation: Some(Participation { rate: Rate::from_fraction(0.1).unwrap() }),
        }
    }

    fn execution(side: Side, liquidity: Liquidity) -> Execution {
        let reference_price = Price::from_f64(100.0).unwrap();
        Execution { side, liquidity, reference_price, volume: 400.0, tick: Price::ZERO }
    }

    #[test]
    fn takers_pay_every_friction() {
        // Half-spread 2 bps of 100 = 0.02; slippage 5 bps = 0.05; impact 100 bps × √(4 ÷ 400) = 10 bps = 0.10.
        let quantity = Quantity::from_f64(4.0).unwrap();
        for (side, expected) in [(Side::Buy, "100.17"), (Side::Sell, "99.83")] {
            let (price, frictions) =
                model().price(&execution(side, Liquidity::Taker), quantity).unwrap();
            assert_eq!(price.to_string(), expected);
            assert_eq!(frictions.spread.to_string(), "0.02");
            assert_eq!(frictions.slippage.to_string(), "0.05");
            assert_eq!(frictions.impact.to_string(), "0.1");
        }
    }

    #[test]
    fn makers_get_their_price_and_pay_the_maker_fee() {
        let quantity = Quantity::from_f64(4.0).unwrap();
        let (price, frictions) =
            model().price(&execution(Side::Buy, Liquidity::Maker), quantity).unwrap();
        assert_eq!((price.to_string().as_str(), frictions), ("100", Frictions::default()));
        let fee = model().fee(Money::from_f64(400.0).unwrap(), Liquidity::Maker).unwrap();
        assert_eq!(fee.to_string(), "0.08");
    }

    #[test]
    fn prices_move_to_the_next_tick_against_the_taker() {
        let quantity = Quantity::from_f64(4.0).unwrap();
        let tick = Price::from_f64(0.5).unwrap();
        for (side, expected) in [(Side::Buy, "100.5"), (Side::Sell, "99.5")] {
            let execution = Execution { tick, ..execution(side, Liquidity::Taker) };
            let (price, frictions) = model().price(&execution, quantity).unwrap();
            assert_eq!(price.to_string(), expected);
            assert_eq!(frictions.slippage.to_string(), "0.38");
        }
    }

    #[test]
    fn an_order_takes_no_more_than_its_share_of_the_volume() {
        let quantity = Quantity::from_f64(50.0).unwrap();
        assert_eq!(model().fillable(quantity, 400.0).unwrap().to_string(), "40");
        assert_eq!(model().fillable(quantity, 0.0).unwrap().to_string(), "0");
    }

    #[test]
    fn nobody_pays_to_be_rid_of_an_asset() {
        let model = CostModel {
            slippage: FixedSlippage { rate: Rate::from_fraction(2.0).unwrap() },
            ..CostModel::default()
        };
        let quantity = Quantity::from_f64(1.0).unwrap();
        let (price, _) = model.price(&execution(Side::Sell, Liquidity::Taker), quantity).unwrap();
        assert_eq!(price, Price::ZERO);
    }
}
