//! Findings for people.

use super::command::{Against, Found};
use ct_host::data::validate::{Comparison, Finding, Report, Severity, Source};
use ct_host::report::{Block, Column, Document, Fact, Note, Section, Table};

/// The findings of all files and series.
pub(super) fn document(all: &[Found]) -> Document {
    let sections = all.iter().flat_map(sections).collect();
    Document { title: "Validation".to_owned(), notes: Vec::new(), sections }
}

fn sections(found: &Found) -> Vec<Section> {
    let report = &found.report;
    let mut blocks = vec![Block::Properties(facts(report))];
    if !report.counts.is_empty() {
        blocks.push(Block::Table(counts(report)));
    }
    blocks.extend(report.findings.iter().map(remark));
    blocks.push(Block::Note(verdict(report)));
    let mut sections = vec![Section::detail(found.name.as_str(), blocks)];
    if let Some(against) = &found.against {
        sections.push(comparison(&found.name, against));
    }
    sections
}

fn facts(report: &Report) -> Vec<Fact> {
    let time = |time: Option<ct_host::units::Timestamp>| {
        time.map_or_else(|| "-".to_owned(), |time| time.to_string())
    };
    vec![
        Fact::new("Rows", report.rows.to_string()),
        Fact::new("Interval", report.interval.to_string()),
        Fact::new("First bar", time(report.first)),
        Fact::new("Last bar", time(report.last)),
        Fact::new("Missing bars", report.missing_bars().to_string()),
    ]
}

fn counts(report: &Report) -> Table {
    let columns = vec![
        Column::words("Finding"),
        Column::words("Severity"),
        Column::numbers("Count"),
        Column::numbers("Bars"),
        Column::numbers("Not listed"),
    ];
    let row = |(kind, count): (
        &ct_host::data::validate::FindingKind,
        &ct_host::data::validate::Count,
    )| {
        vec![
            kind.to_string(),
            kind.severity().to_string(),
            count.findings.to_string(),
            count.rows.to_string(),
            count.not_listed.to_string(),
        ]
    };
    Table { caption: String::new(), columns, rows: report.counts.iter().map(row).collect() }
}

fn remark(finding: &Finding) -> Block {
    let text = finding.to_string();
    Block::Note(match finding.severity {
        Severity::Note => Note::plain(text),
        Severity::Warning => Note::warning(text),
        Severity::Error => Note::failure(text),
    })
}

fn verdict(report: &Report) -> Note {
    match report.worst {
        None | Some(Severity::Note) => Note::plain("Clean."),
        Some(Severity::Warning) => Note::plain("Usable, with the warnings above."),
        Some(Severity::Error) => Note::failure(
            "A backtest refuses this data; --bad-data repair or --repair-to puts right what can be.",
        ),
    }
}

fn comparison(name: &str, against: &Against) -> Section {
    let Comparison { left, right, common, equal, price_differences, .. } = &against.comparison;
    let largest = against.comparison.price_difference_max;
    let largest = largest.map_or_else(|| "-".to_owned(), |share| format!("{:.4} %", share * 100.0));
    let facts = vec![
        Fact::new("Bars in both", common.to_string()),
        Fact::new("Equal in every value", equal.to_string()),
        Fact::new("Different prices", price_differences.to_string()),
        Fact::new("Largest difference", largest),
        Fact::new("Only here", left.only_here.to_string()),
        Fact::new("Only there", right.only_here.to_string()),
    ];
    let mut blocks = vec![Block::Properties(facts)];
    let unfinished = against.comparison.unfinished.map(|source| match source {
        Source::Left => name,
        Source::Right => against.name.as_str(),
    });
    if let Some(name) = unfinished {
        let text =
            format!("The last bar of {name} was not finished: both agree on every other bar.");
        blocks.push(Block::Note(Note::warning(text)));
    }
    blocks.extend(against.comparison.findings.iter().map(remark));
    Section::detail(format!("{name} against {}", against.name), blocks)
}
