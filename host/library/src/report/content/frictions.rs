//! What the run was told about costs and fills.

use super::view::View;
use crate::backtest::Settings;
use crate::report::Fact;
use crate::report::number::{rate_bps, rate_percent, trimmed};
use ct_core::costs::{FeeAsset, FeeSchedule, FundingPayer, Impact, Slippage, Spread};
use ct_core::order::{GapFill, Intrabar, LimitFill, MarketFill};

/// Every friction of the run, also those that it was told to leave out.
pub(super) fn facts(view: &View<'_>) -> Vec<Fact> {
    let costs = &view.result.configuration.costs;
    let slippage = match costs.noise {
        Some(noise) => {
            let amplitude = rate_percent(noise.amplitude);
            format!("{}, give or take {amplitude} (seed {})", slippage(&costs.slippage), noise.seed)
        }
        None => slippage(&costs.slippage),
    };
    vec![
        Fact::new("Fees", fees(view)),
        Fact::new("Spread", spread(&costs.spread)),
        Fact::new("Slippage", slippage),
        Fact::new("Market impact", impact(&costs.impact)),
        Fact::new("Funding", funding(view)),
        Fact::new("Interest", interest(view)),
        Fact::new("Fills", fills(view)),
    ]
}

fn fees(view: &View<'_>) -> String {
    let fees = &view.result.configuration.costs.fees;
    let mut parts = vec![format!(
        "taker {}, maker {} ({})",
        rate_bps(fees.taker_bps),
        rate_bps(fees.maker_bps),
        source(view, fees)
    )];
    if !fees.tiers.is_empty() {
        let (highest, starting) = (fees.tiers.len(), fees.starting_tier);
        parts.push(format!("tiers up to {highest} by traded value, from tier {starting}"));
    }
    if !fees.discount.is_zero() {
        parts.push(format!("{} off", rate_percent(fees.discount)));
    }
    if fees.asset == FeeAsset::Base {
        parts.push("purchases pay in base asset".to_owned());
    }
    if !fees.minimum.is_zero() {
        let least = view.numbers.quote(fees.minimum.to_f64());
        parts.push(format!("at least {least} {} a fill", view.of_quote_asset()));
    }
    parts.join(", ")
}

/// Where the fees come from: as the request says, else the preset, else the settings themselves.
fn source(view: &View<'_>, fees: &FeeSchedule) -> String {
    let told = view.result.request.get("fees_from").and_then(|told| told.as_str());
    match (told, &fees.preset) {
        (Some(told), _) => told.to_owned(),
        (None, Some(preset)) => format!("preset {preset}"),
        (None, None) if *fees == Settings::default().costs.fees => "default".to_owned(),
        (None, None) => "as set".to_owned(),
    }
}

fn spread(spread: &Spread) -> String {
    match spread {
        Spread::Fixed(fixed) if fixed.bps.is_zero() => "none".to_owned(),
        Spread::Fixed(fixed) => format!("{}, of which takers pay half", rate_bps(fixed.bps)),
        Spread::Volatility(linked) => format!(
            "{} × volatility of a bar, at least {}, of which takers pay half",
            trimmed(linked.multiple),
            rate_bps(linked.floor_bps)
        ),
    }
}

fn slippage(slippage: &Slippage) -> String {
    match slippage {
        Slippage::Fixed(fixed) if fixed.bps.is_zero() => "none".to_owned(),
        Slippage::Fixed(fixed) => rate_bps(fixed.bps),
        Slippage::Volatility(linked) => format!(
            "{} × volatility of a bar, at least {}",
            trimmed(linked.multiple),
            rate_bps(linked.floor_bps)
        ),
        Slippage::VolumeShare(linked) => format!(
            "{} plus {} × the square of the order's share of the bar's volume",
            rate_bps(linked.floor_bps),
            rate_percent(linked.coefficient)
        ),
    }
}

fn impact(impact: &Impact) -> String {
    match impact {
        Impact::None => "none".to_owned(),
        Impact::BarVolume(linked) => {
            format!(
                "{} at a bar's whole volume, by its square root",
                rate_bps(linked.coefficient_bps)
            )
        }
        Impact::SquareRoot(law) => format!(
            "square-root law, {} × daily volatility × √(share of daily volume)",
            trimmed(law.y)
        ),
    }
}

fn funding(view: &View<'_>) -> String {
    let Some(funding) = view.result.configuration.costs.funding else { return "none".to_owned() };
    let payer = match funding.payer {
        FundingPayer::Both => "paid by long and short positions, received by none",
        FundingPayer::Long => "paid by long positions to short ones",
        FundingPayer::Short => "paid by short positions to long ones",
    };
    format!("{} every {}, {payer}", rate_bps(funding.rate_bps), funding.every)
}

fn interest(view: &View<'_>) -> String {
    let Some(borrow) = view.result.configuration.costs.borrow else { return "none".to_owned() };
    format!(
        "{} a year on short positions, {} a year on debts",
        rate_percent(borrow.base_annual),
        rate_percent(borrow.quote_annual)
    )
}

fn fills(view: &View<'_>) -> String {
    let settings = &view.result.configuration;
    let market = match settings.fills.market {
        MarketFill::NextOpen => "market orders at the next open",
        MarketFill::NextClose => "market orders at the next close",
    };
    let limit = match settings.fills.limit {
        LimitFill::Through => "limits when traded through",
        LimitFill::Touch => "limits when touched",
    };
    let gap = match settings.fills.gap {
        GapFill::Level => "after a gap at their own price",
        GapFill::Open => "after a gap at the open",
    };
    let intrabar = match settings.fills.intrabar {
        Intrabar::StopFirst => "the worse first inside a bar",
        Intrabar::OpenNearest => "inside a bar first to the extreme nearest the open",
        Intrabar::Detail => "inside a bar as finer bars show",
    };
    let mut parts = vec![market.to_owned(), limit.to_owned(), gap.to_owned(), intrabar.to_owned()];
    if settings.fills.latency_bars > 0 {
        parts.push(format!("{} bars of latency", settings.fills.latency_bars));
    }
    if let Some(cap) = settings.costs.participation {
        parts.push(format!("up to {} of a bar's volume", rate_percent(cap.rate)));
    }
    parts.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::backtest::RunResult;
    use crate::report::example;

    fn shown(result: &RunResult) -> Vec<String> {
        let facts = facts(&View::new(result));
        facts.iter().map(|fact| format!("{}: {}", fact.name, fact.value)).collect()
    }

    #[test]
    fn the_default_stack_is_told() {
        let expected = [
            "Fees: taker 10 bps, maker 10 bps (default)",
            "Spread: none",
            "Slippage: 5 bps",
            "Market impact: none",
            "Funding: none",
            "Interest: 10 % a year on short positions, 10 % a year on debts",
            "Fills: market orders at the next open, limits when traded through, after a gap at their own price, the worse first inside a bar",
        ];
        assert_eq!(shown(&example::result()), expected);
    }

    #[test]
    fn every_friction_is_told_as_it_was_set() {
        let mut result = example::result();
        result.configuration.costs = serde_json::from_value(json!({
            "fees": {
                "preset": "binance-spot",
                "maker_bps": 8,
                "taker_bps": 10,
                "tiers": [{"volume_min": 1_000_000, "maker_bps": 6, "taker_bps": 9}],
                "starting_tier": 1,
                "discount": 0.25,
                "asset": "base",
                "minimum": 0.1,
            },
            "spread": {"kind": "volatility", "floor_bps": 1, "multiple": 0.05},
            "slippage": {"kind": "volume_share", "floor_bps": 2, "coefficient": 0.1},
            "impact": {"kind": "square_root", "y": 1},
            "noise": {"seed": 7, "amplitude": 0.5},
            "participation": {"rate": 0.1},
            "funding": {"rate_bps": 1},
            "borrow": null,
        }))
        .unwrap();
        result.configuration.fills.latency_bars = 2;
        result.configuration.fills.gap = GapFill::Open;
        let expected = [
            "Fees: taker 10 bps, maker 8 bps (preset binance-spot), tiers up to 1 by traded value, from tier 1, 25 % off, \
             purchases pay in base asset, at least 0.10 USDT a fill",
            "Spread: 0.05 × volatility of a bar, at least 1 bps, of which takers pay half",
            "Slippage: 2 bps plus 10 % × the square of the order's share of the bar's volume, give or take 50 % (seed 7)",
            "Market impact: square-root law, 1 × daily volatility × √(share of daily volume)",
            "Funding: 1 bps every 8h, paid by long and short positions, received by none",
            "Interest: none",
            "Fills: market orders at the next open, limits when traded through, after a gap at the open, the worse first inside a bar, \
             2 bars of latency, up to 10 % of a bar's volume",
        ];
        assert_eq!(shown(&result), expected);
        result.request = json!({"fees_from": "what binance said"});
        assert!(shown(&result)[0].contains("(what binance said)"));
    }
}
