//! The command: compile, check, write.

use std::fs;
use std::path::{Path, PathBuf};

use super::cargo;
use crate::failure::Failure;
use crate::inspect::file_section;
use crate::saved_file::{ForceArgs, destination};
use crate::terminal::{Terminal, is_standard_output, write_output};
use ct_host::data::written::{Destination, Existing};
use ct_host::plugin::Artifact;
use ct_host::report::{Block, Document, Note, Section};
use ct_toolchain::Toolchain;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Folder of the crate
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
    /// Plugin file to write; - is standard output [default: the crate's name with .wasm, in its folder, in place of the plugin
    /// that was built before]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    force: ForceArgs,
}

/// Builds the plugin and shows what it is.
///
/// # Errors
/// [`Failure::input`] when there is no crate or no toolchain, or the file is there already; [`Failure::run`] when the crate does
/// not build.
pub(crate) fn run(arguments: &Args, terminal: Terminal) -> Result<(), Failure> {
    let asked = arguments.out.as_deref().filter(|out| !is_standard_output(out));
    if let Some(path) = asked {
        destination(path, arguments.force.existing())?;
    }
    let (path, component) = compiled(&arguments.folder)?;
    let (artifact, _) = Artifact::read(&component).map_err(Failure::run)?;
    let file = match (asked, &arguments.out) {
        (Some(path), _) => Destination::new(path, arguments.force.existing()),
        (None, Some(_)) => return write_output(|output| output.write_all(&component)),
        (None, None) => Destination::new(path, Existing::Replaced),
    };
    file.write(|output| output.write_all(&component)).map_err(Failure::run)?;
    let path = file.path();
    let next = format!("Next: ct-host backtest --plugin {}", path.display());
    terminal.document(&Document {
        title: path.display().to_string(),
        notes: Vec::new(),
        sections: vec![
            file_section(&artifact),
            Section::detail("Built", vec![Block::Note(Note::plain(next))]),
        ],
    })
}

/// Compiles the crate in `folder` and writes its plugin there, in place of the one that was built before; gives the plugin file.
///
/// # Errors
/// As [`run`].
pub(crate) fn build(folder: &Path) -> Result<PathBuf, Failure> {
    let (path, component) = compiled(folder)?;
    let file = Destination::new(&path, Existing::Replaced);
    file.write(|output| output.write_all(&component)).map_err(Failure::run)?;
    Ok(path)
}

/// The crate in `folder` as a component, with the usual name of its file.
fn compiled(folder: &Path) -> Result<(PathBuf, Vec<u8>), Failure> {
    if !folder.join("Cargo.toml").is_file() {
        return Err(Failure::input(format!(
            "{} has no Cargo.toml: expected the folder of a strategy crate, such as `ct-host new my-strategy` makes",
            folder.display()
        )));
    }
    let toolchain = Toolchain::find(folder).map_err(Failure::input)?;
    let module = cargo::build(folder, toolchain).map_err(Failure::run)?;
    let path = tidy(folder).join(format!("{}.wasm", module.name));
    Ok((path, component(&module.path)?))
}

/// The core module at `path` as a component, if it is a strategy.
fn component(path: &Path) -> Result<Vec<u8>, Failure> {
    let module = fs::read(path)
        .map_err(|error| Failure::run(format!("{} cannot be read: {error}", path.display())))?;
    let (_, component) = Artifact::read(&module).map_err(Failure::run)?;
    Ok(component)
}

/// `folder` without a leading `.`, for a path that reads well.
fn tidy(folder: &Path) -> PathBuf {
    folder.strip_prefix(".").unwrap_or(folder).to_owned()
}
