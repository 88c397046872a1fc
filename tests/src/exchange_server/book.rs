//! What a server holds: listings, histories, and the time that it believes it is.

use ct_host::units::Interval;

use super::{Candle, History, Listing};

/// What a server holds.
#[derive(Clone, Debug)]
pub(super) struct Book {
    pub(super) listings: Vec<Listing>,
    pub(super) histories: Vec<History>,
    pub(super) now_ms: i64,
}

/// The bars of a history that can be seen at one time.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    closed: &'a [Candle],
    open: Option<Candle>,
}

/// Which bars of a window that holds too many are given.
#[derive(Clone, Copy, Debug)]
pub(super) enum Keep {
    Oldest(usize),
    Newest(usize),
}

/// Both ends are bars: times from the first up to and including the second, UTC milliseconds.
pub(super) type Window = (i64, i64);

impl Book {
    /// A book of `histories`; their symbols are listed beside the usual ones.
    pub(super) fn new(histories: Vec<History>, now_ms: i64) -> Self {
        let mut listings = Listing::usual();
        for history in &histories {
            if !listings.iter().any(|listing| listing.symbol() == history.symbol()) {
                listings.push(Listing::of(history.symbol()));
            }
        }
        Self { listings, histories, now_ms }
    }

    /// Takes the place of the history of the same symbol and interval.
    pub(super) fn replace(&mut self, history: History) {
        self.histories.retain(|held| {
            held.symbol() != history.symbol() || held.interval() != history.interval()
        });
        self.histories.push(history);
    }

    /// What can be seen now. Nothing when there is no such history.
    pub(super) fn view(&self, symbol: &str, interval: Interval) -> View<'_> {
        let held =
            |history: &&History| history.symbol() == symbol && history.interval() == interval;
        let candles = self.histories.iter().find(held).map_or(&[][..], History::rows);
        let length_ms = interval.as_ms();
        let count = candles.partition_point(|candle| candle.time_ms + length_ms <= self.now_ms);
        let (closed, later) = candles.split_at_checked(count).unwrap_or_default();
        let next = later.first().filter(|candle| candle.time_ms <= self.now_ms);
        let open = next.map(|candle| candle.so_far(self.now_ms - candle.time_ms, length_ms));
        View { closed, open }
    }
}

impl<'a> View<'a> {
    /// Only the newest `count` of the closed bars, and the open one.
    pub(super) fn newest(self, count: usize) -> Self {
        let first = self.closed.len().saturating_sub(count);
        Self { closed: self.closed.get(first..).unwrap_or_default(), ..self }
    }

    /// Without the open bar.
    pub(super) const fn closed(self) -> Self {
        Self { open: None, ..self }
    }

    /// The bars that open within `window`, by time.
    pub(super) fn select(self, (from_ms, to_ms): Window, keep: Keep) -> Vec<Candle> {
        let place = |time_ms| self.closed.partition_point(|candle| candle.time_ms < time_ms);
        let closed = self.closed.get(place(from_ms)..place(to_ms.saturating_add(1)));
        let closed: &'a [Candle] = closed.unwrap_or_default();
        let open = self.open.filter(|candle| (from_ms..=to_ms).contains(&candle.time_ms));
        let count = closed.len() + usize::from(open.is_some());
        let (skipped, taken) = match keep {
            Keep::Oldest(most) => (0, most),
            Keep::Newest(most) => (count.saturating_sub(most), most),
        };
        closed.iter().copied().chain(open).skip(skipped).take(taken).collect()
    }

    /// When the last closed bar opened; 0 when there is none.
    pub(super) fn last_closed_ms(self) -> i64 {
        self.closed.last().map_or(0, |candle| candle.time_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange_server::Walk;

    const MINUTE_MS: i64 = 60_000;

    fn book(now_ms: i64) -> Book {
        let interval = Interval::from_ms(MINUTE_MS).unwrap();
        Book::new(vec![History::random("A/USD", interval, &Walk::new(1, 0, 10))], now_ms)
    }

    fn places(book: &Book, window: Window, keep: Keep) -> Vec<i64> {
        let view = book.view("A/USD", Interval::from_ms(MINUTE_MS).unwrap());
        view.select(window, keep).iter().map(|candle| candle.time_ms / MINUTE_MS).collect()
    }

    #[test]
    fn windows_hold_both_ends_and_lose_rows_at_the_chosen_side() {
        let book = book(i64::MAX);
        let window = (2 * MINUTE_MS, 6 * MINUTE_MS);
        assert_eq!(places(&book, window, Keep::Oldest(100)), [2, 3, 4, 5, 6]);
        assert_eq!(places(&book, window, Keep::Oldest(2)), [2, 3]);
        assert_eq!(places(&book, window, Keep::Newest(2)), [5, 6]);
        assert_eq!(places(&book, (MINUTE_MS + 1, MINUTE_MS + 2), Keep::Newest(2)), [0; 0]);
        assert_eq!(places(&book, (6, 2), Keep::Newest(2)), [0; 0]);
    }

    #[test]
    fn the_open_bar_is_the_last_one_seen_and_changes_until_it_closes() {
        let whole = (0, i64::MAX);
        let before = book(3 * MINUTE_MS - 1);
        assert_eq!(places(&before, whole, Keep::Newest(9)), [0, 1, 2]);
        let interval = Interval::from_ms(MINUTE_MS).unwrap();
        let last = |book: &Book| book.view("A/USD", interval).select(whole, Keep::Newest(1))[0];
        let (early, late) = (last(&book(2 * MINUTE_MS + 10)), last(&before));
        assert!(early.volume.units() < late.volume.units());
        assert_eq!(before.view("A/USD", interval).closed().select(whole, Keep::Oldest(9)).len(), 2);
        let closed = book(3 * MINUTE_MS).view("A/USD", interval).select(whole, Keep::Oldest(9));
        assert_eq!(closed[2], book(i64::MAX).histories[0].rows()[2]);
        assert_eq!(closed.len(), 4);
    }

    #[test]
    fn symbols_of_histories_are_listed_once() {
        assert_eq!(book(0).listings.len(), 5);
        assert!(book(0).listings.iter().any(|listing| listing.symbol() == "A/USD"));
    }
}
