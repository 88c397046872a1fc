//! One exchange of ccxt, behind a trait that does not depend on which one.

use ccxt_base::exchange::{DerivedExchange, Exchange};
use ccxt_base::exchange_generated::ExchangeBase;
use ccxt_base::runtime::catch_typed;
use ccxt_base::{ExchangeError, Value};
use futures_util::FutureExt;

/// How an exchange is asked and what its answers mean. Nothing here touches the network.
pub trait Dialect: Send {
    /// What ccxt keeps about the exchange.
    fn state(&self) -> &Exchange;

    /// The same, to change it.
    fn state_mut(&mut self) -> &mut Exchange;

    /// Runs ccxt's method called `method` on the answers that [`Exchange::mock_response`] holds.
    ///
    /// # Errors
    /// What ccxt says against the arguments or the answers.
    fn call(&mut self, method: &str, arguments: Vec<Value>) -> Result<Value, ExchangeError>;

    /// Takes over the markets that ccxt read, in [`Exchange::markets`], with what the exchange's fees and limits add.
    ///
    /// # Errors
    /// What ccxt says against them.
    fn keep_markets(&mut self, markets: Value) -> Result<(), ExchangeError>;

    /// One row of candles, as time in milliseconds, open, high, low, close and volume.
    ///
    /// # Errors
    /// What ccxt says against it.
    fn read_row(&self, row: Value, market: Value) -> Result<Value, ExchangeError>;

    /// Looks whether an answer reports an error.
    ///
    /// # Errors
    /// The error that it reports.
    fn check(&self, answer: ReportedAnswer<'_>) -> Result<(), ExchangeError>;
}

/// What ccxt needs of an answer to say whether it reports an error.
#[derive(Debug)]
pub struct ReportedAnswer<'a> {
    /// HTTP status.
    pub status: u16,
    /// The words for it.
    pub reason: &'a str,
    /// What was asked for.
    pub url: &'a str,
    /// The headers of the answer, by name.
    pub headers: Value,
    /// The answer as text.
    pub body: &'a str,
    /// The answer as JSON.
    pub json: Value,
}

impl<C: ExchangeBase + DerivedExchange> Dialect for C {
    fn state(&self) -> &Exchange {
        self
    }

    fn state_mut(&mut self) -> &mut Exchange {
        self
    }

    fn call(&mut self, method: &str, arguments: Vec<Value>) -> Result<Value, ExchangeError> {
        if self.mock_response.is_null() && self.mock_response_by_url.is_null() {
            // Without an answer at hand ccxt would make the request itself.
            self.mock_response = Value::Array(Vec::new());
        }
        let called = catch_typed(|| self.call_dynamic(method, arguments).now_or_never())?;
        called.ok_or_else(|| {
            ExchangeError::new("NotSupported", format!("{method} waits for something"))
        })
    }

    fn keep_markets(&mut self, markets: Value) -> Result<(), ExchangeError> {
        catch_typed(|| ExchangeBase::set_markets(self, markets, &[])).map(drop)
    }

    fn read_row(&self, row: Value, market: Value) -> Result<Value, ExchangeError> {
        catch_typed(|| DerivedExchange::parse_ohlcv(self, row, market))
    }

    fn check(&self, answer: ReportedAnswer<'_>) -> Result<(), ExchangeError> {
        let ReportedAnswer { status, reason, url, headers, body, json } = answer;
        let handled = catch_typed(|| {
            DerivedExchange::handle_errors(
                self,
                Value::Int(i64::from(status)),
                Value::from(reason),
                Value::from(url),
                Value::from("GET"),
                headers,
                Value::from(body),
                json,
                Value::Null,
                Value::Null,
            )
        });
        handled.map(drop)
    }
}
