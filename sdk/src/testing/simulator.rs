//! A simple account for tests of strategies that read theirs.

use super::{AccountState, Bars, Decided};
use crate::{Candle, LimitOrder, Position};

/// One trade of the simulated account.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fill {
    /// Absolute number of the row in which it filled.
    pub row: u64,
    /// Index of the instrument.
    pub instrument: u32,
    /// Base asset bought; negative when sold.
    pub quantity: f64,
    /// Price, in the quote asset.
    pub price: f64,
}

/// An account that fills at the next open, without costs, lots or limits on what it can pay.
///
/// It is simpler than the host's engine and meant for tests of a strategy's logic, not of its
/// profits. A market order fills at the open of the next bar and a limit order at its price or a
/// better open. From the row of its entry on, a stop fills at its price or a worse open, a
/// take-profit at its price or a better open; when a bar touches both, the stop fills. The levels
/// of a limit entry wait for the row after it. Every instrument is granted an equal share of
/// the equity.
#[derive(Debug, Clone)]
pub(super) struct Simulator {
    cash: f64,
    books: Vec<Book>,
    fills: Vec<Fill>,
}

/// What is held and waiting of one instrument.
#[derive(Debug, Clone, Default)]
struct Book {
    quantity: f64,
    average_price: f64,
    last_close: f64,
    stop: Option<f64>,
    take_profit: Option<f64>,
    order: Option<Order>,
}

/// An order that waits for its fill.
#[derive(Debug, Clone, Copy)]
struct Order {
    /// What the position is to be worth at the fill; negative when short.
    value: f64,
    limit: Option<LimitOrder>,
    rested_rows: u32,
}

impl Simulator {
    pub(super) fn new(cash: f64, instruments: usize) -> Self {
        Self { cash, books: vec![Book::default(); instruments], fills: Vec::new() }
    }

    pub(super) fn state(&self) -> AccountState {
        AccountState { cash: self.cash, positions: self.books.iter().map(Book::position).collect() }
    }

    pub(super) fn into_fills(self) -> Vec<Fill> {
        self.fills
    }

    /// Lets the market trade through a row.
    pub(super) fn trade(&mut self, bars: &Bars, row: usize) {
        for (instrument, book) in self.books.iter_mut().enumerate() {
            let Some(candle) = bars.candle(instrument, row) else {
                continue;
            };
            for (quantity, price) in book.trade(&candle) {
                self.cash -= quantity * price;
                let instrument = u32::try_from(instrument).unwrap_or(u32::MAX);
                self.fills.push(Fill { row: row as u64, instrument, quantity, price });
            }
        }
    }

    /// Carries a decision out from the next row on.
    pub(super) fn decide(&mut self, decision: &Decided) {
        let equity: f64 = self.cash + self.books.iter().map(Book::value).sum::<f64>();
        let granted = equity / self.books.len() as f64;
        if let Some(book) = self.books.get_mut(decision.instrument as usize) {
            book.stop = decision.stop;
            book.take_profit = decision.take_profit;
            if let Some(target) = decision.target {
                let value = granted * target;
                book.order = Some(Order { value, limit: decision.limit, rested_rows: 0 });
            }
        }
    }
}

impl Book {
    fn position(&self) -> Position {
        let Self { quantity, average_price, .. } = *self;
        Position { quantity, average_price, working: self.order.is_some() }
    }

    fn value(&self) -> f64 {
        self.quantity * self.last_close
    }

    /// Quantity and price of what fills inside a bar: an order, then an exit.
    fn trade(&mut self, candle: &Candle) -> impl Iterator<Item = (f64, f64)> + use<> {
        let waits_for_limit = self.order.is_some_and(|order| order.limit.is_some());
        let entry = self.fill_order(candle);
        let exit = if waits_for_limit && entry.is_some() { None } else { self.exit(candle) };
        self.last_close = candle.close;
        entry.into_iter().chain(exit)
    }

    fn fill_order(&mut self, candle: &Candle) -> Option<(f64, f64)> {
        let order = self.order.as_mut()?;
        let buys = order.value > self.quantity * candle.open;
        let price = match order.limit {
            None => Some(candle.open),
            Some(limit) if buys && candle.low <= limit.price => Some(limit.price.min(candle.open)),
            Some(limit) if !buys && candle.high >= limit.price => {
                Some(limit.price.max(candle.open))
            }
            Some(limit) => {
                order.rested_rows += 1;
                if order.rested_rows == limit.expires_after_rows {
                    self.order = None;
                }
                None
            }
        }?;
        let quantity = self.order.take()?.value / price - self.quantity;
        (quantity != 0.0).then(|| self.fill(quantity, price))
    }

    fn exit(&mut self, candle: &Candle) -> Option<(f64, f64)> {
        let long = self.quantity > 0.0;
        if self.quantity == 0.0 {
            return None;
        }
        let stop =
            self.stop.filter(|stop| if long { candle.low <= *stop } else { candle.high >= *stop });
        let take_profit = self
            .take_profit
            .filter(|price| if long { candle.high >= *price } else { candle.low <= *price });
        let price = match (stop, take_profit) {
            (Some(stop), _) if long => stop.min(candle.open),
            (Some(stop), _) => stop.max(candle.open),
            (None, Some(price)) if long => price.max(candle.open),
            (None, Some(price)) => price.min(candle.open),
            (None, None) => return None,
        };
        Some(self.fill(-self.quantity, price))
    }

    fn fill(&mut self, quantity: f64, price: f64) -> (f64, f64) {
        let after = self.quantity + quantity;
        if after == 0.0 {
            self.average_price = 0.0;
            self.stop = None;
            self.take_profit = None;
        } else if self.quantity * after <= 0.0 {
            self.average_price = price;
        } else if after.abs() > self.quantity.abs() {
            self.average_price = (self.average_price * self.quantity + price * quantity) / after;
        }
        self.quantity = after;
        (quantity, price)
    }
}
