//! A plugin that is checked and compiled.

use std::fmt;
use std::sync::Arc;

use wasmtime::Engine;
use wasmtime::component::Component;

use super::bindings::StrategyPre;
use super::builtin::is_built_in;
use super::instance::Live;
use super::memory::SharedMemory;
use super::runtime::{Budget, Clock};
use super::sandbox::Sandbox;
use super::{
    Arguments, Artifact, ArtifactError, Descriptor, DescriptorError, Instance, Runtime, artifact,
    limits,
};
use ct_core::engine::StrategyFault;
use ct_core::units::Interval;

/// Why a plugin file cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LoadError {
    /// The file is no plugin.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// The process that reads files of strangers says why this one is no plugin.
    #[error("{0}")]
    Refused(String),
    /// The file is no valid WebAssembly, or uses what is switched off.
    #[error("the plugin does not compile: {0}")]
    Compile(String),
    /// Its functions have other types than the contract's.
    #[error(
        "the plugin does not fit the contract ct:strategy@1.0.0: {0}; build it with the ct-sdk crate"
    )]
    Contract(String),
    /// It failed when it was asked what it is.
    #[error("the plugin failed when it was asked what it is: {0}")]
    Describe(#[from] StrategyFault),
    /// What it says it is makes no sense.
    #[error("the plugin describes itself wrongly: {0}")]
    Descriptor(#[from] DescriptorError),
}

impl LoadError {
    pub(super) fn contract(error: &wasmtime::Error) -> Self {
        Self::Contract(message(error))
    }

    pub(super) fn compile(error: &wasmtime::Error) -> Self {
        Self::Compile(message(error))
    }
}

/// A plugin, ready to be set up. Cheap to clone and to share between threads.
#[derive(Clone)]
pub struct Plugin {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Engine,
    pre: StrategyPre<Sandbox>,
    budget: Budget,
    memory: SharedMemory,
    artifact: Artifact,
    descriptor: Descriptor,
    /// Calls end in time as long as there is a plugin to call, whatever becomes of the runtime.
    _clock: Option<Clock>,
}

impl Plugin {
    pub(super) fn load(runtime: &Runtime, bytes: &[u8]) -> Result<Self, LoadError> {
        let (artifact, component) = compiled(runtime, bytes)?;
        let pre = runtime
            .linker()
            .instantiate_pre(&component)
            .map_err(|error| LoadError::contract(&error))?;
        let pre = StrategyPre::new(pre).map_err(|error| LoadError::contract(&error))?;
        let engine = runtime.engine().clone();
        let (budget, memory) = (runtime.budget(), runtime.memory().clone());
        let descriptor = Live::first(&engine, &pre, budget, &memory)?.describe()?;
        let shared =
            Shared { engine, pre, budget, memory, artifact, descriptor, _clock: runtime.clock() };
        Ok(Self { shared: Arc::new(shared) })
    }

    /// BLAKE3 of the plugin file, in hexadecimal.
    pub fn hash(&self) -> &str {
        self.shared.artifact.hash()
    }

    /// Whether it is a strategy that ships inside the host, from whatever file it came.
    pub fn is_built_in(&self) -> bool {
        is_built_in(self.hash())
    }

    /// What is known of the plugin file.
    pub fn artifact(&self) -> &Artifact {
        &self.shared.artifact
    }

    /// What the plugin says about itself.
    pub fn descriptor(&self) -> &Descriptor {
        &self.shared.descriptor
    }

    /// A new instance, set up for `symbols` with bars of `interval`.
    ///
    /// # Errors
    /// A [`StrategyFault`] when the plugin refuses the arguments, or fails.
    pub fn configure(
        &self,
        symbols: &[&str],
        interval: Interval,
        arguments: &Arguments,
    ) -> Result<Instance, StrategyFault> {
        Instance::new(self.clone(), symbols, interval, arguments)
    }

    pub(super) fn start(&self) -> Result<Live, StrategyFault> {
        let Shared { engine, pre, budget, memory, .. } = &*self.shared;
        Live::new(engine, pre, *budget, memory)
    }
}

impl fmt::Debug for Plugin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Plugin")
            .field("hash", &self.hash())
            .field("descriptor", &self.shared.descriptor)
            .finish_non_exhaustive()
    }
}

/// A plugin file, checked and compiled now or by an earlier run.
fn compiled(runtime: &Runtime, bytes: &[u8]) -> Result<(Artifact, Component), LoadError> {
    artifact::check_size(bytes)?;
    let (engine, hash) = (runtime.engine(), artifact::hash_of(bytes));
    let cached = runtime.cache().and_then(|cache| cache.get(engine, &hash));
    if let Some(found) = cached
        && let Ok(component) = found.component(engine)
    {
        return Ok((found.artifact, component));
    }
    let compiled = runtime.compile(bytes)?;
    let component = compiled.component(engine).map_err(|error| LoadError::compile(&error))?;
    if let Some(cache) = runtime.cache() {
        cache.put(engine, &compiled);
    }
    Ok((compiled.artifact, component))
}

/// What wasmtime says, which may quote names of the file.
fn message(error: &wasmtime::Error) -> String {
    limits::plain(&format!("{error:#}"), limits::MESSAGE_BYTES_MAX)
}
