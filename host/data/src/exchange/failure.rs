//! Names what went wrong at an exchange.

use std::time::Duration;

use ct_dialects::ExchangeError;
use reqwest::StatusCode;

use super::excerpt::excerpt;
use super::profile::Profile;
use crate::source::SourceErrorKind;

/// How much of an answer is shown in an error.
const SHOWN_CHARACTERS: usize = 200;

/// Shut out for at least this long after 418, if the exchange does not say how long.
const BAN: Duration = Duration::from_mins(2);

/// Errors that ccxt cannot tell from others: the exchange, a text in the body, and what it means.
const CORRECTIONS: [(&str, &str, SourceErrorKind); 5] = [
    ("kucoin", "\"429000\"", SourceErrorKind::RateLimited(None)),
    ("kraken", "EQuery:Unknown asset pair", SourceErrorKind::Symbol),
    ("coinbase", "not_found", SourceErrorKind::Symbol),
    ("coinbase", "ProductID is invalid", SourceErrorKind::Symbol),
    ("bitstamp", "\"Not found\"", SourceErrorKind::Symbol),
];

/// What an answer that reports an error means; `None` when it does not.
///
/// `error` is what ccxt found in the body, `wait` is how long the exchange wants to be left alone.
pub(super) fn kind(
    profile: &Profile,
    status: StatusCode,
    body: &str,
    error: Option<&ExchangeError>,
    wait: Option<Duration>,
) -> Option<SourceErrorKind> {
    if status.is_success() && error.is_none() {
        return None;
    }
    let corrected =
        CORRECTIONS.iter().find(|(id, text, _)| *id == profile.id && body.contains(text));
    let found = match corrected {
        Some((_, _, kind)) => *kind,
        None => by_status(profile, status)
            .or_else(|| error.and_then(by_class))
            .unwrap_or_else(|| otherwise(status, error)),
    };
    Some(match found {
        SourceErrorKind::RateLimited(known) => SourceErrorKind::RateLimited(wait.or(known)),
        other => other,
    })
}

/// Statuses that mean the same whatever the body says.
fn by_status(profile: &Profile, status: StatusCode) -> Option<SourceErrorKind> {
    match status {
        StatusCode::TOO_MANY_REQUESTS => Some(SourceErrorKind::RateLimited(None)),
        StatusCode::IM_A_TEAPOT => Some(SourceErrorKind::RateLimited(Some(BAN))),
        StatusCode::FORBIDDEN => {
            profile.forbidden_for.map(|pause| SourceErrorKind::RateLimited(Some(pause)))
        }
        _ => None,
    }
}

/// ccxt's classes that say more than that there was an error.
fn by_class(error: &ExchangeError) -> Option<SourceErrorKind> {
    const CLASSES: [(&str, SourceErrorKind); 8] = [
        ("BadSymbol", SourceErrorKind::Symbol),
        ("RateLimitExceeded", SourceErrorKind::RateLimited(None)),
        ("DDoSProtection", SourceErrorKind::RateLimited(None)),
        ("RequestTimeout", SourceErrorKind::Timeout),
        ("BadResponse", SourceErrorKind::BadAnswer),
        ("OperationFailed", SourceErrorKind::Unavailable),
        ("AuthenticationError", SourceErrorKind::Refused),
        ("OperationRejected", SourceErrorKind::Refused),
    ];
    CLASSES.iter().find(|(class, _)| error.is(class)).map(|(_, kind)| *kind)
}

fn otherwise(status: StatusCode, error: Option<&ExchangeError>) -> SourceErrorKind {
    match status {
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => SourceErrorKind::Timeout,
        status if status.is_server_error() => SourceErrorKind::Unavailable,
        status if status.is_success() && !error.is_some_and(|error| error.is("BaseError")) => {
            // ccxt stumbled over the answer instead of finding an error in it.
            SourceErrorKind::BadAnswer
        }
        _ => SourceErrorKind::Refused,
    }
}

/// The message for an answer that reports an error.
pub(super) fn message(kind: SourceErrorKind, status: StatusCode, body: &str) -> String {
    let shown = excerpt(body.trim(), SHOWN_CHARACTERS);
    let code = status.as_u16();
    match kind {
        SourceErrorKind::RateLimited(Some(wait)) => {
            format!("wants no requests for {}: HTTP {code} {shown}", seconds(wait))
        }
        SourceErrorKind::RateLimited(None) => format!("wants fewer requests: HTTP {code} {shown}"),
        SourceErrorKind::Symbol => format!("does not know the symbol: HTTP {code} {shown}"),
        SourceErrorKind::Unavailable => format!("is out of order: HTTP {code} {shown}"),
        _ if status.is_redirection() => {
            format!("sends to another host: HTTP {code}; check the base URL")
        }
        _ => format!("refuses the request: HTTP {code} {shown}"),
    }
}

/// A duration as people say it.
pub(super) fn seconds(duration: Duration) -> String {
    let seconds = duration.as_secs_f64().ceil();
    match seconds {
        ..120.0 => format!("{seconds} s"),
        120.0..7200.0 => format!("{} min", (seconds / 60.0).ceil()),
        _ => format!("{} h", (seconds / 3600.0).ceil()),
    }
}
