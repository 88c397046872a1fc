//! Single trades, groups of trades, and what is still open.

use std::collections::BTreeMap;

use super::view::View;
use crate::report::tags::Tags;
use crate::report::{Block, Column, Note, Part, Section, Table, number, wording};
use ct_core::order::Trade;

/// Number of trades in each list.
const LISTED: usize = 5;

/// Groups in a table: more than a run has instruments. A file of others may name a symbol for each of its trades.
const GROUPS_LISTED: usize = 2_000;

pub(super) fn sections(view: &View<'_>) -> Vec<(Part, Section)> {
    let mut sections = Vec::new();
    if !view.result.trades.is_empty() {
        sections.push((Part::Groups, Section::detail("Trades in groups", grouped(view))));
    }
    sections.push((Part::List, Section::detail("Single trades", lists(view))));
    if !view.result.open_positions.is_empty() {
        sections.push((Part::Open, open_positions(view)));
    }
    sections
}

/// By symbol and by tag where there are several, and by exit.
fn grouped(view: &View<'_>) -> Vec<Block> {
    let mut blocks = Vec::new();
    if view.is_portfolio() {
        blocks.extend(groups(view, "By symbol", |trade| trade.symbol.to_string()));
    }
    let tags = Tags::of(view.result);
    if !tags.is_empty() {
        let tag = |trade: &Trade| tags.of_entry(trade).unwrap_or("without a tag").to_owned();
        blocks.extend(groups(view, "By tag of the entry", tag));
    }
    let exit = |trade: &Trade| wording::fill_reason(trade.exit_reason).to_owned();
    blocks.extend(groups(view, "By exit", exit));
    blocks
}

fn lists(view: &View<'_>) -> Vec<Block> {
    let trades: Vec<&Trade> = view.result.trades.iter().collect();
    if trades.is_empty() {
        return vec![Block::Note(Note::plain("No trade was closed."))];
    }
    if trades.len() <= LISTED {
        return vec![list(view, "All trades", trades)];
    }
    let mut ranked = trades.clone();
    ranked.sort_by_key(|trade| std::cmp::Reverse(trade.net_pnl));
    let last = trades.iter().rev().take(LISTED).copied().collect();
    let best = ranked.iter().take(LISTED).copied().collect();
    let worst = ranked.iter().rev().take(LISTED).copied().collect();
    vec![
        list(view, "Last trades, the latest first", last),
        list(view, "Best trades", best),
        list(view, "Worst trades", worst),
    ]
}

fn list(view: &View<'_>, caption: &str, trades: Vec<&Trade>) -> Block {
    let mut columns = vec![
        Column::words("Entry"),
        Column::numbers("Held"),
        Column::words("Side"),
        Column::numbers("Quantity"),
        Column::numbers("Entry price"),
        Column::numbers("Exit price"),
        Column::numbers("Net profit"),
        Column::numbers("Return"),
        Column::words("Exit"),
    ];
    if view.is_portfolio() {
        columns.insert(0, Column::words("Symbol"));
    }
    let row = |trade: &Trade| {
        let mut row = vec![
            number::time(trade.entry_time),
            number::duration(trade.held_ms()),
            wording::direction(trade.direction).to_owned(),
            number::quantity(trade.quantity.to_f64()),
            number::significant(trade.entry_price),
            number::significant(trade.exit_price),
            view.numbers.profit(trade.net_pnl.to_f64()),
            number::signed_percent(trade.return_on_notional),
            wording::fill_reason(trade.exit_reason).to_owned(),
        ];
        if view.is_portfolio() {
            row.insert(0, trade.symbol.to_string());
        }
        row
    };
    let rows = trades.into_iter().map(row).collect();
    Block::Table(Table { caption: caption.to_owned(), columns, rows })
}

/// Sums over the trades of one group.
#[derive(Default)]
struct Group {
    trades: u64,
    wins: u64,
    net_profit: f64,
    returns: f64,
    held_ms: i64,
}

impl Group {
    fn add(&mut self, trade: &Trade) {
        self.trades = self.trades.saturating_add(1);
        self.wins = self.wins.saturating_add(u64::from(trade.net_pnl.signum() > 0));
        self.net_profit += trade.net_pnl.to_f64();
        self.returns += trade.return_on_notional;
        self.held_ms = self.held_ms.saturating_add(trade.held_ms());
    }
}

fn groups(view: &View<'_>, caption: &str, key: impl Fn(&Trade) -> String) -> Vec<Block> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    let mut total = Group::default();
    for trade in &view.result.trades {
        groups.entry(key(trade)).or_default().add(trade);
        total.add(trade);
    }
    let row = |(name, group): (String, Group)| {
        let trades = group.trades as f64;
        vec![
            name,
            number::count(group.trades),
            number::percent(group.wins as f64 / trades),
            view.numbers.profit(group.net_profit),
            view.numbers.profit(group.net_profit / trades),
            number::signed_percent(group.returns / trades),
            number::duration(average_ms(&group)),
        ]
    };
    let more = groups.len().saturating_sub(GROUPS_LISTED);
    let is_several = groups.len() > 1;
    let mut rows: Vec<Vec<String>> = groups.into_iter().take(GROUPS_LISTED).map(row).collect();
    if is_several {
        rows.push(row(("All trades".to_owned(), total)));
    }
    let table = Table {
        caption: caption.to_owned(),
        columns: vec![
            Column::words(""),
            Column::numbers("Trades"),
            Column::numbers("Won"),
            Column::numbers("Net profit"),
            Column::numbers("per trade"),
            Column::numbers("Average return"),
            Column::numbers("Average time"),
        ],
        rows,
    };
    let mut blocks = vec![Block::Table(table)];
    if more > 0 {
        blocks.push(Block::Note(Note::plain(format!("And {} more.", number::count(more as u64)))));
    }
    blocks
}

fn average_ms(group: &Group) -> i64 {
    let trades = i64::try_from(group.trades).unwrap_or(i64::MAX);
    group.held_ms.checked_div(trades).unwrap_or_default()
}

fn open_positions(view: &View<'_>) -> Section {
    let row = |open: &crate::backtest::OpenPosition| {
        vec![
            open.symbol.to_string(),
            number::quantity(open.quantity.to_f64()),
            number::significant(open.average_price),
            number::significant(open.mark),
            view.numbers.quote(open.quantity.to_f64() * open.mark),
            view.numbers.profit(open.unrealised_pnl),
        ]
    };
    let table = Table {
        caption: String::new(),
        columns: vec![
            Column::words("Symbol"),
            Column::numbers("Quantity"),
            Column::numbers("Entry price"),
            Column::numbers("Last close"),
            Column::numbers("Value"),
            Column::numbers("Profit before costs"),
        ],
        rows: view.result.open_positions.iter().map(row).collect(),
    };
    Section::detail("Open at the end, marked at the last close", vec![Block::Table(table)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::RunResult;
    use crate::report::example;
    use ct_core::order::{Fill, FillReason};
    use ct_core::units::{Money, Timestamp};

    /// Three trades that begin at 5:00, 6:00 and 7:00 and last 25, 10 and 4 hours, two of them entered with the same tag.
    fn result() -> RunResult {
        let mut result = example::result();
        let (fill, trade) = (result.fills[0].clone(), result.trades[0].clone());
        let entered = [
            (5, 25, 30.0, 0.3, Some("breakout"), FillReason::Exit),
            (6, 10, -10.0, -0.1, Some("breakout"), FillReason::Stop),
            (7, 4, -5.0, -0.05, None, FillReason::Stop),
        ];
        let later = |time: Timestamp, hours: i64| {
            Timestamp::from_ms(time.as_ms() + hours * 3_600_000).unwrap()
        };
        (result.fills, result.trades) = entered
            .into_iter()
            .map(|(hour, held, net, share, tag, exit_reason)| {
                let entry_time = example::hour(hour);
                let fill = Fill { time: entry_time, tag: tag.map(Into::into), ..fill.clone() };
                let trade = Trade {
                    entry_time,
                    exit_time: later(entry_time, held),
                    net_pnl: Money::from_f64(net).unwrap(),
                    return_on_notional: share,
                    exit_reason,
                    ..trade.clone()
                };
                (fill, trade)
            })
            .unzip();
        result
    }

    #[test]
    fn groups_by_tag_and_by_exit_add_up_to_all_trades() {
        let result = result();
        let blocks = grouped(&View::new(&result));
        let [Block::Table(by_tag), Block::Table(by_exit)] = blocks.as_slice() else {
            panic!("{blocks:?}")
        };
        let all = ["All trades", "3", "33.33 %", "+15.00", "+5.00", "+5.00 %", "13h"];
        assert_eq!(by_tag.caption, "By tag of the entry");
        let breakout = ["breakout", "2", "50.00 %", "+20.00", "+10.00", "+10.00 %", "17h 30m"];
        let untagged = ["without a tag", "1", "0.00 %", "-5.00", "-5.00", "-5.00 %", "4h"];
        assert_eq!(by_tag.rows, [breakout, untagged, all]);
        assert_eq!(by_exit.caption, "By exit");
        let signal = ["signal", "1", "100.00 %", "+30.00", "+30.00", "+30.00 %", "1d 1h"];
        let stop = ["stop", "2", "0.00 %", "-15.00", "-7.50", "-7.50 %", "7h"];
        assert_eq!(by_exit.rows, [signal, stop, all]);
    }
}
