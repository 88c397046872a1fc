//! Files of Binance's archive, whose checksums are right: what `fetch` does with them.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ct_host::data::TimeRange;
use ct_host::data::archive::{ArchiveSettings, BinanceArchive};
use ct_host::data::source::{BarSource, PageRequest};
use sha2::{Digest, Sha256};
use tokio::runtime::{Builder, Runtime};

use crate::Answer;
use crate::loopback::Loopback;

/// The day whose file is asked for, as in the seeds: 2024-02-01.
const FROM_MS: i64 = 1_706_745_600_000;
const DAY_MS: i64 = 86_400_000;
const NAME: &str = "BTCUSDT-1h-2024-02-01.zip";

/// Everything that is needed to ask an archive which is this process.
struct Stage {
    runtime: Runtime,
    server: Loopback,
    archive: BinanceArchive,
}

static STAGE: LazyLock<Stage> = LazyLock::new(|| {
    let server = Loopback::start().unwrap_or_else(|error| unreachable!("{error}"));
    let settings = ArchiveSettings {
        base_url: server.url.clone(),
        timeout: Duration::from_secs(20),
        retries: 0,
        retry_delay: Duration::from_nanos(1),
    };
    let archive = BinanceArchive::new(settings, Arc::new(|_| ()));
    let runtime = Builder::new_current_thread().enable_all().build();
    Stage {
        runtime: runtime.unwrap_or_else(|error| unreachable!("{error}")),
        archive: archive.unwrap_or_else(|error| unreachable!("{error}")),
        server,
    }
});

/// A file of one day.
pub(crate) fn file(bytes: &[u8]) -> Answer {
    let content = bytes.to_vec();
    let checksum = format!("{:x}  {NAME}\n", Sha256::digest(bytes)).into_bytes();
    STAGE.server.answer_with(move |path| {
        if path.ends_with(".CHECKSUM") { checksum.clone() } else { content.clone() }
    });
    let request = PageRequest {
        symbol: "BTC/USDT".to_owned(),
        interval: "1h".parse().unwrap_or_else(|error| unreachable!("{error}")),
        range: TimeRange::from_ms(FROM_MS, FROM_MS + DAY_MS),
    };
    Answer::of(&STAGE.runtime.block_on(STAGE.archive.page(&request)))
}
