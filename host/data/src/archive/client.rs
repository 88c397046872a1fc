//! Downloads files: with a limit on their size, and again when that may help.

use std::fmt::Write as _;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::header::RETRY_AFTER;
use reqwest::redirect::Policy;
use reqwest::{Client, Response, StatusCode};

use super::settings::ArchiveSettings;
use crate::exchange::{EventSink, SourceEvent};
use crate::reach::{ADVICE, Reach};
use crate::source::{SourceError, SourceErrorKind};

/// The longest that a whole download may take: 200 MB at 3 Mbit/s.
const DOWNLOAD_TIME_MAX: Duration = Duration::from_mins(10);
/// Delays between tries do not grow beyond this.
const RETRY_DELAY_MAX: Duration = Duration::from_secs(30);
/// The longest that the server may make us wait; more than that is an error.
const WAIT_MAX: Duration = Duration::from_mins(5);

/// Downloads files of one archive.
pub(super) struct FileClient {
    source: &'static str,
    client: Client,
    settings: ArchiveSettings,
    events: EventSink,
    reach: Reach,
}

/// Why there is no file.
#[derive(Clone, Debug)]
struct Failure {
    error: SourceError,
    retry: Retry,
}

/// Whether to send a request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Retry {
    Never,
    Again,
    /// Not before this time has passed.
    After(Duration),
}

impl FileClient {
    /// # Errors
    /// The system's certificates or proxies cannot be used.
    pub(super) fn new(
        source: &'static str,
        settings: ArchiveSettings,
        events: EventSink,
    ) -> Result<Self, SourceError> {
        let client = Client::builder()
            .user_agent(concat!("ct-host/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(settings.timeout)
            .read_timeout(settings.timeout)
            .timeout(DOWNLOAD_TIME_MAX)
            // A checksum says nothing when file and checksum may come from anywhere.
            .redirect(Policy::none())
            .build()
            .map_err(|error| SourceError {
                source_name: source.to_owned(),
                kind: SourceErrorKind::Unreachable,
                message: format!("no connection can be made: {}", chain(&error)),
            })?;
        Ok(Self { source, client, settings, events, reach: Reach::default() })
    }

    /// Where the file at `path` is.
    pub(super) fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.settings.base_url.trim_end_matches('/'))
    }

    /// The content of the file at `path`, which has `bytes_max` bytes at most. Failures that may pass are tried again.
    ///
    /// # Errors
    /// The last failure; [`SourceErrorKind::Absent`] when there is no such file.
    pub(super) async fn get(&self, path: &str, bytes_max: u64) -> Result<Vec<u8>, SourceError> {
        let url = self.url(path);
        let delays = ExponentialBuilder::default()
            .with_min_delay(self.settings.retry_delay)
            .with_max_delay(RETRY_DELAY_MAX)
            .with_max_times(usize::try_from(self.settings.retries).unwrap_or(usize::MAX))
            .with_jitter();
        let mut attempt = 0;
        (|| self.get_once(&url, bytes_max))
            .retry(delays)
            .sleep(tokio::time::sleep)
            .when(|failure: &Failure| failure.retry != Retry::Never && !self.reach.is_lost())
            .adjust(|failure, delay| match failure.retry {
                Retry::After(wait) => {
                    delay.map(|delay| delay.max(wait)).filter(|_| wait <= WAIT_MAX)
                }
                Retry::Again | Retry::Never => delay,
            })
            .notify(|failure, delay| {
                attempt += 1;
                if self.reach.is_in_doubt() {
                    return;
                }
                let (source, error) = (self.source.to_owned(), failure.error.clone());
                (self.events)(SourceEvent::Retrying { source, attempt, delay, error });
            })
            .await
            .map_err(|failure| failure.error)
    }

    async fn get_once(&self, url: &str, bytes_max: u64) -> Result<Vec<u8>, Failure> {
        let response = self.client.get(url).send().await;
        let response = response.map_err(|error| self.broken(url, &error))?;
        self.reach.answered();
        let status = response.status();
        if status != StatusCode::OK {
            return Err(self.refused(url, &response));
        }
        self.content(url, response, bytes_max).await
    }

    async fn content(
        &self,
        url: &str,
        mut response: Response,
        bytes_max: u64,
    ) -> Result<Vec<u8>, Failure> {
        let mut content = Vec::new();
        while let Some(part) = response.chunk().await.map_err(|error| self.broken(url, &error))? {
            content.extend_from_slice(&part);
            if content.len() as u64 > bytes_max {
                let message =
                    format!("{url} is larger than {bytes_max} bytes, which no such file is");
                return Err(self.failure(SourceErrorKind::BadAnswer, message, Retry::Never));
            }
        }
        Ok(content)
    }

    /// What an answer means that is no file.
    fn refused(&self, url: &str, response: &Response) -> Failure {
        let status = response.status();
        let seconds = response.headers().get(RETRY_AFTER).and_then(|text| text.to_str().ok());
        let wait = seconds.and_then(|text| text.trim().parse().ok()).map(Duration::from_secs);
        let retry = wait.map_or(Retry::Again, Retry::After);
        let (kind, retry, meaning) = match status {
            StatusCode::NOT_FOUND => (
                SourceErrorKind::Absent,
                Retry::Never,
                "there is no such file: it is not published yet, or the symbol was not traded then",
            ),
            StatusCode::TOO_MANY_REQUESTS => {
                (SourceErrorKind::RateLimited(wait), retry, "fewer requests are wanted")
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
                (SourceErrorKind::Timeout, retry, "the server was too slow")
            }
            status if status.is_server_error() => {
                (SourceErrorKind::Unavailable, retry, "the server is out of order")
            }
            status if status.is_redirection() => (
                SourceErrorKind::Refused,
                Retry::Never,
                "the file is elsewhere: check the base URL of the archive",
            ),
            _ => (SourceErrorKind::Refused, Retry::Never, "the request is refused"),
        };
        self.failure(kind, format!("{url}: HTTP {}, {meaning}", status.as_u16()), retry)
    }

    fn broken(&self, url: &str, error: &reqwest::Error) -> Failure {
        if error.is_builder() {
            let message = format!("{url} is no URL: check the base URL of the archive");
            return self.failure(SourceErrorKind::Refused, message, Retry::Never);
        }
        self.reach.failed(error, self.settings.retry_delay / 2);
        if error.is_connect() {
            let message = format!("{url} cannot be reached: {}; {ADVICE}", chain(error));
            return self.failure(SourceErrorKind::Unreachable, message, Retry::Again);
        }
        let kind = if error.is_timeout() {
            SourceErrorKind::Timeout
        } else {
            SourceErrorKind::Unreachable
        };
        self.failure(kind, format!("{url} cannot be read: {}", chain(error)), Retry::Again)
    }

    fn failure(&self, kind: SourceErrorKind, message: String, retry: Retry) -> Failure {
        let error = SourceError { source_name: self.source.to_owned(), kind, message };
        Failure { error, retry }
    }
}

/// What happened and why, without the URL, which is told already.
fn chain(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        let separator = if text.is_empty() { "" } else { ": " };
        // Writing to a text cannot fail.
        let _written = write!(text, "{separator}{error}");
        cause = error.source();
    }
    if text.is_empty() { "no answer in time".to_owned() } else { text }
}
