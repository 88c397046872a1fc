//! `ct-host strategies`: what is built in.

use super::description::{self, Description};
use super::environment::Environment;
use super::failure::Failure;
use super::terminal::{Terminal, write_json};
use ct_host::plugin::{Plugin, built_ins};
use ct_host::report::{Block, Document, Fact, Note, Section};
use ct_host::run::built_in_bytes;

#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Show one strategy with its parameters
    Show {
        /// Name of a built-in strategy
        name: String,
        /// Write JSON
        #[arg(long)]
        json: bool,
    },
}

/// Lists the built-in strategies, or shows one.
///
/// # Errors
/// [`Failure::input`] when there is no strategy of that name.
pub(super) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    match &arguments.command {
        None => list(arguments.json, environment, terminal),
        Some(Command::Show { name, json }) => show(name, *json, environment, terminal),
    }
}

fn list(json: bool, environment: &Environment, terminal: Terminal) -> Result<(), Failure> {
    let runtime = environment.runtime()?;
    let load = |name| runtime.load(built_in_bytes(name)?).map_err(Failure::run);
    let names = built_ins().iter().map(|built_in| built_in.name);
    let plugins = names.map(load).collect::<Result<Vec<Plugin>, Failure>>()?;
    if json {
        let descriptions: Vec<Description> =
            plugins.iter().map(|plugin| plugin.descriptor().into()).collect();
        return write_json(&descriptions);
    }
    terminal.document(&list_document(&plugins))
}

fn list_document(plugins: &[Plugin]) -> Document {
    let section = |plugin: &Plugin| {
        let descriptor = plugin.descriptor();
        let parameters: Vec<String> = descriptor
            .parameters
            .iter()
            .map(|known| format!("{}={}", known.name, description::default(&known.kind)))
            .collect();
        let facts = vec![
            Fact::new("Summary", descriptor.summary.as_str()),
            Fact::new("Version", descriptor.version.as_str()),
            Fact::new("Parameters", parameters.join(" ")),
        ];
        Section::detail(descriptor.name.as_str(), vec![Block::Properties(facts)])
    };
    let mut sections: Vec<Section> = plugins.iter().map(section).collect();
    let hint = "`ct-host strategies show NAME` explains the parameters; `ct-host backtest --strategy NAME` runs one.";
    sections.push(Section::detail("Next", vec![Block::Note(Note::plain(hint))]));
    Document { title: "Built-in strategies".to_owned(), notes: Vec::new(), sections }
}

fn show(
    name: &str,
    json: bool,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    let bytes = built_in_bytes(name)?;
    let plugin = environment.runtime()?.load(bytes).map_err(Failure::run)?;
    let descriptor = plugin.descriptor();
    if json {
        return write_json(&Description::from(descriptor));
    }
    terminal.document(&Document {
        title: format!("{} {}", descriptor.name, descriptor.version),
        notes: Vec::new(),
        sections: description::sections(descriptor),
    })
}
