//! Flags of sizing, limits and breakers: the most used; the configuration file has all.

use serde_json::json;

use crate::flag_layer::FlagLayer;
use crate::value::{help, help_or, of};
use ct_host::risk::{BreakerAction, BreakerSettings, LossBreaker, Rearm, Shorting};
use ct_host::units::{Money, Quantity, Rate};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Sizing and risk")]
pub(super) struct RiskArgs {
    #[command(flatten)]
    sizing: SizingArgs,
    /// Let the strategy hold short positions
    #[arg(long)]
    allow_short: bool,
    #[arg(long, value_name = "QUANTITY", help = help("risk.limits.position.units_max"), value_parser = of::<Quantity>("risk.limits.position.units_max"))]
    max_units: Option<Quantity>,
    #[arg(long, value_name = "AMOUNT", help = help("risk.limits.position.notional_max"), value_parser = of::<Money>("risk.limits.position.notional_max"))]
    max_notional: Option<Money>,
    #[arg(long, value_name = "SHARE", help = help_or("risk.limits.gross_exposure_max", "as --leverage"), value_parser = of::<Rate>("risk.limits.gross_exposure_max"))]
    max_gross: Option<Rate>,
    #[arg(long, value_name = "MULTIPLE", help = help("risk.margin.leverage_max"), value_parser = of::<Rate>("risk.margin.leverage_max"))]
    leverage: Option<Rate>,
    /// Close everything for good when this share of the highest equity is lost [default: 0.5]
    #[arg(long, value_name = "SHARE", value_parser = of::<Rate>("risk.breakers.drawdown.0.loss"), conflicts_with = "no_risk")]
    max_drawdown: Option<Rate>,
    /// No breaker at all: trade on whatever is lost
    #[arg(long)]
    no_risk: bool,
}

/// How large a position is. Only one way can be chosen.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct SizingArgs {
    #[arg(long, value_name = "SHARE", help = help("risk.sizing.fraction"), value_parser = of::<Rate>("risk.sizing.fraction"))]
    fraction: Option<Rate>,
    #[arg(long, value_name = "QUANTITY", help = help("risk.sizing.units"), value_parser = of::<Quantity>("risk.sizing.units"))]
    units: Option<Quantity>,
    #[arg(long, value_name = "SHARE", help = help("risk.sizing.risk"), value_parser = of::<Rate>("risk.sizing.risk"))]
    risk_per_trade: Option<Rate>,
    #[arg(long, value_name = "SHARE", help = help("risk.sizing.annual"), value_parser = of::<Rate>("risk.sizing.annual"))]
    volatility_target: Option<Rate>,
}

impl RiskArgs {
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        self.sizing.say(flags);
        if self.allow_short {
            flags.set("--allow-short", "risk.limits.shorting", Shorting::Allowed);
        }
        flags.set_given("--max-units", "risk.limits.position.units_max", self.max_units);
        flags.set_given("--max-notional", "risk.limits.position.notional_max", self.max_notional);
        flags.set_given("--max-gross", "risk.limits.gross_exposure_max", self.max_gross);
        flags.set_given("--leverage", "risk.margin.leverage_max", self.leverage);
        let breaker = |loss| LossBreaker {
            loss,
            action: BreakerAction::Flatten,
            reduce_to: Rate::ONE.half(),
            rearm: Rearm::Manual,
        };
        let levels = self.max_drawdown.map(|loss| [breaker(loss)]);
        flags.set_given("--max-drawdown", "risk.breakers.drawdown", levels);
        if self.no_risk {
            flags.set("--no-risk", "risk.breakers", BreakerSettings::none());
        }
    }
}

impl SizingArgs {
    fn say(&self, flags: &mut FlagLayer) {
        const PATH: &str = "risk.sizing";
        let sizing =
            |kind: &str, key: &str, value: serde_json::Value| json!({ "kind": kind, key: value });
        let share = |rate: Rate| json!(rate);
        let fraction = self.fraction.map(|rate| sizing("fraction", "fraction", share(rate)));
        flags.set_given("--fraction", PATH, fraction);
        let units = self.units.map(|units| sizing("units", "units", json!(units)));
        flags.set_given("--units", PATH, units);
        let risk = self.risk_per_trade.map(|rate| sizing("risk_share", "risk", share(rate)));
        flags.set_given("--risk-per-trade", PATH, risk);
        let target =
            self.volatility_target.map(|rate| sizing("volatility_target", "annual", share(rate)));
        flags.set_given("--volatility-target", PATH, target);
    }
}
