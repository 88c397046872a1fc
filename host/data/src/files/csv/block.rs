//! Blocks of whole lines.

use std::io::Read as _;

use crate::FileBudget;
use crate::files::compression::PackedText;
use crate::files::error::FileProblem;

/// Bytes of text in a block: large enough that its parts keep every core busy, small beside the columns.
const BLOCK_BYTES: usize = 4 << 20;

/// The longest line that is read, bytes. A row of prices has about 80; what is longer is no price file.
pub(super) const LINE_BYTES_MAX: usize = 64 << 10;

/// A part of a file's text.
#[derive(Debug)]
pub(super) struct Block {
    bytes: Vec<u8>,
    /// Bytes up to the end of the last whole line.
    whole: usize,
    is_last: bool,
}

impl Block {
    /// An empty block.
    pub(super) fn new() -> Self {
        Self { bytes: Vec::with_capacity(BLOCK_BYTES), whole: 0, is_last: false }
    }

    /// Makes this the block after `before`, without reading yet.
    pub(super) fn follow(&mut self, before: &Self) {
        self.bytes.clear();
        self.bytes.extend_from_slice(before.bytes.get(before.whole..).unwrap_or_default());
        self.whole = 0;
        self.is_last = false;
    }

    /// Reads up to the size of a block, and draws it from `budget`.
    pub(super) fn fill(
        &mut self,
        text: &mut PackedText,
        budget: &FileBudget,
    ) -> Result<(), FileProblem> {
        let wanted = BLOCK_BYTES.saturating_sub(self.bytes.len());
        let read = text.by_ref().take(wanted as u64).read_to_end(&mut self.bytes);
        let read = read.map_err(|error| text.compression.problem(error))?;
        budget.take_bytes(read as u64)?;
        self.is_last = read < wanted;
        self.whole = if self.is_last {
            self.bytes.len()
        } else {
            memchr::memrchr(b'\n', &self.bytes).map_or(0, |end| end + 1)
        };
        Ok(())
    }

    /// All text of the block.
    pub(super) fn text(&self) -> &[u8] {
        &self.bytes
    }

    /// The whole lines; at the end of the file the last one may lack its line end.
    pub(super) fn lines(&self) -> &[u8] {
        self.bytes.get(..self.whole).unwrap_or_default()
    }

    /// True if the file has no text after this block.
    pub(super) const fn is_last(&self) -> bool {
        self.is_last
    }

    /// True if one line fills the block, so that reading can never go on.
    pub(super) const fn is_stuck(&self) -> bool {
        self.whole == 0 && !self.is_last
    }
}

/// Takes the first line of `text`, without its line end; None without any text.
pub(super) fn next_line<'a>(text: &mut &'a [u8]) -> Option<&'a [u8]> {
    if text.is_empty() {
        return None;
    }
    let end = memchr::memchr(b'\n', text).unwrap_or(text.len());
    let (line, rest) = text.split_at_checked(end)?;
    *text = rest.get(1..).unwrap_or_default();
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

/// Cuts `text` at line ends into parts of about `bytes`.
pub(super) fn parts(mut text: &[u8], bytes: usize) -> Vec<&[u8]> {
    let mut parts = Vec::with_capacity(text.len() / bytes.max(1) + 1);
    while !text.is_empty() {
        let end = text.get(bytes..).and_then(|after| memchr::memchr(b'\n', after));
        let end = end.map_or(text.len(), |line_end| bytes + line_end + 1);
        let (part, rest) = text.split_at_checked(end).unwrap_or((text, &[]));
        parts.push(part);
        text = rest;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_at_line_feeds_with_or_without_carriage_returns() {
        let mut text: &[u8] = b"a\r\n\nb\nc";
        let lines: Vec<_> = std::iter::from_fn(|| next_line(&mut text)).collect();
        assert_eq!(lines, [&b"a"[..], b"", b"b", b"c"]);
    }

    #[test]
    fn parts_are_whole_lines_and_lose_nothing() {
        let text = b"one\ntwo\nthree\nfour";
        for bytes in 0..30 {
            let parts = parts(text, bytes);
            assert_eq!(parts.concat(), text, "{bytes}");
            let (_, inner) = parts.split_last().unwrap();
            assert!(inner.iter().all(|part| part.ends_with(b"\n")), "{bytes}");
        }
    }
}
