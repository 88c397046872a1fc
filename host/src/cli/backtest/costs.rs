//! Flags of the costs.

use crate::backtest::Settings;
use crate::cli::value;
use crate::costs::{
    CostModel, FeeSchedule, FixedSlippage, FixedSpread, Participation, SquareRootImpact,
};
use crate::units::Rate;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Costs")]
pub(super) struct CostArgs {
    /// Fee on every fill, in basis points of its value [default: the exchange's taker fee; 10 where none is known]
    #[arg(long, value_name = "BPS", value_parser = value::bps)]
    fee_bps: Option<Rate>,
    /// Fee on limit and take-profit fills [default: as --fee-bps; the exchange's maker fee]
    #[arg(long, value_name = "BPS", value_parser = value::bps)]
    maker_fee_bps: Option<Rate>,
    /// How much worse than the price market and stop orders fill
    #[arg(long, value_name = "BPS", default_value = "5", value_parser = value::bps)]
    slippage_bps: Rate,
    /// Bid-ask spread; market and stop orders pay half of it
    #[arg(long, value_name = "BPS", default_value = "0", value_parser = value::bps)]
    spread_bps: Rate,
    /// Market impact of an order as large as the bar's volume; grows with the square root of its share
    #[arg(long, value_name = "BPS", default_value = "0", value_parser = value::bps)]
    impact_bps: Rate,
    /// Largest share of a bar's volume that an order may take; the rest waits for the next bar
    #[arg(long, value_name = "SHARE", value_parser = value::share)]
    participation: Option<Rate>,
}

impl CostArgs {
    /// The cost model, with `exchange`'s fees where the user names none.
    pub(super) fn model(&self, exchange: Option<FeeSchedule>) -> CostModel {
        CostModel {
            fees: self.fees(exchange.unwrap_or_else(|| Settings::default().costs.fees)),
            spread: FixedSpread { rate: self.spread_bps },
            slippage: FixedSlippage { rate: self.slippage_bps },
            impact: SquareRootImpact { coefficient: self.impact_bps },
            participation: self.participation.map(|rate| Participation { rate }),
        }
    }

    fn fees(&self, exchange: FeeSchedule) -> FeeSchedule {
        let taker = self.fee_bps.unwrap_or(exchange.taker);
        let maker = self.maker_fee_bps.or(self.fee_bps).unwrap_or(exchange.maker);
        FeeSchedule { maker, taker }
    }
}
