//! {{summary}}.

use ct_sdk::prelude::*;

/// Parameters of the strategy. The comments become their help.
#[derive(Debug, Params)]
pub struct Settings {
    /// Bars over which the return is measured.
    #[param(default = 24, min = 1, max = 1000)]
    lookback: u32,
    /// Bars between two decisions.
    #[param(default = 12, min = 1, max = 1000)]
    every: u32,
}

/// Everything the strategy remembers from row to row.
#[ct_sdk::state]
#[derive(Debug)]
pub struct {{TypeName}} {
    /// One for each instrument.
    momentum: Vec<RateOfChange>,
    every: u64,
}

impl PortfolioStrategy for {{TypeName}} {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;

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
        targets.equal_weights(&[best]);
    }
}

ct_sdk::export!(Portfolio<{{TypeName}}>);

#[cfg(test)]
mod tests {
    use ct_sdk::testing::{Bars, Harness, check_window_invariance};

    use super::*;

    type Strategy = Portfolio<{{TypeName}}>;

    #[test]
    fn it_holds_what_has_risen_most() {
        let harness = Harness::<Strategy>::new().param("lookback", 1).param("every", 1);
        let closes = [[10.0, 11.0, 11.0], [10.0, 10.0, 12.0]];
        let parts = closes.map(|closes| Bars::from_closes(&closes));
        let run = harness.run(&Bars::side_by_side(&parts));
        let long = run.decisions.iter().filter(|decision| decision.target == Some(1.0));
        let bought: Vec<(u64, u32)> = long.map(|long| (long.row, long.instrument)).collect();
        assert_eq!(bought, [(1, 0), (2, 1)]);
    }

    #[test]
    fn it_does_the_same_however_its_bars_arrive() {
        let parts = [1, 2, 3].map(|seed| Bars::random_walk(500, seed));
        check_window_invariance(&Harness::<Strategy>::new(), &Bars::side_by_side(&parts));
    }
}
