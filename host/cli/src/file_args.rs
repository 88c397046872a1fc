//! Flags of what a price file does not say itself.

use ct_host::data::files::ReadOptions;

/// How one file is understood.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Price files")]
pub(super) struct FileArgs {
    /// Of a file with several instruments, the one to take, as a column of the file names it
    #[arg(long, value_name = "NAME")]
    instrument: Option<String>,
}

impl FileArgs {
    /// How the file of `symbol` is read, if its symbol is known.
    pub(super) fn options(&self, symbol: Option<&String>) -> ReadOptions {
        ReadOptions { instrument: self.instrument.clone(), symbol: symbol.cloned() }
    }

    /// How another file about the same instrument is read, which need not name it.
    pub(super) fn options_of_other(&self) -> ReadOptions {
        ReadOptions { instrument: None, ..self.options(self.instrument.as_ref()) }
    }
}
