//! The command: a name in, a crate out.

use std::path::{Path, PathBuf};

use super::crate_name::CrateName;
use super::scaffold::{self, Form};
use super::sdk::Sdk;
use crate::failure::Failure;
use crate::terminal::write_text;
use ct_host::data::written::WriteProblem;
use ct_host::printable::printable;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder to make; its last part names the crate, such as my-strategy
    #[arg(value_name = "NAME")]
    folder: PathBuf,
    /// Depend on the ct-sdk in this folder [default: that of the checkout which this program was built from, else the
    /// published one]
    #[arg(long, value_name = "DIR")]
    sdk_path: Option<PathBuf>,
    /// What the strategy sees
    #[arg(long, value_enum, default_value_t)]
    form: Form,
}

/// Writes the crate.
///
/// # Errors
/// [`Failure::input`] when the name is no name, or something is already there.
pub(crate) fn run(arguments: &Args) -> Result<(), Failure> {
    let folder = &arguments.folder;
    let name = name_of(folder)?;
    let sdk = match &arguments.sdk_path {
        Some(path) => Sdk::local(path).map_err(Failure::input)?,
        None => Sdk::nearest(),
    };
    let shown = folder.display().to_string();
    let shown = printable(&shown);
    scaffold::write(folder, &name, arguments.form, &sdk).map_err(|error| match error.problem {
        WriteProblem::Exists => Failure::input(format!(
            "{shown} is already there: expected a new folder; choose another name, or remove it"
        )),
        WriteProblem::Io(_) => Failure::run(error),
        _ => Failure::input(error),
    })?;
    let next = format!(
        "{shown} is ready. Next:\n\n  cd {shown}\n  cargo test\n  ct-host build\n  \
         ct-host backtest --plugin {name}.wasm\n"
    );
    write_text(&next)
}

fn name_of(folder: &Path) -> Result<CrateName, Failure> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    name.parse().map_err(|error: super::crate_name::CrateNameError| Failure::input(error))
}
