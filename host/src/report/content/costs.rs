//! From the profit at reference prices, cost by cost, to the profit that is left.

use super::view::View;
use crate::report::{Block, Column, Section, Table, UNDEFINED, number};
use crate::units::Money;

/// Gross, each cost, net: always shown, whatever was paid.
pub(super) fn bridge(view: &View<'_>) -> Section {
    let costs = &view.result.costs;
    let mut rows = vec![row(view, "Profit before costs", costs.gross_pnl)];
    for (name, cost) in [
        ("Fees", costs.fees),
        ("Spread", costs.spread),
        ("Slippage", costs.slippage),
        ("Market impact", costs.impact),
    ] {
        rows.push(row(view, &format!("  {name}"), cost.negated()));
    }
    rows.push(row(view, "All costs", costs.total.negated()));
    rows.push(row(view, "Profit after costs", costs.net_pnl));
    let table = Table {
        caption: String::new(),
        columns: vec![
            Column::words(""),
            Column::numbers(view.quote_name()),
            Column::numbers("of profit before costs"),
            Column::numbers("of initial cash"),
            Column::numbers("of traded notional"),
        ],
        rows,
    };
    Section::summary("From gross to net", vec![Block::Table(table)])
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
        traded.map_or(UNDEFINED.to_owned(), |share| {
            format!("{} bps", number::decimal(share * 10_000.0, 2))
        }),
    ]
}
