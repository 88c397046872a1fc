//! Requests as ccxt forms them.

use std::collections::BTreeMap;

use ct_dialects::{ExchangeError, Value};

use super::dialect::Dialect;
use super::profile::{Bound, Profile, TimeUnit, WindowEnd};
use crate::TimeRange;
use crate::source::PageRequest;

/// A request that is ready to be made: GET, or POST when it has a body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct HttpRequest {
    pub(super) url: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Option<String>,
}

/// The request for one page. ccxt must know the market, and call the interval `timeframe`.
pub(super) fn page_request(
    dialect: &mut Dialect,
    profile: &Profile,
    page: &PageRequest,
    timeframe: &str,
) -> Result<HttpRequest, ExchangeError> {
    let from_ms = page.range.from.as_ms();
    let bars = i64::try_from(page.range.bars(page.interval)).unwrap_or(i64::MAX);
    let start = profile.window_start.map(|name| (name.to_owned(), Value::Int(from_ms)));
    let end = profile.window_end.map(|end| end_of(page.range, end));
    let arguments = vec![
        Value::from(page.symbol.as_str()),
        Value::from(timeframe),
        Value::Int(from_ms),
        Value::Int(bars),
        Value::Map(start.into_iter().chain(end).collect()),
    ];
    formed_by(dialect, "fetch_ohlcv", arguments)
}

/// The last request that ccxt's `method` would make if each were answered with an empty list.
pub(super) fn formed_by(
    dialect: &mut Dialect,
    method: &str,
    arguments: Vec<Value>,
) -> Result<HttpRequest, ExchangeError> {
    let state = dialect.state_mut();
    state.mock_response = Value::Array(Vec::new());
    state.mock_response_by_url = Value::Null;
    state.last_request_url = Value::Null;
    let outcome = dialect.call(method, arguments);
    let state = dialect.state();
    let Value::Str(url) = &state.last_request_url else {
        let nothing = || ExchangeError::new("NotSupported", format!("{method} asks for nothing"));
        return Err(outcome.err().unwrap_or_else(nothing));
    };
    let headers = state.last_request_headers.as_map().into_iter().flatten();
    Ok(HttpRequest {
        url: url.to_string(),
        headers: headers
            .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
            .collect(),
        body: state.last_request_body.as_str().map(str::to_owned),
    })
}

fn end_of(range: TimeRange, end: WindowEnd) -> (String, Value) {
    let after_ms = range.to.as_ms();
    let time = match (end.unit, end.bound) {
        (TimeUnit::Milliseconds, Bound::After) => after_ms,
        (TimeUnit::Milliseconds, Bound::Last) => after_ms - 1,
        (TimeUnit::Seconds, Bound::After) => after_ms / 1000,
        (TimeUnit::Seconds, Bound::Last) => (after_ms - 1) / 1000,
    };
    (end.parameter.to_owned(), Value::Int(time))
}
