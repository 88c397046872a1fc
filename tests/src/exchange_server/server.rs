//! A server on a port of this machine, on a thread of its own.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Query, State};
use axum::http::{Response, Uri};
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::answer::Voice;
use super::book::Book;
use super::connection::{Cut, Door};
use super::delivery::deliver;
use super::protocol::Endpoint;
use super::schedule::Schedule;
use super::{Behaviour, Exchange, Fault, History, RecordedRequest, Request};

/// An exchange, or its archive, at an address of this machine; gone when dropped.
///
/// ```
/// use ct_host::units::Interval;
/// use ct_tests::exchange_server::{
///     AnswerFault, Behaviour, Exchange, ExchangeServer, Fault, History, RowFault, Walk,
/// };
///
/// let hour: Interval = "1h".parse()?;
/// let truth = History::random("BTC/USDT", hour, &Walk::new(1, 1_700_000_000_000 / 3_600_000 * 3_600_000, 5_000));
/// let hole_ms = truth.rows()[2_500].time_ms;
/// let behaviour = Behaviour::at(truth.end_ms())
///     .with(Fault::first(2, AnswerFault::TooMany { retry_after_s: Some(1) }))
///     .with(Fault::touching(hole_ms, RowFault::Empty).times(1));
/// let server = ExchangeServer::start(Exchange::Okx, &[truth.clone()], behaviour);
/// // … a client fetches from `server.url()` …
/// let wanted = Exchange::Okx.served(&truth).columns_between(hole_ms, truth.end_ms());
/// assert_eq!(wanted.time.len(), 2_500);
/// assert!(server.candle_requests().is_empty(), "nobody asked");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ExchangeServer {
    address: SocketAddr,
    desk: Arc<Desk>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What all requests share.
#[derive(Debug)]
struct Desk {
    voice: Voice,
    opened: Instant,
    papers: Mutex<Papers>,
}

#[derive(Debug)]
struct Papers {
    book: Book,
    schedule: Schedule,
    requests: Vec<RecordedRequest>,
}

impl ExchangeServer {
    /// An exchange that holds `histories`.
    ///
    /// # Panics
    /// When no port can be opened.
    pub fn start(exchange: Exchange, histories: &[History], behaviour: Behaviour) -> Self {
        let served = histories.iter().map(|history| exchange.served(history)).collect();
        Self::open(Voice::Exchange(exchange), served, behaviour)
    }

    /// Binance's archive of bulk files, made of `histories`.
    ///
    /// # Panics
    /// When no port can be opened.
    pub fn start_archive(histories: &[History], behaviour: Behaviour) -> Self {
        Self::open(Voice::Archive, histories.to_vec(), behaviour)
    }

    fn open(voice: Voice, histories: Vec<History>, behaviour: Behaviour) -> Self {
        let latest_ms = histories.iter().map(History::end_ms).max().unwrap_or_default();
        let book = Book::new(histories, behaviour.now_ms.unwrap_or(latest_ms));
        let schedule = Schedule::new(behaviour.faults);
        let papers = Mutex::new(Papers { book, schedule, requests: Vec::new() });
        let desk = Arc::new(Desk { voice, opened: Instant::now(), papers });
        let (stop, stopped) = oneshot::channel();
        let (ready, opened) = mpsc::channel();
        let shared = Arc::clone(&desk);
        let thread = thread::spawn(move || serve(shared, stopped, &ready));
        let Ok(address) = opened.recv() else { unreachable!("no port for a test server") };
        Self { address, desk, stop: Some(stop), thread: Some(thread) }
    }

    /// Where it is, such as `http://127.0.0.1:40123`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Every request so far, in the order they came.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.desk.papers().requests.clone()
    }

    /// The requests for bars so far, in the order they came.
    pub fn candle_requests(&self) -> Vec<RecordedRequest> {
        let mut requests = self.requests();
        requests.retain(|recorded| recorded.endpoint == Endpoint::Candles);
        requests
    }

    /// Forgets the requests so far; faults go on counting.
    pub fn forget_requests(&self) {
        self.desk.papers().requests.clear();
    }

    /// From now on it is this time there, UTC milliseconds.
    pub fn set_now(&self, now_ms: i64) {
        self.desk.papers().book.now_ms = now_ms;
    }

    /// From now on this history takes the place of the one of the same symbol and interval.
    pub fn set_history(&self, history: &History) {
        let served = match self.desk.voice {
            Voice::Exchange(exchange) => exchange.served(history),
            Voice::Archive => history.clone(),
        };
        self.desk.papers().book.replace(served);
    }

    /// From now on this goes wrong too.
    pub fn add_fault(&self, fault: Fault) {
        self.desk.papers().schedule.add(fault);
    }

    /// From now on nothing goes wrong.
    pub fn clear_faults(&self) {
        self.desk.papers().schedule.clear();
    }
}

impl fmt::Debug for ExchangeServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ExchangeServer").field("url", &self.url()).finish_non_exhaustive()
    }
}

impl Drop for ExchangeServer {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Desk {
    fn papers(&self) -> MutexGuard<'_, Papers> {
        self.papers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves until `stopped`, and then drops every connection, silent ones too.
fn serve(desk: Arc<Desk>, stopped: oneshot::Receiver<()>, ready: &mpsc::Sender<SocketAddr>) {
    let Ok(runtime) = Builder::new_current_thread().enable_all().build() else { return };
    runtime.block_on(async {
        let Ok(listener) = TcpListener::bind("127.0.0.1:0").await else { return };
        let Ok(address) = listener.local_addr() else { return };
        let router = Router::new().fallback(handle).with_state(desk);
        let service = router.into_make_service_with_connect_info::<Cut>();
        let _ = ready.send(address);
        tokio::select! {
            _ = axum::serve(Door(listener), service).into_future() => {}
            _ = stopped => {}
        }
    });
    runtime.shutdown_background();
}

async fn handle(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    uri: Uri,
) -> Response<Body> {
    let query = Query::try_from_uri(&uri).map(|Query(pairs)| pairs).unwrap_or_default();
    let request = Request { path: uri.path().to_owned(), query };
    let answer = {
        let mut papers = desk.papers();
        let Papers { book, schedule, requests } = &mut *papers;
        let answer = desk.voice.answer(&request, book, schedule);
        requests.push(RecordedRequest {
            request,
            endpoint: answer.endpoint,
            arrived: desk.opened.elapsed(),
            status: answer.reply.status,
            rows: answer.rows,
        });
        answer
    };
    deliver(answer, &cut).await
}
