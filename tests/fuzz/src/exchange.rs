//! Answers of exchanges: what `fetch` does with them.
//!
//! The first line of an input names the exchange, the rest is what it answers.

use std::fs;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ct_host::data::TimeRange;
use ct_host::data::exchange::{ExchangeSettings, ExchangeSource, Exchanges};
use ct_host::data::source::{BarSource, PageRequest, SourceError};
use ct_host::units::Timestamp;
use tokio::runtime::{Builder, Runtime};

use crate::Answer;
use crate::loopback::Loopback;

/// Asked for in each case.
const SYMBOL: &str = "BTC/USDT";
/// The first bar that is asked for, as in the seeds: 2024-02-01T00:00:00Z.
const FROM_MS: i64 = 1_706_745_600_000;
const HOUR_MS: i64 = 3_600_000;
/// Bars that are asked for.
const HOURS: i64 = 3;

/// Lists of markets with [`SYMBOL`], as the exchanges give them.
const MARKETS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/exchange_markets/sound-");

/// Everything that is needed to ask exchanges which are all this process.
struct Stage {
    runtime: Runtime,
    server: Loopback,
    exchanges: Exchanges,
    /// When a list of markets is asked for; each time later than before, so that none is old enough to do.
    now_ms: AtomicI64,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let server = sound(Loopback::start());
    let ids = Exchanges::ids().into_iter();
    let settings = ExchangeSettings {
        base_urls: ids.map(|id| (id.to_owned(), server.url.clone())).collect(),
        requests_per_second: NonZeroU32::new(1_000_000),
        timeout: Duration::from_secs(20),
        retries: 0,
        retry_delay: Duration::from_nanos(1),
        wait_max: Duration::from_millis(1),
        ..ExchangeSettings::default()
    };
    let exchanges = Exchanges::new(settings, Arc::new(|_| ()));
    Stage {
        runtime: sound(Builder::new_current_thread().enable_all().build()),
        server,
        exchanges: sound(exchanges),
        now_ms: AtomicI64::new(FROM_MS),
    }
});

/// A page of bars.
pub(crate) fn page(bytes: &[u8]) -> Answer {
    let Some((source, body)) = STAGE.of(bytes) else { return Answer::Refused };
    if source.kept_rules(SYMBOL).is_none() {
        let answer = sound(fs::read(format!("{MARKETS}{}", source.name())));
        let (_, markets) = STAGE.of(&answer).unwrap_or_else(|| unreachable!("{MARKETS}"));
        sound(STAGE.ask_markets(&source, markets));
    }
    STAGE.server.answer_with(move |_| body.clone());
    let request = PageRequest {
        symbol: SYMBOL.to_owned(),
        interval: sound("1h".parse()),
        range: TimeRange::from_ms(FROM_MS, FROM_MS + HOURS * HOUR_MS),
    };
    Answer::of(&STAGE.runtime.block_on(source.page(&request)))
}

/// A list of markets.
pub(crate) fn markets(bytes: &[u8]) -> Answer {
    let Some((source, body)) = STAGE.of(bytes) else { return Answer::Refused };
    Answer::of(&STAGE.ask_markets(&source, body))
}

impl Stage {
    /// The exchange that an input names, and what it answers.
    fn of(&self, bytes: &[u8]) -> Option<(Arc<ExchangeSource>, Vec<u8>)> {
        let end = bytes.iter().position(|byte| *byte == b'\n')?;
        let (id, body) = bytes.split_at_checked(end)?;
        let source = self.exchanges.source(std::str::from_utf8(id).ok()?).ok()?;
        Some((source, body.get(1..).unwrap_or_default().to_vec()))
    }

    fn ask_markets(&self, source: &ExchangeSource, body: Vec<u8>) -> Result<(), SourceError> {
        self.server.answer_with(move |_| body.clone());
        let now = Timestamp::clamped(self.now_ms.fetch_add(1, Ordering::Relaxed));
        self.runtime.block_on(source.rules(SYMBOL, now, Duration::ZERO)).map(drop)
    }
}

fn sound<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    result.unwrap_or_else(|error| unreachable!("{error:?}"))
}
