//! What a user says of a price file that the file does not say itself.

/// How a price file is to be understood. The default takes it as it speaks for itself.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The instrument to take of a file, as a column of it names them.
    pub instrument: Option<String>,
    /// The symbol that the user calls the series. Of a file with several instruments, the one of that name is taken; where a
    /// file names another, that is a [`Remark`](super::Remark).
    pub symbol: Option<String>,
}
