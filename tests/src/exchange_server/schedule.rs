//! Which faults strike which request.

use std::collections::BTreeMap;

use super::book::Window;
use super::fault::{Fault, Misbehaviour, When};
use super::protocol::Endpoint;

/// The faults of a server and how often each has struck.
#[derive(Debug)]
pub(super) struct Schedule {
    faults: Vec<(Fault, u32)>,
    requests: BTreeMap<Endpoint, u32>,
}

impl Schedule {
    pub(super) fn new(faults: Vec<Fault>) -> Self {
        let faults = faults.into_iter().map(|fault| (fault, 0)).collect();
        Self { faults, requests: BTreeMap::new() }
    }

    /// From now on `fault` strikes too; requests are counted from the start of the server all the same.
    pub(super) fn add(&mut self, fault: Fault) {
        self.faults.push((fault, 0));
    }

    /// From now on nothing goes wrong.
    pub(super) fn clear(&mut self) {
        self.faults.clear();
    }

    /// What goes wrong with the next request, whose page covers `window` if it is one for bars.
    pub(super) fn next(
        &mut self,
        endpoint: Endpoint,
        path: &str,
        window: Option<Window>,
    ) -> Vec<Misbehaviour> {
        let count = self.requests.entry(endpoint).or_default();
        *count += 1;
        let place = *count;
        let mut struck = Vec::new();
        for (fault, times) in &mut self.faults {
            let due = match fault.when {
                When::Always => true,
                When::Nth(wanted) => place == wanted,
                When::Every(step) => place.is_multiple_of(step),
                When::Touching(time_ms) => {
                    window.is_some_and(|(from_ms, to_ms)| (from_ms..=to_ms).contains(&time_ms))
                }
            };
            let here = fault.endpoint == endpoint
                && fault.path.as_deref().is_none_or(|part| path.contains(part));
            if due && here && fault.times.is_none_or(|most| *times < most) {
                *times += 1;
                struck.push(fault.what);
            }
        }
        struck
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange_server::{AnswerFault, RowFault};

    /// Which of the first eight requests for bars are struck; each covers ten milliseconds from ten times its number on.
    fn struck(fault: Fault) -> Vec<i64> {
        let mut schedule = Schedule::new(vec![fault]);
        let strikes = |place: i64, schedule: &mut Schedule| {
            let window = Some((10 * place, 10 * place + 9));
            !schedule.next(Endpoint::Candles, "/file.zip", window).is_empty()
        };
        (1..=8).filter(|&place| strikes(place, &mut schedule)).collect()
    }

    #[test]
    fn faults_strike_when_they_are_due() {
        let empty = RowFault::Empty;
        assert_eq!(struck(Fault::always(empty)), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(struck(Fault::first(2, empty)), [1, 2]);
        assert_eq!(struck(Fault::nth(3, empty)), [3]);
        assert_eq!(struck(Fault::every(3, empty)), [3, 6]);
        assert_eq!(struck(Fault::every(3, empty).times(1)), [3]);
        assert_eq!(struck(Fault::touching(49, empty)), [4]);
        assert_eq!(struck(Fault::always(empty).at(Endpoint::Markets)), [0; 0]);
        assert_eq!(struck(Fault::always(empty).on_path(".CHECKSUM")), [0; 0]);
        assert_eq!(struck(Fault::nth(2, empty).on_path(".zip")), [2]);
    }

    #[test]
    fn endpoints_are_counted_apart_and_faults_can_be_taken_back() {
        let broken = Fault::nth(1, AnswerFault::Html(502));
        let mut schedule = Schedule::new(vec![broken.clone().at(Endpoint::Markets), broken]);
        assert_eq!(schedule.next(Endpoint::Candles, "", None).len(), 1);
        assert_eq!(schedule.next(Endpoint::Markets, "", None).len(), 1);
        schedule.add(Fault::always(AnswerFault::HalfBody));
        assert_eq!(schedule.next(Endpoint::Markets, "", None), []);
        assert_eq!(schedule.next(Endpoint::Candles, "", None), [AnswerFault::HalfBody.into()]);
        schedule.clear();
        assert_eq!(schedule.next(Endpoint::Candles, "", None), []);
    }
}
