//! Buys oversold closes by Wilder's RSI and leaves when momentum is back to neutral.

use ct_sdk::prelude::*;

#[cfg(test)]
mod tests;

/// Parameters of the strategy.
#[derive(Debug, Params)]
pub struct Settings {
    /// Number of changes that the RSI looks at, in bars.
    #[param(default = 14, min = 2, max = 500)]
    period: u32,
    /// RSI below which to enter a long position.
    #[param(default = 30, min = 0, max = 100)]
    oversold: u8,
    /// RSI above which to enter a short position.
    #[param(default = 70, min = 0, max = 100)]
    overbought: u8,
    /// RSI at which to leave a position of either side.
    #[param(default = 50, min = 0, max = 100)]
    exit: u8,
    /// Also hold short positions.
    #[param(default = false)]
    short: bool,
}

/// Holds against momentum that went too far, until it is back to neutral.
#[ct_sdk::state]
#[derive(Debug)]
pub struct RsiMeanReversion {
    rsi: Rsi,
    oversold: f64,
    overbought: f64,
    exit: f64,
    short: bool,
    side: Side,
}

#[ct_sdk::state]
#[derive(Debug, Clone, Copy)]
enum Side {
    Flat,
    Long,
    Short,
}

impl SignalStrategy for RsiMeanReversion {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;

    fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
        let Settings { period, oversold, overbought, exit, short } = *settings;
        if oversold >= exit {
            return Err(format!("oversold ({oversold}) must be less than exit ({exit})"));
        }
        if exit >= overbought {
            return Err(format!("exit ({exit}) must be less than overbought ({overbought})"));
        }
        Ok(Self {
            rsi: Rsi::new(period)?,
            oversold: oversold.into(),
            overbought: overbought.into(),
            exit: exit.into(),
            short,
            side: Side::Flat,
        })
    }

    fn warm_up_rows(&self) -> u32 {
        self.rsi.warm_up_rows()
    }

    fn settled_rows(&self) -> u32 {
        self.rsi.settled_rows()
    }

    #[inline]
    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
        let Some(rsi) = self.rsi.update(bar.close()) else {
            return Signal::hold();
        };
        self.side = match self.side {
            Side::Long if rsi < self.exit => Side::Long,
            Side::Short if rsi > self.exit => Side::Short,
            _ if rsi < self.oversold => Side::Long,
            _ if self.short && rsi > self.overbought => Side::Short,
            _ => Side::Flat,
        };
        match self.side {
            Side::Flat => Signal::flat(),
            Side::Long => Signal::long(),
            Side::Short => Signal::short(),
        }
    }
}

ct_sdk::export!(Signals<RsiMeanReversion>);
