//! The wasmtime engine and how it is configured.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

use wasmtime::component::Linker;
use wasmtime::{
    Config, Enabled, Engine, EngineWeak, InstanceAllocationStrategy, OperatorCost, OptLevel,
    PoolingAllocationConfig, Store, VariableOperatorCost,
};

use super::cache::CompileCache;
use super::compiled::Compiled;
use super::diagnostics::Diagnostics;
use super::limits;
use super::memory::SharedMemory;
use super::sandbox::{self, Sandbox, Told};
use super::{CacheKey, Compiler, LoadError, Plugin};

/// How the time of a call is limited.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Metering {
    /// By the clock: cheap, for backtests and sweeps. See [`RuntimeSettings::call_time_max`].
    #[default]
    Deadline,
    /// By counting instructions: the same on every machine, for vetting. See [`RuntimeSettings::call_fuel_max`].
    Fuel,
}

/// How a [`Runtime`] is made.
#[derive(Clone, Debug)]
pub struct RuntimeSettings {
    /// How the time of a call is limited.
    pub metering: Metering,
    /// Time of one call, where the clock limits it.
    pub call_time_max: Duration,
    /// Instructions of one call, where they are counted.
    pub call_fuel_max: u64,
    /// Memory that all instances may hold together, in bytes. Whoever runs many at once in several threads should leave
    /// enough: which of them is denied memory depends on who is first.
    pub memory_bytes_max: usize,
    /// Where compiled plugins are kept; `None`: every load compiles.
    pub cache: Option<CacheSettings>,
    /// Who reads and compiles plugin files that are neither built in nor in the cache.
    pub compiler: Compiler,
}

/// Where compiled plugins are kept.
#[derive(Clone, Debug)]
pub struct CacheSettings {
    /// The folder. Must be writable by this user only; otherwise nothing is kept.
    pub folder: PathBuf,
    /// What seals the files in it.
    pub key: CacheKey,
}

impl Default for RuntimeSettings {
    /// Calls limited by the clock, with the limits of [`limits`], no cache, and files compiled in this process.
    fn default() -> Self {
        Self {
            metering: Metering::default(),
            call_time_max: limits::CALL_TIME_MAX,
            call_fuel_max: limits::CALL_FUEL_MAX,
            memory_bytes_max: limits::ALL_MEMORY_BYTES_MAX,
            cache: None,
            compiler: Compiler::default(),
        }
    }
}

/// What one call may take, in the unit that the engine counts.
#[derive(Clone, Copy, Debug)]
pub(super) enum Budget {
    /// Time, counted in ticks of the clock.
    Time(Duration),
    /// Instructions.
    Fuel(u64),
}

impl fmt::Display for Budget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Time(time) => write!(formatter, "{} ms", time.as_millis()),
            Self::Fuel(instructions) => write!(formatter, "{instructions} instructions"),
        }
    }
}

/// The engine could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the WebAssembly engine does not start: {0}")]
pub struct RuntimeError(String);

/// A WebAssembly engine with the sandbox's limits. Cheap to share between threads; holds no global state.
pub struct Runtime {
    engine: Engine,
    linker: Linker<Sandbox>,
    cache: Option<CompileCache>,
    metering: Metering,
    compiler: Compiler,
    memory: SharedMemory,
    budget: Budget,
    clock: Option<Clock>,
}

/// The thread that ends calls which take too long. Everything that can call keeps it: it ends with the last of them.
#[derive(Clone)]
pub(super) struct Clock(
    #[expect(dead_code, reason = "the thread waits until the last of these is dropped")]
    Arc<Sender<()>>,
);

/// Length of a tick of the clock that ends calls.
const TICK: Duration = Duration::from_millis(10);

impl Runtime {
    /// Starts an engine.
    ///
    /// # Errors
    /// [`RuntimeError`] when this machine cannot run compiled WebAssembly.
    pub fn new(settings: &RuntimeSettings) -> Result<Self, RuntimeError> {
        let error = |error: wasmtime::Error| RuntimeError(format!("{error:#}"));
        // Some machines do not give the pool's address space; without it only instantiation is slower.
        let engine = Engine::new(&config(settings.metering, Allocation::Pool))
            .or_else(|_| Engine::new(&config(settings.metering, Allocation::OnDemand)))
            .map_err(error)?;
        let mut linker = Linker::new(&engine);
        sandbox::add_to_linker(&mut linker).map_err(error)?;
        let clock = match settings.metering {
            Metering::Deadline => Some(start_clock(engine.weak())?),
            Metering::Fuel => None,
        };
        let budget = match settings.metering {
            Metering::Deadline => Budget::Time(settings.call_time_max),
            Metering::Fuel => Budget::Fuel(settings.call_fuel_max),
        };
        let cache = settings.cache.as_ref();
        let cache = cache.and_then(|cache| CompileCache::open(&cache.folder, cache.key.clone()));
        let (metering, compiler) = (settings.metering, settings.compiler.clone());
        let memory = SharedMemory::new(settings.memory_bytes_max);
        Ok(Self { engine, linker, cache, metering, compiler, memory, budget, clock })
    }

    /// Checks and compiles a plugin file, or takes its compiled form from the cache.
    ///
    /// # Errors
    /// A [`LoadError`] that says what is wrong with the file.
    pub fn load(&self, bytes: &[u8]) -> Result<Plugin, LoadError> {
        Plugin::load(self, bytes)
    }

    pub(super) const fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(super) const fn linker(&self) -> &Linker<Sandbox> {
        &self.linker
    }

    pub(super) const fn cache(&self) -> Option<&CompileCache> {
        self.cache.as_ref()
    }

    /// Checks and compiles a plugin file.
    pub(super) fn compile(&self, bytes: &[u8]) -> Result<Compiled, LoadError> {
        self.compiler.compile(&self.engine, self.metering, bytes)
    }

    pub(super) const fn budget(&self) -> Budget {
        self.budget
    }

    /// The memory of all instances.
    pub(super) const fn memory(&self) -> &SharedMemory {
        &self.memory
    }

    /// What ends calls that take too long, where the clock limits them.
    pub(super) fn clock(&self) -> Option<Clock> {
        self.clock.clone()
    }
}

impl fmt::Debug for Runtime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Runtime")
            .field("budget", &self.budget)
            .field("cache", &self.cache)
            .finish_non_exhaustive()
    }
}

/// An engine that only compiles, for engines of the same metering.
pub(super) fn compiling_engine(metering: Metering) -> Result<Engine, RuntimeError> {
    Engine::new(&config(metering, Allocation::OnDemand))
        .map_err(|error| RuntimeError(format!("{error:#}")))
}

/// An empty store with the sandbox's limits.
pub(super) fn new_store(engine: &Engine, memory: &SharedMemory) -> Store<Sandbox> {
    let (diagnostics, memory) = (Diagnostics::default(), memory.none_held());
    let mut store = Store::new(
        engine,
        Sandbox { diagnostics, memory, denied: None, rows: None, told: Told::default() },
    );
    store.limiter(|sandbox| sandbox);
    store.set_hostcall_fuel(limits::CALL_BYTES_MAX);
    store
}

/// Gives `store` the budget of one call.
pub(super) fn arm(store: &mut Store<Sandbox>, budget: Budget) {
    store.data_mut().denied = None;
    match budget {
        Budget::Time(time) => {
            let ticks = time.as_millis() / TICK.as_millis() + 1;
            // The engine adds this to its count of ticks, which must not overflow.
            store.set_epoch_deadline(u64::try_from(ticks).unwrap_or(u64::MAX).min(u64::MAX / 2));
        }
        // Fails only where fuel is not configured, and then there is nothing to set.
        Budget::Fuel(instructions) => store.set_fuel(instructions).unwrap_or_default(),
    }
}

#[derive(Clone, Copy)]
enum Allocation {
    Pool,
    OnDemand,
}

/// Everything that a strategy does not need is off: what is not there cannot differ between machines or be attacked.
fn config(metering: Metering, allocation: Allocation) -> Config {
    let mut config = Config::new();
    config
        .concurrency_support(false)
        .wasm_component_model(true)
        .wasm_relaxed_simd(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_wide_arithmetic(false)
        .cranelift_nan_canonicalization(true)
        .cranelift_opt_level(OptLevel::Speed)
        .memory_may_move(false)
        .max_wasm_stack(limits::STACK_BYTES_MAX);
    match metering {
        Metering::Deadline => config.epoch_interruption(true),
        Metering::Fuel => config.consume_fuel(true).operator_cost(costs()),
    };
    if let Allocation::Pool = allocation {
        config.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    }
    config
}

/// What instructions count as. One that copies or fills counts each byte or element, as wasmtime has it; one that asks for
/// memory or table room takes as long as some hundred others, even when it gets none.
fn costs() -> OperatorCost {
    let variable =
        VariableOperatorCost { memory_grow_per_page: u8::MAX, ..VariableOperatorCost::new() };
    OperatorCost { MemoryGrow: u8::MAX, TableGrow: u8::MAX, variable, ..OperatorCost::new() }
}

fn pool() -> PoolingAllocationConfig {
    /// Memory that a slot keeps between instances: a small strategy starts without a system call.
    const KEEP_RESIDENT_BYTES: usize = 256 << 10;
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits::INSTANCES_MAX)
        .total_core_instances(limits::INSTANCES_MAX * 4)
        .total_memories(limits::INSTANCES_MAX)
        .total_tables(limits::INSTANCES_MAX * 2)
        .table_elements(limits::TABLE_ELEMENTS_MAX)
        .max_memory_size(limits::MEMORY_BYTES_MAX)
        .linear_memory_keep_resident(KEEP_RESIDENT_BYTES)
        .pagemap_scan(Enabled::Auto);
    pool
}

/// Advances the engine's epoch until every sender is dropped or the engine is gone.
fn start_clock(engine: EngineWeak) -> Result<Clock, RuntimeError> {
    let (sender, stopped) = mpsc::channel();
    thread::Builder::new()
        .name("ct-host-clock".to_owned())
        .spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                match engine.upgrade() {
                    Some(engine) => engine.increment_epoch(),
                    None => break,
                }
            }
        })
        .map_err(|error| RuntimeError(format!("no thread for the clock: {error}")))?;
    Ok(Clock(Arc::new(sender)))
}
