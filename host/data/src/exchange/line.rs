//! The line to one exchange: makes requests at its pace and tries again what is worth it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::HeaderMap;
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, StatusCode, Url};

use super::event::{EventSink, SourceEvent};
use super::failure::seconds;
use super::headroom::{self, Pause};
use super::pace::Pace;
use super::profile::Profile;
use super::request::HttpRequest;
use super::settings::ExchangeSettings;
use crate::reach::{ADVICE, Reach};
use crate::source::{SourceError, SourceErrorKind};

/// Redirects that are followed within a host: more are a circle.
const REDIRECTS_MAX: usize = 5;
/// Delays between tries do not grow beyond this.
const RETRY_DELAY_MAX: Duration = Duration::from_secs(30);
/// After a refusal for too many requests that does not say how long to wait, this many first delays.
const LIMITED_DELAYS: u32 = 10;
/// No connection takes longer to establish, however long an answer may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// An answer as it came.
#[derive(Debug)]
pub(super) struct Answer {
    /// What was asked for.
    pub(super) url: String,
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

/// The line to one exchange. Clones of the client share its connections.
pub(super) struct Line {
    source: String,
    client: Client,
    pace: Pace,
    settings: Arc<ExchangeSettings>,
    events: EventSink,
    reach: Reach,
    /// All tries of a request failed to reach it, and it has never answered: others need not try as often.
    is_out_of_reach: AtomicBool,
}

/// The client for all exchanges.
///
/// # Errors
/// Why the system's certificates or proxies cannot be used.
pub(super) fn client(settings: &ExchangeSettings) -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(concat!("ct-host/", env!("CARGO_PKG_VERSION")))
        .gzip(true)
        .connect_timeout(settings.timeout.min(CONNECT_TIMEOUT))
        .timeout(settings.timeout)
        .redirect(Policy::custom(|attempt| {
            if within_host(&attempt) { attempt.follow() } else { attempt.stop() }
        }))
        .build()
}

impl Line {
    pub(super) fn new(
        profile: &Profile,
        client: Client,
        settings: Arc<ExchangeSettings>,
        events: EventSink,
    ) -> Self {
        let pace = Pace::new(profile, &settings, Arc::clone(&events));
        Self {
            source: profile.id.to_owned(),
            client,
            pace,
            settings,
            events,
            reach: Reach::default(),
            is_out_of_reach: AtomicBool::new(false),
        }
    }

    /// How long one request may take.
    pub(super) fn timeout(&self) -> Duration {
        self.settings.timeout
    }

    /// Makes one request when it is its turn. An answer longer than `bytes_max` is refused before it is held in memory.
    pub(super) async fn send(
        &self,
        request: &HttpRequest,
        bytes_max: usize,
    ) -> Result<Answer, SourceError> {
        self.pace.turn().await.map_err(|wait| {
            let kind = SourceErrorKind::RateLimited(Some(wait));
            self.error(kind, format!("wants no requests for another {}", seconds(wait)))
        })?;
        let builder = match &request.body {
            Some(body) => self.client.post(&request.url).body(body.clone()),
            None => self.client.get(&request.url),
        };
        let builder = builder.headers(header_map(&request.headers));
        let response = builder.send().await.map_err(|error| self.failed(&request.url, &error))?;
        self.reach.answered();
        if let Some(pause) = headroom::pause(response.headers()) {
            self.pace.hold(pause);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        let body = self.body(response, bytes_max).await?;
        Ok(Answer { url: request.url.clone(), status, headers, body })
    }

    /// Does `attempt` until it succeeds, fails for good, or has failed often enough.
    pub(super) async fn retried<T, F>(&self, attempt: impl FnMut() -> F) -> Result<T, SourceError>
    where
        F: Future<Output = Result<T, SourceError>>,
    {
        let delays = ExponentialBuilder::default()
            .with_min_delay(self.settings.retry_delay)
            .with_max_delay(RETRY_DELAY_MAX)
            .with_max_times(self.settings.retries as usize)
            .with_jitter();
        let mut tries = 0;
        let done = attempt
            .retry(delays)
            .sleep(tokio::time::sleep)
            .when(|error: &SourceError| error.kind.is_transient() && !self.is_given_up(error))
            .adjust(|error, delay| self.delay_after(error, delay))
            .notify(|error, delay| {
                tries += 1;
                if self.reach.is_in_doubt() {
                    return;
                }
                (self.events)(SourceEvent::Retrying {
                    source: self.source.clone(),
                    attempt: tries,
                    delay,
                    error: error.clone(),
                });
            })
            .await;
        if done.as_ref().is_err_and(|error| error.kind == SourceErrorKind::Unreachable)
            && !self.reach.has_answered()
        {
            self.is_out_of_reach.store(true, Ordering::Relaxed);
        }
        done.map_err(|error| self.told_with(tries + 1, error))
    }

    /// `error`, with how many tries it took to find out that nobody can be reached: they were not told one by one.
    fn told_with(&self, tries: u32, error: SourceError) -> SourceError {
        if error.kind != SourceErrorKind::Unreachable || !self.reach.is_in_doubt() || tries == 1 {
            return error;
        }
        let message = format!("{} (tried {tries} times)", error.message);
        SourceError { message, ..error }
    }

    /// Whether nobody can be reached, as this request has found out, or another one already.
    fn is_given_up(&self, error: &SourceError) -> bool {
        error.kind == SourceErrorKind::Unreachable
            && (self.reach.is_lost() || self.is_out_of_reach.load(Ordering::Relaxed))
    }

    /// An error at this exchange.
    pub(super) fn error(&self, kind: SourceErrorKind, message: impl Into<String>) -> SourceError {
        SourceError { source_name: self.source.clone(), kind, message: message.into() }
    }

    /// How long until the next try; `None` when there is to be none. After a refusal for too many requests, nobody else
    /// asks meanwhile.
    fn delay_after(&self, error: &SourceError, delay: Option<Duration>) -> Option<Duration> {
        let SourceErrorKind::RateLimited(wait) = error.kind else { return delay };
        let wait = wait.unwrap_or(self.settings.retry_delay * LIMITED_DELAYS);
        self.pace.hold(Pause { delay: wait, reason: error.message.clone() });
        // The wait itself is the pace's; all that asked at the same time must not ask again at the same time.
        delay.filter(|_| wait <= self.settings.wait_max)
    }

    async fn body(&self, mut response: Response, bytes_max: usize) -> Result<String, SourceError> {
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.cut(&error))? {
            if bytes.len() + chunk.len() > bytes_max {
                let message = format!("its answer is longer than {bytes_max} bytes");
                return Err(self.error(SourceErrorKind::BadAnswer, message));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
        })
    }

    fn failed(&self, url: &str, error: &reqwest::Error) -> SourceError {
        let host = Url::parse(url).ok().and_then(|url| Some(url.host_str()?.to_owned()));
        // What is no address may hold a password in any place.
        let host = host.unwrap_or_else(|| "an address that is none".to_owned());
        self.reach.failed(error, self.settings.retry_delay / 2);
        if error.is_timeout() && !error.is_connect() {
            return self.late(&host);
        }
        let cause = innermost(error);
        let message = if error.is_connect() {
            format!("cannot reach {host}: {cause}; {ADVICE}")
        } else {
            format!("the connection to {host} broke: {cause}")
        };
        self.error(SourceErrorKind::Unreachable, message)
    }

    fn cut(&self, error: &reqwest::Error) -> SourceError {
        if error.is_timeout() {
            return self.late("it");
        }
        let message = format!("its answer was cut off: {}", innermost(error));
        self.error(SourceErrorKind::BadAnswer, message)
    }

    fn late(&self, host: &str) -> SourceError {
        let timeout = self.settings.timeout.as_secs_f64();
        let message = format!("no complete answer from {host} within {timeout} s");
        self.error(SourceErrorKind::Timeout, message)
    }
}

fn within_host(attempt: &Attempt<'_>) -> bool {
    let target = attempt.url();
    attempt.previous().len() <= REDIRECTS_MAX
        && attempt.previous().first().is_some_and(|first| {
            first.host_str() == target.host_str()
                && first.port_or_known_default() == target.port_or_known_default()
        })
}

fn header_map(headers: &BTreeMap<String, String>) -> HeaderMap {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.parse().ok()?, value.parse().ok()?)))
        .collect()
}

/// The cause at the end of the chain, which says what happened.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}
