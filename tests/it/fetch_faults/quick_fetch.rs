//! A fetch without the command around it, for faults that stay: the command tries for half a minute and waits as long for one
//! answer, while here the waits can be short. The clock of this computer can be chosen, too.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ct_host::data::exchange::{EventSink, ExchangeSettings, Exchanges, SourceEvent};
use ct_host::data::fetch::{
    FetchEnd, FetchEvent, FetchJob, FetchSettings, FetchStatus, Refresh, SeriesReport, Sources,
    Stop, SymbolSource, fetch,
};
use ct_host::units::Timestamp;
use tokio::runtime::Builder;

use super::stage::{SYMBOL, Stage};

/// How patient a fetch is, and what this computer's clock shows.
#[derive(Clone, Debug)]
pub(super) struct QuickFetch {
    pub(super) settings: ExchangeSettings,
    pub(super) now_ms: i64,
    pub(super) end: FetchEnd,
}

/// What a fetch did, and what the user hears of it.
#[derive(Debug)]
pub(super) struct QuickOutcome {
    pub(super) series: SeriesReport,
    pub(super) told: String,
}

impl QuickFetch {
    /// Tries twice, almost at once, by the exchange's own clock.
    pub(super) fn of(stage: &Stage) -> Self {
        let settings = ExchangeSettings {
            base_urls: [(stage.exchange.id().to_owned(), stage.server.url())].into(),
            requests_per_second: 1000.try_into().ok(),
            timeout: Duration::from_secs(10),
            retries: 1,
            retry_delay: Duration::from_millis(2),
            wait_max: Duration::from_secs(2),
            data_folder: None,
        };
        let end_ms = stage.truth.end_ms();
        Self { settings, now_ms: end_ms + 59_000, end: FetchEnd::At(Timestamp::clamped(end_ms)) }
    }

    /// Fetches the history of `stage`.
    pub(super) fn run(self, stage: &Stage) -> QuickOutcome {
        let Self { settings, now_ms, end } = self;
        let told = Arc::new(Mutex::new(Vec::new()));
        let events: EventSink = {
            let told = Arc::clone(&told);
            Arc::new(move |event: SourceEvent| told.lock().unwrap().push(event.to_string()))
        };
        let exchanges = Exchanges::new(settings, events).unwrap();
        let source = exchanges.source(stage.exchange.id()).unwrap();
        let job = FetchJob {
            key: stage.key(),
            from: Timestamp::clamped(stage.start_ms),
            to: end,
            sources: Sources {
                exchange: SymbolSource { source, symbol: SYMBOL.to_owned() },
                archive: None,
                fallbacks: Vec::new(),
            },
        };
        let settings = FetchSettings { now: Timestamp::clamped(now_ms), refresh: Refresh::Missing };
        let observe = |event: FetchEvent<'_>| {
            if let FetchEvent::Note { notice, .. } = event {
                told.lock().unwrap().push(notice.to_string());
            }
        };
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let (store, stop) = (stage.store(), Stop::new());
        let report = runtime.block_on(fetch(&store, vec![job], settings, &stop, &observe));
        let told = told.lock().unwrap().join("\n");
        QuickOutcome { series: report.series.into_iter().next().unwrap(), told }
    }
}

impl QuickOutcome {
    /// Why it failed.
    ///
    /// # Panics
    /// When it did not.
    pub(super) fn error(&self) -> String {
        match &self.series.status {
            FetchStatus::Failed(error) => error.to_string(),
            other => panic!("{other:?}: {}", self.told),
        }
    }

    /// The run did what it should.
    pub(super) fn assert_updated(&self) {
        assert!(matches!(self.series.status, FetchStatus::Updated), "{self:?}");
        assert_eq!(self.series.missing, [], "{self:?}");
    }
}
