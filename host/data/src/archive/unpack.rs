//! Opens a zip file that may be anything.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;
use zip::result::ZipError;

/// Entries of a zip file that are counted. Its reader keeps some hundred bytes for each before it tells their number.
const ENTRIES_MAX: usize = 100;

/// How an entry begins; rows that are packed have these bytes by chance once in 4 GB.
const ENTRY: &[u8] = b"PK\x01\x02";

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
    if memmem::find_iter(content, ENTRY).take(ENTRIES_MAX).count() == ENTRIES_MAX {
        return Err(format!("it holds {ENTRIES_MAX} files or more: expected '{name}' alone"));
    }
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

#[cfg(test)]
mod tests {
    use std::io::Write;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    #[test]
    fn a_zip_file_of_many_files_is_not_taken_apart() {
        for (count, expected) in [(2, "it holds 2 files"), (100, "it holds 100 files or more")] {
            let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
            for file in 0..count {
                zip.start_file(format!("{file}.csv"), SimpleFileOptions::default()).unwrap();
                zip.write_all(b"text").unwrap();
            }
            let content = zip.finish().unwrap().into_inner();
            let error = unpack(&content, "0.csv", 100, |_| Ok(())).unwrap_err();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
