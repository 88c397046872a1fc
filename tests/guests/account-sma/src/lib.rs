//! SMA crossover that reads its account: leaves at a loss, and enters again.
//!
//! Long while the fast average is above the slow one, until the close has fallen too far below the average entry price;
//! then it stays out until the next crossing. As the account is read, every decision ends the window.

use ct_sdk::prelude::*;

/// Parameters of the strategy.
#[derive(Debug, Params)]
pub struct Settings {
    /// Length of the fast average, in bars.
    #[param(default = 20, min = 1, max = 1000)]
    fast: u32,
    /// Length of the slow average, in bars.
    #[param(default = 50, min = 2, max = 5000)]
    slow: u32,
    /// Leave when the close is this share below the average entry price.
    #[param(default = 0.05, min = 0.001, max = 1.0)]
    loss: f64,
}

/// State of the strategy.
#[ct_sdk::state]
#[derive(Debug)]
pub struct AccountSma {
    fast: Sma,
    slow: Sma,
    loss: f64,
    hurt: bool,
}

impl AccountStrategy for AccountSma {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;

    fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
        let Settings { fast, slow, loss } = *settings;
        Ok(Self { fast: Sma::new(fast)?, slow: Sma::new(slow)?, loss, hurt: false })
    }

    fn warm_up_rows(&self) -> u32 {
        self.slow.warm_up_rows()
    }

    #[inline]
    fn on_bar(&mut self, context: &Context<'_>, bar: &Bar<'_>) -> Signal {
        let close = bar.close();
        let (fast, slow) = (self.fast.update(close), self.slow.update(close));
        let position = context.position();
        let Some((fast, slow)) = fast.zip(slow) else { return Signal::hold() };
        let loss = position.quantity > 0.0 && close < position.average_price * (1.0 - self.loss);
        self.hurt = fast > slow && (self.hurt || loss);
        if fast > slow && !self.hurt { Signal::long() } else { Signal::flat() }
    }
}

ct_sdk::export!(WithAccount<AccountSma>);
