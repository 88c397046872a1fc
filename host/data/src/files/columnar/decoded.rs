//! What goes wrong in a decoder, as an error of its file. Some panic when parts of a file contradict each other.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::files::error::{FileProblem, short};
use crate::files::file_format::FileFormat;
use crate::quiet::quietly;

/// What `decode` makes of a file. After a panic nothing of the decoder is to be used any more.
pub(super) fn decoded<T, E: Display>(
    format: FileFormat,
    decode: impl FnOnce() -> Result<T, E>,
) -> Result<T, FileProblem> {
    match catch_unwind(AssertUnwindSafe(|| quietly(decode))) {
        Ok(result) => result.map_err(|error| damaged(format, &error)),
        Err(_) => Err(damaged(format, &"its parts contradict each other")),
    }
}

/// A file that is not what its name says.
pub(super) fn damaged(format: FileFormat, fault: &dyn Display) -> FileProblem {
    FileProblem::Damaged { format, fault: short(fault) }
}
