//! Rides closes that break out of their Bollinger bands until they return to the middle.

use ct_sdk::prelude::*;

#[cfg(test)]
mod tests;

/// Parameters of the strategy.
#[derive(Debug, Params)]
pub struct Settings {
    /// Number of closes that the bands look at, in bars.
    #[param(default = 20, min = 2, max = 1000)]
    period: u32,
    /// Distance of the bands from the middle, in population standard deviations.
    #[param(default = 2.0, min = 0.1, max = 10.0, step = 0.1)]
    width: f64,
    /// Also hold short positions.
    #[param(default = false)]
    short: bool,
}

/// Holds in the direction of a breakout until the close is back on the other side of the middle.
#[ct_sdk::state]
#[derive(Debug)]
pub struct BollingerBreakout {
    bands: BollingerBands,
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

impl SignalStrategy for BollingerBreakout {
    type Params = Settings;
    const READS: Columns = Columns::CLOSE;

    fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
        let Settings { period, width, short } = *settings;
        Ok(Self { bands: BollingerBands::new(period, width)?, short, side: Side::Flat })
    }

    fn warm_up_rows(&self) -> u32 {
        self.bands.warm_up_rows()
    }

    #[inline]
    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
        let close = bar.close();
        let Some(bands) = self.bands.update(close) else {
            return Signal::hold();
        };
        self.side = match self.side {
            Side::Long if close >= bands.middle => Side::Long,
            Side::Short if close <= bands.middle => Side::Short,
            _ if close > bands.upper => Side::Long,
            _ if self.short && close < bands.lower => Side::Short,
            _ => Side::Flat,
        };
        match self.side {
            Side::Flat => Signal::flat(),
            Side::Long => Signal::long(),
            Side::Short => Signal::short(),
        }
    }
}

ct_sdk::export!(Signals<BollingerBreakout>);
