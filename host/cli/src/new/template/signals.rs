//! {{summary}}.

use ct_sdk::prelude::*;

/// Parameters of the strategy. The comments become their help.
#[derive(Debug, Params)]
pub struct Settings {
    /// Length of the average, in bars.
    #[param(default = 50, min = 2, max = 1000)]
    period: u32,
    /// Distance of the stop below the entry, as a share of the price; 0 for no stop.
    #[param(default = 0.05, min = 0.0, max = 0.5)]
    stop_share: f64,
}

/// Everything the strategy remembers from bar to bar.
#[ct_sdk::state]
#[derive(Debug)]
pub struct {{TypeName}} {
    average: Ema,
    stop_share: f64,
    /// Where to leave; unset while there is nothing to hold.
    stop: Option<f64>,
}

impl SignalStrategy for {{TypeName}} {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;

    fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
        let average = Ema::new(settings.period)?;
        let stop_share = settings.stop_share;
        Ok(Self { average, stop_share, stop: None })
    }

    fn warm_up_rows(&self) -> u32 {
        self.average.warm_up_rows()
    }

    fn settled_rows(&self) -> u32 {
        self.average.settled_rows()
    }

    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
        let close = bar.close();
        let Some(average) = self.average.update(close) else {
            return Signal::hold();
        };
        if close <= average {
            self.stop = None;
            return Signal::flat();
        }
        if self.stop_share == 0.0 {
            return Signal::long();
        }
        // The stop stays where it was set when the signal came.
        let stop = *self.stop.get_or_insert(close * (1.0 - self.stop_share));
        Signal::long().stop(stop)
    }
}

ct_sdk::export!(Signals<{{TypeName}}>);

#[cfg(test)]
mod tests {
    use ct_sdk::testing::{Bars, Harness, check_window_invariance};

    use super::*;

    type Strategy = Signals<{{TypeName}}>;

    #[test]
    fn it_is_long_above_the_average_and_flat_below() {
        let harness = Harness::<Strategy>::new().param("period", 2);
        let run = harness.run(&Bars::from_closes(&[10.0, 10.0, 12.0, 13.0, 8.0]));
        assert_eq!(run.targets(), [(2, 1.0), (4, 0.0)]);
    }

    #[test]
    fn it_does_the_same_however_its_bars_arrive() {
        check_window_invariance(&Harness::<Strategy>::new(), &Bars::random_walk(500, 1));
    }
}
