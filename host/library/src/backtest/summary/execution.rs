//! What was traded, what is held, and how decisions came to their orders.

use crate::backtest::{ExplainedRecord, FillRecord, OpenPosition, TradeRecord, VolumeUse};
use ct_core::engine::Outcome;
use ct_core::market::Panel;
use ct_core::order::{Explained, Fill, Trade};

/// Symbol of the instrument at this place.
pub(super) fn symbol(panel: &Panel, instrument: usize) -> String {
    let series = panel.series().get(instrument);
    series.map(|series| series.instrument().symbol.clone()).unwrap_or_default()
}

pub(super) fn fills(panel: &Panel, outcome: &Outcome) -> Vec<FillRecord> {
    let record = |fill: &Fill| FillRecord {
        time: fill.time.in_row(panel, fill.row),
        symbol: symbol(panel, fill.instrument as usize),
        side: fill.side,
        price: fill.price,
        reference_price: fill.reference_price,
        quantity: fill.quantity,
        fee: fill.fee,
        fee_quantity: fill.fee_quantity,
        spread: fill.spread,
        slippage: fill.slippage,
        impact: fill.impact,
        reason: fill.reason,
        decision: fill.decision,
        tag: fill.tag.as_deref().map(str::to_owned),
    };
    outcome.fills.iter().map(record).collect()
}

/// A fill in a bar whose volume is not known counts for nothing.
pub(super) fn volume_use(panel: &Panel, outcome: &Outcome) -> VolumeUse {
    const TENTH: f64 = 0.1;
    let mut found = VolumeUse::default();
    for fill in &outcome.fills {
        let series = panel.series().get(fill.instrument as usize);
        let volume = series.and_then(|series| series.volume().get(fill.row as usize)).copied();
        let Some(volume) = volume.filter(|volume| !volume.is_nan()) else { continue };
        let quantity = fill.quantity.to_f64();
        found.fills_above_tenth += u64::from(quantity > TENTH * volume);
        if volume > 0.0 {
            let share = quantity / volume;
            found.share_max = Some(found.share_max.map_or(share, |most| most.max(share)));
        }
    }
    found
}

pub(super) fn trades(panel: &Panel, outcome: &Outcome) -> Vec<TradeRecord> {
    let record = |trade: &Trade| TradeRecord {
        symbol: symbol(panel, trade.instrument as usize),
        direction: trade.direction,
        entry_time: trade.entry_time.in_row(panel, trade.entry_row),
        exit_time: trade.exit_time.in_row(panel, trade.exit_row),
        bars_held: u64::from(trade.exit_row - trade.entry_row),
        quantity: trade.quantity,
        entry_price: trade.entry_price(),
        exit_price: trade.exit_price(),
        gross_pnl: trade.gross_pnl,
        net_pnl: trade.net_pnl,
        fees: trade.fees,
        carry: trade.carry,
        return_on_notional: trade.return_on_notional(),
        mae: trade.mae,
        mfe: trade.mfe,
        exit_reason: trade.exit_reason,
    };
    outcome.trades.iter().map(record).collect()
}

pub(super) fn open_positions(panel: &Panel, outcome: &Outcome) -> Vec<OpenPosition> {
    let open = panel.series().iter().zip(&outcome.positions).filter(|(_, held)| !held.is_flat());
    open.map(|(series, position)| {
        let mark = series.marks().last().copied().unwrap_or(f64::NAN);
        OpenPosition {
            symbol: series.instrument().symbol.clone(),
            quantity: position.quantity,
            average_price: position.average_price(),
            mark,
            unrealised_pnl: position.quantity.to_f64() * mark - position.cost.to_f64(),
        }
    })
    .collect()
}

pub(super) fn explained(panel: &Panel, outcome: &Outcome) -> Vec<ExplainedRecord> {
    let record = |explained: &Explained| ExplainedRecord {
        decision: explained.decision,
        time: panel.time(explained.row),
        symbol: symbol(panel, explained.instrument),
        target: explained.target,
        equity: explained.equity,
        held: explained.held,
        basis: explained.basis,
        approved: explained.approved,
    };
    outcome.explained.iter().map(record).collect()
}
