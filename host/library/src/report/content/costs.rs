//! From the profit at reference prices, cost by cost, to the profit that is left.

use super::frictions;
use super::view::View;
use crate::report::{Block, Column, Note, Section, Table, UNDEFINED, number};
use ct_core::units::Money;

/// What was assumed, then gross, each cost and net: always shown, whatever was paid.
pub(super) fn section(view: &View<'_>) -> Section {
    let blocks = vec![
        Block::Properties(frictions::facts(view)),
        Block::Table(bridge(view)),
        Block::Note(break_even(view)),
    ];
    Section::summary("Costs: from gross to net", blocks)
}

fn bridge(view: &View<'_>) -> Table {
    let costs = &view.result.costs;
    let mut rows = vec![row(view, "Profit before costs", costs.gross_pnl)];
    for (name, cost) in [
        ("Fees", costs.fees),
        ("Spread", costs.spread),
        ("Slippage", costs.slippage),
        ("Market impact", costs.impact),
        ("Funding", costs.funding),
        ("Interest", costs.borrow),
        ("Liquidation", costs.liquidation),
    ] {
        // What costs nothing is told above the table.
        if !cost.is_zero() {
            rows.push(row(view, &format!("  {name}"), cost.negated()));
        }
    }
    rows.push(row(view, "All costs", costs.total.negated()));
    rows.push(row(view, "Profit after costs", costs.net_pnl));
    Table {
        caption: String::new(),
        columns: vec![
            Column::words(""),
            Column::numbers(view.quote_name()),
            Column::numbers("of profit before costs"),
            Column::numbers("of initial cash"),
            Column::numbers("of traded notional"),
        ],
        rows,
    }
}

fn row(view: &View<'_>, name: &str, amount: Money) -> Vec<String> {
    let result = view.result;
    let amount = amount.to_f64();
    let share = |whole: f64| if whole > 0.0 { Some(amount / whole) } else { None };
    let percent = |share: Option<f64>| share.map_or(UNDEFINED.to_owned(), number::percent);
    let traded = share(result.metrics.activity.traded_notional);
    vec![
        name.to_owned(),
        view.numbers.profit(amount),
        percent(share(result.costs.gross_pnl.to_f64())),
        percent(share(result.initial_cash.to_f64())),
        traded.map_or(UNDEFINED.to_owned(), |share| number::bps(share * 10_000.0)),
    ]
}

fn break_even(view: &View<'_>) -> Note {
    let costs = &view.result.costs;
    let (Some(paid), Some(break_even)) = (costs.cost_bps, costs.break_even_bps) else {
        return Note::plain("Nothing was traded, so there is no break-even cost.");
    };
    let paid = number::bps(paid);
    if break_even <= 0.0 {
        return Note::plain(format!(
            "No break-even cost: the run earned nothing before costs. It paid {paid} of all that was traded."
        ));
    }
    Note::plain(format!(
        "Break-even cost: {} of all that was traded. The run paid {paid}.",
        number::bps(break_even)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::RunResult;
    use crate::report::{Document, example, markdown};

    fn shown(result: &RunResult) -> String {
        let sections = vec![section(&View::new(result))];
        markdown(&Document { sections, ..Document::default() })
    }

    #[test]
    fn the_costs_lead_from_gross_to_net() {
        let shown = shown(&example::result());
        for line in [
            "| Profit before costs | +990.00 | 100.00 % | 9.90 % | 476.20 bps |",
            "| Fees | -20.79 | -2.10 % | -0.21 % | -10.00 bps |",
            "| Slippage | -10.39 | -1.05 % | -0.10 % | -5.00 bps |",
            "| All costs | -31.18 | -3.15 % | -0.31 % | -15.00 bps |",
            "| Profit after costs | +958.82 | 96.85 % | 9.59 % | 461.20 bps |",
            "Break-even cost: 476.20 bps of all that was traded. The run paid 15.00 bps.",
        ] {
            assert!(shown.contains(line), "{line} is not in {shown}");
        }
        assert!(!shown.contains("0.00 bps |\n| Interest"), "{shown}");
    }

    #[test]
    fn a_run_that_lost_before_costs_breaks_even_at_none() {
        let mut result = example::result();
        result.costs.break_even_bps = Some(-3.0);
        assert!(
            shown(&result).contains("No break-even cost: the run earned nothing before costs.")
        );
        result.costs.cost_bps = None;
        assert!(shown(&result).contains("Nothing was traded, so there is no break-even cost."));
    }

    #[test]
    fn funding_that_was_received_is_a_gain() {
        let mut result = example::result();
        result.costs.funding = Money::from_f64(-12.5).unwrap();
        assert!(shown(&result).contains("| Funding | +12.50 |"));
    }
}
