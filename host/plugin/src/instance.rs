//! A running plugin.

use std::fmt;
use std::sync::Arc;

use wasmtime::{Engine, Store, Trap};

use super::bindings::exports::ct::strategy::guest;
use super::bindings::{Strategy as Exports, StrategyPre};
use super::diagnostics::{Diagnostics, Level, LogListener, RowsGiven};
use super::memory::SharedMemory;
use super::runtime::{Budget, arm, new_store};
use super::sandbox::{Sandbox, Told};
use super::{Arguments, Descriptor, LoadError, Plugin, convert, limits};
use ct_core::engine::{AccountView, FaultKind, Needs, SavedState, Strategy, StrategyFault, Window};
use ct_core::order::Decision;
use ct_core::units::Interval;

/// A plugin that is set up for certain instruments, with a store of its own.
pub struct Instance {
    plugin: Plugin,
    symbols: Vec<String>,
    interval: Interval,
    arguments: Arguments,
    warm_up_rows: usize,
    settled_rows: usize,
    /// Gone after a fault: a store that trapped is never used again.
    live: Option<Live>,
    /// What was said before the fault.
    last_words: Diagnostics,
    /// What was told of the log, by whichever store.
    told: Told,
}

impl Instance {
    pub(super) fn new(
        plugin: Plugin,
        symbols: &[&str],
        interval: Interval,
        arguments: &Arguments,
    ) -> Result<Self, StrategyFault> {
        let mut instance = Self {
            plugin,
            symbols: symbols.iter().map(|&symbol| symbol.to_owned()).collect(),
            interval,
            arguments: arguments.clone(),
            warm_up_rows: 0,
            settled_rows: 0,
            live: None,
            last_words: Diagnostics::default(),
            told: Told::default(),
        };
        instance.restart()?;
        Ok(instance)
    }

    /// What the instance wants to be told.
    pub fn needs(&self) -> Needs {
        let descriptor = self.plugin.descriptor();
        Needs {
            columns: descriptor.columns,
            scope: descriptor.scope,
            reads_account: descriptor.reads_account,
            warm_up_rows: self.warm_up_rows,
            settled_rows: self.settled_rows,
        }
    }

    /// What the instance has said so far.
    pub fn diagnostics(&self) -> &Diagnostics {
        self.live.as_ref().map_or(&self.last_words, |live| &live.store.data().diagnostics)
    }

    /// Tells `listener` every line of the log, those before now first.
    pub fn listen(&mut self, listener: Arc<dyn LogListener>) {
        let symbols = self.symbols.as_slice().into();
        self.told = Told { listener: Some(listener), symbols, lines: 0 };
        match &mut self.live {
            Some(live) => live.tell(self.told.clone()),
            None => self.told.tell(&self.last_words.log),
        }
    }

    /// Calls the live instance; after a fault it is gone.
    fn call<T>(
        &mut self,
        call: impl FnOnce(&Exports, &mut Store<Sandbox>) -> wasmtime::Result<T>,
    ) -> Result<T, StrategyFault> {
        let Some(live) = &mut self.live else {
            return Err(StrategyFault {
                kind: FaultKind::Trapped,
                detail: "the instance has failed before".to_owned(),
            });
        };
        let answer = live.call(call);
        if answer.is_err() {
            self.end();
        }
        answer
    }

    fn bad_output(&mut self, detail: String) -> StrategyFault {
        self.end();
        StrategyFault { kind: FaultKind::BadOutput, detail }
    }

    fn end(&mut self) {
        if let Some(live) = self.live.take() {
            let sandbox = live.store.into_data();
            (self.last_words, self.told) = (sandbox.diagnostics, sandbox.told);
        }
    }
}

impl Strategy for Instance {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let positions = account.map(convert::positions).unwrap_or_default();
        let account =
            account.map(|account| guest::Account { cash: account.cash, positions: &positions });
        let wit = convert::window(window);
        let last = window.first_row.saturating_add(window.rows.saturating_sub(1));
        let rows = RowsGiven { first: window.first_row, last, times: None };
        let progress = self.call(|exports, store| {
            store.data_mut().rows = Some(rows);
            exports.ct_strategy_guest().call_advance(store, wit, account)
        })?;
        for decision in progress.decisions {
            match convert::decision(decision, window.first_row) {
                Ok(decision) => decisions.push(decision),
                Err(detail) => return Err(self.bad_output(detail)),
            }
        }
        Ok(progress.consumed as usize)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.end();
        let mut live = self.plugin.start()?;
        live.tell(self.told.clone());
        let instruments: Vec<&str> = self.symbols.iter().map(String::as_str).collect();
        let arguments: Vec<guest::Argument<'_>> = convert::arguments(&self.arguments);
        let config = guest::Config {
            instruments: &instruments,
            interval_ms: self.interval.as_ms(),
            arguments: &arguments,
        };
        let answer =
            live.call(|exports, store| exports.ct_strategy_guest().call_configure(store, config));
        let ready = match answer {
            Ok(Ok(ready)) => ready,
            Ok(Err(message)) => return Err(refused(&message)),
            Err(fault) => return Err(fault),
        };
        if ready.warm_up_rows > limits::WARM_UP_ROWS_MAX {
            let kind = FaultKind::BadOutput;
            let detail = format!(
                "a warm-up of {} rows: expected at most {}",
                ready.warm_up_rows,
                limits::WARM_UP_ROWS_MAX
            );
            return Err(StrategyFault { kind, detail });
        }
        self.warm_up_rows = ready.warm_up_rows as usize;
        let settled_rows = ready.settled_rows.clamp(ready.warm_up_rows, limits::WARM_UP_ROWS_MAX);
        self.settled_rows = settled_rows as usize;
        self.live = Some(live);
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        let state = self.call(|exports, store| exports.ct_strategy_guest().call_save(store))?;
        let Some(state) = state else { return Ok(None) };
        if state.bytes.len() > limits::STATE_BYTES_MAX {
            let found = state.bytes.len();
            return Err(self.bad_output(format!(
                "a state of {found} bytes: expected at most {}",
                limits::STATE_BYTES_MAX
            )));
        }
        Ok(Some(SavedState { version: state.version, bytes: state.bytes }))
    }

    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault> {
        let wit = guest::StateParam { version: state.version, bytes: &state.bytes };
        let answer =
            self.call(|exports, store| exports.ct_strategy_guest().call_load(store, wit))?;
        answer.map_err(|message| {
            self.end();
            refused(&message)
        })
    }
}

impl fmt::Debug for Instance {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Instance")
            .field("plugin", &self.plugin.descriptor().name)
            .field("symbols", &self.symbols)
            .field("failed", &self.live.is_none())
            .finish_non_exhaustive()
    }
}

/// A store with a component in it.
pub(super) struct Live {
    store: Store<Sandbox>,
    exports: Exports,
    budget: Budget,
}

impl Live {
    pub(super) fn new(
        engine: &Engine,
        pre: &StrategyPre<Sandbox>,
        budget: Budget,
        memory: &SharedMemory,
    ) -> Result<Self, StrategyFault> {
        let mut store = new_store(engine, memory);
        arm(&mut store, budget);
        match pre.instantiate(&mut store) {
            Ok(exports) => Ok(Self { store, exports, budget }),
            Err(error) => Err(fault(&error, store.data(), budget)),
        }
    }

    /// The first instance of a plugin, which tells whether its functions have the right types.
    pub(super) fn first(
        engine: &Engine,
        pre: &StrategyPre<Sandbox>,
        budget: Budget,
        memory: &SharedMemory,
    ) -> Result<Self, LoadError> {
        let mut store = new_store(engine, memory);
        arm(&mut store, budget);
        let instance = match pre.instance_pre().instantiate(&mut store) {
            Ok(instance) => instance,
            Err(error) => return Err(fault(&error, store.data(), budget).into()),
        };
        let exports =
            Exports::new(&mut store, &instance).map_err(|error| LoadError::contract(&error))?;
        Ok(Self { store, exports, budget })
    }

    pub(super) fn describe(mut self) -> Result<Descriptor, LoadError> {
        let answer =
            self.call(|exports, store| exports.ct_strategy_guest().call_describe(store))?;
        Ok(convert::descriptor(answer).checked()?)
    }

    /// Lets the listener of `told` hear what was said and will be.
    fn tell(&mut self, told: Told) {
        let sandbox = self.store.data_mut();
        sandbox.told = told;
        sandbox.told.tell(&sandbox.diagnostics.log);
    }

    fn call<T>(
        &mut self,
        call: impl FnOnce(&Exports, &mut Store<Sandbox>) -> wasmtime::Result<T>,
    ) -> Result<T, StrategyFault> {
        arm(&mut self.store, self.budget);
        call(&self.exports, &mut self.store)
            .map_err(|error| fault(&error, self.store.data(), self.budget))
    }
}

fn refused(message: &str) -> StrategyFault {
    let detail = limits::plain(message, limits::MESSAGE_BYTES_MAX);
    StrategyFault { kind: FaultKind::Refused, detail }
}

/// What a failed call means.
fn fault(error: &wasmtime::Error, sandbox: &Sandbox, budget: Budget) -> StrategyFault {
    let (kind, detail) = match (error.downcast_ref::<Trap>(), sandbox.denied) {
        (Some(Trap::Interrupt), _) => {
            (FaultKind::OutOfTime, format!("a call took longer than {budget}"))
        }
        (Some(Trap::OutOfFuel), _) => {
            (FaultKind::OutOfFuel, format!("a call took more than {budget}"))
        }
        (Some(Trap::StackOverflow), _) => {
            let detail = format!("it used more than {} bytes of stack", limits::STACK_BYTES_MAX);
            (FaultKind::StackOverflow, detail)
        }
        // A guest that is denied memory traps, and a message about the trap would hide why.
        (_, Some(denied)) => (FaultKind::OutOfMemory, denied.to_string()),
        (Some(trap), None) => (FaultKind::Trapped, with_last_error(*trap, sandbox)),
        (None, None) => (FaultKind::BadOutput, bad_answer(error)),
    };
    StrategyFault { kind, detail }
}

/// What is wrong with an answer that could not be read. The outer causes of the error are addresses of the guest, which say
/// nothing to a user.
fn bad_answer(error: &wasmtime::Error) -> String {
    let cause = error.root_cause().to_string();
    if cause.contains("fuel allocated for hostcalls") {
        return format!("it handed over more than {} bytes in one call", limits::CALL_BYTES_MAX);
    }
    cause
}

/// The trap, and the panic message that the SDK logs before a panic becomes a trap.
fn with_last_error(trap: Trap, sandbox: &Sandbox) -> String {
    let errors = sandbox.diagnostics.log.iter().rev().filter(|line| line.level == Level::Error);
    match errors.take(1).next() {
        Some(line) => format!("{trap}: {}", line.text),
        None => trap.to_string(),
    }
}
