//! Held and empty times: what follows from the stretches that were asked for and from the bars that came.

use crate::{Span, State, TimeRange};
use ct_core::units::Interval;

/// Divides the stretches `asked`, which ascend, by the bars that open at `times` (UTC milliseconds, ascending): bars cover
/// held spans. A gap in which a bar would fit is empty, and so is a stretch without a bar; a shorter gap counts as held.
///
/// The manifest keeps only the stretches: a coin that trades every other minute has millions of gaps, and its bars tell
/// them all.
pub(super) fn held_and_empty(
    asked: Vec<Span>,
    times: impl IntoIterator<Item = i64>,
    interval: Interval,
) -> Vec<Span> {
    let mut times = times.into_iter().peekable();
    let mut spans = Vec::new();
    // Behind the last bar that opened before what is still to be divided.
    let mut bar_end = i64::MIN;
    let mut asked_to = i64::MIN;
    for stretch in asked {
        let (from, to) = (stretch.range.from.as_ms(), stretch.range.to.as_ms());
        assert!(from < to && from >= asked_to, "{} comes after {asked_to} ms", stretch.range);
        asked_to = to;
        let mut division = Division { stretch, spans, divided_to: from };
        while let Some(time) = times.next_if(|time| *time < to) {
            division.hold_to(bar_end.min(time));
            if time >= from {
                division.gap_to(time, time - division.divided_to >= interval.as_ms());
            }
            bar_end = time + interval.as_ms();
        }
        division.hold_to(bar_end);
        let rest = to - division.divided_to;
        let is_without_bar = division.divided_to == from;
        division.gap_to(to, rest >= interval.as_ms() || is_without_bar);
        let divided_to = division.divided_to;
        assert!(divided_to == to, "a stretch to {to} ms is divided to {divided_to} ms");
        spans = division.spans;
    }
    spans
}

/// A stretch that is being divided.
struct Division {
    stretch: Span,
    spans: Vec<Span>,
    /// Everything of the stretch before this time is divided, UTC milliseconds.
    divided_to: i64,
}

impl Division {
    fn hold_to(&mut self, to: i64) {
        self.push(to, State::Held);
    }

    fn gap_to(&mut self, to: i64, a_bar_would_fit: bool) {
        self.push(to, if a_bar_would_fit { State::Empty } else { State::Held });
    }

    fn push(&mut self, to: i64, state: State) {
        let to = to.min(self.stretch.range.to.as_ms());
        if to <= self.divided_to {
            return;
        }
        let range = TimeRange::from_ms(self.divided_to, to);
        self.divided_to = to;
        match self.spans.last_mut() {
            Some(last)
                if last.range.to == range.from
                    && last.state == state
                    && last.source == self.stretch.source =>
            {
                last.range.to = range.to;
            }
            _ => self.spans.push(Span { range, state, ..self.stretch.clone() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::Coverage;

    /// Milliseconds of a tick of the naive model; the shortest interval is four of them.
    const TICK: i64 = 250;

    /// Ticks of a bar.
    const BAR: usize = 4;

    fn ms(tick: usize) -> i64 {
        i64::try_from(tick).unwrap() * TICK
    }

    /// What is known of each tick, by the definition: a run of ticks of one source without a bar is empty if a bar fits or if
    /// it is all that the source was asked for.
    fn naive(asked: &[Option<&'static str>], bars: &[usize]) -> Vec<Option<(State, &'static str)>> {
        let covered = |tick: usize| bars.iter().any(|&bar| (bar..bar + BAR).contains(&tick));
        let mut known: Vec<_> =
            asked.iter().map(|source| source.map(|source| (State::Held, source))).collect();
        for stretch in asked.chunk_by(|one, other| one == other).scan(0, |start, chunk| {
            *start += chunk.len();
            Some(*start - chunk.len()..*start)
        }) {
            let ticks: Vec<usize> = stretch.clone().collect();
            for run in ticks
                .chunk_by(|&one, &other| covered(one) == covered(other) && !bars.contains(&other))
            {
                let is_empty = run.len() >= BAR || run.len() == stretch.len();
                if !covered(run[0]) && is_empty {
                    for &tick in run {
                        known[tick] = known[tick].map(|(_, source)| (State::Empty, source));
                    }
                }
            }
        }
        known
    }

    proptest! {
        #[test]
        fn times_are_divided_as_defined(
            sources in proptest::collection::vec((0..3_usize, 1..15_usize), 1..8),
            distances in proptest::collection::vec(BAR..25, 0..12),
        ) {
            let names = [None, Some("binance"), Some("kraken")];
            let asked: Vec<Option<&str>> = sources
                .iter()
                .flat_map(|&(source, ticks)| std::iter::repeat_n(names[source], ticks))
                .collect();
            // Bars open only where a source was asked.
            let bars: Vec<usize> = distances
                .iter()
                .scan(0, |tick, distance| { *tick += distance; Some(*tick - BAR) })
                .filter(|&tick| asked.get(tick).copied().flatten().is_some())
                .collect();
            let mut ledger = Coverage::new();
            for (tick, source) in asked.iter().enumerate() {
                if let Some(source) = source {
                    ledger.set(TimeRange::from_ms(ms(tick), ms(tick + 1)), State::Held, source);
                }
            }
            let times = bars.iter().map(|&bar| ms(bar));
            let divided = held_and_empty(ledger.spans().to_vec(), times, "1s".parse().unwrap());
            for (tick, expected) in naive(&asked, &bars).into_iter().enumerate() {
                let span = divided.iter().find(|span| span.range.contains(ms(tick)));
                prop_assert_eq!(span.map(|span| (span.state, &*span.source)), expected, "{}", tick);
            }
            let joined: Coverage = divided.clone().into_iter().collect();
            prop_assert_eq!(joined.spans(), divided);
        }
    }
}
