//! Reads Parquet files, one batch after the other.
//!
//! Parquet's decoder panics for some files whose parts contradict each other; that is an error of the file here.

use std::fmt::Display;
use std::fs::File;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::FileMetaData;

use super::metadata::from_metadata;
use super::table::Table;
use crate::csv::Progress;
use crate::files::error::FileProblem;
use crate::files::error::{ROWS_MAX, damaged};
use crate::files::file_format::FileFormat;
use crate::files::label::Label;
use crate::quiet::quietly;
use ct_core::market::RawColumns;

const FORMAT: FileFormat = FileFormat::Parquet;

/// Rows of a batch: large enough to be fast, small beside the columns.
const BATCH_ROWS: usize = 64 << 10;

/// Reads the rows of the Parquet file `path`.
pub(in crate::files) fn read_parquet(
    path: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<(RawColumns, Label), FileProblem> {
    let file = File::open(path).map_err(FileProblem::Io)?;
    let metadata = file.metadata().map_err(FileProblem::Io)?;
    if metadata.is_dir() {
        return Err(FileProblem::Io(io::ErrorKind::IsADirectory.into()));
    }
    // The types of Parquet itself are enough; those that Arrow programs add could only contradict them.
    let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder = decoded(|| ParquetRecordBatchReaderBuilder::try_new_with_options(file, options))?;
    let about = builder.metadata().file_metadata();
    let rows_total = usize::try_from(about.num_rows())
        .map_err(|_| damaged(FORMAT, &"it claims to have fewer rows than none"))?;
    if rows_total > ROWS_MAX {
        return Err(FileProblem::RowLimit { limit: ROWS_MAX });
    }
    let label = label_of(about);
    let mut table = Table::new(FORMAT, builder.schema())?;
    let mask = ProjectionMask::roots(builder.parquet_schema(), table.projection());
    let builder = builder.with_projection(mask).with_batch_size(BATCH_ROWS);
    let mut reader = decoded(|| builder.build())?;
    while let Some(batch) = decoded(|| reader.next().transpose())? {
        table.append(&batch)?;
        let done = u128::from(metadata.len()) * table.len() as u128 / rows_total.max(1) as u128;
        let bytes_done = u64::try_from(done).unwrap_or_default().min(metadata.len());
        progress(Progress { bytes_done, bytes_total: metadata.len() });
    }
    if table.len() == rows_total {
        return Ok((table.into_rows(), label));
    }
    Err(damaged(FORMAT, &format!("it has {} rows, but claims to have {rows_total}", table.len())))
}

/// What `decode` makes of the file. After a panic nothing of the decoder is used any more.
fn decoded<T, E: Display>(decode: impl FnOnce() -> Result<T, E>) -> Result<T, FileProblem> {
    match catch_unwind(AssertUnwindSafe(|| quietly(decode))) {
        Ok(result) => result.map_err(|error| damaged(FORMAT, &error)),
        Err(_) => Err(damaged(FORMAT, &"its parts contradict each other")),
    }
}

fn label_of(about: &FileMetaData) -> Label {
    let pairs = about.key_value_metadata();
    from_metadata(|wanted| {
        let pair = pairs.into_iter().flatten().find(|pair| pair.key == wanted)?;
        pair.value.as_deref()
    })
}
