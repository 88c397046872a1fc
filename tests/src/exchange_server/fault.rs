//! What a server does wrong, and when.

use std::time::Duration;

use super::protocol::Endpoint;

/// How a server behaves: its clock, and what it does wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// The server's own time, UTC milliseconds; `None`: the end of its longest history, so that every bar is closed.
    pub now_ms: Option<i64>,
    /// What it does wrong. Several can strike the same request.
    pub faults: Vec<Fault>,
}

/// Something that a server does wrong at some requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub(super) what: Misbehaviour,
    pub(super) when: When,
    pub(super) endpoint: Endpoint,
    pub(super) path: Option<String>,
    pub(super) times: Option<u32>,
}

/// At which requests of its endpoint a fault strikes, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum When {
    Always,
    Nth(u32),
    Every(u32),
    Touching(i64),
}

/// One thing that a server can do wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// With the bars of a page.
    Rows(RowFault),
    /// With the values of a page.
    Values(ValueFault),
    /// With the whole answer.
    Answer(AnswerFault),
    /// With the connection.
    Delivery(DeliveryFault),
}

/// A page whose bars are not those that it should have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// No bars.
    Empty,
    /// No more than this many of those that it should begin with.
    AtMost(usize),
    /// This many more bars on each side of those that were asked for.
    Overlapping(usize),
    /// Each bar twice.
    Repeated,
    /// The bar in the middle twice, the second time with another close and volume.
    Conflicting,
    /// The other way round than the exchange orders them.
    Reversed,
    /// In no order; the number is the seed.
    Shuffled(u64),
}

/// A page with a value that is none, in its middle row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueFault {
    /// A price is `null`.
    Null,
    /// A price is a word.
    Word,
    /// The time is a word.
    WordForTime,
    /// Columns are missing.
    MissingColumns,
    /// An object stands where the rows should be.
    ObjectForRows,
}

/// An answer that is not the one that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AnswerFault {
    /// The exchange's own words for too many requests, with its own status, and `Retry-After` in seconds if there is one.
    TooMany {
        /// Seconds.
        retry_after_s: Option<u32>,
    },
    /// The same said in the body, with status 200 where the exchange does that.
    TooManyInBody,
    /// What the exchange says to one who did not stop: 418 at Binance and MEXC, 403 at Bybit, else as [`Self::TooMany`].
    Banned {
        /// Seconds.
        retry_after_s: Option<u32>,
    },
    /// A page for people with this status, such as 502.
    Html(u16),
    /// The first half of the body, as if that were all.
    HalfBody,
    /// One bit of the body is another. For archives: a number of a page could become another number.
    FlippedBit,
    /// A `Date` this many milliseconds later than the server's time, or earlier.
    ClockOff(i64),
    /// Headers that say how much is left to ask for, in percent. Nothing where the exchange has no such headers.
    Allowance(u32),
}

/// A connection that does not bring the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeliveryFault {
    /// No answer at all, as long as the client waits and the server lives.
    Silence,
    /// Closed before the first byte.
    Closed,
    /// Closed after the first half of the body; the header told its whole length.
    CutMidBody,
    /// A few bytes at a time.
    Drip {
        /// Bytes at a time.
        bytes: usize,
        /// Pause after each of them.
        pause: Duration,
    },
}

impl Behaviour {
    /// A faultless server at a time of its own, UTC milliseconds.
    pub const fn at(now_ms: i64) -> Self {
        Self { now_ms: Some(now_ms), faults: Vec::new() }
    }

    /// The same with one more fault.
    #[must_use]
    pub fn with(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }
}

impl Fault {
    fn new(when: When, what: impl Into<Misbehaviour>) -> Self {
        let what = what.into();
        Self { what, when, endpoint: Endpoint::Candles, path: None, times: None }
    }

    /// At every request for bars.
    pub fn always(what: impl Into<Misbehaviour>) -> Self {
        Self::new(When::Always, what)
    }

    /// At the first `count` requests for bars.
    pub fn first(count: u32, what: impl Into<Misbehaviour>) -> Self {
        Self::always(what).times(count)
    }

    /// At the `place`-th request for bars, counted from 1.
    pub fn nth(place: u32, what: impl Into<Misbehaviour>) -> Self {
        Self::new(When::Nth(place), what)
    }

    /// At every `step`-th request for bars.
    pub fn every(step: u32, what: impl Into<Misbehaviour>) -> Self {
        Self::new(When::Every(step), what)
    }

    /// At requests for bars whose page covers `time_ms`.
    pub fn touching(time_ms: i64, what: impl Into<Misbehaviour>) -> Self {
        Self::new(When::Touching(time_ms), what)
    }

    /// The same at requests for something else than bars.
    #[must_use]
    pub fn at(self, endpoint: Endpoint) -> Self {
        Self { endpoint, ..self }
    }

    /// The same only where the path contains `part`, such as `.CHECKSUM`.
    #[must_use]
    pub fn on_path(self, part: &str) -> Self {
        Self { path: Some(part.to_owned()), ..self }
    }

    /// The same, but no more than `count` times.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        Self { times: Some(count), ..self }
    }
}

impl From<RowFault> for Misbehaviour {
    fn from(fault: RowFault) -> Self {
        Self::Rows(fault)
    }
}

impl From<ValueFault> for Misbehaviour {
    fn from(fault: ValueFault) -> Self {
        Self::Values(fault)
    }
}

impl From<AnswerFault> for Misbehaviour {
    fn from(fault: AnswerFault) -> Self {
        Self::Answer(fault)
    }
}

impl From<DeliveryFault> for Misbehaviour {
    fn from(fault: DeliveryFault) -> Self {
        Self::Delivery(fault)
    }
}
