//! Writes bars as Parquet and Arrow files.

use std::io::{self, Write};
use std::sync::Arc;

use arrow_ipc::CompressionType;
use arrow_ipc::writer::{FileWriter, IpcWriteOptions};
use ct_core::market::Bars;
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_writer::ArrowWriterOptions;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;

use super::batches::{batches, schema};
use super::metadata::to_metadata;
use crate::files::compression::ZSTD_LEVEL;
use crate::files::label::Label;
use crate::files::write::TIMESTAMP;

pub(in crate::files) fn write_parquet(
    bars: &Bars,
    label: &Label,
    output: &mut (impl Write + Send),
) -> io::Result<()> {
    let metadata = to_metadata(label).into_iter().map(|(key, value)| KeyValue::new(key, value));
    let level = ZstdLevel::try_new(ZSTD_LEVEL).map_err(io::Error::other)?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(level))
        .set_key_value_metadata(Some(metadata.collect()))
        .build();
    let options = ArrowWriterOptions::new().with_properties(properties);
    // The label stands in the metadata of the file, and in those of the columns, where pyarrow looks.
    let schema = Arc::new(schema(TIMESTAMP, label));
    let mut writer = ArrowWriter::try_new_with_options(output, Arc::clone(&schema), options)?;
    for batch in batches(&schema, bars) {
        writer.write(&batch.map_err(io::Error::other)?)?;
    }
    writer.close()?;
    Ok(())
}

pub(in crate::files) fn write_arrow(
    bars: &Bars,
    time_name: &str,
    label: &Label,
    output: &mut impl Write,
) -> io::Result<()> {
    let schema = Arc::new(schema(time_name, label));
    let written = || {
        let options =
            IpcWriteOptions::default().try_with_compression(Some(CompressionType::LZ4_FRAME))?;
        let mut writer = FileWriter::try_new_with_options(output, &schema, options)?;
        for batch in batches(&schema, bars) {
            writer.write(&batch?)?;
        }
        writer.finish()
    };
    written().map_err(io::Error::other)
}
