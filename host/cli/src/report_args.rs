//! Flags of what of a report is shown.

use super::value;
use ct_host::backtest::RunResult;
use ct_host::report::{Block, DecisionFilter, Document, Note, Part, Parts, Selection};
use ct_host::units::Timestamp;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Report")]
pub(super) struct ReportArgs {
    /// The whole report, in place of the usual parts
    #[arg(long)]
    full: bool,
    /// These parts of the report
    #[arg(long, value_name = "PART", num_args = 1.., value_delimiter = ',', value_enum, conflicts_with = "full")]
    sections: Vec<Part>,
    /// Of the decisions only those on these symbols
    #[arg(long, value_name = "SYMBOL", num_args = 1.., value_delimiter = ',', value_parser = value::symbol)]
    explain_symbol: Vec<String>,
    /// Of the decisions only those on bars that open then or later
    #[arg(long, value_name = "TIME")]
    explain_from: Option<Timestamp>,
    /// Of the decisions only those on bars that open before
    #[arg(long, value_name = "TIME")]
    explain_to: Option<Timestamp>,
}

impl ReportArgs {
    /// What is shown.
    pub(super) fn selection(&self) -> Selection {
        let parts = match (self.full, self.sections.as_slice()) {
            (true, _) => Parts::All,
            (false, []) => Parts::Usual,
            (false, parts) => Parts::Only(parts.to_vec()),
        };
        Selection { parts, decisions: Some(self.decisions()) }
    }

    /// Whether decisions are chosen, which there must be then.
    pub(super) const fn chooses_decisions(&self) -> bool {
        !self.explain_symbol.is_empty() || self.explain_from.is_some() || self.explain_to.is_some()
    }

    /// Which decisions are shown.
    pub(super) fn decisions(&self) -> DecisionFilter {
        DecisionFilter {
            symbols: self.explain_symbol.clone(),
            from: self.explain_from,
            to: self.explain_to,
        }
    }
}

/// The report of `result`; in short it ends with how to see more.
pub(super) fn document(result: &RunResult, selection: &Selection) -> Document {
    const MORE: &str =
        "The whole report: --full. Parts of it: --sections, such as drawdown,trades.";
    let mut document = Document::of_selection(result, selection);
    if selection.parts == Parts::Usual
        && let Some(last) = document.sections.last_mut()
    {
        last.blocks.push(Block::Note(Note::plain(MORE)));
    }
    document
}
