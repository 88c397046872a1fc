//! What happened to a series besides new bars: revisions, conflicts, repairs, imports, losses.

use serde::{Deserialize, Serialize};

use crate::TimeRange;
use crate::json_numbers::{maybe_row, row};
use ct_core::units::Timestamp;

/// Most records that a series keeps: its manifest is written at every page.
pub(super) const HISTORY_RECORDS_MAX: usize = 4_096;

/// Most revised or withdrawn rows of one page that are recorded one by one.
pub(super) const REVISIONS_LISTED_MAX: usize = 64;

/// Something that happened to a series. Rows are open, high, low, close and volume. When it happened is not recorded, so
/// that the same inputs give the same files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HistoryRecord {
    /// A source gave another row than the one that was held; the new one is kept.
    Revised {
        /// Open time of the row.
        time: Timestamp,
        /// What was held.
        #[serde(with = "row")]
        before: [f64; 5],
        /// What is held now.
        #[serde(with = "row")]
        after: [f64; 5],
        /// Who gave it.
        source: String,
    },
    /// A source no longer has a row that was held; it is not kept.
    Withdrawn {
        /// Open time of the row.
        time: Timestamp,
        /// What was held.
        #[serde(with = "row")]
        before: [f64; 5],
        /// Whose answer lacked it.
        source: String,
    },
    /// A page revised or withdrew more rows than are recorded one by one; the version before it has them.
    ManyRevised {
        /// From the first such row to the last one.
        range: TimeRange,
        /// Their number.
        rows: u64,
        /// Who gave the page.
        source: String,
    },
    /// A source gave two different rows for one time.
    Conflict {
        /// Open time of both.
        time: Timestamp,
        /// The row that is held.
        #[serde(with = "row")]
        kept: [f64; 5],
        /// The row that is not.
        #[serde(with = "row")]
        dropped: [f64; 5],
        /// Who gave them.
        source: String,
    },
    /// A row was made sound.
    Repaired {
        /// Open time of the row.
        time: Timestamp,
        /// What was wrong and what was done, such as `clip high`.
        what: String,
        /// The row before; `None` when there was none.
        #[serde(with = "maybe_row", default)]
        before: Option<[f64; 5]>,
        /// The row after; `None` when it was dropped.
        #[serde(with = "maybe_row", default)]
        after: Option<[f64; 5]>,
    },
    /// Rows came from a file.
    Imported {
        /// The file's name.
        file: String,
        /// The BLAKE3 hash of its bytes, in hexadecimal digits.
        file_hash: String,
        /// Number of rows.
        rows: u64,
    },
    /// Another source than the usual one answered, as the user allowed.
    Fallback {
        /// What it was asked for.
        range: TimeRange,
        /// Who answered.
        source: String,
        /// Who should have.
        instead_of: String,
    },
    /// A file was damaged or missing and its bars are gone until they are fetched again.
    Damaged {
        /// The file's name.
        file: String,
        /// From the first to behind the last bar that went with it; `None` when the file did not tell.
        range: Option<TimeRange>,
    },
    /// There were more records than are kept; the oldest are gone.
    Omitted {
        /// Their number.
        records: u64,
    },
}

impl HistoryRecord {
    /// The time of the row whose change this record already tells.
    pub(super) fn changed_row(&self) -> Option<Timestamp> {
        match self {
            Self::Revised { time, .. }
            | Self::Withdrawn { time, .. }
            | Self::Repaired { time, .. } => Some(*time),
            _ => None,
        }
    }
}

/// Removes the oldest of `records` beyond [`HISTORY_RECORDS_MAX`] and says at the start how many are gone.
pub(super) fn limit(records: &mut Vec<HistoryRecord>) {
    let Some(surplus) = records.len().checked_sub(HISTORY_RECORDS_MAX) else { return };
    if surplus == 0 {
        return;
    }
    // One more goes, to make room for the record that says so.
    let gone = records.drain(..=surplus);
    let omitted = gone
        .map(|record| match record {
            HistoryRecord::Omitted { records } => records,
            _ => 1,
        })
        // What a file says of omitted records may be any number.
        .fold(0, u64::saturating_add);
    records.insert(0, HistoryRecord::Omitted { records: omitted });
    assert!(records.len() == HISTORY_RECORDS_MAX, "{} records are kept", records.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_come_back_exactly_also_with_values_that_are_no_numbers() {
        let record = HistoryRecord::Repaired {
            time: Timestamp::clamped(86_400_000),
            what: "forward-fill".to_owned(),
            before: Some([0.1 + 0.2, f64::INFINITY, f64::NEG_INFINITY, -0.0, 5e-324]),
            after: None,
        };
        let json = serde_json::to_string(&record).unwrap();
        assert_eq!(
            json,
            r#"{"kind":"repaired","time":"1970-01-02T00:00:00Z","what":"forward-fill","before":[0.30000000000000004,"inf","-inf",-0.0,5e-324],"after":null}"#
        );
        assert_eq!(serde_json::from_str::<HistoryRecord>(&json).unwrap(), record);
    }

    #[test]
    fn a_row_with_nan_can_be_read_again() {
        let record = HistoryRecord::Conflict {
            time: Timestamp::clamped(0),
            kept: [1.0; 5],
            dropped: [f64::NAN; 5],
            source: "bitstamp".to_owned(),
        };
        let json = serde_json::to_string(&record).unwrap();
        let again = serde_json::from_str::<HistoryRecord>(&json).unwrap();
        assert!(
            matches!(again, HistoryRecord::Conflict { dropped, .. } if dropped.iter().all(|value| value.is_nan()))
        );
        for wrong in [r#""1""#, "null", "true"] {
            assert!(
                serde_json::from_str::<HistoryRecord>(&json.replace("\"NaN\"", wrong)).is_err()
            );
        }
    }

    #[test]
    fn a_file_may_say_any_number_of_omitted_records() {
        let omitted = HistoryRecord::Omitted { records: u64::MAX };
        let mut records = vec![omitted.clone(); HISTORY_RECORDS_MAX + 1];
        limit(&mut records);
        assert_eq!((records.len(), &records[0]), (HISTORY_RECORDS_MAX, &omitted));
    }

    #[test]
    fn the_oldest_records_make_room_and_are_counted() {
        let import =
            |rows| HistoryRecord::Imported { file: String::new(), file_hash: String::new(), rows };
        let most = HISTORY_RECORDS_MAX as u64;
        let mut records: Vec<HistoryRecord> = (0..most).map(import).collect();
        limit(&mut records);
        assert_eq!(records[0], import(0));
        records.push(import(most));
        limit(&mut records);
        assert_eq!(records.len(), HISTORY_RECORDS_MAX);
        assert_eq!(records[..2], [HistoryRecord::Omitted { records: 2 }, import(2)]);
        records.push(import(most + 1));
        limit(&mut records);
        assert_eq!(records[..2], [HistoryRecord::Omitted { records: 3 }, import(3)]);
    }
}
