//! Opens a price file and decompresses it.

use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{self, Chain, Cursor, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::CsvProblem;
use crate::FileBudget;

/// How a price file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Plain text.
    Plain,
    /// gzip, one or more members.
    Gzip,
    /// Zstandard, one or more frames.
    Zstd,
}

/// The decompressed text of a price file.
pub(super) struct Source<'a> {
    budget: &'a FileBudget,
    text: Box<dyn Read + Send>,
    compression: Compression,
    bytes_done: Arc<AtomicU64>,
    bytes_total: u64,
}

/// First bytes of a gzip member, RFC 1952.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// First bytes of a Zstandard frame, RFC 8878.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

impl<'a> Source<'a> {
    /// Opens `path`, whose name says how it is compressed, and checks that the first bytes agree.
    pub(super) fn open(path: &Path, budget: &'a FileBudget) -> Result<Self, CsvProblem> {
        let expected = Compression::of_name(path)?;
        let (mut file, bytes_total) = budget.open(path).map_err(CsvProblem::Io)?;
        let mut start = Vec::with_capacity(ZSTD_MAGIC.len());
        file.by_ref()
            .take(ZSTD_MAGIC.len() as u64)
            .read_to_end(&mut start)
            .map_err(CsvProblem::Io)?;
        if start.is_empty() {
            return Err(CsvProblem::Empty);
        }
        let found = Compression::of_content(&start);
        if found != expected {
            return Err(CsvProblem::Compression { expected, found });
        }
        let bytes_done = Arc::new(AtomicU64::new(0));
        let counted =
            Counted { input: Cursor::new(start).chain(file), bytes: Arc::clone(&bytes_done) };
        let text = decompressed(counted, expected).map_err(CsvProblem::Io)?;
        Ok(Self { budget, text, compression: expected, bytes_done, bytes_total })
    }

    /// Bytes of the file read so far; before decompression.
    pub(super) fn bytes_done(&self) -> u64 {
        self.bytes_done.load(Ordering::Relaxed)
    }

    /// Bytes of the whole file; before decompression.
    pub(super) const fn bytes_total(&self) -> u64 {
        self.bytes_total
    }

    /// Appends up to `bytes` bytes of text to `buffer`; fewer only at the end of the file.
    pub(super) fn append(
        &mut self,
        buffer: &mut Vec<u8>,
        bytes: usize,
    ) -> Result<usize, CsvProblem> {
        let read =
            self.text.by_ref().take(bytes as u64).read_to_end(buffer).map_err(|error| {
                match (self.compression, error.kind()) {
                    (Compression::Plain, _) => CsvProblem::Io(error),
                    (compression, io::ErrorKind::UnexpectedEof) => {
                        CsvProblem::Truncated(compression)
                    }
                    (compression, _) => CsvProblem::Damaged { compression, error },
                }
            })?;
        self.budget.take_bytes(read as u64)?;
        Ok(read)
    }
}

impl Compression {
    fn of_name(path: &Path) -> Result<Self, CsvProblem> {
        let (compression, inner) = match extension(path).as_str() {
            "gz" => (Self::Gzip, extension(&path.with_extension(""))),
            "zst" | "zstd" => (Self::Zstd, extension(&path.with_extension(""))),
            other => (Self::Plain, other.to_owned()),
        };
        // `prices.gz` is taken for text: many exporters drop the inner extension.
        let text = matches!(inner.as_str(), "csv" | "tsv" | "txt");
        if text || (inner.is_empty() && compression != Self::Plain) {
            return Ok(compression);
        }
        let name = path.file_name().map(OsStr::to_string_lossy).unwrap_or_default();
        Err(CsvProblem::Extension(match name.find('.') {
            Some(_) => format!(".{inner}"),
            None => name.into_owned(),
        }))
    }

    fn of_content(start: &[u8]) -> Self {
        if start.starts_with(&GZIP_MAGIC) {
            Self::Gzip
        } else if start.starts_with(&ZSTD_MAGIC) {
            Self::Zstd
        } else {
            Self::Plain
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Plain => "uncompressed",
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        })
    }
}

/// A file whose bytes are counted as they are read, so that progress can be shown.
struct Counted {
    input: Chain<Cursor<Vec<u8>>, File>,
    bytes: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.input.read(buffer)?;
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        Ok(bytes)
    }
}

fn decompressed(file: Counted, compression: Compression) -> io::Result<Box<dyn Read + Send>> {
    Ok(match compression {
        Compression::Plain => Box::new(file),
        Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(file)),
        Compression::Zstd => Box::new(zstd::Decoder::new(file)?),
    })
}

/// The extension of `path` in lower case; empty without one.
fn extension(path: &Path) -> String {
    path.extension().map(|text| text.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}
