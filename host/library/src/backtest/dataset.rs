//! The prices of a run, and what identifies them.

use std::fmt::Debug;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::DataSource;
use ct_core::market::{Bars, BarsError, Instrument, Panel, PanelError};
use ct_core::units::{Interval, IntervalError, Timestamp};
use ct_data::{SampleSpec, sample};

/// Aligned bars with the hash of their content, which is worked out when somebody asks for it.
#[derive(Clone, Debug)]
pub struct Dataset {
    panel: Panel,
    hash: OnceLock<String>,
    origin: Origin,
    sources: Vec<DataSource>,
    first_row: usize,
    details: Vec<Option<Bars>>,
    memory: Option<Arc<dyn HashMemory>>,
}

/// Where hashes are found again that were worked out before.
pub(crate) trait HashMemory: Debug + Send + Sync {
    /// The hash of the data that `question` describes.
    fn recall(&self, question: &str) -> Option<String>;

    /// Keeps it.
    fn remember(&self, question: &str, hash: &str);
}

/// Where prices come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A market.
    #[default]
    Market,
    /// A generator.
    Synthetic,
}

/// Why bars make no dataset.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DatasetError {
    /// The bars cannot be aligned.
    #[error(transparent)]
    Panel(#[from] PanelError),
    /// The bars are unsound.
    #[error(transparent)]
    Bars(#[from] BarsError),
    /// The bars have no usable length.
    #[error(transparent)]
    Interval(#[from] IntervalError),
    /// Finer bars that do not go with the bars of the run.
    #[error(
        "{found}: expected finer bars of a length that divides {interval}, for each instrument one series"
    )]
    Details {
        /// What was found.
        found: String,
        /// Length of the run's bars.
        interval: Interval,
    },
    /// No bar opens in the period.
    #[error("no bar opens from {from} to {to}: the data runs from {first} to {last}")]
    Period {
        /// Start of the period.
        from: Timestamp,
        /// End of the period, which is not part of it.
        to: Timestamp,
        /// Open time of the first bar.
        first: Timestamp,
        /// Open time of the last bar.
        last: Timestamp,
    },
}

impl Dataset {
    /// Aligns the bars of `instruments`.
    ///
    /// # Errors
    /// [`DatasetError::Panel`].
    pub fn new(instruments: Vec<(Instrument, Bars)>, origin: Origin) -> Result<Self, DatasetError> {
        Self::with_sources(instruments, origin, Vec::new())
    }

    /// The same for bars of which it is known where they come from, and what was done to them. What changed them becomes
    /// part of the hash.
    ///
    /// # Errors
    /// [`DatasetError::Panel`].
    pub fn with_sources(
        instruments: Vec<(Instrument, Bars)>,
        origin: Origin,
        sources: Vec<DataSource>,
    ) -> Result<Self, DatasetError> {
        let panel = Panel::new(instruments)?;
        let (hash, details) = (OnceLock::new(), Vec::new());
        Ok(Self { panel, hash, origin, sources, first_row: 0, details, memory: None })
    }

    /// With finer bars of each instrument, in their order, that show the way of the price inside a bar. They become part of
    /// the hash.
    ///
    /// # Errors
    /// [`DatasetError::Details`] when there is not one series for each instrument, or its bars do not divide those of the run.
    pub fn with_details(self, details: Vec<Option<Bars>>) -> Result<Self, DatasetError> {
        let interval = self.panel.interval();
        let refused = |found: String| Err(DatasetError::Details { found, interval });
        if details.len() != self.panel.series().len() {
            return refused(format!("{} series of finer bars", details.len()));
        }
        for bars in details.iter().flatten() {
            let finer = bars.interval();
            if finer >= interval || interval.as_ms() % finer.as_ms() != 0 {
                return refused(format!("bars of {finer}"));
            }
        }
        Ok(Self { hash: OnceLock::new(), details, ..self })
    }

    /// With a memory for the hash, which is asked when the sources of all bars have a version.
    #[must_use]
    pub(crate) fn with_memory(self, memory: Arc<dyn HashMemory>) -> Self {
        Self { memory: Some(memory), ..self }
    }

    /// Two years of generated hourly bars of `SAMPLE/USDT`, to try things on. See `docs/sample-data.md`.
    ///
    /// # Errors
    /// None in practice: the sample is made to be sound.
    pub fn sample() -> Result<Self, DatasetError> {
        let spec = SampleSpec::default();
        let bars = Bars::new(Interval::from_ms(spec.interval_ms)?, sample(&spec))?;
        Self::new(vec![(Instrument::unrestricted(spec.symbol), bars)], Origin::Synthetic)
    }

    /// The rows that open in `from <= time < to`. Up to `warm_up_rows` rows before them stay in the panel, for the strategy
    /// to warm up on.
    ///
    /// # Errors
    /// [`DatasetError::Period`] when there is no such row.
    pub fn between(
        &self,
        from: Timestamp,
        to: Timestamp,
        warm_up_rows: usize,
    ) -> Result<Self, DatasetError> {
        let times = self.panel.times();
        let start = times.partition_point(|&time| time < from.as_ms());
        let end = times.partition_point(|&time| time < to.as_ms());
        if start >= end {
            let (first, last) = (self.panel.time(0), self.panel.time(usize::MAX));
            return Err(DatasetError::Period { from, to, first, last });
        }
        let warm_up = start.saturating_sub(warm_up_rows);
        let panel = self.panel.part(warm_up..end);
        let (first, last) = (panel.time(0), panel.time(usize::MAX));
        let end = Timestamp::clamped(last.as_ms().saturating_add(panel.interval().as_ms()));
        let cut = |bars: &Option<Bars>| bars.as_ref().map(|bars| bars.between(first, end));
        let details: Vec<Option<Bars>> = self.details.iter().map(cut).collect();
        let (hash, sources, memory) = (OnceLock::new(), self.sources.clone(), self.memory.clone());
        let (origin, first_row) = (self.origin, start - warm_up);
        Ok(Self { panel, hash, origin, sources, first_row, details, memory })
    }

    /// The aligned bars, warm-up rows included.
    pub const fn panel(&self) -> &Panel {
        &self.panel
    }

    /// First row of the period; the rows before it are for warming up.
    pub const fn first_row(&self) -> usize {
        self.first_row
    }

    /// BLAKE3 over symbols, interval, every value and what repairs changed, in hexadecimal. The same content has the same
    /// hash, whatever file or exchange it came from. Reads all values the first time.
    pub fn hash(&self) -> &str {
        self.hash.get_or_init(|| self.recalled().unwrap_or_else(|| self.worked_out()))
    }

    /// Whether the hash is known without reading the values.
    pub(super) fn is_hashed(&self) -> bool {
        if self.hash.get().is_none()
            && let Some(hash) = self.recalled()
        {
            self.hash.get_or_init(|| hash);
        }
        self.hash.get().is_some()
    }

    fn recalled(&self) -> Option<String> {
        self.memory.as_ref()?.recall(&self.identity()?)
    }

    fn worked_out(&self) -> String {
        let hash = content_hash(&self.panel, &self.sources, &self.details);
        if let (Some(memory), Some(question)) = (&self.memory, self.identity()) {
            memory.remember(&question, &hash);
        }
        hash
    }

    /// What the values are, without them: which rows of which versions. `None` where that does not say it all: a version is
    /// not known, the bars were changed, or what they were cut from decides their ends; and where hashing is quick anyway.
    fn identity(&self) -> Option<String> {
        let is_known = |source: &DataSource| {
            source.series.is_some() && source.resampled_from.is_none() && !source.is_changed()
        };
        let are_known = self.panel.rows() >= SLOW_ROWS_MIN
            && self.sources.len() == self.panel.series().len()
            && self.sources.iter().all(is_known)
            && self.details.is_empty();
        if !are_known {
            return None;
        }
        let sources = serde_json::to_string(&self.sources).ok()?;
        let (times, interval) = (self.panel.times(), self.panel.interval());
        let (rows, first, last) = (times.len(), times.first()?, times.last()?);
        let program = env!("CARGO_PKG_VERSION");
        Some(format!(
            "{DOMAIN}{PANELS} of {program}: {rows} rows of {interval} from {first} to {last} of {sources}"
        ))
    }

    /// Finer bars of each instrument; empty when there are none.
    pub fn details(&self) -> &[Option<Bars>] {
        &self.details
    }

    /// Where the bars of each instrument come from, and what was done to them; empty when nobody said it.
    pub fn sources(&self) -> &[DataSource] {
        &self.sources
    }

    /// Where the prices come from.
    pub const fn origin(&self) -> Origin {
        self.origin
    }
}

/// Begins what is hashed, so that no other hash of this program can be the same.
const DOMAIN: &str = "ct-host dataset 1\n";

/// Raised when the same versions make other panels.
const PANELS: u32 = 1;

fn content_hash(panel: &Panel, sources: &[DataSource], details: &[Option<Bars>]) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(DOMAIN.as_bytes());
    hasher.update(&panel.interval().as_ms().to_le_bytes());
    update_times(&mut hasher, panel.times());
    for series in panel.series() {
        let symbol = &series.instrument().symbol;
        hasher.update(&(symbol.len() as u64).to_le_bytes());
        hasher.update(symbol.as_bytes());
        for column in [series.open(), series.high(), series.low(), series.close(), series.volume()]
        {
            update_values(&mut hasher, column);
        }
    }
    for source in sources.iter().filter(|source| source.is_changed()) {
        for text in [serde_json::to_string(&source.symbol), serde_json::to_string(&source.repairs)]
        {
            // Texts and numbers always are JSON.
            let text = text.unwrap_or_default();
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        }
    }
    for bars in details.iter().flatten() {
        hasher.update(&bars.interval().as_ms().to_le_bytes());
        update_times(&mut hasher, bars.times());
        for column in [bars.open(), bars.high(), bars.low(), bars.close(), bars.volume()] {
            update_values(&mut hasher, column);
        }
    }
    hasher.finalize().to_hex().to_string()
}

/// Rows from which hashing takes longer than starting a thread, or than reading a hash from a file.
pub(super) const SLOW_ROWS_MIN: usize = 50_000;

/// Values that are hashed in one go.
const BLOCK: usize = 8_192;

/// Hashes the number of `times` and their little-endian bytes.
fn update_times(hasher: &mut blake3::Hasher, times: &[i64]) {
    hasher.update(&(times.len() as u64).to_le_bytes());
    for block in times.chunks(BLOCK) {
        update(hasher, block, |time| time.to_le_bytes());
    }
}

/// Hashes the number of `values` and their little-endian bytes. Every missing value is the same NaN, whatever bits it came
/// with.
fn update_values(hasher: &mut blake3::Hasher, values: &[f64]) {
    hasher.update(&(values.len() as u64).to_le_bytes());
    for block in values.chunks(BLOCK) {
        if block.iter().any(|value| value.is_nan()) {
            let known = |value: &f64| if value.is_nan() { f64::NAN } else { *value };
            let block: Vec<f64> = block.iter().map(known).collect();
            update(hasher, &block, |value| value.to_le_bytes());
        } else {
            update(hasher, block, |value| value.to_le_bytes());
        }
    }
}

/// Hashes the bytes of `block`, which on most machines are in the right order already.
fn update<T: bytemuck::NoUninit>(
    hasher: &mut blake3::Hasher,
    block: &[T],
    bytes: impl Fn(&T) -> [u8; 8],
) {
    if cfg!(target_endian = "little") {
        hasher.update(bytemuck::cast_slice(block));
    } else {
        let block: Vec<u8> = block.iter().flat_map(bytes).collect();
        hasher.update(&block);
    }
}

#[cfg(test)]
mod tests;
