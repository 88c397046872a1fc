//! A strategy in plain Rust on the pure core: it holds the asset while the close is above that of ten bars before.

use std::ops::ControlFlow;

use ct_core::engine::{
    AccountView, Columns, FaultKind, Machine, Member, Needs, SavedState, Scope, Strategies,
    Strategy, StrategyFault, Window,
};
use ct_core::market::{Bars, Instrument, Panel, RawColumns};
use ct_core::order::{Action, Decision, Entry, Exposure, FillRules, Levels};
use ct_core::settings::{AccountSettings, AtEnd, Settings};
use ct_core::units::{Interval, Money};

const LOOKBACK: usize = 10;
const HOUR_MS: i64 = 3_600_000;

/// The closes so far.
#[derive(Default)]
struct Momentum(Vec<f64>);

impl Strategy for Momentum {
    fn advance(
        &mut self,
        window: &Window<'_>,
        _account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        for (place, close) in window.close.iter().enumerate() {
            let earlier = self.0.len().checked_sub(LOOKBACK).and_then(|row| self.0.get(row));
            let share = if earlier.is_some_and(|earlier| close > earlier) { 1.0 } else { 0.0 };
            self.0.push(*close);
            let Some(target) = Exposure::new(share) else { continue };
            decisions.push(Decision {
                row: window.first_row + place,
                instrument: 0,
                action: Action::Move { target, entry: Entry::Market },
                levels: Levels::default(),
                tag: None,
            });
        }
        Ok(window.rows)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.0.clear();
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        let bytes = self.0.iter().flat_map(|close| close.to_le_bytes()).collect();
        Ok(Some(SavedState { version: 1, bytes }))
    }

    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault> {
        let (closes, rest) = state.bytes.as_chunks();
        if state.version != 1 || !rest.is_empty() {
            let detail =
                format!("a state of version {}: expected closes, version 1", state.version);
            return Err(StrategyFault { kind: FaultKind::Refused, detail });
        }
        self.0 = closes.iter().map(|close| f64::from_le_bytes(*close)).collect();
        Ok(())
    }
}

/// Hours of a price that goes up and down around 100.
fn bars(hours: usize) -> Result<Bars, Box<dyn std::error::Error>> {
    let price = |hour: usize| 100.0 + 10.0 * (hour as f64 / 24.0).sin();
    let open: Vec<f64> = (0..hours).map(price).collect();
    let close: Vec<f64> = (1..=hours).map(price).collect();
    let pairs = || open.iter().zip(&close);
    let columns = RawColumns {
        time: (0_i64..).step_by(3_600_000).take(hours).collect(),
        high: pairs().map(|(open, close)| open.max(*close)).collect(),
        low: pairs().map(|(open, close)| open.min(*close)).collect(),
        volume: vec![1_000.0; hours],
        open,
        close,
    };
    Ok(Bars::new(Interval::from_ms(HOUR_MS)?, columns)?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let panel = Panel::new(vec![(Instrument::unrestricted("DEMO/USD"), bars(2_000)?)])?;
    let setup = Settings {
        account: AccountSettings { cash: Money::from_f64(10_000.0)?, at_end: AtEnd::Close },
        costs: ct_core::costs::CostModel::default(),
        risk: ct_core::risk::RiskSettings::default(),
        fills: FillRules::default(),
    };
    let needs = Needs {
        columns: Columns::CLOSE,
        scope: Scope::Instrument,
        reads_account: false,
        warm_up_rows: LOOKBACK,
        settled_rows: LOOKBACK,
    };
    let mut strategy = Momentum::default();
    let member = Member::new(&mut strategy, needs, 0..1);
    let strategies = Strategies::new(vec![member], 2_048);
    let machine = Machine::new(&panel, &setup, 0)?;
    let outcome = machine.run((&panel).into(), strategies, |_| ControlFlow::Continue(()))?;
    assert!(!outcome.fills.is_empty(), "a price that waves is traded");
    #[expect(clippy::print_stdout, reason = "this is what the example is for")]
    {
        println!("{} USD after {} fills", outcome.cash, outcome.fills.len());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_runs() {
        super::main().unwrap();
    }
}
