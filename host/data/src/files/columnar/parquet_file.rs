//! Reads Parquet files, one batch after the other.

use std::path::Path;

use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
use parquet::file::metadata::FileMetaData;

use super::decoded::{damaged, decoded};
use super::metadata::from_metadata;
use super::parquet_footer::check_footer;
use super::parquet_pages::Pages;
use super::table::{Table, TableRows};
use crate::FileBudget;
use crate::files::error::FileProblem;
use crate::files::file_format::FileFormat;
use crate::files::label::Label;
use crate::files::options::ReadOptions;
use crate::files::progress::Progress;

const FORMAT: FileFormat = FileFormat::Parquet;

/// Rows of a batch: large enough to be fast, small beside the columns.
const BATCH_ROWS: usize = 64 << 10;

/// Reads the rows of the Parquet file `path`.
pub(in crate::files) fn read_parquet(
    path: &Path,
    options: &ReadOptions,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<TableRows, FileProblem> {
    let (file, bytes_total) = budget.open(path).map_err(FileProblem::from)?;
    let footer = check_footer(&file, bytes_total).map_err(FileProblem::Io)?;
    footer.map_err(|fault| damaged(FORMAT, &fault))?;
    let input = file.try_clone().map_err(FileProblem::Io)?;
    // The types of Parquet itself are enough; those that Arrow programs add could only contradict them.
    let arrow = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
    let builder =
        decoded(FORMAT, || ParquetRecordBatchReaderBuilder::try_new_with_options(input, arrow))?;
    let about = builder.metadata().file_metadata();
    let rows_total = u64::try_from(about.num_rows())
        .map_err(|_| damaged(FORMAT, &"it claims to have fewer rows than none"))?;
    budget.check_rows(rows_total)?;
    let label = label_of(about);
    let mut table = Table::new(FORMAT, builder.schema(), options, budget)?;
    let pages = Pages { file: &file, metadata: builder.metadata(), budget };
    let batch_rows = pages.check(&table.projection())?.unwrap_or(BATCH_ROWS);
    let mask = ProjectionMask::roots(builder.parquet_schema(), table.projection());
    let builder = builder.with_projection(mask).with_batch_size(batch_rows);
    let mut reader = decoded(FORMAT, || builder.build())?;
    while let Some(batch) = decoded(FORMAT, || reader.next().transpose())? {
        table.append(&batch)?;
        let done = u128::from(bytes_total) * table.len() as u128 / u128::from(rows_total.max(1));
        let bytes_done = u64::try_from(done).unwrap_or_default().min(bytes_total);
        progress(Progress { bytes_done, bytes_total });
    }
    if table.len() as u64 == rows_total {
        return Ok(table.into_rows(label));
    }
    Err(damaged(FORMAT, &format!("it has {} rows, but claims to have {rows_total}", table.len())))
}

fn label_of(about: &FileMetaData) -> Label {
    let pairs = about.key_value_metadata();
    from_metadata(|wanted| {
        let pair = pairs.into_iter().flatten().find(|pair| pair.key == wanted)?;
        pair.value.as_deref()
    })
}
