//! How far a price file is read.

/// How far a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read, before they are unpacked.
    pub bytes_done: u64,
    /// Bytes of the whole file, before they are unpacked.
    pub bytes_total: u64,
}
