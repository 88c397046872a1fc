//! Reads Arrow IPC files, one batch after the other.
//!
//! Arrow's decoder trusts the sizes in a file: it panics for a part that lies outside of its block, and asks for as much
//! memory as a compressed part claims to need. So everything that it trusts is checked before.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{Block, CompressionType, root_as_footer, root_as_message};
use arrow_schema::Schema;

use super::decoded::{damaged, decoded};
use super::metadata::from_metadata;
use super::table::{Table, TableRows};
use crate::FileBudget;
use crate::files::error::FileProblem;
use crate::files::file_format::FileFormat;
use crate::files::label::Label;
use crate::files::options::ReadOptions;
use crate::files::progress::Progress;

/// Bytes of a footer, at most: room for a million batches.
const FOOTER_BYTES_MAX: u64 = 32 << 20;

/// Bytes after the footer: its length and `ARROW1`.
const TRAILER_BYTES: usize = 10;

/// What a batch costs however little is in it, bytes: it is found, read and begun.
const BATCH_BYTES_MIN: u64 = 512;

/// How much smaller LZ4 can make something: a byte stands for 255 at most.
const LZ4_RATIO_MAX: u64 = 255;

/// Mark of a part that is not packed although others are.
const NOT_PACKED: i64 = -1;

/// Before the message: four bytes that say so, and the length of the message.
const MESSAGE_START: usize = 8;

const CONTINUATION: [u8; 4] = [0xff; 4];

/// Reads the rows of the Arrow IPC file `path`.
pub(in crate::files) fn read_arrow(
    (path, format): (&Path, FileFormat),
    options: &ReadOptions,
    budget: &FileBudget,
    progress: &mut dyn FnMut(Progress),
) -> Result<TableRows, FileProblem> {
    let mut input = Input::open(path, format, budget)?;
    let footer = input.footer()?;
    let footer = root_as_footer(&footer).map_err(|error| damaged(format, &error))?;
    let schema = footer.schema().ok_or_else(|| damaged(format, &"it has no schema"))?;
    if !schema.endianness().equals_to_target_endianness() {
        return Err(damaged(
            format,
            &"its numbers are stored in another byte order than this machine's",
        ));
    }
    let schema = decoded(format, || try_fb_to_schema(schema))?;
    let label = label_of(&schema);
    let mut table = Table::new(format, &schema, options, budget)?;
    let mut decoder =
        FileDecoder::new(Arc::new(schema), footer.version()).with_projection(table.projection());
    // Columns that nobody asked for may need dictionaries too; those are left alone.
    let dictionaries = if table.needs_dictionaries() { footer.dictionaries() } else { None };
    for block in dictionaries.iter().flatten() {
        let content = input.block(block)?;
        let claims = check_message(block, &content).map_err(|fault| damaged(format, &fault))?;
        budget.take_bytes(claims.bytes)?;
        decoded(format, || decoder.read_dictionary(block, &content.into()))?;
    }
    for block in footer.recordBatches().iter().flatten() {
        let content = input.block(block)?;
        let claims = check_message(block, &content).map_err(|fault| damaged(format, &fault))?;
        budget.check_rows(claims.rows)?;
        budget.take_bytes(claims.bytes)?;
        let batch = decoded(format, || decoder.read_record_batch(block, &content.into()))?;
        if let Some(batch) = batch {
            table.append(&batch)?;
        }
        let bytes_done = u64::try_from(block.offset()).unwrap_or_default();
        progress(Progress { bytes_done, bytes_total: input.bytes });
    }
    progress(Progress { bytes_done: input.bytes, bytes_total: input.bytes });
    Ok(table.into_rows(label))
}

fn label_of(schema: &Schema) -> Label {
    from_metadata(|key| schema.metadata().get(key).map(String::as_str))
}

/// The bytes of a file.
struct Input<'a> {
    budget: &'a FileBudget,
    file: File,
    bytes: u64,
    format: FileFormat,
}

impl<'a> Input<'a> {
    fn open(path: &Path, format: FileFormat, budget: &'a FileBudget) -> Result<Self, FileProblem> {
        let (file, bytes) = budget.open(path).map_err(FileProblem::from)?;
        Ok(Self { budget, file, bytes, format })
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
        // Many batches may lie in the same bytes.
        self.budget.take_bytes(length.max(BATCH_BYTES_MIN))?;
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

/// What a batch claims to be when it is unpacked.
#[derive(Clone, Copy, Debug, Default)]
struct Claims {
    rows: u64,
    bytes: u64,
}

/// Checks that the message of a block describes parts that lie in its body and unpack to a size that can be.
fn check_message(block: &Block, content: &[u8]) -> Result<Claims, String> {
    let message_bytes = usize::try_from(block.metaDataLength()).unwrap_or_default();
    let (message, body) = content
        .split_at_checked(message_bytes)
        .filter(|(message, _)| message.starts_with(&CONTINUATION))
        .ok_or("a batch does not start like one")?;
    let message = message.get(MESSAGE_START..).unwrap_or_default();
    let message = root_as_message(message).map_err(|error| error.to_string())?;
    let batch = message
        .header_as_record_batch()
        .or_else(|| message.header_as_dictionary_batch()?.data())
        .ok_or("a batch is something else")?;
    let rows = u64::try_from(batch.length())
        .map_err(|_| format!("a batch claims to have {} rows", batch.length()))?;
    let mut claims = Claims { rows, bytes: 0 };
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
            let size = unpacked_size(values, compression.codec())?;
            claims.bytes = claims.bytes.saturating_add(size);
        }
    }
    Ok(claims)
}

/// The bytes of a packed part when it is unpacked, which it starts with.
fn unpacked_size(part: &[u8], packing: CompressionType) -> Result<u64, String> {
    let Some((size, packed)) = part.split_first_chunk() else {
        return if part.is_empty() { Ok(0) } else { Err("a column has no size".to_owned()) };
    };
    let claimed = i64::from_le_bytes(*size);
    if claimed == NOT_PACKED {
        return Ok(0);
    }
    let size_max = match packing {
        CompressionType::LZ4_FRAME => (packed.len() as u64).saturating_mul(LZ4_RATIO_MAX),
        _ => u64::MAX,
    };
    let size = u64::try_from(claimed).ok().filter(|size| *size <= size_max);
    size.ok_or_else(|| format!("a column claims to unpack to {claimed} bytes"))
}
