//! Buys oversold closes by Wilder's RSI and leaves when momentum is back to neutral.

use ct_sdk::prelude::*;

#[cfg(test)]
mod tests;

/// Parameters of the strategy.
#[ct_sdk::state]
#[derive(Debug, Clone, Params)]
pub struct Settings {
    /// Number of changes that the RSI looks at, in bars.
    #[param(default = 14, min = 2, max = 500)]
    period: u32,
    /// RSI below which to enter a long position.
    #[param(default = 30.0, min = 0.0, max = 100.0, step = 1.0)]
    oversold: f64,
    /// RSI above which to enter a short position.
    #[param(default = 70.0, min = 0.0, max = 100.0, step = 1.0)]
    overbought: f64,
    /// RSI at which to leave a position of either side.
    #[param(default = 50.0, min = 0.0, max = 100.0, step = 1.0)]
    exit: f64,
    /// Also hold short positions.
    #[param(default = false)]
    short: bool,
}

/// Holds against momentum that went too far, until it is back to neutral.
#[ct_sdk::state]
#[derive(Debug)]
pub struct RsiMeanReversion {
    settings: Settings,
    rsi: Rsi,
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
        let Settings { oversold, exit, overbought, .. } = *settings;
        if oversold >= exit {
            return Err(format!("oversold ({oversold}) must be less than exit ({exit})"));
        }
        if exit >= overbought {
            return Err(format!("exit ({exit}) must be less than overbought ({overbought})"));
        }
        let rsi = Rsi::new(settings.period)?;
        Ok(Self { settings: settings.clone(), rsi, side: Side::Flat })
    }

    fn warm_up_rows(&self) -> u32 {
        self.rsi.warm_up_rows()
    }

    #[inline]
    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
        let Some(rsi) = self.rsi.update(bar.close()) else {
            return Signal::hold();
        };
        let Settings { oversold, overbought, exit, short, .. } = self.settings;
        self.side = match self.side {
            Side::Long if rsi < exit => Side::Long,
            Side::Short if rsi > exit => Side::Short,
            _ if rsi < oversold => Side::Long,
            _ if short && rsi > overbought => Side::Short,
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
