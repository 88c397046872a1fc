//! What the exchanges have in common: an endpoint for bars, one for instruments, and rules for both.

use std::fmt;

use ct_host::units::Interval;
use serde_json::Value;

use super::book::{Book, Keep, View, Window};
use super::reply::Reply;
use super::request::Request;
use super::{Candle, Listing, Rules};

/// What a request is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Endpoint {
    /// Bars, also those of an archive.
    Candles,
    /// Instruments and what belongs to them.
    Markets,
    /// Anything else: answered with 404.
    Unknown,
}

/// How the rows of a page follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Ascending,
    Descending,
}

/// What an exchange does about a bar in which nothing was traded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum QuietBars {
    /// Gives it, and leaves holes where it has none.
    AsTheyAre,
    /// Has one wherever a bar is missing.
    Filled,
    /// Leaves it out.
    Absent,
}

/// One page of bars before it is written down.
#[derive(Clone, Debug)]
pub(super) struct Page<'a> {
    pub(super) listing: &'a Listing,
    pub(super) interval: Interval,
    pub(super) view: View<'a>,
    /// What was asked for.
    pub(super) asked: Window,
    /// By time.
    pub(super) rows: Vec<Candle>,
    pub(super) order: Order,
    pub(super) now_ms: i64,
}

/// How one exchange speaks.
pub(super) trait Protocol: fmt::Debug + Send + Sync {
    /// What the exchange calls an instrument.
    fn market_id(&self, listing: &Listing) -> String;

    /// Its intervals: our name and its own.
    fn intervals(&self) -> &'static [(&'static str, &'static str)];

    /// What a path is about.
    fn endpoint(&self, path: &str) -> Endpoint;

    /// The answer to a request for instruments.
    fn markets(&self, request: &Request, book: &Book) -> Reply;

    /// The bars that a request is to have, or the error that it gets.
    fn candles<'a>(&self, request: &Request, book: &'a Book) -> Result<Page<'a>, Reply>;

    /// One bar of a page.
    fn row(&self, candle: &Candle, page: &Page<'_>) -> Value;

    /// The whole answer around the rows of a page.
    fn body(&self, rows: Value, page: &Page<'_>) -> Value;

    /// What is answered to too many requests.
    fn too_many(&self, now_ms: i64) -> Reply;

    /// The same said within a body, as some exchanges do beside or instead of a status.
    fn too_many_in_body(&self, now_ms: i64) -> Reply {
        self.too_many(now_ms)
    }

    /// What is answered to one who went on asking.
    fn banned(&self, now_ms: i64) -> Reply {
        self.too_many(now_ms)
    }

    /// The headers that tell what is left to ask for, in percent of everything.
    fn allowance(&self, _left_percent: u32, _now_ms: i64) -> Vec<(&'static str, String)> {
        Vec::new()
    }

    /// What it does about bars in which nothing was traded.
    fn quiet_bars(&self) -> QuietBars {
        QuietBars::AsTheyAre
    }

    /// The part of an instrument's rules that it tells.
    fn published(&self, rules: Rules) -> Rules {
        rules
    }
}

impl Book {
    /// The listing that an exchange calls `id`.
    pub(super) fn listed(&self, protocol: &dyn Protocol, id: &str) -> Option<&Listing> {
        self.listings.iter().find(|listing| protocol.market_id(listing) == id)
    }

    /// The page of `interval` that opens within `asked`, ascending.
    pub(super) fn page<'a>(
        &'a self,
        listing: &'a Listing,
        interval: Interval,
        asked: Window,
        keep: Keep,
    ) -> Page<'a> {
        let view = self.view(&listing.symbol(), interval);
        let rows = view.select(asked, keep);
        Page { listing, interval, view, asked, rows, order: Order::Ascending, now_ms: self.now_ms }
    }
}

impl Page<'_> {
    /// The same with the newest row first.
    pub(super) fn descending(self) -> Self {
        Self { order: Order::Descending, ..self }
    }

    /// True when a bar of the page is still open.
    pub(super) fn is_open(&self, candle: &Candle) -> bool {
        candle.time_ms + self.interval.as_ms() > self.now_ms
    }
}

/// The interval that an exchange calls `name`.
pub(super) fn interval_called(protocol: &dyn Protocol, name: &str) -> Option<Interval> {
    let known = protocol.intervals().iter().find(|(_, own)| *own == name)?;
    known.0.parse().ok()
}

/// A limit as most exchanges take it: `default` when there is none, and never more than `most`.
pub(super) fn limit_of(asked: Option<i64>, default: usize, most: usize) -> usize {
    asked.map_or(default, |limit| usize::try_from(limit).unwrap_or(1).clamp(1, most))
}
