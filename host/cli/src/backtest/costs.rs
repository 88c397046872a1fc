//! Flags of the costs.

use serde_json::json;

use crate::flag_layer::FlagLayer;
use crate::value::{help, of};
use ct_host::units::Rate;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Costs")]
pub(super) struct CostArgs {
    /// Fee on every fill, in basis points of its value [default: the exchange's taker fee; 10 where none is known]
    #[arg(long, value_name = "BPS", value_parser = of::<f64>("costs.fees.taker_bps"))]
    fee_bps: Option<f64>,
    /// Fee on limit and take-profit fills [default: as --fee-bps; the exchange's maker fee]
    #[arg(long, value_name = "BPS", value_parser = of::<f64>("costs.fees.maker_bps"))]
    maker_fee_bps: Option<f64>,
    /// Published fees of an exchange, with their tiers; `ct-host fees` lists them
    #[arg(long, value_name = "NAME", conflicts_with = "fee_bps")]
    fee_preset: Option<String>,
    /// How much worse than the price market and stop orders fill [default: 5]
    #[arg(long, value_name = "BPS", value_parser = of::<f64>("costs.slippage.bps"))]
    slippage_bps: Option<f64>,
    /// Bid-ask spread; market and stop orders pay half of it [default: 0]
    #[arg(long, value_name = "BPS", value_parser = of::<f64>("costs.spread.bps"))]
    spread_bps: Option<f64>,
    /// Market impact of an order as large as the bar's volume; grows with the square root of its share [default: 0]
    #[arg(long, value_name = "BPS", value_parser = of::<f64>("costs.impact.coefficient_bps"))]
    impact_bps: Option<f64>,
    #[arg(long, value_name = "SHARE", help = help("costs.participation"), value_parser = of::<Rate>("costs.participation.rate"))]
    participation: Option<Rate>,
    /// Funding that a position of a perpetual contract pays every 8 hours, in basis points of its value [default: none]
    #[arg(long, value_name = "BPS", value_parser = of::<f64>("costs.funding.rate_bps"))]
    funding_bps: Option<f64>,
}

impl CostArgs {
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        self.say_fees(flags);
        let fixed = |bps: f64| json!({ "kind": "fixed", "bps": bps });
        flags.set_given("--slippage-bps", "costs.slippage", self.slippage_bps.map(fixed));
        flags.set_given("--spread-bps", "costs.spread", self.spread_bps.map(fixed));
        let impact = self.impact_bps.map(|bps| match bps {
            0.0 => json!({ "kind": "none" }),
            bps => json!({ "kind": "bar_volume", "coefficient_bps": bps }),
        });
        flags.set_given("--impact-bps", "costs.impact", impact);
        let cap = self.participation.map(|rate| json!({ "rate": rate }));
        flags.set_given("--participation", "costs.participation", cap);
        match self.funding_bps {
            None => {}
            Some(0.0) => flags.unset("--funding-bps", "costs.funding"),
            Some(bps) => {
                flags.set("--funding-bps", "costs.funding", json!({ "rate_bps": bps }));
            }
        }
    }

    /// A fee that is named holds for every fill: no published fees, tiers or discounts of the layers below change it.
    fn say_fees(&self, flags: &mut FlagLayer) {
        flags.set_given("--fee-preset", "costs.fees.preset", self.fee_preset.as_ref());
        if let Some(fee) = self.fee_bps {
            const FLAG: &str = "--fee-bps";
            flags.unset(FLAG, "costs.fees.preset");
            flags.set(FLAG, "costs.fees.taker_bps", fee);
            flags.set(FLAG, "costs.fees.maker_bps", fee);
            flags.set(FLAG, "costs.fees.tiers", [(); 0]);
            flags.set(FLAG, "costs.fees.starting_tier", 0);
            flags.set(FLAG, "costs.fees.discount", Rate::ZERO);
        }
        flags.set_given("--maker-fee-bps", "costs.fees.maker_bps", self.maker_fee_bps);
    }
}
