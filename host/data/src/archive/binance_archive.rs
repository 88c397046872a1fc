//! Binance's public files of klines.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::archive_file::{ArchiveFile, INTERVALS, archive_symbol};
use super::checksum;
use super::client::FileClient;
use super::klines::{ROW_BYTES_MAX, read_klines};
use super::settings::ArchiveSettings;
use super::unpack::unpack;
use crate::exchange::EventSink;
use crate::source::{BarSource, Page, PageLimits, PageRequest, SourceError, SourceErrorKind};
use ct_core::market::RawColumns;
use ct_core::units::Interval;

const NAME: &str = "binance archive";

/// Downloads at the same time: one file is held in memory by each.
const CONCURRENCY: u32 = 4;

/// Bytes of a row in a zip file, at most. Usual are 30 to 60.
const PACKED_ROW_BYTES_MAX: u64 = 128;

/// Bytes in a zip file and in its text besides the rows, at most: directory and header.
const FRAME_BYTES_MAX: u64 = 4_096;

const DAYS_OF_MONTH_MAX: i64 = 31;
const DAY_MS: i64 = 86_400_000;

/// The klines that Binance publishes as files of whole UTC months and days, for spot pairs and intervals up to a day.
///
/// A file of a day appears on the next day, that of a month some days into the next month. Each comes with its SHA-256,
/// and is read only when it has that.
///
/// A request must lie within one UTC month. One within one UTC day is answered from the file of the day, others from that
/// of the month; the page holds all bars of the file.
#[derive(Clone)]
pub struct BinanceArchive {
    client: Arc<FileClient>,
}

impl BinanceArchive {
    /// The archive at the base URL of `settings`; `events` hears of requests that are sent again.
    ///
    /// # Errors
    /// The system's certificates or proxies cannot be used.
    pub fn new(settings: ArchiveSettings, events: EventSink) -> Result<Self, SourceError> {
        Ok(Self { client: Arc::new(FileClient::new(NAME, settings, events)?) })
    }

    async fn rows(&self, request: &PageRequest) -> Result<RawColumns, SourceError> {
        self.limits(request.interval)?;
        let symbol = archive_symbol(&request.symbol).ok_or_else(|| {
            let message = format!(
                "there are no files of {}: expected a spot pair such as BTC/USDT",
                request.symbol
            );
            error(SourceErrorKind::Symbol, message)
        })?;
        let file =
            ArchiveFile::holding(request.range, &symbol, request.interval).ok_or_else(|| {
                let message = format!(
                    "no file holds {}: expected a range within one UTC month",
                    request.range
                );
                error(SourceErrorKind::Refused, message)
            })?;
        match self.try_file(&file).await? {
            Ok(rows) => Ok(rows),
            // A file is replaced by a corrected one now and then, with its checksum a moment later.
            Err(_) => self.try_file(&file).await?.map_err(|fault| {
                let url = self.client.url(&file.path);
                error(
                    SourceErrorKind::BadAnswer,
                    format!("{url} was downloaded twice, but {fault}"),
                )
            }),
        }
    }

    /// Downloads `file` and reads it. The inner error says what is wrong with it, as the rest of a sentence.
    async fn try_file(
        &self,
        file: &ArchiveFile,
    ) -> Result<Result<RawColumns, String>, SourceError> {
        let checksum_path = format!("{}.CHECKSUM", file.path);
        let published = self.client.get(&checksum_path, checksum::BYTES_MAX).await?;
        let bytes_max = FRAME_BYTES_MAX + file.rows_max * PACKED_ROW_BYTES_MAX;
        let content = self.client.get(&file.path, bytes_max).await?;
        let file = file.clone();
        let reading = tokio::task::spawn_blocking(move || read(&content, &published, &file));
        reading.await.map_err(|fault| error(SourceErrorKind::BadAnswer, fault.to_string()))
    }
}

impl fmt::Debug for BinanceArchive {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "BinanceArchive at {}", self.client.url(""))
    }
}

impl BarSource for BinanceArchive {
    fn name(&self) -> &str {
        NAME
    }

    /// Room for the bars of a month of 31 days.
    fn limits(&self, interval: Interval) -> Result<PageLimits, SourceError> {
        if !INTERVALS.contains(&interval.to_string().as_str()) {
            let message = format!("no files of {interval}: there are {}", INTERVALS.join(", "));
            return Err(error(SourceErrorKind::Interval, message));
        }
        let rows_max = u32::try_from(DAYS_OF_MONTH_MAX * DAY_MS / interval.as_ms());
        Ok(PageLimits {
            rows_max: rows_max.unwrap_or(u32::MAX),
            newest_rows: None,
            concurrency: CONCURRENCY,
        })
    }

    fn page<'a>(&'a self, request: &'a PageRequest) -> BoxFuture<'a, Result<Page, SourceError>> {
        async { Ok(Page { rows: self.rows(request).await?, server_time: None }) }.boxed()
    }
}

fn read(content: &[u8], published: &[u8], file: &ArchiveFile) -> Result<RawColumns, String> {
    checksum::check(content, &format!("{}.zip", file.stem), published)?;
    let bytes_max = FRAME_BYTES_MAX + file.rows_max * ROW_BYTES_MAX;
    unpack(content, &format!("{}.csv", file.stem), bytes_max, |text| read_klines(text, file))
}

fn error(kind: SourceErrorKind, message: String) -> SourceError {
    SourceError { source_name: NAME.to_owned(), kind, message }
}
