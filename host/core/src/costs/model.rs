//! All frictions of a run together.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::carry::{next_due, times_due};
use super::conditions::{bars_per_day, day_volume, rows_per_day, volatility};
use super::{
    Borrow, CarryDue, Conditions, FeeSchedule, Frictions, Funding, Impact, Liquidity, Noise,
    Participation, Slippage, Spread,
};
use crate::market::Series;
use crate::order::Side;
use crate::units::{Interval, Price, Quantity, ROWS_MAX, Rounding, UnitsError};

/// Everything that trading and holding costs in a run.
///
/// The default is free trading; see `ct_host::backtest::Settings` for the pessimistic defaults of a backtest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CostModel {
    /// Exchange fees.
    pub fees: FeeSchedule,
    /// Bid-ask spread; paid by takers.
    pub spread: Spread,
    /// Slippage; paid by takers.
    pub slippage: Slippage,
    /// Market impact; paid by takers.
    pub impact: Impact,
    /// Makes slippage differ from fill to fill.
    pub noise: Option<Noise>,
    /// Cap on all fills of an instrument in a bar, as a share of its volume; what is left over is carried to the next bar.
    pub participation: Option<Participation>,
    /// Funding of perpetual contracts.
    pub funding: Option<Funding>,
    /// Interest on short positions and debts.
    pub borrow: Option<Borrow>,
    /// Returns over which the volatility of spread, slippage and impact is measured.
    #[schemars(range(min = 2, max = ROWS_MAX))]
    pub volatility_rows: usize,
}

/// What is asked of the cost model: an order at the moment in which it trades.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PriceRequest {
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
    /// The market before the fill.
    pub conditions: Conditions,
    /// Limit of an order that takes, at the reference price or beyond it; frictions do not carry the price past it.
    pub limit: Option<Price>,
    /// What the order has traded before, in base asset.
    pub filled: Quantity,
    /// Row of the fill.
    pub row: usize,
    /// Number that tells the instrument from the others: of the instruments of a panel, its rank among their symbols.
    pub instrument: usize,
}

impl Default for CostModel {
    fn default() -> Self {
        Self {
            fees: FeeSchedule::default(),
            spread: Spread::default(),
            slippage: Slippage::default(),
            impact: Impact::default(),
            noise: None,
            participation: None,
            funding: None,
            borrow: None,
            volatility_rows: 100,
        }
    }
}

impl CostModel {
    /// The market before `row` of `series`, as far as any friction reads it. Rows from `row` on are not looked at.
    pub(crate) fn conditions(&self, series: &Series, interval: Interval, row: usize) -> Conditions {
        let mut conditions = Conditions::default();
        let by_volatility = matches!(self.spread, Spread::Volatility(_))
            || matches!(self.slippage, Slippage::Volatility(_));
        if by_volatility {
            conditions.bar_volatility = volatility(series, row, self.volatility_rows);
        }
        if matches!(self.impact, Impact::SquareRoot(_)) {
            let returns = self.volatility_rows.max(rows_per_day(interval));
            let per_day = bars_per_day(interval).sqrt();
            conditions.day_volatility = volatility(series, row, returns).map(|bar| bar * per_day);
            conditions.day_volume = day_volume(series, row, interval);
        }
        conditions
    }

    /// Rows before a fill that frictions look at.
    pub(crate) fn lookback_rows(&self, interval: Interval) -> usize {
        let day = rows_per_day(interval);
        let impact = if matches!(self.impact, Impact::SquareRoot(_)) { day } else { 0 };
        self.volatility_rows.max(impact) + 1
    }

    /// The price at which `quantity` is executed, and what each friction adds to it. Takers pay every friction and are
    /// rounded to the next tick against them; makers get the reference price, which lies on the grid but for an open that does
    /// not, and then is rounded in the same way.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn price(
        &self,
        request: &PriceRequest,
        quantity: Quantity,
    ) -> Result<(Price, Frictions), UnitsError> {
        let PriceRequest { reference_price: reference, tick, .. } = *request;
        if request.liquidity == Liquidity::Maker {
            let price = reference.rounded_to(tick, against(request.side));
            let slippage = price.minus(reference)?.abs();
            return Ok((price, Frictions { slippage, ..Frictions::default() }));
        }
        let frictions = Frictions {
            spread: self.spread.half_of(reference, request.conditions)?,
            slippage: self.noisy_slippage(request, quantity)?,
            impact: self.impact.of(request, quantity)?,
        };
        let (price, frictions) = match request.side {
            Side::Buy => {
                let most = request.limit.map(|limit| limit.minus(reference)).transpose()?;
                let frictions = most.map_or(Ok(frictions), |most| frictions.within(most))?;
                let price =
                    reference.plus(frictions.total()?)?.rounded_to(tick, against(Side::Buy));
                (request.limit.map_or(price, |limit| price.min(limit)), frictions)
            }
            // However large the frictions, nobody pays to be rid of an asset.
            Side::Sell => {
                let least = request.limit.unwrap_or(Price::ZERO);
                let frictions = frictions.within(reference.minus(least)?)?;
                let price =
                    reference.minus(frictions.total()?)?.rounded_to(tick, against(Side::Sell));
                (price.max(least), frictions)
            }
        };
        let to_tick = price.minus(reference)?.abs().minus(frictions.total()?)?;
        let slippage = frictions.slippage.plus(to_tick)?;
        Ok((price, Frictions { slippage, ..frictions }))
    }

    fn noisy_slippage(
        &self,
        request: &PriceRequest,
        quantity: Quantity,
    ) -> Result<Price, UnitsError> {
        let slippage = self.slippage.of(request, quantity)?;
        match self.noise {
            Some(noise) => {
                let factor = noise.factor(request.row, request.instrument)?;
                factor.of(slippage, Rounding::Up)
            }
            None => Ok(slippage),
        }
    }

    /// Whether any friction depends on the volume of the fill's own bar.
    pub(crate) fn reads_volume(&self) -> bool {
        self.participation.is_some()
            || self.slippage.depends_on_volume()
            || matches!(self.impact, Impact::BarVolume(_))
    }

    /// Whether the price depends on the quantity.
    pub(crate) fn depends_on_quantity(&self) -> bool {
        self.slippage.depends_on_volume() || self.impact != Impact::None
    }

    /// The part of `quantity` that a bar with this volume fills.
    ///
    /// # Errors
    /// [`UnitsError`] when the volume is no quantity.
    pub(crate) fn fillable(&self, quantity: Quantity, volume: f64) -> Result<Quantity, UnitsError> {
        match self.participation {
            Some(cap) => Ok(quantity.min(cap.quantity_max(volume)?)),
            None => Ok(quantity),
        }
    }

    /// How often funding and interest fall due after `from_ms`, up to and including `to_ms`, both UTC milliseconds.
    pub(crate) fn carry_due(&self, from_ms: i64, to_ms: i64) -> CarryDue {
        let times =
            |every: Option<Interval>| every.map_or(0, |every| times_due(every, from_ms, to_ms));
        CarryDue {
            funding: times(self.funding.map(|funding| funding.every)),
            borrow: times(self.borrow.map(|borrow| borrow.every)),
        }
    }

    /// The first time after `after_ms` at which funding or interest falls due, UTC milliseconds; `None` if never.
    pub(crate) fn next_carry(&self, after_ms: i64) -> Option<i64> {
        let funding = self.funding.map(|funding| funding.every);
        let borrow = self.borrow.map(|borrow| borrow.every);
        funding.into_iter().chain(borrow).map(|every| next_due(every, after_ms)).min()
    }
}

/// The rounding that nobody on `side` gains from.
const fn against(side: Side) -> Rounding {
    match side {
        Side::Buy => Rounding::Up,
        Side::Sell => Rounding::Down,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::costs::{
        BarVolumeImpact, FixedSlippage, FixedSpread, FundingPayer, SquareRootImpact,
        VolumeShareSlippage,
    };
    use crate::units::Rate;

    fn model() -> CostModel {
        let bps = |bps| Rate::from_bps(bps).unwrap();
        CostModel {
            spread: Spread::Fixed(FixedSpread { bps: bps(4.0) }),
            slippage: Slippage::Fixed(FixedSlippage { bps: bps(5.0) }),
            impact: Impact::BarVolume(BarVolumeImpact { coefficient_bps: bps(100.0) }),
            participation: Some(Participation { rate: Rate::from_fraction(0.1).unwrap() }),
            ..CostModel::default()
        }
    }

    fn request(side: Side, liquidity: Liquidity) -> PriceRequest {
        PriceRequest {
            side,
            liquidity,
            reference_price: Price::from_f64(100.0).unwrap(),
            volume: 400.0,
            tick: Price::ZERO,
            limit: None,
            filled: Quantity::ZERO,
            conditions: Conditions::default(),
            row: 0,
            instrument: 0,
        }
    }

    fn four() -> Quantity {
        Quantity::from_f64(4.0).unwrap()
    }

    #[test]
    fn takers_pay_every_friction() {
        // Half-spread 2 bps of 100 = 0.02; slippage 5 bps = 0.05; impact 100 bps × √(4 ÷ 400) = 10 bps = 0.10.
        for (side, expected) in [(Side::Buy, "100.17"), (Side::Sell, "99.83")] {
            let (price, frictions) =
                model().price(&request(side, Liquidity::Taker), four()).unwrap();
            assert_eq!(price.to_string(), expected);
            assert_eq!(frictions.spread.to_string(), "0.02");
            assert_eq!(frictions.slippage.to_string(), "0.05");
            assert_eq!(frictions.impact.to_string(), "0.1");
        }
    }

    #[test]
    fn makers_get_their_price() {
        let (price, frictions) =
            model().price(&request(Side::Buy, Liquidity::Maker), four()).unwrap();
        assert_eq!((price.to_string().as_str(), frictions), ("100", Frictions::default()));
    }

    #[test]
    fn prices_move_to_the_next_tick_against_the_taker() {
        let tick = Price::from_f64(0.5).unwrap();
        for (side, expected) in [(Side::Buy, "100.5"), (Side::Sell, "99.5")] {
            let request = PriceRequest { tick, ..request(side, Liquidity::Taker) };
            let (price, frictions) = model().price(&request, four()).unwrap();
            assert_eq!(price.to_string(), expected);
            assert_eq!(frictions.slippage.to_string(), "0.38");
        }
    }

    #[test]
    fn an_order_takes_no_more_than_its_share_of_the_volume() {
        let quantity = Quantity::from_f64(50.0).unwrap();
        assert_eq!(model().fillable(quantity, 400.0).unwrap().to_string(), "40");
        assert_eq!(model().fillable(quantity, 0.0).unwrap().to_string(), "0");
        assert_eq!(CostModel::default().fillable(quantity, 0.0).unwrap(), quantity);
    }

    #[test]
    fn nobody_pays_to_be_rid_of_an_asset() {
        let double = Rate::from_fraction(2.0).unwrap();
        let model =
            CostModel { slippage: Slippage::Fixed(FixedSlippage { bps: double }), ..model() };
        let (price, frictions) =
            model.price(&request(Side::Sell, Liquidity::Taker), four()).unwrap();
        assert_eq!(price, Price::ZERO);
        assert_eq!(frictions.spread.to_string(), "0.02");
        assert_eq!(frictions.slippage.to_string(), "99.98");
        assert_eq!(frictions.impact, Price::ZERO);
    }

    #[test]
    fn noise_changes_slippage_only_and_by_no_more_than_its_amplitude() {
        let amplitude = Rate::from_fraction(0.4).unwrap();
        let noisy = CostModel { noise: Some(Noise { seed: 3, amplitude }), ..model() };
        let (_, plain) = model().price(&request(Side::Buy, Liquidity::Taker), four()).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for row in 0..200 {
            let request = PriceRequest { row, ..request(Side::Buy, Liquidity::Taker) };
            let (price, frictions) = noisy.price(&request, four()).unwrap();
            assert_eq!((frictions.spread, frictions.impact), (plain.spread, plain.impact));
            assert!((0.03..=0.07).contains(&frictions.slippage.to_f64()), "{frictions:?}");
            assert_eq!(noisy.price(&request, four()).unwrap(), (price, frictions));
            seen.insert(frictions.slippage);
        }
        assert!(seen.len() > 190, "{} different slippages", seen.len());
    }

    #[test]
    fn a_model_tells_what_it_depends_on() {
        let square_root = Impact::SquareRoot(SquareRootImpact::default());
        let by_share = Slippage::VolumeShare(VolumeShareSlippage::default());
        let free = CostModel::default();
        let no_impact = CostModel { impact: Impact::None, ..model() };
        for (name, model, volume, quantity) in [
            ("free", free.clone(), false, false),
            ("bar volume", model(), true, true),
            ("participation", no_impact, true, false),
            ("square root", CostModel { impact: square_root, ..free.clone() }, false, true),
            ("volume share", CostModel { slippage: by_share, ..free }, true, true),
        ] {
            assert_eq!(model.reads_volume(), volume, "{name}");
            assert_eq!(model.depends_on_quantity(), quantity, "{name}");
        }
    }

    #[test]
    fn carry_falls_due_by_each_of_its_clocks() {
        const HOUR_MS: i64 = 3_600_000;
        let funding = Funding {
            rate_bps: Rate::from_bps(1.0).unwrap(),
            every: "8h".parse().unwrap(),
            payer: FundingPayer::Both,
        };
        let borrow = Borrow { every: "3h".parse().unwrap(), ..Borrow::default() };
        let both = CostModel { funding: Some(funding), borrow: Some(borrow), ..model() };
        let due = both.carry_due(0, 9 * HOUR_MS);
        assert_eq!(due, CarryDue { funding: 1, borrow: 3 });
        let next: Vec<i64> =
            [0, 3, 6, 8].map(|hour| both.next_carry(hour * HOUR_MS).unwrap() / HOUR_MS).to_vec();
        assert_eq!(next, [3, 6, 8, 9]);
        assert_eq!(model().carry_due(0, i64::MAX), CarryDue::default());
        assert_eq!(model().next_carry(0), None);
    }

    #[test]
    fn a_model_comes_back_from_its_text() {
        let text = serde_json::to_string(&model()).unwrap();
        assert_eq!(serde_json::from_str::<CostModel>(&text).unwrap(), model());
        assert_eq!(serde_json::from_str::<CostModel>("{}").unwrap(), CostModel::default());
    }
}
