//! An exchange to test with: bars that it really has, and bad habits in giving them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::sheet::{Row, columns_of};
use super::stop::Stop;
use crate::TimeRange;
use crate::source::{BarSource, Page, PageLimits, PageRequest, SourceError, SourceErrorKind};
use ct_core::units::{Interval, Timestamp};

pub(super) const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

/// A sound hourly bar; each hour has other values.
pub(super) fn bar(hour: i64) -> Row {
    let open = 100.0 + (hour % 97) as f64;
    let volume = 1.0 + (hour % 13) as f64;
    Row { time: hour * HOUR, open, high: open + 2.0, low: open - 2.0, close: open + 1.0, volume }
}

pub(super) fn hours(from: i64, to: i64) -> TimeRange {
    TimeRange::from_ms(from * HOUR, to * HOUR)
}

/// Requests are numbered from 0, in the order in which they are sent.
#[derive(Debug)]
pub(super) struct Fake {
    pub(super) name: &'static str,
    /// Hours that have a bar; days, if bars are days.
    pub(super) bars: BTreeSet<i64>,
    /// Length of a bar, and when the first one opens, in milliseconds.
    pub(super) opens: (i64, i64),
    /// The hour that its clock shows, and whether it tells.
    pub(super) clock: (i64, Tells),
    /// How many rows it says that it gives, and how many it does.
    pub(super) rows_max: (u32, usize),
    pub(super) newest_rows: Option<u32>,
    pub(super) concurrency: u32,
    pub(super) gives: Gives,
    /// Rows beside the range that come with every answer.
    pub(super) beside: i64,
    /// Requests that are answered without rows.
    pub(super) blank: BTreeSet<usize>,
    /// Hours whose bar comes in an earlier state as well.
    pub(super) contradictory: BTreeSet<i64>,
    /// Hours whose bar is none, in the answers before the request of this number.
    pub(super) unsound: BTreeMap<i64, usize>,
    /// The request from which on all fail, and how.
    pub(super) fails: Option<(usize, SourceErrorKind)>,
    /// The request at which the user stops.
    pub(super) stops: Option<(usize, Stop)>,
    /// How often it makes others wait before the answer to a request.
    pub(super) slow: Vec<usize>,
    /// Whether it has daily bars as well.
    pub(super) daily: bool,
    /// How much more volume its bars have than [`bar`] says.
    pub(super) more_volume: f64,
    /// Requests under way, and the most that were.
    pub(super) under_way: Mutex<(usize, usize)>,
    /// Everything that was asked.
    pub(super) requests: Mutex<Vec<(Interval, TimeRange)>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tells {
    Time,
    Nothing,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Gives {
    FirstRows,
    LastRows,
    Descending,
}

impl Default for Fake {
    fn default() -> Self {
        Self {
            name: "fake",
            bars: BTreeSet::new(),
            opens: (HOUR, 0),
            clock: (1_000, Tells::Time),
            rows_max: (10, usize::MAX),
            newest_rows: None,
            concurrency: 3,
            gives: Gives::FirstRows,
            beside: 0,
            blank: BTreeSet::new(),
            contradictory: BTreeSet::new(),
            unsound: BTreeMap::new(),
            fails: None,
            stops: None,
            slow: Vec::new(),
            daily: false,
            more_volume: 0.0,
            under_way: Mutex::new((0, 0)),
            requests: Mutex::new(Vec::new()),
        }
    }
}

impl Fake {
    /// The ranges of hours that were asked for, without the searches by day.
    pub(super) fn asked(&self) -> Vec<(i64, i64)> {
        let requests = self.requests.lock().unwrap();
        let hourly = requests.iter().filter(|(interval, _)| interval.as_ms() == HOUR);
        hourly.map(|(_, range)| (range.from.as_ms() / HOUR, range.to.as_ms() / HOUR)).collect()
    }

    pub(super) fn request_count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    fn error(&self, kind: SourceErrorKind) -> SourceError {
        SourceError {
            source_name: self.name.to_owned(),
            kind,
            message: "it was told to fail".to_owned(),
        }
    }

    fn rows(&self, number: usize, range: TimeRange) -> Vec<Row> {
        let (step, first) = self.opens;
        let range = TimeRange::from_ms(
            range.from.as_ms() - self.beside * step,
            range.to.as_ms() + self.beside * step,
        );
        let (now, _) = self.clock;
        let oldest = self.newest_rows.map_or(0, |rows| now + 1 - i64::from(rows));
        let hours = self.bars.range(oldest..=now);
        let mut rows = Vec::new();
        for hour in hours.filter(|hour| range.contains(**hour * step + first)) {
            let bar = bar(*hour);
            let time = hour * step + first;
            let whole = Row { time, volume: bar.volume + self.more_volume, ..bar };
            let early = Row { close: whole.open, volume: whole.volume / 2.0, ..whole };
            if *hour == now {
                rows.push(early);
                continue;
            }
            if self.unsound.get(hour).is_some_and(|until| number < *until) {
                rows.push(Row { low: whole.high + 1.0, ..whole });
                continue;
            }
            rows.push(whole);
            if self.contradictory.contains(hour) {
                rows.push(early);
            }
        }
        self.as_given(rows)
    }

    fn as_given(&self, mut rows: Vec<Row>) -> Vec<Row> {
        let (_, rows_max) = self.rows_max;
        let surplus = rows.len().saturating_sub(rows_max);
        match self.gives {
            Gives::FirstRows => rows.truncate(rows_max),
            Gives::LastRows => drop(rows.drain(..surplus)),
            Gives::Descending => {
                rows.drain(..surplus);
                rows.reverse();
            }
        }
        rows
    }

    fn days(&self, range: TimeRange) -> Vec<Row> {
        let days: BTreeSet<i64> = self.bars.iter().map(|hour| hour * HOUR / DAY * DAY).collect();
        let inside = days.into_iter().filter(|day| range.contains(*day));
        inside.map(|time| Row { time, ..bar(0) }).collect()
    }

    async fn answer(&self, request: &PageRequest) -> Result<Page, SourceError> {
        let number = {
            let mut requests = self.requests.lock().unwrap();
            requests.push((request.interval, request.range));
            requests.len() - 1
        };
        let bars_max = u64::from(self.rows_max.0);
        assert!(request.range.bars(request.interval) <= bars_max, "asks for too much: {request:?}");
        if let Some((_, stop)) = self.stops.as_ref().filter(|(at, _)| *at == number) {
            stop.set();
        }
        let waits = self.slow.get(number % self.slow.len().max(1)).copied().unwrap_or(0);
        for _ in 0..waits {
            tokio::task::yield_now().await;
        }
        if let Some((_, kind)) = self.fails.filter(|(from, _)| number >= *from) {
            return Err(self.error(kind));
        }
        let rows = if self.blank.contains(&number) {
            Vec::new()
        } else if request.interval.as_ms() == self.opens.0 {
            self.rows(number, request.range)
        } else {
            self.days(request.range)
        };
        let (now, tells) = self.clock;
        let (step, first) = self.opens;
        // Half past the hour.
        let clock = Timestamp::clamped(now * step + first + step / 2);
        let server_time = (tells == Tells::Time).then_some(clock);
        Ok(Page { rows: columns_of(&rows), server_time })
    }
}

impl BarSource for Fake {
    fn name(&self) -> &str {
        self.name
    }

    fn limits(&self, interval: Interval) -> Result<PageLimits, SourceError> {
        if interval.as_ms() != self.opens.0 && !self.daily {
            return Err(self.error(SourceErrorKind::Interval));
        }
        Ok(PageLimits {
            rows_max: self.rows_max.0,
            newest_rows: self.newest_rows,
            concurrency: self.concurrency,
        })
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, SourceError>> {
        async {
            {
                let mut under_way = self.under_way.lock().unwrap();
                under_way.0 += 1;
                under_way.1 = under_way.1.max(under_way.0);
            }
            let answer = self.answer(request).await;
            self.under_way.lock().unwrap().0 -= 1;
            answer
        }
        .boxed()
    }
}
