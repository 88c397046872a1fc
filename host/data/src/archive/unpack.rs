//! Opens a zip file that may be anything.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::result::ZipError;

/// Gives the text of the one file in the zip file `content` to `read`.
///
/// # Errors
/// What is wrong, as the rest of a sentence about the file: no zip file, more or other files in it than `name`, more
/// text than `bytes_max`, or what `read` says.
pub(super) fn unpack<T>(
    content: &[u8],
    name: &str,
    bytes_max: u64,
    read: impl FnOnce(&mut dyn Read) -> Result<T, String>,
) -> Result<T, String> {
    let mut archive =
        ZipArchive::new(Cursor::new(content)).map_err(|error| not_readable(&error))?;
    if archive.len() != 1 {
        return Err(format!("it holds {} files: expected '{name}' alone", archive.len()));
    }
    let mut file = archive.by_index(0).map_err(|error| not_readable(&error))?;
    if file.name_raw() != name.as_bytes() {
        let found = String::from_utf8_lossy(file.name_raw()).escape_debug().to_string();
        return Err(format!("it holds '{found}': expected '{name}'"));
    }
    if file.size() > bytes_max {
        return Err(format!(
            "it unpacks to {} bytes: expected {bytes_max} bytes at most",
            file.size()
        ));
    }
    // The size in the directory may be a lie: more text than it says, or another CRC, is an error of reading.
    read(&mut file)
}

fn not_readable(error: &ZipError) -> String {
    format!("it is no zip file that can be read ({error})")
}
