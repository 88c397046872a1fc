//! Strategies as sandboxed WebAssembly components.
//!
//! Loads, checks and compiles plugin files, and runs instances as [`ct_core::engine::Strategy`]. A plugin sees its windows
//! and nothing else: no file, clock, socket or random source. Whatever it does ends in a
//! [`StrategyFault`](ct_core::engine::StrategyFault), never in a failure of the host.

mod arguments;
mod artifact;
#[doc(hidden)]
mod bindings;
mod builtin;
mod cache;
mod cache_key;
mod compiled;
mod compiler;
mod convert;
mod descriptor;
mod diagnostics;
mod instance;
pub mod limits;
mod loaded;
mod memory;
mod nesting;
mod private;
mod runtime;
mod sandbox;
mod structure;
mod worker;

pub use arguments::{ArgumentError, Arguments};
pub use artifact::{Artifact, ArtifactError, ArtifactKind};
pub use builtin::{BuiltIn, built_in, built_ins};
pub use cache_key::CacheKey;
pub use compiler::Compiler;
pub use descriptor::{Descriptor, DescriptorError, Parameter, ParameterKind, Value};
pub use diagnostics::{Diagnostics, Level, LogLine, LogListener, PlotSeries, RowsGiven};
pub use instance::Instance;
pub use loaded::{LoadError, Plugin};
pub use runtime::{CacheSettings, Metering, Runtime, RuntimeError, RuntimeSettings};
pub use worker::serve_compiler;
