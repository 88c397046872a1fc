//! What the host keeps for each instance: its limits and its diagnostics, and the two functions it may call.

use wasmtime::ResourceLimiter;

use super::bindings::ct::strategy::diagnostics::{Host, Level as WitLevel};
use super::diagnostics::{Diagnostics, Level};
use super::limits;

/// The host's side of one instance.
#[derive(Debug, Default)]
pub(super) struct Sandbox {
    pub(super) diagnostics: Diagnostics,
    /// Bytes of memory that the instance asked for and did not get.
    pub(super) denied_bytes: Option<usize>,
}

impl Host for Sandbox {
    fn log(&mut self, level: WitLevel, text: String) {
        let level = match level {
            WitLevel::Debug => Level::Debug,
            WitLevel::Info => Level::Info,
            WitLevel::Warn => Level::Warn,
            WitLevel::Error => Level::Error,
        };
        self.diagnostics.log(level, &text);
    }

    fn plot(&mut self, series: String, row: u64, value: f64) {
        self.diagnostics.plot(&series, row, value);
    }
}

impl ResourceLimiter for Sandbox {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let granted = desired <= limits::MEMORY_BYTES_MAX;
        if !granted {
            self.denied_bytes = Some(desired);
        }
        Ok(granted)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(desired <= limits::TABLE_ELEMENTS_MAX)
    }

    fn instances(&self) -> usize {
        8
    }

    fn memories(&self) -> usize {
        1
    }

    fn tables(&self) -> usize {
        4
    }
}
