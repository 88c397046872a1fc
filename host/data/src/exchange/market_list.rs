//! An exchange's list of markets.

use std::collections::BTreeMap;

use ct_dialects::{ExchangeError, Value};

use super::dialect::Dialect;
use super::profile::Profile;
use super::request::{HttpRequest, formed_by};

/// Which markets are asked for. The spot markets are one request at every exchange that was checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum MarketKind {
    /// Such as `BTC/USDT`.
    Spot,
    /// Such as `BTC/USDT:USDT`.
    Contract,
}

impl MarketKind {
    /// The kind of `symbol`.
    pub(super) fn of(symbol: &str) -> Self {
        if symbol.contains(':') { Self::Contract } else { Self::Spot }
    }
}

/// The types of markets that are asked for, one after the other; `None` where ccxt has no choice of them.
pub(super) fn types(dialect: &Dialect, kind: MarketKind) -> Vec<Option<String>> {
    let options = dialect.state().options.as_map();
    let types = options
        .and_then(|options| options.get("fetchMarkets")?.as_map()?.get("types")?.as_array())
        .map_or(&[][..], Vec::as_slice);
    let wanted: Vec<_> = types
        .iter()
        .filter_map(Value::as_str)
        .filter(|found| (*found == "spot") == (kind == MarketKind::Spot))
        .map(|found| Some(found.to_owned()))
        .collect();
    if wanted.is_empty() { vec![None] } else { wanted }
}

/// The request for the markets of one type. The exchange must be freshly opened.
pub(super) fn market_request(
    dialect: &mut Dialect,
    profile: &Profile,
    kind: MarketKind,
    market_type: Option<&str>,
) -> Result<HttpRequest, ExchangeError> {
    choose_type(dialect, market_type);
    let method = match kind {
        MarketKind::Spot => profile.spot_markets,
        MarketKind::Contract => "fetch_markets",
    };
    formed_by(dialect, method, Vec::new())
}

/// The markets in the answer to `request`, by symbol. The exchange must be freshly opened.
pub(super) fn read_markets(
    dialect: &mut Dialect,
    market_type: Option<&str>,
    request: &HttpRequest,
    answer: &serde_json::Value,
) -> Result<BTreeMap<String, Value>, ExchangeError> {
    choose_type(dialect, market_type);
    let nothing = Value::Map(<_>::default());
    // ccxt takes the first of these, in alphabetical order, that is a part of a URL, or else the first of all.
    let mut answers =
        vec![("\0".to_owned(), nothing.clone()), (request.url.clone(), Value::from_json(answer))];
    if !request.url.contains('?') {
        answers.push(("?".to_owned(), nothing));
    }
    dialect.state_mut().mock_response_by_url = Value::Map(answers.into_iter().collect());
    let markets = dialect.call("fetch_markets", Vec::new())?;
    dialect.keep_markets(markets)?;
    let kept = dialect.state().markets.as_map().into_iter().flatten();
    Ok(kept.map(|(symbol, market)| (symbol.clone(), market.clone())).collect())
}

/// Restricts ccxt to one type of markets, and to the requests that are needed for them.
fn choose_type(dialect: &mut Dialect, market_type: Option<&str>) {
    let options = &dialect.state().options;
    let Some(Value::Dict(chosen)) = options.as_map().and_then(|all| all.get("fetchMarkets")) else {
        return;
    };
    let mut chosen = (**chosen).clone();
    chosen.insert("fetchTickersFees".to_owned(), Value::Bool(false));
    if let Some(market_type) = market_type {
        chosen.insert("types".to_owned(), Value::Array(vec![Value::from(market_type)]));
    }
    let mut options = options.as_map().cloned().unwrap_or_default();
    options.insert("fetchMarkets".to_owned(), Value::Map(chosen));
    dialect.state_mut().options = Value::Map(options);
}
