//! `ct-host inspect`: what a plugin file is, needs and offers.

use std::fs;
use std::path::PathBuf;

use serde::Serialize;

use super::description::{self, Description};
use super::environment::Environment;
use super::failure::Failure;
use super::terminal::{Terminal, write_json};
use ct_host::plugin::{Artifact, ArtifactKind};
use ct_host::report::{Block, Document, Fact, Section};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Plugin file
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// A plugin file as JSON.
#[derive(Debug, Serialize)]
struct Inspection<'a> {
    kind: ArtifactKind,
    size_bytes: usize,
    hash: &'a str,
    imports: &'a [String],
    exports: &'a [String],
    descriptor: Description<'a>,
}

/// Checks the file as a backtest would, and shows it.
///
/// # Errors
/// [`Failure::input`] when it is no plugin.
pub(super) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    let path = arguments.file.display();
    let refused = |error: &dyn std::fmt::Display| Failure::input(format!("{path}: {error}"));
    let bytes = fs::read(&arguments.file).map_err(|error| {
        refused(&format!(
            "cannot be read: {error}; expected a plugin file, such as `ct-host build` writes"
        ))
    })?;
    let plugin = environment.runtime()?.load(&bytes).map_err(|error| refused(&error))?;
    let artifact = plugin.artifact();
    if arguments.json {
        let inspection = Inspection {
            kind: artifact.kind(),
            size_bytes: artifact.size(),
            hash: artifact.hash(),
            imports: artifact.imports(),
            exports: artifact.exports(),
            descriptor: plugin.descriptor().into(),
        };
        return write_json(&inspection);
    }
    let mut sections = vec![file_section(artifact)];
    sections.extend(description::sections(plugin.descriptor()));
    terminal.document(&Document { title: path.to_string(), notes: Vec::new(), sections })
}

/// Form, size, hash and surface of a plugin file.
pub(super) fn file_section(artifact: &Artifact) -> Section {
    let kind = match artifact.kind() {
        ArtifactKind::Component => "WebAssembly component",
        ArtifactKind::CoreModule => "core WebAssembly module, turned into a component on loading",
    };
    let names = |names: &[String]| match names {
        [] => "nothing".to_owned(),
        names => names.join(", "),
    };
    let facts = vec![
        Fact::new("Form", kind),
        Fact::new("Size", format!("{:.1} kB", artifact.size() as f64 / 1_000.0)),
        Fact::new("BLAKE3", artifact.hash()),
        Fact::new("Imports", names(artifact.imports())),
        Fact::new("Exports", names(artifact.exports())),
    ];
    Section::detail("File", vec![Block::Properties(facts)])
}
