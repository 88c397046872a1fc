//! Technical indicators, one update per bar.
//!
//! Every indicator takes the next bar in `update` and answers `None` until it has seen
//! [`warm_up_rows`](Sma::warm_up_rows) bars. `value` repeats the latest answer. On average an
//! update costs the same however long the period is; [`Cci`] alone looks through its window each
//! time.
//!
//! * **Settled** is what no longer depends on the row it started on, to 1e-9 of its range. What looks
//!   at a window is settled with its first value. An exponential average keeps a rest of its start, and
//!   so needs many more rows, which [`settled_rows`](Rsi::settled_rows) tells: a strategy gives the most
//!   of them as its own `settled_rows`.
//! * **Definitions** are the ones of TA-Lib, with Wilder's smoothing where Wilder wrote the
//!   indicator. A difference is stated where it exists: an oscillator without any movement reads
//!   50, the middle of its scale, where TA-Lib gives 0, which reads as oversold.
//! * **Input** must be finite. The SDK never passes the missing bars of an instrument to a
//!   strategy's indicators; a NaN that a strategy feeds on its own can stay in the results.
//! * **Rounding errors do not pile up.** No rolling sum subtracts what leaves the window (see
//!   [`Sma`]), so nothing that has left a window can show in it. A window of equal values has
//!   exactly that value as its mean and exactly 0 as its deviation, so a market that stands still
//!   makes no crossings out of rounding.
//! * **State** is plain data: an indicator that was serialised and restored goes on bit for bit.
//!
//! ```
//! use ct_sdk::indicators::{Rsi, Sma};
//!
//! #[derive(Debug)]
//! struct Dip { trend: Sma, rsi: Rsi }
//!
//! fn dip(trend_period: u32, rsi_period: u32) -> Result<Dip, String> {
//!     Ok(Dip { trend: Sma::new(trend_period)?, rsi: Rsi::new(rsi_period)? })
//! }
//!
//! assert!(dip(50, 14).is_ok());
//! assert!(dip(0, 14).unwrap_err().contains("found 0"));
//! ```

mod parameter;

mod ring;

mod lag;
mod moments;
mod smoothing;
mod true_range;
mod typical_price;

mod ema;
mod sma;
mod wma;

mod macd;
mod momentum;
mod rate_of_change;
mod rsi;
mod stochastic;

mod adx;
mod cci;

mod atr;
mod standard_deviation;
mod z_score;

mod bollinger_bands;
mod channel;
mod donchian;
mod keltner;
mod rolling_highest;
mod rolling_lowest;

mod obv;
mod vwap;

#[cfg(test)]
mod sample_bars;
#[cfg(test)]
mod settling;

pub use adx::{Adx, AdxValue};
pub use atr::Atr;
pub use bollinger_bands::{Bands, BollingerBands};
pub use cci::Cci;
pub use channel::Channel;
pub use donchian::Donchian;
pub use ema::Ema;
pub use keltner::Keltner;
pub use macd::{Macd, MacdValue};
pub use momentum::Momentum;
pub use obv::Obv;
pub use parameter::{InvalidParameter, PERIOD_MAX_ROWS};
pub use rate_of_change::RateOfChange;
pub use rolling_highest::RollingHighest;
pub use rolling_lowest::RollingLowest;
pub use rsi::Rsi;
pub use sma::Sma;
pub use standard_deviation::{DeviationKind, StandardDeviation};
pub use stochastic::{Stochastic, StochasticValue};
pub use typical_price::typical_price;
pub use vwap::Vwap;
pub use wma::Wma;
pub use z_score::ZScore;
