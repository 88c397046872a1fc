//! Results: what `report` and `backtest --from-run` do with them.

use ct_host::backtest::RunResult;
use ct_host::report::{CsvTable, Document, Layout, markdown, read_json, text, write_json};
use ct_host::run::EarlierRun;

use crate::{Answer, input_folder, told};

/// Bytes of a report for each byte of the result, at most, and besides: a table has a line for what JSON says in a few
/// letters.
const REPORT_BYTES: (usize, usize) = (64, 64 << 10);

/// A file with a result.
pub(crate) fn file(bytes: &[u8]) -> Answer {
    let read = read_json(bytes);
    let answer = Answer::of(&read);
    let Ok(result) = read else { return answer };
    let document = Document::of_result(&result);
    for shown in [text(&document, Layout::default()), markdown(&document)] {
        let bytes_max = bytes.len() * REPORT_BYTES.0 + REPORT_BYTES.1;
        assert!(shown.len() <= bytes_max, "a report of {} bytes", shown.len());
        told::check_shown(&shown);
    }
    write(&result);
    if let Ok(earlier) = EarlierRun::read(&input_folder::file("result.json", bytes)) {
        earlier.verdict(&result);
    }
    answer
}

/// Writes all files that a run can write of its result.
fn write(result: &RunResult) {
    for table in [CsvTable::Fills, CsvTable::Trades, CsvTable::DailyEquity, CsvTable::Log] {
        let written = table.write(result, &mut std::io::sink());
        assert!(written.is_ok(), "{table:?} cannot be written");
    }
    let mut json = Vec::new();
    assert!(write_json(result, &mut json).is_ok(), "it cannot be written again");
    assert!(read_json(&json).is_ok(), "what was written again is refused");
}
