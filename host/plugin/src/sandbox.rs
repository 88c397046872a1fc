//! What the host keeps for each instance: its limits and its diagnostics, and the two functions it may call.

use std::sync::Arc;

use wasmtime::component::{Linker, WasmStr};
use wasmtime::{ResourceLimiter, StoreContextMut};

use super::bindings::ct::strategy::diagnostics::Level as WitLevel;
use super::diagnostics::{Diagnostics, Level, LogLine, LogListener, RowsGiven};
use super::limits;
use super::memory::{DeniedMemory, HeldMemory};

/// The host's side of one instance.
#[derive(Debug)]
pub(super) struct Sandbox {
    pub(super) diagnostics: Diagnostics,
    pub(super) memory: HeldMemory,
    /// Memory that the present call asked for and did not get.
    pub(super) denied: Option<DeniedMemory>,
    /// The rows of the present call.
    pub(super) rows: Option<RowsGiven>,
    /// What was told of the log.
    pub(super) told: Told,
}

/// Who hears the log while it grows, and what they have heard of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    pub(super) listener: Option<Arc<dyn LogListener>>,
    pub(super) symbols: Arc<[String]>,
    /// Lines that were told. An instance that is started anew says them again.
    pub(super) lines: usize,
}

impl Told {
    /// Tells the lines of `log` that were not told yet.
    pub(super) fn tell(&mut self, log: &[LogLine]) {
        let Some(listener) = &self.listener else { return };
        for line in log.get(self.lines..).unwrap_or_default() {
            listener.hear(&self.symbols, line);
        }
        self.lines = self.lines.max(log.len());
    }
}

/// The two functions that a strategy may call.
///
/// They are linked by hand to see the store: texts are cut before they are copied, and each call costs fuel.
pub(super) fn add_to_linker(linker: &mut Linker<Sandbox>) -> wasmtime::Result<()> {
    let mut diagnostics = linker.instance("ct:strategy/diagnostics@1.0.0")?;
    diagnostics.func_wrap("log", log)?;
    diagnostics.func_wrap("plot", plot)
}

fn log(
    mut store: StoreContextMut<'_, Sandbox>,
    (level, row, text): (WitLevel, Option<u64>, WasmStr),
) -> wasmtime::Result<()> {
    let level = match level {
        WitLevel::Debug => Level::Debug,
        WitLevel::Info => Level::Info,
        WitLevel::Warn => Level::Warn,
        WitLevel::Error => Level::Error,
    };
    let text = shown(&mut store, &text, limits::LOG_LINE_BYTES_MAX)?;
    let Sandbox { diagnostics, rows, told, .. } = store.data_mut();
    diagnostics.log((level, &text), row, *rows);
    told.tell(&diagnostics.log);
    Ok(())
}

fn plot(
    mut store: StoreContextMut<'_, Sandbox>,
    (series, row, value): (WasmStr, u64, f64),
) -> wasmtime::Result<()> {
    let series = shown(&mut store, &series, limits::PLOT_NAME_BYTES_MAX)?;
    store.data_mut().diagnostics.plot(&series, row, value);
    Ok(())
}

/// The part of a guest's text that is kept. Where instructions are counted, the host's work counts as some.
fn shown(
    store: &mut StoreContextMut<'_, Sandbox>,
    text: &WasmStr,
    bytes_max: usize,
) -> wasmtime::Result<String> {
    let text = text.to_str(&*store)?;
    let cost = limits::HOST_CALL_FUEL + text.len() as u64;
    let kept = limits::cut(&text, bytes_max).to_owned();
    drop(text);
    if let Ok(left) = store.get_fuel() {
        store.set_fuel(left.saturating_sub(cost))?;
    }
    Ok(kept)
}

impl ResourceLimiter for Sandbox {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        match self.memory.grow_to(desired) {
            Ok(()) => Ok(true),
            Err(denied) => {
                self.denied = Some(denied);
                Ok(false)
            }
        }
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
