//! Bars as text: CSV, and freqtrade's JSON.

use std::io::{self, Write};

use super::write::CsvTimes;
use crate::raw_columns;
use ct_core::market::Bars;
use ct_core::units::Timestamp;

/// Writes one line per bar under a header. Numbers have as many digits as tell them from every other number.
pub(super) fn write_csv(bars: &Bars, times: CsvTimes, output: &mut dyn Write) -> io::Result<()> {
    let name = match times {
        CsvTimes::Milliseconds => "timestamp_ms",
        CsvTimes::Iso => "timestamp",
    };
    writeln!(output, "{name},open,high,low,close,volume")?;
    for (time, [open, high, low, close, volume]) in rows(bars) {
        match times {
            CsvTimes::Milliseconds => write!(output, "{time}")?,
            CsvTimes::Iso => write!(output, "{}", Timestamp::clamped(time))?,
        }
        writeln!(output, ",{open},{high},{low},{close},{volume}")?;
    }
    Ok(())
}

/// Writes a list of lists.
pub(super) fn write_json(bars: &Bars, output: &mut dyn Write) -> io::Result<()> {
    let mut before = "[";
    for (time, [open, high, low, close, volume]) in rows(bars) {
        write!(output, "{before}[{time},{open:?},{high:?},{low:?},{close:?},{volume:?}]")?;
        before = ",";
    }
    output.write_all(if bars.is_empty() { b"[]" } else { b"]" })
}

/// Time, open, high, low, close and volume of each bar.
fn rows(bars: &Bars) -> impl Iterator<Item = (i64, [f64; 5])> {
    let values = [bars.open(), bars.high(), bars.low(), bars.close(), bars.volume()];
    bars.times().iter().copied().zip(raw_columns::rows(values))
}
