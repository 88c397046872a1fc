//! The parts of a report in reading order.

use super::view::View;
use super::{costs, equity, identity, incidents, overview, statistics, trades, warnings};
use crate::backtest::RunResult;
use crate::report::Document;

impl Document {
    /// The report of a run: what limits it, what was run, equity, costs, the headline, statistics, trades, and what was
    /// refused.
    pub fn of_result(result: &RunResult) -> Self {
        let view = View::new(result);
        let mut sections = vec![
            overview::run(&view),
            equity::curve(&view),
            costs::bridge(&view),
            overview::headline(&view),
        ];
        sections.extend(statistics::sections(&view));
        sections.extend(trades::sections(&view));
        sections.extend(incidents::sections(&view));
        sections.push(identity::identity(&view));
        Self { title: overview::title(&view), notes: warnings::notes(&view), sections }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::Origin;
    use crate::report::{Styling, Tone, example, markdown, text};

    /// The first words after `name` in the text of the report.
    fn value_of(shown: &str, name: &str) -> String {
        let line = shown.lines().find(|line| line.contains(name)).unwrap();
        let (_, after) = line.split_once(name).unwrap();
        after.trim().split("  ").next().unwrap().to_owned()
    }

    #[test]
    fn synthetic_data_is_the_first_thing_said() {
        let mut result = example::result();
        assert!(Document::of_result(&result).notes.is_empty());
        result.data.origin = Origin::Synthetic;
        let document = Document::of_result(&result);
        assert_eq!(document.notes[0].tone, Tone::Warning);
        for shown in [text(&document, Styling::Plain), markdown(&document)] {
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
    fn the_costs_lead_from_gross_to_net() {
        let shown = text(&Document::of_result(&example::result()), Styling::Plain);
        assert_eq!(value_of(&shown, "Profit before costs"), "+990.00");
        assert_eq!(value_of(&shown, "Fees"), "-20.79");
        assert_eq!(value_of(&shown, "Market impact"), "0.00");
        assert_eq!(value_of(&shown, "Profit after costs"), "+958.82");
    }

    #[test]
    fn both_forms_say_the_same_numbers() {
        let document = Document::of_result(&example::result());
        let (shown, marked) = (text(&document, Styling::Plain), markdown(&document));
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
        let shown = text(&Document::of_result(&result), Styling::Plain);
        assert!(shown.contains("No trade was closed."));
    }
}
