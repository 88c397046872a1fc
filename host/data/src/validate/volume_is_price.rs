//! Volumes that are prices: where a file has the VWAP before the volume, and nothing says which is which.

use super::FindingKind;
use super::collector::{Collector, Place, Wording};
use super::rows::BarValues;
use super::table::Table;

/// Bars whose prices move; of fewer it may be chance.
const BARS_MIN: usize = 20;

/// Adds a finding if every volume lies between the low and the high of its bar.
pub(super) fn check(table: &Table<'_>, findings: &mut Collector<'_>) {
    let rows = table.rows();
    let mut traded = rows.bars().enumerate().filter(|(_, bar)| bar.volume > 0.0);
    let Some((place, first)) = traded.next() else { return };
    let is_price = |bar: &BarValues| bar.low <= bar.volume && bar.volume <= bar.high;
    let (mut moving, mut differs) = (usize::from(first.low < first.high), false);
    for (_, bar) in traded {
        if !is_price(&bar) {
            return;
        }
        moving += usize::from(bar.low < bar.high);
        differs |= bar.volume.to_bits() != first.volume.to_bits();
    }
    if !is_price(&first) || moving < BARS_MIN || !differs {
        return;
    }
    let at = Place { row: table.row(place), time_ms: rows.time_ms(place), rows: rows.len() };
    findings.add(FindingKind::VolumeIsPrice, at, || Wording {
        found: format!(
            "every volume lies between the low and the high of its bar, such as {} between {} and {}: it is a price, \
             such as the VWAP",
            first.volume, first.low, first.high
        ),
        expected: "the traded amount of the base asset".to_owned(),
        advice: "name the columns in a header, or remove the one of the VWAP, so that the volume is taken",
    });
}
