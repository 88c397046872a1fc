//! One exchange of ccxt, whose expected panics stay off the terminal.

use ct_dialects::{Exchange, ExchangeError, ReportedAnswer, Value};

use crate::quiet::quietly;

/// How an exchange is asked and what its answers mean. Nothing here touches the network.
pub(super) struct Dialect(Box<dyn ct_dialects::Dialect>);

impl Dialect {
    /// The exchange that `open` opens.
    pub(super) fn new(open: fn() -> Box<dyn ct_dialects::Dialect>) -> Self {
        Self(open())
    }

    /// What ccxt keeps about the exchange.
    pub(super) fn state(&self) -> &Exchange {
        self.0.state()
    }

    /// The same, to change it.
    pub(super) fn state_mut(&mut self) -> &mut Exchange {
        self.0.state_mut()
    }

    /// Runs ccxt's method called `method` on the answers that [`Exchange::mock_response`] holds.
    pub(super) fn call(
        &mut self,
        method: &str,
        arguments: Vec<Value>,
    ) -> Result<Value, ExchangeError> {
        quietly(|| self.0.call(method, arguments))
    }

    /// Takes over the markets that ccxt read, in [`Exchange::markets`], with what the exchange's fees and limits add.
    pub(super) fn keep_markets(&mut self, markets: Value) -> Result<(), ExchangeError> {
        quietly(|| self.0.keep_markets(markets))
    }

    /// One row of candles, as time in milliseconds, open, high, low, close and volume.
    pub(super) fn read_row(&self, row: Value, market: Value) -> Result<Value, ExchangeError> {
        quietly(|| self.0.read_row(row, market))
    }

    /// The error that an answer reports, if it reports one.
    pub(super) fn check(&self, answer: ReportedAnswer<'_>) -> Result<(), ExchangeError> {
        quietly(|| self.0.check(answer))
    }
}
