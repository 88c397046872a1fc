//! The interval ledger: which times are held, which are known to be empty, and which are missing.

use std::sync::Arc;

use serde::{Serialize, Serializer};

use super::TimeRange;
use ct_core::units::Timestamp;

/// What is known of each time of a series. What no span covers is missing.
///
/// ```
/// use ct_data::{Coverage, State, TimeRange};
/// let mut coverage = Coverage::new();
/// coverage.set(TimeRange::from_ms(0, 5_000), State::Held, "binance");
/// coverage.set(TimeRange::from_ms(8_000, 9_000), State::Empty, "binance");
/// let missing = coverage.missing(TimeRange::from_ms(0, 10_000));
/// assert_eq!(missing, [TimeRange::from_ms(5_000, 8_000), TimeRange::from_ms(9_000, 10_000)]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Coverage {
    /// In ascending order; no two overlap, none is empty, and neighbours that are alike are one.
    spans: Vec<Span>,
}

/// A stretch of time of which one thing is known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Span {
    /// The stretch.
    #[serde(flatten)]
    pub range: TimeRange,
    /// What is known.
    pub state: State,
    /// Who said so, such as `binance`.
    #[serde(serialize_with = "as_text")]
    pub source: Arc<str>,
}

/// What is known of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A bar that is kept covers it.
    Held,
    /// The source was asked, and has no bar there.
    Empty,
}

impl Coverage {
    /// The ledger that knows nothing.
    pub const fn new() -> Self {
        Self { spans: Vec::new() }
    }

    /// What is known, in ascending order.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Replaces whatever was known of `range`.
    pub fn set(&mut self, range: TimeRange, state: State, source: &str) {
        self.replace(range, [Span { range, state, source: source.into() }]);
    }

    /// Makes `range` missing.
    pub fn clear(&mut self, range: TimeRange) {
        self.replace(range, []);
    }

    /// Replaces whatever was known of `range` by `spans`, which ascend and lie in it.
    pub(super) fn replace(&mut self, range: TimeRange, spans: impl IntoIterator<Item = Span>) {
        if range.is_empty() {
            return;
        }
        // Spans that only touch the range are taken along, so that they are joined where they are alike.
        let start = self.spans.partition_point(|span| span.range.to < range.from);
        let end = self.spans.partition_point(|span| span.range.from <= range.to).max(start);
        let touched = self.spans.get(start..end).unwrap_or_default();
        let before = touched.first().map(|first| first.cut(first.range.from, range.from));
        let after = touched.last().map(|last| last.cut(range.to, last.range.to));
        let replaced = before.into_iter().chain(spans).chain(after);
        self.spans.splice(start..end, joined(replaced));
    }

    /// What is not known of `within`, in ascending order.
    pub fn missing(&self, within: TimeRange) -> Vec<TimeRange> {
        let mut missing = Vec::new();
        let mut known_to = within.from;
        for span in self.touching(within) {
            missing.push(TimeRange::new(known_to, span.range.from.min(within.to)));
            known_to = known_to.max(span.range.to);
        }
        missing.push(TimeRange::new(known_to, within.to));
        missing.retain(|range| !range.is_empty());
        missing
    }

    /// The spans that bars cover, in ascending order.
    pub fn held(&self) -> impl Iterator<Item = &Span> {
        self.spans.iter().filter(|span| span.state == State::Held)
    }

    /// From the first known time to the last; `None` when nothing is known.
    pub fn range(&self) -> Option<TimeRange> {
        let (first, last) = (self.spans.first()?, self.spans.last()?);
        Some(TimeRange::new(first.range.from, last.range.to))
    }

    /// What is known of `within` whatever its state, cut to it: the stretches that each source was asked for.
    pub(super) fn asked(&self, within: TimeRange) -> Vec<Span> {
        joined(self.touching(within).map(|span| Span {
            state: State::Held,
            ..span.cut(span.range.from.max(within.from), span.range.to.min(within.to))
        }))
    }

    /// The spans that have a time in common with `within`.
    fn touching(&self, within: TimeRange) -> impl Iterator<Item = &Span> {
        let start = self.spans.partition_point(|span| span.range.to <= within.from);
        let rest = self.spans.get(start..).unwrap_or_default();
        rest.iter().take_while(move |span| span.range.from < within.to)
    }
}

impl FromIterator<Span> for Coverage {
    /// The ledger of spans that ascend and do not overlap.
    fn from_iter<I: IntoIterator<Item = Span>>(spans: I) -> Self {
        Self { spans: joined(spans) }
    }
}

impl Span {
    fn cut(&self, from: Timestamp, to: Timestamp) -> Self {
        Self { range: TimeRange::new(from, to), ..self.clone() }
    }

    /// True when `next` goes on where this span ends, and says the same.
    fn goes_on_in(&self, next: &Self) -> bool {
        self.range.to == next.range.from && self.state == next.state && self.source == next.source
    }
}

/// `spans` without the empty ones, neighbours that are alike made one.
fn joined(spans: impl IntoIterator<Item = Span>) -> Vec<Span> {
    let mut joined: Vec<Span> = Vec::new();
    for span in spans.into_iter().filter(|span| !span.range.is_empty()) {
        match joined.last_mut() {
            Some(last) if last.goes_on_in(&span) => last.range.to = span.range.to,
            _ => joined.push(span),
        }
    }
    joined
}

fn as_text<S: Serializer>(source: &Arc<str>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(source)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Ticks of the naive model.
    const TICKS: i64 = 40;

    #[derive(Clone, Debug)]
    enum Step {
        Set(TimeRange, State, &'static str),
        Clear(TimeRange),
    }

    fn ranges() -> impl Strategy<Value = TimeRange> {
        (0..TICKS, 0..=12_i64).prop_map(|(from, ticks)| TimeRange::from_ms(from, from + ticks))
    }

    fn steps() -> impl Strategy<Value = Step> {
        let states = prop_oneof![Just(State::Held), Just(State::Empty)];
        let sources = prop_oneof![Just("binance"), Just("kraken")];
        prop_oneof![
            3 => (ranges(), states, sources).prop_map(|(range, state, source)| Step::Set(range, state, source)),
            1 => ranges().prop_map(Step::Clear),
        ]
    }

    /// One entry a millisecond.
    type Model = Vec<Option<(State, &'static str)>>;

    fn apply(model: &mut Model, step: &Step) {
        let (range, known) = match *step {
            Step::Set(range, state, source) => (range, Some((state, source))),
            Step::Clear(range) => (range, None),
        };
        for (tick, entry) in (0..).zip(model.iter_mut()) {
            if range.contains(tick) {
                *entry = known;
            }
        }
    }

    fn known_at(coverage: &Coverage, tick: i64) -> Option<(State, &str)> {
        let mut spans = coverage.spans().iter().filter(|span| span.range.contains(tick));
        let known = spans.next().map(|span| (span.state, &*span.source));
        assert!(spans.next().is_none(), "two spans know of {tick}");
        known
    }

    proptest! {
        #[test]
        fn the_ledger_agrees_with_one_entry_a_millisecond(
            steps in proptest::collection::vec(steps(), 0..30), within in ranges(),
        ) {
            let mut coverage = Coverage::new();
            let mut model: Model = vec![None; 60];
            for step in &steps {
                apply(&mut model, step);
                match *step {
                    Step::Set(range, state, source) => coverage.set(range, state, source),
                    Step::Clear(range) => coverage.clear(range),
                }
            }
            let missing = coverage.missing(within);
            for (tick, expected) in (0..).zip(&model) {
                prop_assert_eq!(known_at(&coverage, tick), *expected, "{}", tick);
                let is_missing = missing.iter().any(|range| range.contains(tick));
                prop_assert_eq!(is_missing, within.contains(tick) && expected.is_none(), "{}", tick);
            }
            for pair in coverage.spans().windows(2) {
                prop_assert!(pair[0].range.to <= pair[1].range.from);
                prop_assert!(!pair[0].goes_on_in(&pair[1]), "not joined: {:?}", pair);
            }
            prop_assert!(coverage.spans().iter().all(|span| !span.range.is_empty()));
            let asked: Coverage = coverage.asked(within).into_iter().collect();
            prop_assert_eq!(asked.missing(within), missing);
        }
    }

    #[test]
    fn the_whole_range_and_the_held_part_are_told() {
        let mut coverage = Coverage::new();
        assert_eq!(coverage.range(), None);
        coverage.set(TimeRange::from_ms(10, 20), State::Empty, "okx");
        coverage.set(TimeRange::from_ms(30, 40), State::Held, "okx");
        assert_eq!(coverage.range(), Some(TimeRange::from_ms(10, 40)));
        let held: Vec<TimeRange> = coverage.held().map(|span| span.range).collect();
        assert_eq!(held, [TimeRange::from_ms(30, 40)]);
    }

    #[test]
    fn a_span_is_written_flat_with_times_a_reader_knows() {
        let mut coverage = Coverage::new();
        coverage.set(TimeRange::from_ms(0, 60_000), State::Empty, "okx");
        let json = serde_json::to_string(&coverage).unwrap();
        assert_eq!(
            json,
            r#"[{"from":"1970-01-01T00:00:00Z","to":"1970-01-01T00:01:00Z","state":"empty","source":"okx"}]"#
        );
    }
}
