//! How the text of a price file is packed: told by its name, checked against its first bytes, unpacked and packed.

use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Chain, Cursor, Read, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::encoding::as_utf8;
use super::error::FileProblem;
use super::file_format::extension;
use super::progress::Progress;
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

/// First bytes of a gzip member, RFC 1952.
const GZIP_MAGIC: [u8; 2] = [0x1f, 0x8b];
/// First bytes of a Zstandard frame, RFC 8878.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// Level at which zstd packs: the usual compromise.
pub(super) const ZSTD_LEVEL: i32 = 3;

impl Compression {
    /// What the last ending of `path` says.
    pub(super) fn of_name(path: &Path) -> Self {
        match extension(path).as_str() {
            "gz" => Self::Gzip,
            "zst" | "zstd" => Self::Zstd,
            _ => Self::Plain,
        }
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

    /// What is wrong when unpacking fails with `error`.
    pub(super) fn problem(self, error: io::Error) -> FileProblem {
        match (self, error.kind()) {
            (Self::Plain, _) => FileProblem::Io(error),
            (compression, io::ErrorKind::UnexpectedEof) => FileProblem::Truncated(compression),
            (compression, _) => FileProblem::Unpacking { compression, error },
        }
    }

    /// Lets `write` make a text, and packs it into `output`.
    pub(super) fn pack(
        self,
        output: &mut impl Write,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<()> {
        match self {
            Self::Plain => write(output),
            Self::Gzip => {
                let level = flate2::Compression::default();
                let mut gzip = flate2::write::GzEncoder::new(output, level);
                buffered(&mut gzip, write)?;
                gzip.finish().map(drop)
            }
            Self::Zstd => {
                let mut zstd = zstd::Encoder::new(output, ZSTD_LEVEL)?;
                buffered(&mut zstd, write)?;
                zstd.finish().map(drop)
            }
        }
    }
}

fn buffered(
    output: &mut impl Write,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut text = BufWriter::new(output);
    write(&mut text)?;
    text.flush()
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

/// The unpacked text of a price file, in UTF-8. What is read of it is for the reader to draw from the budget.
pub(super) struct PackedText {
    pub(super) compression: Compression,
    text: Box<dyn Read + Send>,
    bytes_done: Arc<AtomicU64>,
    bytes_total: u64,
}

impl PackedText {
    /// Opens `path`, whose name says how it is compressed, and checks that the first bytes agree.
    pub(super) fn open(path: &Path, budget: &FileBudget) -> Result<Self, FileProblem> {
        let (mut file, bytes_total) = budget.open(path).map_err(FileProblem::from)?;
        let mut start = Vec::with_capacity(ZSTD_MAGIC.len());
        let first = Read::by_ref(&mut file).take(ZSTD_MAGIC.len() as u64).read_to_end(&mut start);
        if first.map_err(FileProblem::Io)? == 0 {
            return Err(FileProblem::Empty);
        }
        let (expected, found) = (Compression::of_name(path), Compression::of_content(&start));
        if found != expected {
            return Err(FileProblem::Compression { expected, found });
        }
        let bytes_done = Arc::new(AtomicU64::new(0));
        let counted =
            Counted { input: Cursor::new(start).chain(file), bytes: Arc::clone(&bytes_done) };
        let text: Box<dyn Read + Send> = match expected {
            Compression::Plain => Box::new(counted),
            Compression::Gzip => Box::new(flate2::read::MultiGzDecoder::new(counted)),
            Compression::Zstd => Box::new(zstd::Decoder::new(counted).map_err(FileProblem::Io)?),
        };
        let text = as_utf8(text).map_err(|error| expected.problem(error))?;
        Ok(Self { compression: expected, text, bytes_done, bytes_total })
    }

    /// How far the file is read.
    pub(super) fn progress(&self) -> Progress {
        let bytes_done = self.bytes_done.load(Ordering::Relaxed);
        Progress { bytes_done, bytes_total: self.bytes_total }
    }
}

impl Read for PackedText {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.text.read(buffer)
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
