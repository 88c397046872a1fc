//! Checks the pages of a Parquet file before they are decoded.
//!
//! The decoder makes room for what a page claims, and some of its decompressors for whatever comes out. So the header of every
//! page is looked at first, and what the pages claim is drawn from the budget.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, Type};
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData};

use super::decoded::damaged;
use super::page_header::PageHeader;
use crate::FileBudget;
use crate::files::error::FileProblem;
use crate::files::file_format::FileFormat;

/// Bytes of a header, at most: it holds the least and the largest value, which are numbers here.
const HEADER_BYTES_MAX: u64 = 4 << 10;

/// What a page costs however little is in it, bytes: it is found, read and begun.
const PAGE_BYTES_MIN: u64 = 512;

/// Bytes of a number of fixed length, at most: what Arrow's largest decimals have.
const NUMBER_BYTES_MAX: i32 = 32;

/// Bytes of a page of byte strings, at most. Pages are made of a megabyte; one string in it may stand for any number of rows.
const STRING_PAGE_BYTES_MAX: u64 = 2 << 20;

/// Rows of a batch with byte strings: each row may be as long as a page.
const STRING_BATCH_ROWS: usize = 256;

/// Encodings of byte strings by what they share with those before: how long they are is known only when they are decoded.
const DELTA_ENCODINGS: [i32; 2] = [6, 7];

/// How much smaller LZ4 can make something: a byte stands for 255 at most.
const LZ4_RATIO_MAX: u64 = 255;

/// The third and the fourth byte of LZ4's frames. Old files have them in pages, and the decoder unpacks them to their end.
const LZ4_FRAMES: [[u8; 2]; 2] = [[0x4d, 0x18], [0x4c, 0x18]];

/// The pages of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pages<'a> {
    pub(super) file: &'a File,
    pub(super) metadata: &'a ParquetMetaData,
    pub(super) budget: &'a FileBudget,
}

impl Pages<'_> {
    /// Checks the columns at the positions `roots`, which hold one value in each row. Gives the rows that may be decoded at a
    /// time, if there may not be any number.
    ///
    /// # Errors
    /// What is wrong, or more than the budget has left.
    pub(super) fn check(&self, roots: &[usize]) -> Result<Option<usize>, FileProblem> {
        let schema = self.metadata.file_metadata().schema_descr();
        let mut batch_rows = None;
        for leaf in 0..schema.num_columns() {
            if !roots.contains(&schema.get_column_root_idx(leaf)) {
                continue;
            }
            let column = schema.column(leaf);
            if column.physical_type() == Type::BYTE_ARRAY {
                batch_rows = Some(STRING_BATCH_ROWS);
            }
            if column.type_length() > NUMBER_BYTES_MAX {
                return Err(fault("it has numbers of too many bytes"));
            }
            for group in self.metadata.row_groups() {
                self.check_chunk(group.column(leaf))?;
            }
        }
        Ok(batch_rows)
    }

    fn check_chunk(&self, chunk: &ColumnChunkMetaData) -> Result<(), FileProblem> {
        let start = chunk.dictionary_page_offset().unwrap_or_else(|| chunk.data_page_offset());
        let range = u64::try_from(start).ok().zip(u64::try_from(chunk.compressed_size()).ok());
        let end = range.and_then(|(start, length)| Some((start, start.checked_add(length)?)));
        let (mut place, end) = end.ok_or_else(|| fault("a column lies outside of the file"))?;
        while place < end {
            let header = self.header(place, end)?;
            let body = place + header.header;
            if header.packed > end.saturating_sub(body) {
                return Err(fault("a page lies outside of its column"));
            }
            self.check_page(chunk, header, body)?;
            place = body + header.packed;
        }
        Ok(())
    }

    fn header(&self, place: u64, end: u64) -> Result<PageHeader, FileProblem> {
        let bytes = self.read(place, HEADER_BYTES_MAX.min(end - place))?;
        PageHeader::read(&bytes).map_err(fault)
    }

    fn check_page(
        &self,
        chunk: &ColumnChunkMetaData,
        header: PageHeader,
        body: u64,
    ) -> Result<(), FileProblem> {
        let size = header.unpacked.max(header.packed);
        self.budget.take_bytes(size.max(PAGE_BYTES_MIN))?;
        let physical = chunk.column_type();
        let value_bytes = match physical {
            Type::BOOLEAN => 0,
            Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
            Type::INT64 | Type::DOUBLE => 8,
            Type::INT96 => 12,
            Type::FIXED_LEN_BYTE_ARRAY => {
                u64::try_from(chunk.column_descr().type_length()).unwrap_or_default()
            }
        };
        let dictionary_bytes = header.dictionary_values.unwrap_or_default() * value_bytes;
        if dictionary_bytes > size {
            return Err(fault("a dictionary claims to have more values than bytes"));
        }
        let is_string = matches!(physical, Type::BYTE_ARRAY | Type::FIXED_LEN_BYTE_ARRAY);
        if is_string && header.encoding.is_some_and(|number| DELTA_ENCODINGS.contains(&number)) {
            return Err(fault(
                "a column is encoded as DELTA_BYTE_ARRAY, of which nobody knows how long it gets; write it as \
                 DOUBLE, or plain if it has names",
            ));
        }
        if physical == Type::BYTE_ARRAY && size > STRING_PAGE_BYTES_MAX {
            return Err(fault("a page of byte strings is too long"));
        }
        match chunk.compression() {
            Compression::GZIP(_) if header.is_packed => self.check_gzip(header, body),
            Compression::LZ4 if header.is_packed => self.check_lz4(header, body),
            _ => Ok(()),
        }
    }

    /// Unpacks a page to nowhere: the decoder would take all that comes out, whatever the page claims.
    fn check_gzip(&self, header: PageHeader, body: u64) -> Result<(), FileProblem> {
        let Some(packed) = header.packed.checked_sub(header.levels) else { return Ok(()) };
        let claimed = header.unpacked.saturating_sub(header.levels);
        let mut file = self.file;
        file.seek(SeekFrom::Start(body + header.levels)).map_err(FileProblem::Io)?;
        let mut text = MultiGzDecoder::new(file.take(packed)).take(claimed + 1);
        match io::copy(&mut text, &mut io::sink()) {
            Ok(found) if found > claimed => Err(fault("a page unpacks to more than it claims")),
            // What is damaged the decoder tells.
            _ => Ok(()),
        }
    }

    fn check_lz4(&self, header: PageHeader, body: u64) -> Result<(), FileProblem> {
        let start = self.read(body + header.levels, 4)?;
        if LZ4_FRAMES.iter().any(|frame| start.ends_with(frame)) {
            self.budget.take_bytes(header.packed.saturating_mul(LZ4_RATIO_MAX))?;
        }
        Ok(())
    }

    /// So many bytes of the file, or fewer at its end.
    fn read(&self, place: u64, bytes: u64) -> Result<Vec<u8>, FileProblem> {
        let mut file = self.file;
        let mut found = Vec::new();
        file.seek(SeekFrom::Start(place)).map_err(FileProblem::Io)?;
        file.take(bytes).read_to_end(&mut found).map_err(FileProblem::Io)?;
        Ok(found)
    }
}

fn fault(fault: &'static str) -> FileProblem {
    damaged(FileFormat::Parquet, &fault)
}
