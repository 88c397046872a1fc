//! A request as a server sees it.

use std::time::Duration;

use super::protocol::Endpoint;

/// One request: its path and its parameters, decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// Path without the server, such as `/api/v3/klines`.
    pub path: String,
    /// Parameters in the order they came.
    pub query: Vec<(String, String)>,
}

/// No time and no count of an honest client is larger, whatever its unit.
const WHOLE_MAX: u64 = 1_000_000_000_000_000;

/// A parameter that is no whole number, or one beyond reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotWhole;

impl Request {
    /// The value of a parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter, or nothing at all as a text.
    pub(super) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default()
    }

    /// The value of a parameter that must be a whole number.
    pub(super) fn whole(&self, name: &str) -> Result<Option<i64>, NotWhole> {
        let value: Option<i64> =
            self.get(name).map(str::parse).transpose().map_err(|_| NotWhole)?;
        if value.is_some_and(|value| value.unsigned_abs() > WHOLE_MAX) {
            return Err(NotWhole);
        }
        Ok(value)
    }
}

/// A request that was answered, or at least taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedRequest {
    /// What was asked.
    pub request: Request,
    /// What it was about.
    pub endpoint: Endpoint,
    /// How long after the start of the server it came. Real time, for tests of waiting.
    pub arrived: Duration,
    /// The status of the answer, before any cut of the connection.
    pub status: u16,
    /// Bars in the answer; 0 when it is no page of bars.
    pub rows: usize,
}
