//! Who hears how a run gets on.

use std::fmt::Debug;
use std::sync::Arc;

use ct_data::fetch::FetchEvent;
use ct_plugin::LogListener;

/// Who hears how a run gets on. Without methods of its own it hears nothing.
pub trait Observer: Debug + Sync {
    /// Hears what the user should know.
    fn notice(&self, text: &str) {
        let _ = text;
    }

    /// Hears that `task` begins. It is over when what is returned is dropped.
    fn begin(&self, task: Task<'_>) -> Box<dyn TaskProgress> {
        let _ = task;
        Box::new(Silent)
    }

    /// Who hears what the strategy logs, while it runs; nobody, unless it is somebody.
    fn log_listener(&self) -> Option<Arc<dyn LogListener>> {
        None
    }

    /// Hears that exchanges are going to be asked.
    fn begin_fetch(&self) -> Arc<dyn FetchProgress> {
        Arc::new(Silent)
    }
}

/// Work that may take a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task<'a> {
    /// The price file of this name is read. Counted in bytes.
    ReadFile(&'a str),
    /// So many price files are read at the same time.
    ReadFiles(usize),
    /// The strategy of this name runs. Counted in rows.
    Run(&'a str),
}

/// How far a task is. Heard from several threads.
pub trait TaskProgress: Send + Sync {
    /// `done` of `total` is done.
    fn set(&self, done: u64, total: u64) {
        let _ = (done, total);
    }

    /// One more is done.
    fn advance(&self) {}
}

/// How far a fetch is. Heard from several threads, which it must not hold up.
pub trait FetchProgress: Debug + Send + Sync {
    /// Hears what the user should know: that an exchange makes us wait, or that a request is made again.
    fn notice(&self, text: &str) {
        let _ = text;
    }

    /// Hears of a step.
    fn step(&self, event: FetchEvent<'_>) {
        let _ = event;
    }
}

/// Who hears of nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {}

impl TaskProgress for Silent {}

impl FetchProgress for Silent {}
