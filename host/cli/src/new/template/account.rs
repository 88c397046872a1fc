//! {{summary}}.

use ct_sdk::prelude::*;

/// Parameters of the strategy. The comments become their help.
#[derive(Debug, Params)]
pub struct Settings {
    /// Length of the average, in bars.
    #[param(default = 50, min = 2, max = 1000)]
    period: u32,
    /// Leave when the close is this share below what the position cost.
    #[param(default = 0.05, min = 0.001, max = 1.0)]
    loss: f64,
}

/// Everything the strategy remembers from bar to bar.
#[ct_sdk::state]
#[derive(Debug)]
pub struct {{TypeName}} {
    average: Ema,
    loss: f64,
    /// It has left at a loss, and waits for the next crossing.
    waits: bool,
}

impl AccountStrategy for {{TypeName}} {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;

    fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
        Ok(Self { average: Ema::new(settings.period)?, loss: settings.loss, waits: false })
    }

    fn warm_up_rows(&self) -> u32 {
        self.average.warm_up_rows()
    }

    fn settled_rows(&self) -> u32 {
        self.average.settled_rows()
    }

    fn on_bar(&mut self, context: &Context<'_>, bar: &Bar<'_>) -> Signal {
        let close = bar.close();
        let Some(average) = self.average.update(close) else {
            return Signal::hold();
        };
        let position = context.position();
        let cost = position.average_price * (1.0 - self.loss);
        let hurts = position.quantity > 0.0 && close < cost;
        self.waits = close > average && (self.waits || hurts);
        if close > average && !self.waits { Signal::long() } else { Signal::flat() }
    }
}

ct_sdk::export!(WithAccount<{{TypeName}}>);

#[cfg(test)]
mod tests {
    use ct_sdk::testing::{Bars, Harness, check_window_invariance};

    use super::*;

    type Strategy = WithAccount<{{TypeName}}>;

    #[test]
    fn it_leaves_at_a_loss_although_the_close_is_above_the_average() {
        let harness = Harness::<Strategy>::new().param("period", 9).param("loss", 0.05);
        let closes = [10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 10.0, 20.0, 20.0, 18.0];
        let run = harness.run(&Bars::from_closes(&closes));
        assert_eq!(run.targets(), [(9, 1.0), (11, 0.0)]);
    }

    #[test]
    fn it_does_the_same_however_its_bars_arrive() {
        check_window_invariance(&Harness::<Strategy>::new(), &Bars::random_walk(500, 1));
    }
}
