//! Files mapped into memory: the one place of the cache that the compiler cannot check.

use std::io;
use std::ops::Deref;
use std::path::Path;

use crate::regular_file::open_regular;

/// The bytes of a file, read by the system when they are looked at. They stay readable after the file's name is gone.
#[derive(Debug)]
pub(super) struct Mapping(memmap2::Mmap);

impl Mapping {
    /// Maps the whole of the file at `path`.
    #[expect(unsafe_code, reason = "the one place where a file is mapped")]
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let (file, _) = open_regular(path)?;
        // SAFETY: the bytes of a mapping must not change while they are borrowed. Segment files get their name when they are
        // complete, and from then on nothing in this program writes to them or cuts them; they are only renamed or
        // removed, which a mapping outlives. Every bit pattern is a valid integer or float, so that even a foreign
        // program that writes into the folder can spoil values and end this process, but not corrupt its memory.
        unsafe { memmap2::Mmap::map(&file) }.map(Self)
    }
}

impl Deref for Mapping {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}
