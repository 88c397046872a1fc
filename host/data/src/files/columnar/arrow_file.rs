//! Reads Arrow IPC files, one batch after the other.
//!
//! Arrow's decoder trusts the sizes in a file: it panics for a part that lies outside of its block, and asks for as much
//! memory as a compressed part claims to need. So everything that it trusts is checked before.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{Block, CompressionType, root_as_footer, root_as_message};
use arrow_schema::Schema;

use super::metadata::from_metadata;
use super::table::Table;
use crate::csv::Progress;
use crate::files::error::FileProblem;
use crate::files::error::{ROWS_MAX, damaged};
use crate::files::file_format::FileFormat;
use crate::files::label::Label;
use ct_core::market::RawColumns;

/// Bytes of a footer, at most: room for a million batches.
const FOOTER_BYTES_MAX: u64 = 32 << 20;

/// Bytes after the footer: its length and `ARROW1`.
const TRAILER_BYTES: usize = 10;

/// Bytes of one part of a column when it is unpacked, at most: more than all rows that are read.
const UNPACKED_BYTES_MAX: i64 = 2 << 30;

/// How much smaller LZ4 can make something: a byte stands for 255 at most.
const LZ4_RATIO_MAX: i64 = 255;

/// Mark of a part that is not packed although others are.
const NOT_PACKED: i64 = -1;

/// Before the message: four bytes that say so, and the length of the message.
const MESSAGE_START: usize = 8;

const CONTINUATION: [u8; 4] = [0xff; 4];

/// Reads the rows of the Arrow IPC file `path`.
pub(in crate::files) fn read_arrow(
    path: &Path,
    format: FileFormat,
    progress: &mut dyn FnMut(Progress),
) -> Result<(RawColumns, Label), FileProblem> {
    let mut input = Input::open(path, format)?;
    let footer = input.footer()?;
    let footer = root_as_footer(&footer).map_err(|error| damaged(format, &error))?;
    let schema = footer.schema().ok_or_else(|| damaged(format, &"it has no schema"))?;
    if !schema.endianness().equals_to_target_endianness() {
        return Err(damaged(
            format,
            &"its numbers are stored in another byte order than this machine's",
        ));
    }
    let schema = try_fb_to_schema(schema).map_err(|error| damaged(format, &error))?;
    let label = label_of(&schema);
    let mut table = Table::new(format, &schema)?;
    let decoder =
        FileDecoder::new(Arc::new(schema), footer.version()).with_projection(table.projection());
    for block in footer.recordBatches().iter().flatten() {
        let content = input.block(block)?;
        check_message(block, &content).map_err(|fault| damaged(format, &fault))?;
        let batch = decoder.read_record_batch(block, &content.into());
        if let Some(batch) = batch.map_err(|error| damaged(format, &error))? {
            table.append(&batch)?;
        }
        let bytes_done = u64::try_from(block.offset()).unwrap_or_default();
        progress(Progress { bytes_done, bytes_total: input.bytes });
    }
    progress(Progress { bytes_done: input.bytes, bytes_total: input.bytes });
    Ok((table.into_rows(), label))
}

fn label_of(schema: &Schema) -> Label {
    from_metadata(|key| schema.metadata().get(key).map(String::as_str))
}

/// The bytes of a file.
struct Input {
    file: File,
    bytes: u64,
    format: FileFormat,
}

impl Input {
    fn open(path: &Path, format: FileFormat) -> Result<Self, FileProblem> {
        let file = File::open(path).map_err(FileProblem::Io)?;
        let metadata = file.metadata().map_err(FileProblem::Io)?;
        if metadata.is_dir() {
            return Err(FileProblem::Io(io::ErrorKind::IsADirectory.into()));
        }
        Ok(Self { file, bytes: metadata.len(), format })
    }

    fn footer(&mut self) -> Result<Vec<u8>, FileProblem> {
        let end = self.bytes.checked_sub(TRAILER_BYTES as u64);
        let end = end.ok_or_else(|| damaged(self.format, &"it is too short"))?;
        let mut trailer = [0; TRAILER_BYTES];
        self.file.seek(SeekFrom::Start(end)).map_err(FileProblem::Io)?;
        self.file.read_exact(&mut trailer).map_err(FileProblem::Io)?;
        let length = read_footer_length(trailer).map_err(|_| {
            damaged(
                self.format,
                &"it does not end like one; streams and Feather version 1 are not read",
            )
        })?;
        let length = length as u64;
        let start = end.checked_sub(length).filter(|_| length <= FOOTER_BYTES_MAX);
        self.part(start.ok_or_else(|| damaged(self.format, &"its footer is too long"))?, length)
    }

    /// Message and body of a batch.
    fn block(&mut self, block: &Block) -> Result<Vec<u8>, FileProblem> {
        let fault = || damaged(self.format, &"a batch lies outside of the file");
        let number = |value: i64| u64::try_from(value).ok();
        let start = number(block.offset()).ok_or_else(fault)?;
        let message = number(block.metaDataLength().into()).ok_or_else(fault)?;
        let body = number(block.bodyLength()).ok_or_else(fault)?;
        let length = message.checked_add(body).ok_or_else(fault)?;
        let end = start.checked_add(length).ok_or_else(fault)?;
        if end > self.bytes {
            return Err(fault());
        }
        self.part(start, length)
    }

    /// The bytes of a part that lies within the file.
    fn part(&mut self, start: u64, length: u64) -> Result<Vec<u8>, FileProblem> {
        self.file.seek(SeekFrom::Start(start)).map_err(FileProblem::Io)?;
        let mut part = Vec::with_capacity(usize::try_from(length).unwrap_or_default());
        let read =
            self.file.by_ref().take(length).read_to_end(&mut part).map_err(FileProblem::Io)?;
        if read as u64 == length {
            return Ok(part);
        }
        Err(damaged(self.format, &"it ends too early"))
    }
}

/// Checks that the message of a block describes parts that lie in its body and unpack to a size that can be.
fn check_message(block: &Block, content: &[u8]) -> Result<(), String> {
    let message_bytes = usize::try_from(block.metaDataLength()).unwrap_or_default();
    let (message, body) = content
        .split_at_checked(message_bytes)
        .filter(|(message, _)| message.starts_with(&CONTINUATION))
        .ok_or("a batch does not start like one")?;
    let message = message.get(MESSAGE_START..).unwrap_or_default();
    let message = root_as_message(message).map_err(|error| error.to_string())?;
    let batch = message.header_as_record_batch().ok_or("a batch is something else")?;
    if usize::try_from(batch.length()).map_or(true, |rows| rows > ROWS_MAX) {
        return Err(format!("a batch claims to have {} rows", batch.length()));
    }
    let unsound = batch
        .nodes()
        .into_iter()
        .flatten()
        .find(|node| node.length() < 0 || !(0..=node.length()).contains(&node.null_count()));
    if let Some(node) = unsound {
        return Err(format!("a column claims to have {} values", node.length()));
    }
    for part in batch.buffers().into_iter().flatten() {
        let start = usize::try_from(part.offset()).ok();
        let length = usize::try_from(part.length()).ok();
        let values = start.zip(length).and_then(|(start, length)| body.get(start..)?.get(..length));
        let values = values.ok_or("a column lies outside of its batch")?;
        if let Some(compression) = batch.compression() {
            check_unpacked_size(values, compression.codec())?;
        }
    }
    Ok(())
}

/// A packed part starts with its size when unpacked.
fn check_unpacked_size(part: &[u8], packing: CompressionType) -> Result<(), String> {
    let Some((size, packed)) = part.split_first_chunk() else {
        return if part.is_empty() { Ok(()) } else { Err("a column has no size".to_owned()) };
    };
    let size = i64::from_le_bytes(*size);
    let packed_bytes = i64::try_from(packed.len()).unwrap_or(i64::MAX);
    let size_max = match packing {
        CompressionType::LZ4_FRAME => packed_bytes.saturating_mul(LZ4_RATIO_MAX),
        _ => i64::MAX,
    };
    if size == NOT_PACKED || (0..=size_max.min(UNPACKED_BYTES_MAX)).contains(&size) {
        return Ok(());
    }
    Err(format!("a column claims to unpack to {size} bytes"))
}
