//! Holds the instrument with the best recent return.
//!
//! A portfolio strategy that reads its account: it looks at all instruments at one time and rebalances every so many
//! rows.

use ct_sdk::prelude::*;

/// Parameters of the strategy.
#[derive(Debug, Params)]
pub struct Settings {
    /// Rows over which the return is measured.
    #[param(default = 24, min = 1, max = 1000)]
    lookback: u32,
    /// Rows between two rebalancings.
    #[param(default = 12, min = 1, max = 1000)]
    every: u32,
}

/// State of the strategy.
#[ct_sdk::state]
#[derive(Debug)]
pub struct Rotation {
    momentum: Vec<RateOfChange>,
    every: u64,
}

impl PortfolioStrategy for Rotation {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;
    const READS_ACCOUNT: bool = true;

    fn new(settings: &Settings, setup: &Setup) -> Result<Self, String> {
        let momentum = setup.symbols().iter().map(|_| RateOfChange::new(settings.lookback));
        Ok(Self { momentum: momentum.collect::<Result<_, _>>()?, every: settings.every.into() })
    }

    fn warm_up_rows(&self) -> u32 {
        self.momentum.first().map_or(0, RateOfChange::warm_up_rows)
    }

    fn on_row(&mut self, row: &Row<'_>, targets: &mut Targets) {
        let mut best = None;
        for (place, bar) in row.bars() {
            let momentum = self.momentum.get_mut(place);
            if let Some(change) = momentum.and_then(|momentum| momentum.update(bar.close()))
                && best.is_none_or(|(most, _)| change > most)
            {
                best = Some((change, place));
            }
        }
        let Some((_, best)) = best else { return };
        if !row.number().is_multiple_of(self.every) {
            return;
        }
        for place in 0..row.instruments() {
            let signal = if place == best { Signal::long() } else { Signal::flat() };
            let held = row.account().positions.get(place).is_some_and(|held| held.quantity > 0.0);
            targets.set(place, if held && place == best { Signal::hold() } else { signal });
        }
    }
}

ct_sdk::export!(Portfolio<Rotation>);
