//! What a strategy says about itself, for people and as JSON.

use serde::Serialize;

use ct_host::engine::Scope;
use ct_host::plugin::{Descriptor, Parameter, ParameterKind};
use ct_host::report::{Block, Column, Fact, Note, Section, Table};

/// A descriptor as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Description<'a> {
    name: &'a str,
    version: &'a str,
    summary: &'a str,
    columns: Vec<&'static str>,
    scope: Scope,
    reads_account: bool,
    parameters: &'a [Parameter],
}

impl<'a> From<&'a Descriptor> for Description<'a> {
    fn from(descriptor: &'a Descriptor) -> Self {
        Self {
            name: &descriptor.name,
            version: &descriptor.version,
            summary: &descriptor.summary,
            columns: descriptor.columns.names().collect(),
            scope: descriptor.scope,
            reads_account: descriptor.reads_account,
            parameters: &descriptor.parameters,
        }
    }
}

/// What the strategy is and which parameters it takes.
pub(super) fn sections(descriptor: &Descriptor) -> Vec<Section> {
    let scope = match descriptor.scope {
        Scope::Instrument => "one instance for each instrument",
        Scope::Portfolio => "one instance for all instruments",
    };
    let account = if descriptor.reads_account { "read" } else { "not read" };
    let columns: Vec<&str> = descriptor.columns.names().collect();
    let facts = vec![
        Fact::new("Name", descriptor.name.as_str()),
        Fact::new("Version", descriptor.version.as_str()),
        Fact::new("Summary", descriptor.summary.as_str()),
        Fact::new("Reads", columns.join(", ")),
        Fact::new("Scope", scope),
        Fact::new("Account", account),
    ];
    vec![
        Section::detail("Strategy", vec![Block::Properties(facts)]),
        Section::detail("Parameters", vec![parameters(&descriptor.parameters)]),
    ]
}

fn parameters(parameters: &[Parameter]) -> Block {
    if parameters.is_empty() {
        return Block::Note(Note::plain("It takes none."));
    }
    let row = |parameter: &Parameter| {
        vec![
            parameter.name.clone(),
            default(&parameter.kind),
            parameter.expectation(),
            parameter.help.clone(),
        ]
    };
    Block::Table(Table {
        caption: String::new(),
        columns: ["Name", "Default", "Takes", "Help"].map(Column::words).to_vec(),
        rows: parameters.iter().map(row).collect(),
    })
}

/// The default as it would be typed.
pub(super) fn default(kind: &ParameterKind) -> String {
    match kind {
        ParameterKind::Integer { default, .. } => default.to_string(),
        ParameterKind::Number { default, .. } => default.to_string(),
        ParameterKind::Flag { default } => default.to_string(),
        ParameterKind::Choice { default, .. } => default.clone(),
    }
}
