//! Panels of given closes.

use crate::market::{Bars, Instrument, Panel, RawColumns};
use crate::units::Interval;

/// A panel of closes, an instrument each; NaN where it has no bar.
pub(super) fn panel(interval: &str, closes: &[&[f64]]) -> Panel {
    let interval: Interval = interval.parse().unwrap();
    let instruments = closes.iter().enumerate().map(|(place, closes)| {
        let bars = (0_i64..).zip(*closes).filter(|(_, close)| !close.is_nan());
        let (time, close): (Vec<i64>, Vec<f64>) =
            bars.map(|(row, close)| (row * interval.as_ms(), *close)).unzip();
        let columns = RawColumns {
            time,
            open: close.clone(),
            high: close.clone(),
            low: close.clone(),
            volume: close.clone(),
            close,
        };
        let instrument = Instrument::unrestricted(format!("COIN{place}"));
        (instrument, Bars::new(interval, columns).unwrap())
    });
    Panel::new(instruments.collect()).unwrap()
}
