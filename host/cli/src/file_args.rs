//! Flags of what a price file does not say itself.

use crate::flag_layer::FlagLayer;
use ct_host::data::LocalZone;
use ct_host::data::files::{ReadOptions, TimePattern, Volumes};

/// How one file is understood.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Price files")]
pub(super) struct FileArgs {
    /// Of a file with several instruments, the one to take, as a column of the file names it
    #[arg(long, value_name = "NAME")]
    instrument: Option<String>,
    #[command(flatten)]
    columns: ColumnArgs,
}

/// What the columns of price files mean.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct ColumnArgs {
    /// How CSV files write times, as of strptime, such as '%d/%m/%Y %H:%M' [default: as the rows tell]
    #[arg(long, value_name = "FORMAT", help_heading = "Price files")]
    time_format: Option<TimePattern>,
    /// Time zone of times without an offset, such as Europe/Berlin [default: UTC]
    #[arg(long, value_name = "ZONE", help_heading = "Price files")]
    time_zone: Option<LocalZone>,
    /// The files have no volumes: all are 0, and what needs volumes is refused
    #[arg(long, help_heading = "Price files")]
    no_volume: bool,
}

impl FileArgs {
    /// How the file of `symbol` is read, if its symbol is known.
    pub(super) fn options(&self, symbol: Option<&String>) -> ReadOptions {
        let ColumnArgs { time_format, time_zone, no_volume } = &self.columns;
        ReadOptions {
            instrument: self.instrument.clone(),
            symbol: symbol.cloned(),
            time_format: time_format.clone(),
            time_zone: time_zone.clone(),
            volumes: if *no_volume { Volumes::None } else { Volumes::OfFile },
        }
    }

    /// How another file about the same instrument is read, which need not name it.
    pub(super) fn options_of_other(&self) -> ReadOptions {
        ReadOptions { instrument: None, ..self.options(self.instrument.as_ref()) }
    }
}

impl ColumnArgs {
    /// What these flags say of the configuration's section `data`.
    pub(super) fn say(&self, flags: &mut FlagLayer) {
        let text = |value: &dyn ToString| value.to_string();
        let format = self.time_format.as_ref().map(|format| text(format));
        let zone = self.time_zone.as_ref().map(|zone| text(zone));
        flags.set_given("--time-format", "data.time_format", format);
        flags.set_given("--time-zone", "data.time_zone", zone);
        if self.no_volume {
            flags.set("--no-volume", "data.no_volume", true);
        }
    }
}
