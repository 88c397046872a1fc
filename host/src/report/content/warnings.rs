//! What a reader must know before any number.

use super::view::View;
use crate::backtest::{FaultRecord, Origin};
use crate::report::{Note, number, wording};

pub(super) fn notes(view: &View<'_>) -> Vec<Note> {
    let mut notes: Vec<Note> = view.result.faults.iter().map(fault).collect();
    if view.result.data.origin == Origin::Synthetic {
        notes.push(Note::warning(
            "SYNTHETIC DATA: these prices were generated, not traded. The result says nothing about any market.",
        ));
    }
    notes
}

fn fault(fault: &FaultRecord) -> Note {
    let row = match fault.row {
        Some(row) => format!("row {}", number::count(row)),
        None => "warming up".to_owned(),
    };
    Note::failure(format!(
        "THE STRATEGY FAILED on {} at {} ({row}): {}: {}. Its positions were closed and stayed flat.",
        fault.symbols.join(", "),
        number::time(fault.time),
        wording::fault_kind(fault.kind),
        wording::printable(&fault.detail).trim_end_matches('.'),
    ))
}
