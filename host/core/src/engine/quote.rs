//! What trading costs on an opportunity: its price, and the fee.

use super::account::Account;
use super::tape::{At, FillTime, Point, Tape};
use crate::costs::{Conditions, FeeAsset, FeeSide, Frictions, Liquidity, PriceRequest};
use crate::order::Side;
use crate::risk::UnitPrices;
use crate::units::{Money, Price, Quantity, Rounding, UnitsError};

/// When something of an instrument trades.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Moment {
    pub(super) at: At,
    /// Where in the row: positions count at the prices of this time meanwhile.
    pub(super) time: FillTime,
    /// Number of the segment of the row: 0 for market orders.
    pub(super) segment: usize,
    /// Where on the way of the price in the instrument.
    pub(super) point: Point,
}

/// What the market offers an order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Opportunity {
    pub(super) moment: Moment,
    /// Price without friction.
    pub(super) reference: f64,
    /// Volume, in base asset.
    pub(super) volume: f64,
    pub(super) liquidity: Liquidity,
    /// The market before it, as far as frictions read it.
    pub(super) conditions: Conditions,
    /// Price that frictions cannot pass.
    pub(super) limit: Option<Price>,
    /// What the order has traded before.
    pub(super) filled: Quantity,
}

/// The price of a quantity on an opportunity.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quote {
    pub(super) side: Side,
    pub(super) reference_price: Price,
    /// Price per base asset, every friction but the fee included.
    pub(super) price: Price,
    pub(super) frictions: Frictions,
    /// Asset in which the fee is paid.
    pub(super) fee_side: FeeSide,
    /// What one base asset costs the buyer, fees in quote asset included.
    pub(super) unit_cost: Price,
    /// The fee on one base asset, in whatever asset it is paid.
    pub(super) unit_fee: Price,
}

impl Moment {
    /// The moment at which market orders trade.
    pub(super) const fn of_market(at: At, time: FillTime) -> Self {
        let point = match time {
            FillTime::Open => Point::Start(0),
            FillTime::Close => Point::End,
        };
        Self { at, time, segment: 0, point }
    }

    /// The same moment where the price has come to another place in the piece that it opens.
    pub(super) const fn inside(self) -> Self {
        let point = match self.point {
            Point::Start(place) | Point::Inside(place) => Point::Inside(place),
            Point::End => Point::End,
        };
        Self { point, ..self }
    }
}

impl Opportunity {
    /// The market at `reference`, for an order that takes it. What frictions read of the market before is measured once, here.
    pub(super) fn to_take(tape: &Tape<'_>, moment: Moment, reference: f64, volume: f64) -> Self {
        let series = tape.series(moment.at.instrument);
        let conditions = tape.setup.costs.conditions(series, tape.panel.interval(), moment.at.row);
        Self { conditions, liquidity: Liquidity::Taker, ..Self::to_make(moment, reference, volume) }
    }

    /// The market that comes to `reference`, for an order that rests there.
    pub(super) fn to_make(moment: Moment, reference: f64, volume: f64) -> Self {
        let (liquidity, conditions) = (Liquidity::Maker, Conditions::default());
        let (limit, filled) = (None, Quantity::ZERO);
        Self { moment, reference, volume, liquidity, conditions, limit, filled }
    }
}

impl Quote {
    /// The price of `quantity`, which `account` buys or sells.
    pub(super) fn of(
        tape: &Tape<'_>,
        account: &Account,
        opportunity: &Opportunity,
        side: Side,
        quantity: Quantity,
    ) -> Result<Self, UnitsError> {
        let Opportunity { moment: Moment { at, .. }, liquidity, .. } = *opportunity;
        let reference_price = Price::from_f64(opportunity.reference)?;
        let request = PriceRequest {
            side,
            liquidity,
            reference_price,
            volume: opportunity.volume,
            tick: tape.tick(at.instrument),
            conditions: opportunity.conditions,
            limit: opportunity.limit,
            filled: opportunity.filled,
            row: at.row,
            instrument: tape.panel.rank(at.instrument),
        };
        let (price, frictions) = tape.setup.costs.price(&request, quantity)?;
        let fees = account.fees();
        let opens_long = side == Side::Buy && account.held(at.instrument).signum() >= 0;
        let fee_side = match fees.asset {
            FeeAsset::Base if opens_long => FeeSide::Base,
            _ => FeeSide::Quote,
        };
        let unit_cost = fees.unit_cost(price, liquidity, fee_side)?;
        let unit_fee = match fee_side {
            FeeSide::Quote => unit_cost.minus(price)?,
            FeeSide::Base => fees.rate(liquidity).of(reference_price, Rounding::Up)?,
        };
        Ok(Self { side, reference_price, price, frictions, fee_side, unit_cost, unit_fee })
    }

    /// What an order has to know of one base asset to find its quantity.
    pub(super) fn unit_prices(&self) -> Result<UnitPrices, UnitsError> {
        let (worth, cost) = (self.reference_price, self.unit_cost);
        Ok(UnitPrices { worth, cost, loss: self.unit_loss()? })
    }

    /// What one base asset costs more than it is worth: frictions and fee.
    pub(super) fn unit_loss(&self) -> Result<Price, UnitsError> {
        self.price.minus(self.reference_price)?.abs().plus(self.unit_fee)
    }

    /// What one base asset adds to the position's value.
    pub(super) fn unit_worth(&self) -> Result<Price, UnitsError> {
        match self.fee_side {
            FeeSide::Quote => Ok(self.reference_price),
            FeeSide::Base => self.reference_price.minus(self.unit_fee),
        }
    }

    /// The fee of `quantity` in quote asset, and what of it is kept back from the base asset that arrives.
    pub(super) fn fee(
        &self,
        account: &Account,
        liquidity: Liquidity,
        quantity: Quantity,
    ) -> Result<(Money, Quantity), UnitsError> {
        let fees = account.fees();
        if self.fee_side == FeeSide::Quote {
            let notional = self.price.notional(quantity, Rounding::Nearest)?;
            return Ok((fees.fee(notional, liquidity)?, Quantity::ZERO));
        }
        let kept = fees.rate(liquidity).of(quantity, Rounding::Up)?;
        Ok((self.reference_price.notional(kept, Rounding::Nearest)?, kept))
    }
}

#[cfg(test)]
mod tests;
