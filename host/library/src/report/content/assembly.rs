//! The parts of a report in reading order.

use super::view::View;
use super::{
    costs, decisions, equity, identity, messages, overview, risk, statistics, trades, warnings,
};
use crate::backtest::RunResult;
use crate::report::{DecisionFilter, Document, Part, Parts, Selection};

impl Document {
    /// The whole report of a run: what limits it, what was run, equity, costs, the headline, statistics, trades, risk, and the way
    /// of each decision where that was kept. Risk comes first when a breaker tripped.
    pub fn of_result(result: &RunResult) -> Self {
        Self::of_selection(result, &Selection::default())
    }

    /// What of the report is wanted; what limits the run is always said.
    pub fn of_selection(result: &RunResult, selection: &Selection) -> Self {
        let view = View::new(result);
        let mut sections = vec![
            (Part::Run, overview::run(&view)),
            (Part::Equity, equity::curve(&view)),
            (Part::Costs, costs::section(&view)),
            (Part::Headline, overview::headline(&view)),
        ];
        sections.extend(statistics::sections(&view));
        sections.extend(trades::sections(&view));
        let place = if risk::any_tripped(result) { 0 } else { sections.len() };
        sections.insert(place, (Part::Risk, risk::section(&view)));
        let chosen = selection.decisions.as_ref();
        let chosen = chosen.and_then(|filter| decisions::section(&view, filter));
        sections.extend(chosen.map(|section| (Part::Decisions, section)));
        sections.extend(messages::section(&view).map(|section| (Part::Messages, section)));
        sections.push((Part::Identity, identity::identity(&view)));
        let is_wanted = |part: Part| match &selection.parts {
            Parts::All => true,
            Parts::Usual => {
                Part::USUAL.contains(&part) && (part != Part::Risk || risk::has_acted(result))
            }
            Parts::Only(parts) => parts.contains(&part),
        };
        let wanted = sections.into_iter().filter(|(part, _)| is_wanted(*part));
        Self {
            title: overview::title(&view),
            notes: warnings::notes(&view),
            sections: wanted.map(|(_, section)| section).collect(),
        }
    }

    /// Only the way of the decisions that `filter` lets through; `None` where that was not kept.
    pub fn of_decisions(result: &RunResult, filter: &DecisionFilter) -> Option<Self> {
        let view = View::new(result);
        let sections = vec![decisions::section(&view, filter)?];
        Some(Self { title: overview::title(&view), notes: Vec::new(), sections })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::Origin;
    use crate::report::{Layout, Role, Tone, example, markdown, text};
    use ct_core::risk::BreakerEventKind;

    #[test]
    fn synthetic_data_is_the_first_thing_said() {
        let mut result = example::result();
        assert!(Document::of_result(&result).notes.is_empty());
        result.data.origin = Origin::Synthetic;
        let document = Document::of_result(&result);
        assert_eq!(document.notes[0].tone, Tone::Warning);
        for shown in [text(&document, Layout::default()), markdown(&document)] {
            let place = shown.find("SYNTHETIC DATA").unwrap();
            assert!(place < shown.find("Total return").unwrap());
        }
    }

    #[test]
    fn a_failed_strategy_is_said_before_any_number() {
        let mut result = example::result();
        result.faults.push(example::fault());
        let document = Document::of_result(&result);
        let note = &document.notes[0];
        assert_eq!(note.tone, Tone::Failure);
        assert!(note.text.contains("BTC/USDT at 2024-01-02 00:00 (row 24): trapped"), "{note:?}");
    }

    #[test]
    fn a_breaker_that_tripped_is_read_first_and_last() {
        let mut result = example::result();
        let place_of = |document: &Document| {
            document.sections.iter().position(|section| section.title == "Risk").unwrap()
        };
        assert!(place_of(&Document::of_result(&result)) > 0);
        result.breakers.push(example::drawdown(30, BreakerEventKind::Tripped));
        let document = Document::of_result(&result);
        assert_eq!((place_of(&document), document.sections[0].role), (0, Role::Summary));
        let marked = markdown(&document);
        let first = marked.find("BREAKER TRIPPED").unwrap();
        assert!(first < marked.find("10,958.82").unwrap());
        let shown = text(&document, Layout::default());
        let last = shown.rfind("BREAKER TRIPPED").unwrap();
        assert!(shown.rfind("10,958.82").unwrap() < last);
    }

    #[test]
    fn both_forms_say_the_same_numbers() {
        let document = Document::of_result(&example::result());
        let (shown, marked) = (text(&document, Layout::default()), markdown(&document));
        for number in ["10,958.82", "+958.82", "9.59 %"] {
            assert_eq!(shown.contains(number), marked.contains(number), "{number}");
        }
        assert!(shown.contains("10,958.82"));
    }

    #[test]
    fn a_run_without_a_single_trade_has_a_report() {
        let mut result = example::result();
        result.fills.clear();
        result.trades.clear();
        result.daily_equity.clear();
        let shown = text(&Document::of_result(&result), Layout::default());
        assert!(shown.contains("No trade was closed."));
    }
}
