//! Flags of how a run is made. None of them changes its result.

use std::num::NonZeroUsize;

use crate::failure::Failure;
use crate::flag_layer::FlagLayer;
use crate::value::{help, help_or, of};
use ct_host::config::LogLevel;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Engine")]
pub(super) struct EngineArgs {
    #[arg(long, value_name = "BARS", help = help_or("plugins.window", "chosen for speed"), value_parser = of::<NonZeroUsize>("plugins.window"))]
    window: Option<NonZeroUsize>,
    /// Threads that read and check prices; the result does not depend on it [default: one for each core]
    #[arg(long, value_name = "THREADS")]
    jobs: Option<NonZeroUsize>,
    #[arg(long, value_name = "LEVEL", help = help("monitoring.log_level"), value_enum)]
    log_level: Option<LogLevel>,
}

impl EngineArgs {
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        flags.set_given("--window", "plugins.window", self.window);
        flags.set_given("--log-level", "monitoring.log_level", self.log_level);
    }

    /// Has as many threads as the user wants for everything that is done in parallel.
    ///
    /// # Errors
    /// [`Failure::run`] when the system does not give so many.
    pub(super) fn start_threads(&self) -> Result<(), Failure> {
        let Some(jobs) = self.jobs else { return Ok(()) };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs.get());
        pool.build_global().map_err(Failure::run)
    }
}
