//! Long while the fast simple moving average of the close is above the slow one.

use ct_sdk::prelude::*;

#[cfg(test)]
mod tests;

/// Parameters of the strategy.
#[derive(Debug, Params)]
pub struct Settings {
    /// Length of the fast average, in bars.
    #[param(default = 20, min = 1, max = 1000)]
    fast: u32,
    /// Length of the slow average, in bars.
    #[param(default = 50, min = 2, max = 5000)]
    slow: u32,
    /// Also hold short positions.
    #[param(default = false)]
    short: bool,
}

/// Holds a long position while the fast average is above the slow one; otherwise nothing, or a
/// short position.
#[ct_sdk::state]
#[derive(Debug)]
pub struct SmaCrossover {
    fast: Sma,
    slow: Sma,
    short: bool,
}

impl SignalStrategy for SmaCrossover {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;

    fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
        let Settings { fast, slow, short } = *settings;
        if fast >= slow {
            return Err(format!("fast ({fast}) must be less than slow ({slow})"));
        }
        Ok(Self { fast: Sma::new(fast)?, slow: Sma::new(slow)?, short })
    }

    fn warm_up_rows(&self) -> u32 {
        self.slow.warm_up_rows()
    }

    #[inline]
    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
        let (fast, slow) = (self.fast.update(bar.close()), self.slow.update(bar.close()));
        let (Some(fast), Some(slow)) = (fast, slow) else {
            return Signal::hold();
        };
        if fast > slow {
            Signal::long()
        } else if self.short {
            Signal::short()
        } else {
            Signal::flat()
        }
    }
}

ct_sdk::export!(Signals<SmaCrossover>);
