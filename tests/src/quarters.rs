//! Quarters of random hours.

use ct_host::market::{Bars, Panel, RawColumns, Series};
use ct_host::units::Interval;

use crate::bars::{HOUR_MS, SplitMix64};
use crate::plugins::sound;

/// Quarters of each instrument of `panel`, which has hourly bars. Most hours are told by theirs; of some a quarter is missing, and
/// some instruments have none at all.
pub fn quarters_of(random: &mut SplitMix64, panel: &Panel) -> Vec<Option<Bars>> {
    let mut of = |series: &Series| {
        let columns = columns(random, panel.times(), series);
        let bars = sound(Bars::new(sound(Interval::from_ms(HOUR_MS / 4)), columns));
        (random.below(6) > 0).then_some(bars)
    };
    panel.series().iter().map(&mut of).collect()
}

fn columns(random: &mut SplitMix64, times: &[i64], series: &Series) -> RawColumns {
    let mut columns = RawColumns::default();
    let prices = series.open().iter().zip(series.high()).zip(series.low()).zip(series.close());
    for ((time, (((open, high), low), close)), volume) in
        times.iter().zip(prices).zip(series.volume())
    {
        if open.is_nan() {
            continue;
        }
        let (at_high, at_low, missing) = (random.below(4), random.below(4), random.below(30));
        let mut from = *open;
        for place in 0..4 {
            let inside = low + (high - low) * random.unit();
            let to = if place == 3 { *close } else { inside.clamp(*low, *high) };
            let opens = std::mem::replace(&mut from, to);
            if place == missing {
                continue;
            }
            columns.time.push(time + i64::try_from(place).unwrap_or_default() * (HOUR_MS / 4));
            columns.open.push(opens);
            columns.high.push(if place == at_high { *high } else { opens.max(to) });
            columns.low.push(if place == at_low { *low } else { opens.min(to) });
            columns.close.push(to);
            columns.volume.push(volume / 4.0);
        }
    }
    columns
}
