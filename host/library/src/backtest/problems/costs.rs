//! Costs that make no sense.

use super::Problems;
use ct_core::costs::{CostModel, FeeAsset, FeeSchedule, Impact, Slippage, Spread};
use ct_core::units::{Money, Rate};

impl Problems {
    pub(in crate::backtest) fn costs(&mut self, costs: &CostModel) {
        self.fees(&costs.fees);
        match &costs.spread {
            Spread::Fixed(fixed) => self.friction("costs.spread.bps", fixed.bps),
            Spread::Volatility(linked) => {
                self.friction("costs.spread.floor_bps", linked.floor_bps);
                self.positive("costs.spread.multiple", linked.multiple);
            }
        }
        match &costs.slippage {
            Slippage::Fixed(fixed) => self.friction("costs.slippage.bps", fixed.bps),
            Slippage::Volatility(linked) => {
                self.friction("costs.slippage.floor_bps", linked.floor_bps);
                self.positive("costs.slippage.multiple", linked.multiple);
            }
            Slippage::VolumeShare(linked) => {
                self.friction("costs.slippage.floor_bps", linked.floor_bps);
            }
        }
        match &costs.impact {
            Impact::None => {}
            Impact::BarVolume(linked) => {
                self.friction("costs.impact.coefficient_bps", linked.coefficient_bps);
            }
            Impact::SquareRoot(law) => self.positive("costs.impact.y", law.y),
        }
        if let Some(noise) = costs.noise {
            let holds = noise.amplitude <= Rate::ONE;
            let found = noise.amplitude.to_fraction();
            self.unless(holds, "costs.noise.amplitude", &found, "a share up to 1");
        }
        if let Some(cap) = costs.participation {
            self.share("costs.participation.rate", cap.rate);
        }
        if let Some(funding) = costs.funding {
            self.friction("costs.funding.rate_bps", funding.rate_bps);
        }
        if let Some(borrow) = costs.borrow {
            self.annual("costs.borrow.base_annual", borrow.base_annual);
            self.annual("costs.borrow.quote_annual", borrow.quote_annual);
        }
        self.rows("costs.volatility_rows", costs.volatility_rows, 2);
    }

    fn fees(&mut self, fees: &FeeSchedule) {
        self.friction("costs.fees.maker_bps", fees.maker_bps);
        self.friction("costs.fees.taker_bps", fees.taker_bps);
        let discount = fees.discount.to_fraction();
        self.unless(discount <= 1.0, "costs.fees.discount", &discount, "a share up to 1");
        let minimum = fees.minimum;
        self.unless(minimum >= Money::ZERO, "costs.fees.minimum", &minimum, "0 or more");
        let is_payable = fees.asset == FeeAsset::Quote || minimum <= Money::ZERO;
        self.unless(is_payable, "costs.fees.minimum", &minimum, "0 when fees are in base asset");
        let tiers = fees.tiers.len();
        let expected = format!("one of the tiers of costs.fees.tiers, 0 to {tiers}");
        let starting = fees.starting_tier;
        self.unless(starting <= tiers, "costs.fees.starting_tier", &starting, &expected);
        for (place, tier) in fees.tiers.iter().enumerate() {
            let path = format!("costs.fees.tiers.{place}");
            self.friction(&format!("{path}.maker_bps"), tier.maker_bps);
            self.friction(&format!("{path}.taker_bps"), tier.taker_bps);
            let before = place.checked_sub(1).and_then(|before| fees.tiers.get(before));
            let least = before.map_or(Money::ZERO, |before| before.volume_min);
            let expected = format!("a volume above {least}");
            let path = format!("{path}.volume_min");
            self.unless(tier.volume_min > least, &path, &tier.volume_min, &expected);
        }
    }
}
