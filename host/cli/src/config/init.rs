//! `ct-host config init`.

use std::path::PathBuf;

use crate::config_file::USUAL_FILE;
use crate::failure::Failure;
use crate::saved_file::{ForceArgs, destination};
use crate::terminal::{Terminal, is_standard_output, write_text};
use ct_host::config::{Template, template};
use ct_host::run::RunError;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// File to write; - is standard output
    #[arg(value_name = "FILE", default_value = USUAL_FILE)]
    file: PathBuf,
    /// What is in it
    #[arg(long, short, value_enum, default_value_t)]
    template: Template,
    #[command(flatten)]
    force: ForceArgs,
}

/// Writes a configuration file, or what would be in it.
///
/// # Errors
/// [`Failure::input`] when the file is there, or cannot be written.
pub(super) fn run(arguments: &Args, terminal: Terminal) -> Result<(), Failure> {
    let file = &arguments.file;
    let text = template(arguments.template).map_err(RunError::from)?;
    if is_standard_output(file) {
        return write_text(&text);
    }
    let destination = destination(file, arguments.force.existing())?;
    destination.write(|output| output.write_all(text.as_bytes())).map_err(Failure::input)?;
    let name = file.display();
    terminal
        .notice(&format!("{name} is written; `ct-host config check --config {name}` checks it"));
    Ok(())
}
