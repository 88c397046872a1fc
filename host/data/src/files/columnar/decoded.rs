//! Calls decoders that panic for some files whose parts contradict each other; that is an error of the file here.

use std::fmt::Display;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::files::error::{FileProblem, damaged};
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
