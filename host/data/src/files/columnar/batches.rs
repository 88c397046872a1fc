//! Bars as Arrow's batches.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch, TimestampMillisecondArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, TimeUnit};

use super::metadata::to_metadata;
use crate::files::label::Label;
use ct_core::market::Bars;

/// Rows of a batch: what pandas and pyarrow use.
const BATCH_ROWS: usize = 64 << 10;

const UTC: &str = "UTC";

/// The columns of bars: `time_name` as milliseconds in UTC, then open, high, low, close and volume. The label is metadata.
pub(super) fn schema(time_name: &str, label: &Label) -> Schema {
    let time = DataType::Timestamp(TimeUnit::Millisecond, Some(UTC.into()));
    let values = ["open", "high", "low", "close", "volume"];
    let fields: Vec<Field> = std::iter::once(Field::new(time_name, time, false))
        .chain(values.map(|name| Field::new(name, DataType::Float64, false)))
        .collect();
    let metadata: BTreeMap<String, String> = to_metadata(label).into_iter().collect();
    Schema::new(fields).with_metadata(metadata)
}

/// The rows of `bars` in batches with the columns of `schema`.
pub(super) fn batches(
    schema: &Arc<Schema>,
    bars: &Bars,
) -> impl Iterator<Item = Result<RecordBatch, ArrowError>> {
    (0..bars.len()).step_by(BATCH_ROWS).map(move |start| {
        let part = bars.rows(start..start + BATCH_ROWS);
        let times = TimestampMillisecondArray::from(part.times().to_vec()).with_timezone(UTC);
        let values = [part.open(), part.high(), part.low(), part.close(), part.volume()];
        let values = values.map(|column| Arc::new(Float64Array::from(column.to_vec())) as ArrayRef);
        let columns = std::iter::once(Arc::new(times) as ArrayRef).chain(values).collect();
        RecordBatch::try_new(Arc::clone(schema), columns)
    })
}
