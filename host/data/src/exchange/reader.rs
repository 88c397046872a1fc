//! Reads answers: whether they report an error, and then what they say, on a thread of its own and only for so long.
//!
//! ccxt is a million lines that read what a stranger wrote. [`read_json`] keeps out what is known to keep it busy; the
//! deadline is for what is not known. A thread cannot be ended from outside: after its deadline it is left to itself with
//! the exchange that it was reading for, nothing that it still finds is used, and it ends with the process at the latest.

use std::panic::resume_unwind;
use std::thread;
use std::time::Duration;

use ct_dialects::{ExchangeError, ReportedAnswer, Value};
use tokio::sync::{Mutex, oneshot};

use super::answer_json::{NoAnswer, read_json};
use super::answer_limits::{AnswerLimits, READING_TIME_MAX};
use super::dialect::Dialect;
use super::excerpt::excerpt;
use super::failure::{self, seconds};
use super::http_time::{retry_after, server_time};
use super::line::Answer;
use super::profile::Profile;
use crate::source::SourceErrorKind;
use ct_core::units::Timestamp;

/// How much of an answer that is no JSON is shown.
const SHOWN_CHARACTERS: usize = 80;
/// Stack of a reading thread: ccxt is compiled without optimisation.
const STACK_BYTES: usize = 8 << 20;

/// Reads the answers of one exchange, one after the other.
pub(super) struct Reader {
    profile: Profile,
    open: fn() -> Box<dyn ct_dialects::Dialect>,
    /// The exchange between two answers; `None` before the first, and after one that was not read to its end.
    dialect: Mutex<Option<Dialect>>,
    time_max: Duration,
}

/// What an answer says, and the server's clock when it answered.
#[derive(Clone, Debug)]
pub(super) struct Reading<T> {
    pub(super) said: T,
    pub(super) server_time: Option<Timestamp>,
}

/// Why an answer says nothing: what kind of failure it is, and what was found.
pub(super) type Unread = (SourceErrorKind, String);

impl Reader {
    /// A reader that takes no longer for an answer than `timeout`, or than [`READING_TIME_MAX`] if that is longer.
    pub(super) fn new(
        profile: Profile,
        open: fn() -> Box<dyn ct_dialects::Dialect>,
        timeout: Duration,
    ) -> Self {
        Self { profile, open, dialect: Mutex::new(None), time_max: timeout.max(READING_TIME_MAX) }
    }

    /// What `read` makes of `answer`, given the exchange that knows `markets`.
    ///
    /// # Errors
    /// [`Unread`]: [`SourceErrorKind::Unreadable`] after the deadline, the error that the answer reports, or
    /// [`SourceErrorKind::BadAnswer`] with what `read` says.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        answer: Answer,
        limits: AnswerLimits,
        markets: Value,
        read: impl FnOnce(&mut Dialect, &serde_json::Value) -> Result<T, String> + Send + 'static,
    ) -> Result<Reading<T>, Unread> {
        let mut held = self.dialect.lock().await;
        let (dialect, open, profile) = (held.take(), self.open, self.profile.clone());
        let work = move || {
            let mut dialect = dialect.unwrap_or_else(|| Dialect::new(open));
            dialect.state_mut().markets = markets;
            let said = accepted(&dialect, &profile, &answer, limits).and_then(|json| {
                read(&mut dialect, &json).map_err(|what| (SourceErrorKind::BadAnswer, what))
            });
            (dialect, said.map(|said| Reading { said, server_time: server_time(&answer.headers) }))
        };
        let (dialect, reading) = within(self.time_max, work).await?;
        *held = Some(dialect);
        reading
    }
}

/// Does `work` on a thread of its own, and waits for it until `time_max` has passed.
///
/// # Errors
/// [`SourceErrorKind::Unreadable`] when it has.
async fn within<T: Send + 'static>(
    time_max: Duration,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Unread> {
    let unread = |what: String| (SourceErrorKind::Unreadable, what);
    let (done, ended) = oneshot::channel();
    let thread = thread::Builder::new().name("answer".to_owned()).stack_size(STACK_BYTES);
    let thread = thread
        // Nobody may be waiting any more.
        .spawn(move || drop(done.send(work())))
        .map_err(|error| unread(format!("its answer cannot be read: no thread for it: {error}")))?;
    match tokio::time::timeout(time_max, ended).await {
        Ok(Ok(found)) => Ok(found),
        Ok(Err(_)) => match thread.join() {
            Err(panic) => resume_unwind(panic),
            Ok(()) => Err(unread("its answer was not read to its end".to_owned())),
        },
        Err(_) => Err(unread(format!(
            "its answer cannot be read within {}: it holds something that takes ccxt longer, and is not read again",
            seconds(time_max)
        ))),
    }
}

/// The JSON of an answer that reports no error.
fn accepted(
    dialect: &Dialect,
    profile: &Profile,
    answer: &Answer,
    limits: AnswerLimits,
) -> Result<serde_json::Value, Unread> {
    let json = read_json(&answer.body, limits);
    let reported = json.as_ref().ok().and_then(|json| reported_error(dialect, answer, json));
    let wait = retry_after(&answer.headers);
    let kind = failure::kind(profile, answer.status, &answer.body, reported.as_ref(), wait);
    if let Some(kind) = kind {
        return Err((kind, failure::message(kind, answer.status, &answer.body)));
    }
    json.map_err(|why| {
        let what = match why {
            NoAnswer::NoJson => {
                let shown = excerpt(&answer.body, SHOWN_CHARACTERS);
                format!("its answer is no JSON, or is cut off; it begins '{shown}'")
            }
            NoAnswer::Refused(what) => format!("its answer is refused: {what}"),
        };
        (SourceErrorKind::BadAnswer, what)
    })
}

fn reported_error(
    dialect: &Dialect,
    answer: &Answer,
    json: &serde_json::Value,
) -> Option<ExchangeError> {
    let headers = answer.headers.iter().filter_map(|(name, value)| {
        Some((name.as_str().to_owned(), Value::from(value.to_str().ok()?)))
    });
    let reported = ReportedAnswer {
        status: answer.status.as_u16(),
        reason: answer.status.canonical_reason().unwrap_or_default(),
        url: &answer.url,
        headers: Value::Map(headers.collect()),
        body: &answer.body,
        json: Value::from_json(json),
    };
    dialect.check(reported).err()
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn work_that_does_not_end_is_left_after_its_time() {
        let (let_go, held) = mpsc::channel::<()>();
        let work = move || held.recv().is_ok();
        let (kind, what) = within(Duration::from_millis(20), work).await.unwrap_err();
        assert_eq!(kind, SourceErrorKind::Unreadable);
        assert!(what.starts_with("its answer cannot be read within 1 s: "), "{what}");
        assert!(!kind.is_transient());
        drop(let_go);
        assert_eq!(within(Duration::from_mins(5), || 7).await, Ok(7));
    }

    #[tokio::test]
    #[should_panic(expected = "a broken invariant")]
    async fn a_panic_goes_on_where_the_work_is_waited_for() {
        let _never = within(Duration::from_mins(5), || panic!("a broken invariant")).await;
    }
}
