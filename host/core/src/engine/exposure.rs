//! What part of the account is in positions, row by row.

use std::ops::Range;

use super::state::State;
use super::tape::{At, Tape};

/// Takes in the closes of `rows`, over which nothing traded.
pub(super) fn take_in(state: &mut State, tape: &Tape<'_>, rows: Range<usize>) {
    let State { account, record, .. } = state;
    if !account.holds_anything() {
        return;
    }
    let mut exposure = record.gross_exposure();
    let cash = account.cash().to_f64();
    let signs = || account.positions().iter().map(|position| position.quantity.signum());
    if signs().any(|sign| sign > 0) && signs().any(|sign| sign < 0) {
        for row in rows.clone() {
            let values = tape.instruments().map(|instrument| {
                let quantity = account.held(instrument).to_f64().abs();
                if quantity > 0.0 { quantity * tape.mark(At { row, instrument }) } else { 0.0 }
            });
            exposure.add(values.sum(), record.equity_at(row));
        }
    } else {
        // What is not cash is in positions, which all point the same way.
        for equity in record.equity_of(rows.clone()) {
            exposure.add((equity - cash).abs(), *equity);
        }
    }
    record.add_in_market(rows.len() as u64, exposure);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::test_market::{A, B, Market, still};
    use crate::market::InstrumentId;
    use crate::portfolio::GrossExposure;

    /// What is told of three rows with these equities, after trades of both instruments.
    fn told(trades: &[(InstrumentId, f64)], equity: [f64; 3]) -> GrossExposure {
        let prices = [still(100.0), still(100.0), still(200.0)];
        let market = Market::new("1h", &[&prices, &prices]);
        let mut state = market.flat();
        for trade in trades {
            market.trade(&mut state, *trade, 100.0);
        }
        state.record.equity_mut().extend(equity);
        take_in(&mut state, &market.tape(), 0..3);
        state.record.gross_exposure()
    }

    #[test]
    fn the_share_of_the_equity_in_positions_is_added_up() {
        for (trades, equity, (sum, max, above)) in [
            // 2 units beside 800 of cash: 200 of 1000 twice, then 400 of 1200.
            (vec![(A, 2.0)], [1_000.0, 1_000.0, 1_200.0], (0.4 + 1.0 / 3.0, 1.0 / 3.0, 0.0)),
            (vec![(A, -2.0)], [1_000.0, 1_000.0, 800.0], (0.9, 0.5, 0.0)),
            // Long 2 and short 1: 300 twice, then 600 of 1100.
            (
                vec![(A, 2.0), (B, -1.0)],
                [1_000.0, 1_000.0, 1_100.0],
                (0.6 + 6.0 / 11.0, 6.0 / 11.0, 0.0),
            ),
            // Twice the equity is borrowed in two rows, and an account without any has no exposure.
            (vec![(A, 30.0)], [1_000.0, 1_000.0, 0.0], (6.0, 3.0, 4.0)),
            (vec![], [1_000.0; 3], (0.0, 0.0, 0.0)),
        ] {
            let found = told(&trades, equity);
            let near = |found: f64, expected: f64| (found - expected).abs() < 1e-12;
            let GrossExposure { sum: of, max: most, above_one_sum } = found;
            assert!(
                near(of, sum) && near(most, max) && near(above_one_sum, above),
                "{trades:?}: {found:?}"
            );
        }
    }
}
